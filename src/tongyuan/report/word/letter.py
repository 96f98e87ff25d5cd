"""What makes a document an official paper (GB/T 9704-2012): fields to fill at its head and its foot.

The head (版头) has issuer, number and red line; the addressees follow the title; annexes are named, then
come signature and date; the record (版记) stands at the end. What only the issuer knows is a content control
that Word shows in grey and replaces as a whole when one types.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from tongyuan.report.word.form import BODY, LINE, font

RED = RGBColor(0xFF, 0x00, 0x00)
HEAD, RECORD = Pt(48), Pt(14)
"""Size of the issuer's name in the head, and 四号 of the record."""


@dataclass(frozen=True)
class Letter:
    """Texts of the fields of an official paper, and the words around them.

    Parameters
    ----------
    issuer
        Name in the head, such as 山东省生态环境厅文件.
    number, to, signature, date
        发文字号, 主送机关, 署名, 成文日期.
    copies, printer, printed
        抄送机关, 印发机关, 印发日期.
    annex
        The word before the list of annexes (附件：).
    copied
        The word before the copies (抄送：).
    """

    issuer: str
    number: str
    to: str
    signature: str
    date: str
    copies: str
    printer: str
    printed: str
    annex: str = "附件："
    copied: str = "抄送："


def blank(paragraph: Any, name: str, text: str, face: str, size: Any, colour: Any = None) -> None:
    """Add a field to fill: a content control called `name` that shows `text` until something is typed."""
    run = paragraph.add_run(text)
    font(run, face, size)
    if colour is not None:
        run.font.color.rgb = colour
    element = run._element
    control, settings, content = (OxmlElement(f"w:{tag}") for tag in ("sdt", "sdtPr", "sdtContent"))
    settings.append(deepcopy(element.rPr))
    for tag in ("alias", "tag"):
        part = OxmlElement(f"w:{tag}")
        part.set(qn("w:val"), name)
        settings.append(part)
    element.addprevious(control)
    control.append(settings)
    control.append(content)
    content.append(element)


def _line(document: Any, side: Any = None, after: float = 0) -> Any:
    made = document.add_paragraph()
    form = made.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if side is not None:
        made.alignment = side
    return made


def _rule(paragraph: Any, place: str, colour: str, size: int) -> None:
    """Draw a line above or below a paragraph; `size` in eighths of a point."""
    borders = paragraph._element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        paragraph._element.get_or_add_pPr().insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    line = OxmlElement(f"w:{place}")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def open_letter(document: Any, letter: Letter) -> None:
    """Write the head: the issuer in red, the number, the red line."""
    head = _line(document, WD_ALIGN_PARAGRAPH.CENTER, after=30)
    head.paragraph_format.line_spacing = Pt(64)
    head.paragraph_format.space_before = Pt(40)
    size = min(HEAD, Pt(430 / max(1, len(letter.issuer))))
    blank(head, "发文机关标志", letter.issuer, "方正小标宋简体", size, RED)
    number = _line(document, WD_ALIGN_PARAGRAPH.CENTER, after=28)
    blank(number, "发文字号", letter.number, "仿宋_GB2312", BODY)
    _rule(number, "bottom", "FF0000", 12)


def address(document: Any, letter: Letter) -> None:
    """Write the addressees below the title."""
    blank(_line(document), "主送机关", letter.to, "仿宋_GB2312", BODY)


def close_letter(document: Any, letter: Letter, annexes: Sequence[str]) -> None:
    """Name the annexes, then write signature and date."""
    if annexes:
        _line(document)
        names = [name.removeprefix(letter.annex.rstrip("：")).strip("\u3000 ") for name in annexes]
        for index, name in enumerate(names, start=1):
            line = _line(document)
            line.paragraph_format.first_line_indent = BODY * 2 if index == 1 else BODY * 5
            number = f"{index}. " if len(names) > 1 else ""
            font(line.add_run((letter.annex if index == 1 else "") + number + name), "仿宋_GB2312", BODY)
    for _ in range(2):
        _line(document)
    for name, text in (("署名", letter.signature), ("成文日期", letter.date)):
        line = _line(document, WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = BODY * (4 if name == "成文日期" else 3)
        line.paragraph_format.keep_with_next = name == "署名"
        blank(line, name, text, "仿宋_GB2312", BODY)


def record_letter(document: Any, letter: Letter) -> None:
    """Write the record at the end: copies, who printed it and when."""
    _line(document)
    copies = _line(document)
    copies.paragraph_format.keep_with_next = True
    copies.paragraph_format.left_indent = copies.paragraph_format.right_indent = RECORD
    font(copies.add_run(letter.copied), "仿宋_GB2312", RECORD)
    blank(copies, "抄送机关", letter.copies, "仿宋_GB2312", RECORD)
    _rule(copies, "top", "000000", 8)
    printed = _line(document)
    printed.paragraph_format.left_indent = printed.paragraph_format.right_indent = RECORD
    wide = document.sections[-1]
    edge = wide.page_width - wide.left_margin - wide.right_margin - RECORD
    printed.paragraph_format.tab_stops.add_tab_stop(edge, 2)
    blank(printed, "印发机关", letter.printer, "仿宋_GB2312", RECORD)
    font(printed.add_run("\t"), "仿宋_GB2312", RECORD)
    blank(printed, "印发日期", letter.printed, "仿宋_GB2312", RECORD)
    _rule(printed, "top", "000000", 6)
    _rule(printed, "bottom", "000000", 8)
