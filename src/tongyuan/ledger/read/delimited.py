"""Text files with separated cells (CSV, TSV) → sheets: encoding, delimiter, whole or cut off."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.read.grid import Budget, Builder, Sheet, TooMuch
from tongyuan.ledger.read.guard import COLUMNS_MAX

HEAD = 12
"""Lines at the top of a file that decide which delimiter it has."""

_DELIMITERS = "\t;,|"
"""What may separate cells; where two fit equally well, the one that is rarer inside of cells."""
_DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*(?:\r\n|\r|\n)", re.IGNORECASE)
_DAMAGE_MAX = 0.05
"""Largest share of unreadable letters with which a text still counts as damaged UTF-8."""


def decode(data: bytes) -> tuple[str | None, str]:
    """Return the text in `data` and its encoding; no text when the encoding is not known.

    A text in UTF-8 of which a few letters cannot be read is damaged, not of another encoding: the encoding
    is ``damaged`` then, with the number of the first such line as text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as wrong:
                return str(data[: wrong.start].count(b"\n") + 1), "damaged"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as wrong:
        text = data.decode("utf-8", errors="replace")
        foreign = sum(1 for character in text if character > "\x7f")
        if text.count("\ufffd") <= max(1, foreign * _DAMAGE_MAX) and foreign > 1:
            return str(data[: wrong.start].count(b"\n") + 1), "damaged"
    try:
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        return None, ""


def delimiter_of(text: str) -> str:
    """Return the delimiter under which most of the first lines have the same number of cells, and many."""
    head = text[: 2**16]
    if len(text) > len(head):
        head = head[: head.rfind("\n") + 1] or head

    def score(delimiter: str) -> int:
        widths: list[int] = []
        try:
            for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
                if record:
                    widths.append(len(record))
                if len(widths) == HEAD:
                    break
        except csv.Error:
            pass
        return max(((width - 1) * count for width, count in Counter(widths).items()), default=0)

    best = max(_DELIMITERS, key=score)
    return best if score(best) else ","


def read_delimited(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Return the one sheet of the text file at `path`, or what forbids reading it."""
    name = path.name
    text, encoding = decode(path.read_bytes())
    if encoding == "damaged":
        return [], [finding("ledger", "encoding_damaged", file=name, row=int(text or 1))]
    if text is None or "\0" in text:
        return [], [finding("ledger", "encoding_unknown", file=name)]
    findings = []
    if encoding in ("gb18030", "utf-16"):
        findings.append(finding("ledger", "encoding_read", file=name, encoding=encoding.upper()))
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else delimiter_of(text)
    first = 2 if declared else 1
    grid = Builder(Budget())
    try:
        last = _records(body, delimiter, first, grid)
        frame = grid.frame()
    except _Malformed as wrong:
        return [], [*findings, finding("ledger", "csv_malformed", file=name, row=wrong.row)]
    except TooMuch:
        return [], [finding("ledger", "too_many_cells", file=name, limit=Budget().left / 2**20)]
    except _TooWide as wide:
        words: dict[str, Any] = {"count": wide.count, "limit": COLUMNS_MAX}
        return [], [*findings, finding("ledger", "too_many_columns", file=name, row=wide.row, **words)]
    if not frame.height:
        return [], [*findings, finding("ledger", "file_empty", file=name)]
    unended = None if text.endswith(("\n", "\r")) else last
    return [Sheet("", frame, delimiter=delimiter, unended=unended)], findings


class _Malformed(ValueError):
    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class _TooWide(ValueError):
    def __init__(self, row: int, count: int) -> None:
        super().__init__(row)
        self.row = row
        self.count = count


def _records(text: str, delimiter: str, first: int, grid: Builder) -> tuple[int, int]:
    """Put the records of `text` into `grid`; return the row of the last one and its number of cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = first
    last = (first, 0)
    try:
        for record in reader:
            if record:
                last = (start, len(record))
                cells = {i: cell for i, cell in enumerate(record) if cell and not cell.isspace()}
                if len(cells) > COLUMNS_MAX:
                    raise _TooWide(start, len(cells))
                grid.add(start, cells)
            start = reader.line_num + first
    except csv.Error:
        raise _Malformed(start) from None
    return last
