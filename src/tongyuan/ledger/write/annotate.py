"""The user's own workbook back, with a comment on every cell that a finding is about."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.properties import PageSetupProperties

from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.read.guard import TEXT, WORKBOOK, guard
from tongyuan.ledger.read.sheet import ROW, sheets
from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.excel import neutral, safe_text, sheet_name
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

_FILL = {"error": "FFF4B6B6", "warning": "FFFCE4B0", "notice": "FFDCE6F5"}
_ORDER = {"error": 0, "warning": 1, "notice": 2}


def annotate(path: Path, findings: Iterable[Finding], target: Path, language: Language = "zh") -> Path:
    """Write a copy of the file at `path` to `target`: findings on the cells, and on a sheet of their own.

    Parameters
    ----------
    path
        The user's Excel or CSV file; it is not changed.
    findings
        Findings of any files; those of `path` are used.
    target
        The copy, an Excel workbook.
    language
        Of comments and of the sheet of findings.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    FindingError
        If the file cannot be opened for annotation or the copy cannot be written.
    """
    mine = sorted(
        (f for f in findings if f.file == path.name), key=lambda f: (_ORDER[f.severity], f.row or 0)
    )
    book = _open(path)
    title = sheet_name(say("ledger", "findings_sheet", language))
    if title in book.sheetnames:
        del book[title]
    notes: dict[tuple[str, str], list[Finding]] = {}
    for item in mine:
        column = (
            item.column if item.column.isascii() and item.column.isalpha() and item.column.isupper() else ""
        )
        sheet = item.sheet or (book.sheetnames[0] if path.suffix.lower() in TEXT else "")
        if item.row and sheet in book.sheetnames and len(column) <= 3:
            notes.setdefault((sheet, f"{column or 'A'}{item.row}"), []).append(item)
    for (sheet, cell), items in notes.items():
        _mark(book[sheet], cell, items, language)
    _findings_sheet(book, title, mine, language)
    with replacing(target) as temporary:
        book.save(temporary)
    return target


def _open(path: Path) -> Any:
    suffix = path.suffix.lower()
    refused = FindingError([finding("ledger", "cannot_annotate", file=path.name)])
    if suffix in TEXT:
        found, wrong = sheets(path)
        if not found:
            raise FindingError(wrong)
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        for row in found[0].grid.to_dicts():
            number = row.pop(ROW)
            for letter, text in row.items():
                if text:
                    cell = page[f"{letter}{number}"]
                    cell.value = safe_text(text)
                    cell.data_type = "s"
        return book
    if suffix not in WORKBOOK or guard(path):
        raise refused
    try:
        with path.open("rb") as stream:
            return openpyxl.load_workbook(stream)
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, OSError, EOFError):
        raise refused from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        raise refused from None


def _mark(sheet: Any, cell: str, items: list[Finding], language: Language) -> None:
    target = sheet[cell]
    if type(target).__name__ == "MergedCell":
        area = next(r for r in sheet.merged_cells.ranges if cell in r)
        target = sheet.cell(area.min_row, area.min_col)
    lines = []
    for item in items:
        severity = say("ledger", f"severity_{item.severity}", language)
        lines.append(f"[{severity}] {item.message(language)} {item.next_step(language)}")
    text = safe_text("\n".join(lines))
    if target.comment is not None:
        text = f"{target.comment.text}\n{text}"
    target.comment = Comment(text, "tongyuan", width=360, height=40 + 40 * len(lines))
    target.fill = PatternFill("solid", fgColor=_FILL[items[0].severity])


def _findings_sheet(book: Any, title: str, findings: list[Finding], language: Language) -> None:
    page = book.create_sheet(title, 0)
    heads = ("head_severity", "head_sheet", "head_row", "head_column", "head_message", "head_next")
    page.append([say("ledger", key, language) for key in heads])
    for item in findings:
        severity = say("ledger", f"severity_{item.severity}", language)
        words = [
            severity,
            item.sheet,
            item.row,
            item.column,
            item.message(language),
            item.next_step(language),
        ]
        page.append([neutral(safe_text(w)) if isinstance(w, str) else w for w in words])
        if item.row and item.sheet in book.sheetnames and item.column.isascii():
            link = page.cell(page.max_row, 3)
            link.hyperlink = f"#'{item.sheet}'!{item.column or 'A'}{item.row}"
        page.cell(page.max_row, 1).fill = PatternFill("solid", fgColor=_FILL[item.severity])
    for letter, width in zip("ABCDEF", (8, 18, 8, 8, 70, 60), strict=True):
        page.column_dimensions[letter].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
    for row in page.iter_rows(min_row=2, min_col=5, max_col=6):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0
