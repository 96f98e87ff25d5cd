"""Sheets as they are seen: a grid of text with row numbers and column letters, and the marks on its cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.guard import AREA_MAX, PARQUET, TEXT, guard

ROW = "_row"
"""Column of a grid that holds the row number a person sees."""

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Marks:
    """What a workbook says about its cells besides their values."""

    errors: tuple[tuple[str, int, str], ...] = ()
    without_value: tuple[tuple[str, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet (or one whole CSV or Parquet file) as text.

    `grid` has the column ``_row`` and one text column per sheet column, named by its letter.
    Numbers stand in it with nine decimals; :meth:`exact` has those that need more.
    """

    name: str
    grid: pl.DataFrame
    hidden: bool = False
    marks: Marks = field(default_factory=Marks)
    letters: bool = True
    xml: bytes = field(default=b"", repr=False)

    @property
    def columns(self) -> list[str]:
        """Letters of the columns of the grid."""
        return [name for name in self.grid.columns if name != ROW]

    def exact(self, column: str, rows: pl.Series) -> pl.Series | None:
        """Return at full precision the numbers of a column that nine decimals would round, else null."""
        pattern = (
            rb"c r=\"%s(\d+)\"[^>]*>(?:<[^<>/]*f(?:/>|>[^<]*</[^<>]*f>))?<(?:\w+:)?v>"
            rb"(-?\d*(?:\.\d{9}\d*(?:[Ee][-+]?\d+)?|(?:\.\d*)?[Ee][-+]?\d+))<" % column.encode()
        )
        found = {int(row): float(number) for row, number in re.findall(pattern, self.xml)}
        if not found:
            return None
        return pl.Series([found.get(row) for row in rows.to_list()], dtype=pl.Float64)

    def text_rows(self, column: str) -> set[int]:
        """Return the rows in which the workbook stores text in the column lettered `column`."""
        pattern = rb"c r=\"%s(\d+)\"[^>]*? t=\"(?:s|str|inlineStr)\"" % column.encode()
        return {int(row) for row in re.findall(pattern, self.xml)}


def letter(index: int) -> str:
    """Return the letters of the sheet column with zero-based `index`."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(letters: str) -> int:
    """Return the zero-based index of the sheet column called `letters`."""
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - 64
    return index - 1


def sheets(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheets of the file at `path` and what is wrong with the file as a whole."""
    findings = guard(path)
    if findings:
        return [], findings
    try:
        suffix = path.suffix.lower()
        if suffix in TEXT:
            return _text(path)
        if suffix in PARQUET:
            return _parquet(path)
        return _workbook(path)
    except MemoryError:
        return [], [finding("ledger", "too_many_cells", file=path.name, limit=AREA_MAX)]
    except PermissionError:
        return [], [finding("ledger", "file_locked", file=path.name)]
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a Rust library fails
            raise
        return [], [finding("ledger", "corrupt_workbook", file=path.name)]


def grid_of(frame: pl.DataFrame, *, name: str = "", header: bool = True) -> Sheet:
    """Return a typed frame as a sheet: its column names first, then its rows numbered from 1."""
    cells = [
        pl.Series([None if v is None else str(v) for v in column.to_list()], dtype=pl.String)
        if column.dtype.is_nested() or column.dtype == pl.Object
        else column.cast(pl.String, strict=False)
        for column in frame.get_columns()
    ]
    grid = pl.DataFrame(
        {letter(i): column.rename(letter(i)) for i, column in enumerate(cells)},
        schema={letter(i): pl.String for i in range(len(cells))},
    )
    rows = pl.Series(ROW, range(1, frame.height + 1), dtype=pl.Int64)
    grid = grid.with_columns(rows)
    if header:
        first = pl.DataFrame(
            {letter(i): [column] for i, column in enumerate(frame.columns)} | {ROW: [0]},
            schema=grid.schema,
        )
        grid = pl.concat([first, grid])
    return Sheet(name, grid, letters=False)


def _parquet(path: Path) -> tuple[list[Sheet], list[Finding]]:
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError):
        return [], [finding("ledger", "corrupt_parquet", file=path.name)]
    return [grid_of(frame)], []


def _decode(data: bytes) -> tuple[str | None, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                return None, encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None, ""


def _text(path: Path) -> tuple[list[Sheet], list[Finding]]:
    name = path.name
    text, encoding = _decode(path.read_bytes())
    if text is None or "\0" in text:
        return [], [finding("ledger", "encoding_unknown", file=name)]
    findings = []
    if encoding in ("gb18030", "utf-16"):
        findings.append(finding("ledger", "encoding_read", file=name, encoding=encoding.upper()))
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for record in reader:
            if record:
                records.append(record)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        findings.append(finding("ledger", "csv_malformed", file=name, row=start))
        return [], findings
    if not records:
        return [], [*findings, finding("ledger", "file_empty", file=name)]
    width = len(records[0])
    for line, record in zip(lines, records, strict=True):
        if len(record) > width and any(cell.strip() for cell in record[width:]):
            findings.append(
                finding("ledger", "csv_extra_cells", file=name, row=line, found=len(record), allowed=width)
            )
        if len(record) < width:
            record.extend([""] * (width - len(record)))
    columns = list(zip(*(record[:width] for record in records), strict=True))
    grid = pl.DataFrame(
        {letter(i): list(column) for i, column in enumerate(columns)} | {ROW: lines},
        schema={letter(i): pl.String for i in range(width)} | {ROW: pl.Int64},
    )
    return [Sheet("", grid)], findings


def _workbook(path: Path) -> tuple[list[Sheet], list[Finding]]:
    name = path.name
    corrupt = [finding("ledger", "corrupt_workbook", file=name)]
    try:
        with zipfile.ZipFile(path) as archive:
            listed = _listed(archive)
            marks: dict[str, tuple[Marks, int]] = {}
            parts: dict[str, bytes] = {}
            for title, (part, _) in listed.items():
                parts[title] = archive.read(part)
                scanned = scan(parts[title])
                if scanned is None:
                    return [], [finding("ledger", "too_many_cells", file=name, sheet=title, limit=AREA_MAX)]
                marks[title] = scanned
        book = fastexcel.read_excel(path)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, DefusedXmlException):
        return [], corrupt
    except (ElementTree.ParseError, NotImplementedError, fastexcel.FastExcelError):
        return [], corrupt
    found: list[Sheet] = []
    for title, (_, hidden) in listed.items():
        try:
            found.append(replace(_sheet(book, title, *marks[title], parts[title]), hidden=hidden))
        except (fastexcel.FastExcelError, pl.exceptions.PolarsError):
            return [], [finding("ledger", "corrupt_workbook", file=name, sheet=title)]
    return found, []


def _listed(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """Return the worksheets of a workbook: title → (part, hidden)."""
    books = [n for n in archive.namelist() if n.endswith("workbook.xml")]
    main = min(books, key=len)
    folder = main.rpartition("/")[0]
    relations = ElementTree.fromstring(archive.read(f"{folder}/_rels/workbook.xml.rels".lstrip("/")))
    parts = {
        r.attrib["Id"]: r.attrib["Target"]
        for r in relations
        if r.attrib.get("Type", "").endswith("/worksheet")
    }
    found: dict[str, tuple[str, bool]] = {}
    for node in ElementTree.fromstring(archive.read(main)).iter():
        if node.tag.endswith("}sheet"):
            target = parts.get(node.attrib.get(_RELATION, node.attrib.get(_STRICT, "")))
            if target is not None:
                part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                found[node.attrib["name"]] = (part, node.attrib.get("state", "visible") != "visible")
    return found


def scan(xml: bytes) -> tuple[Marks, int] | None:
    """Return the marks of a worksheet and its first used column, or None if it spans too many cells."""
    root = re.search(rb"<((?:\w+:)?)worksheet[\s>]", xml)
    p = root.group(1) if root else b""
    rows = [int(r) for r in re.findall(rb"<%srow[^>]*? r=\"(\d{1,9})\"" % p, xml)]
    wide = re.findall(rb"<%sc r=\"([A-Z]{2,3})\d" % p, xml)
    last = max((column_index(w.decode()) for w in set(wide)), default=25)
    if (max(rows, default=1)) * (last + 1) > AREA_MAX and _area(xml, p) > AREA_MAX:
        return None
    cell = rb"<%sc r=\"([A-Z]{1,3})(\d+)\"" % p
    errors: tuple[tuple[str, int, str], ...] = ()
    if b't="e"' in xml:
        value = rb"[^>]*? t=\"e\"[^>]*>(?:<%sf[^>]*?/>|<%sf.*?</%sf>)?<%sv>([^<]*)" % (p, p, p, p)
        errors = tuple(
            (a.decode(), int(b), c.decode("utf-8", "replace")) for a, b, c in re.findall(cell + value, xml)
        )
    without: tuple[tuple[str, int], ...] = ()
    if b"<%sf" % p in xml:
        formula = rb"[^>]*>(?:<%sf[^>]*?/>|<%sf[^>]*>[^<]*</%sf>)(?:<%sv></%sv>|<%sv/>)?</%sc>" % ((p,) * 7)
        without = tuple((a.decode(), int(b)) for a, b in re.findall(cell + formula, xml))
    hidden = tuple(int(r) for r in re.findall(rb"<%srow r=\"(\d+)\"[^>]*? hidden=\"(?:1|true)\"" % p, xml))
    merged = tuple(m.decode() for m in re.findall(rb"<%smergeCell ref=\"([A-Z0-9:]+)\"" % p, xml))
    first = next((i for i in range(last + 1) if _has_value(xml, p, letter(i))), 0)
    return Marks(errors, without, hidden, merged), first


def _has_value(xml: bytes, p: bytes, column: str) -> bool:
    pattern = rb"<%sc r=\"%s\d+\"(?:\s[^>]*[^/])?>(?=<%sv>[^<]|<%sis>|<%sf)" % (p, column.encode(), p, p, p)
    return re.search(pattern, xml) is not None


def _area(xml: bytes, p: bytes) -> int:
    """Return the number of cells in the rectangle that the cells with values span."""
    used = re.findall(rb"<%sc r=\"([A-Z]{1,3})(\d+)\"(?:\s[^>]*[^/])?><%s(?:v|is|f)" % (p, p), xml)
    if not used:
        return 0
    columns = [column_index(c.decode()) for c in {c for c, _ in used}]
    rows = [int(r) for _, r in used]
    return max(rows) * (max(columns) - min(columns) + 1)


def _sheet(book: fastexcel.ExcelReader, title: str, marks: Marks, first: int, xml: bytes) -> Sheet:
    loaded: Any = book.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
    text = loaded.to_polars()
    names = [letter(first + i) for i in range(text.width)]
    text.columns = names
    rows = pl.Series(ROW, range(1, text.height + 1), dtype=pl.Int64)
    return Sheet(title, text.with_columns(rows), marks=marks, xml=xml)
