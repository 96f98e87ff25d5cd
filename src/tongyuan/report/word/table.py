"""Tables of Word documents: column widths, lines above and below, a head that repeats on every page."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tongyuan.report.base.block import Column, Figure, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.word.form import SMALL, WESTERN

TEXT_WIDTH = 15.6  # cm, the type area of 156 mm
WIDE_WIDTH = 22.5  # cm, the type area of a landscape page
WIDE_FROM = 0x2E80  # characters from here on are as wide as two Western letters
MANY = 7  # columns up to which a table keeps the usual type
KEPT_TOGETHER = 8  # rows of a table that is not broken over pages
KEPT_FIRST = 3  # rows of a longer one that stay with its head
BOLDER, WESTERNER = 1.25, 1.15  # width of bold, and of Western letters where Times is not installed
LONGEST = 16  # Western letters of the longest word a column is widened for
EMPTY = "—"
_UNBROKEN = re.compile(r"[!-~¡-⺀]+")
_PADDING = 0.5  # cm, left and right of the text of a cell
_SMALLER = 8.0  # points
_TWIPS = 567  # in a centimetre


def _half_widths(text: str) -> int:
    """Return the width of a text, counted in Western letters."""
    return sum(2 if ord(character) > WIDE_FROM else 1 for character in text)


def _longest_word(text: str) -> int:
    """Return the width of the longest part of a text that no line break may divide; a figure is one part."""
    if isinstance(text, Figure):
        return _half_widths(text)
    return max((_half_widths(part) for part in _UNBROKEN.findall(text)), default=0)


def widths(block: TableBlock, total: float = TEXT_WIDTH) -> list[float]:
    """Return column widths [cm] that sum to `total`: short columns as wide as their text, long ones share."""
    unit = 0.215 if len(block.columns) <= MANY else 0.165  # cm per Western letter in the type of the table
    natural, least = [], []
    for index, column in enumerate(block.columns):
        cells = [_half_widths(str(row[index])) for row in block.rows]
        words = [min(_longest_word(row[index]), LONGEST) for row in block.rows]
        head = BOLDER * max(min(_longest_word(column.title), LONGEST), _half_widths(column.title[:2]))
        title = BOLDER * max(_half_widths(part) for part in (column.title.split() or [""]))
        whole = WESTERNER * max([*(cells if column.numeric else words), 3])
        least.append(unit * max(whole, head) + _PADDING)
        natural.append(max(unit * max([*cells, title]) + _PADDING, least[-1]))
    if sum(natural) <= total:
        return [width * total / sum(natural) for width in natural]
    shared = _shared(natural, least, total)
    return [width * total / sum(shared) for width in shared]


def _shared(natural: list[float], least: list[float], total: float) -> list[float]:
    """Return widths by the square root of what columns want, none wider than it wants or below its least."""
    given: dict[int, float] = {}
    while True:
        room = total - sum(given.values())
        open_ = [index for index in range(len(natural)) if index not in given]
        wanted = sum(natural[index] ** 0.5 for index in open_)
        shares = {index: room * natural[index] ** 0.5 / wanted for index in open_}
        enough = {index: natural[index] for index in open_ if shares[index] >= natural[index]}
        if not enough:
            filled = given | {index: max(share, least[index]) for index, share in shares.items()}
            spare = {index: max(0.0, width - least[index]) for index, width in filled.items()}
            over = max(0.0, sum(filled.values()) - total)
            cut = min(1.0, over / sum(spare.values())) if over and any(spare.values()) else 0.0
            return [filled[index] - cut * spare[index] for index in range(len(natural))]
        given |= enough


def cell_text(text: str) -> str:
    """Return the text of a cell; an empty or missing one is a dash."""
    return EMPTY if text in (MISSING, "") else str(text)


def _line(edge: str, eighths: int) -> str:
    return f'<w:{edge} w:val="single" w:sz="{eighths}" w:color="000000"/>'


def _cell(
    text: str, column: Column, width: float, points: float, *, row: int, last: int, strong: bool, keep: bool
) -> str:
    lines = _line("top", 12) + _line("bottom", 6) if row == 0 else _line("bottom", 12) if row == last else ""
    face, bold = ("黑体", "<w:b/>") if strong else ("宋体", "")
    side = '<w:jc w:val="right"/>' if column.numeric else ""
    size = round(points * 2)
    shown = escape(cell_text(text))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>'
        f'{f"<w:tcBorders>{lines}</w:tcBorders>" if lines else ""}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{"<w:keepNext/>" if keep else ""}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="30" w:after="30"/>{side}</w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:ascii="{WESTERN}" w:hAnsi="{WESTERN}" w:eastAsia="{face}"/>{bold}'
        f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{shown}</w:t></w:r></w:p></w:tc>'
    )


def table(block: TableBlock) -> Any:
    """Return a table as an element of a document."""
    total = WIDE_WIDTH if block.wide else TEXT_WIDTH
    columns, wanted = block.columns, widths(block, total)
    points = SMALL.pt if len(columns) <= MANY else _SMALLER
    lines = [[column.title for column in columns], *block.rows]
    together = len(lines) <= KEPT_TOGETHER
    last = len(lines) - 1
    made = []
    for row, line in enumerate(lines):
        strong = row == 0 or (row - 1) in block.strong
        keep = (row <= KEPT_FIRST or together) and row < last
        cells = "".join(
            _cell(text, column, width, points, row=row, last=last, strong=strong, keep=keep)
            for text, column, width in zip(line, columns, wanted, strict=True)
        )
        made.append(f"<w:tr><w:trPr><w:cantSplit/>{'' if row else '<w:tblHeader/>'}</w:trPr>{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{round(width * _TWIPS)}"/>' for width in wanted)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{round(total * _TWIPS)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )
