"""Workbooks (Office Open XML) → sheets, through an XML parser and with every checksum verified.

Whatever the standard leaves free is free here: order and quotes of attributes, prefixes, blanks between
elements, cells and rows without an address.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.read.grid import ROW, Budget, Builder, Marks, Sheet, TooMuch, column_index, letter
from tongyuan.ledger.read.guard import COLUMNS_MAX
from tongyuan.ledger.text.number_format import Kind, date_text
from tongyuan.ledger.text.number_format import kind as kind_of

_ROWS, _COLUMNS = 1_048_576, 16_384
_TEXT_COST = 64
"""What a shared text takes besides its letters [byte]."""

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NUMBER_START = frozenset("0123456789+-.０１２３４５６７８９＋－．−–")
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_YES = ("1", "true", "on")
_NO_GRID = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
"""Sheets of a workbook that hold no cells to be read."""


class Damaged(ValueError):
    """Raised when a part of a workbook cannot be what it says; may carry the check that tells of it."""

    def __init__(self, check: str = "corrupt_workbook", **values: Any) -> None:
        super().__init__(check)
        self.check = check
        self.values = values


@dataclass(frozen=True)
class _Context:
    """What the cells of all sheets refer to."""

    archive: zipfile.ZipFile
    names: dict[str, str]
    budget: Budget
    strings: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    since_1904: bool = False


def read_workbook(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheets of the workbook at `path` in order, or what forbids reading it."""
    file = path.name
    title = ""
    found: list[Sheet] = []
    findings: list[Finding] = []
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().lstrip("/"): name for name in archive.namelist()}
            if len(names) < len(archive.namelist()):
                raise Damaged
            listed, context = _book(archive, names)
            for title, part, hidden in listed:
                if any(title.casefold() == sheet.name.casefold() for sheet in found):
                    findings.append(finding("ledger", "sheet_twice", file=file, sheet=title, name=title))
                    continue
                found.append(_sheet(context, title, part, hidden))
    except TooMuch:
        limit = Budget().left / 2**20
        return [], [finding("ledger", "too_many_cells", file=file, sheet=title, limit=limit)]
    except Damaged as wrong:
        return [], [finding("ledger", wrong.check, file=file, sheet=title, **wrong.values)]
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, EOFError, NotImplementedError):
        return [], [finding("ledger", "corrupt_workbook", file=file, sheet=title)]
    except (etree.LxmlError, RuntimeError):
        return [], [finding("ledger", "corrupt_workbook", file=file, sheet=title)]
    return found, findings


def _elements(archive: zipfile.ZipFile, part: str, *tags: str) -> Iterator[tuple[str, Any]]:
    """Yield the elements `tags` of a part, each with its local name, as they end; verify the checksum."""
    with archive.open(part) as stream:
        walk = etree.iterparse(
            stream,
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in walk:
            yield _local(element), element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
        if walk.root is None or walk.root.getroottree().docinfo.doctype:
            raise Damaged
        while stream.read(2**16):
            pass


class _Names(dict[str, str]):
    def __missing__(self, tag: str) -> str:
        self[tag] = name = str(tag).rpartition("}")[2]
        return name


_LOCAL = _Names()
"""Local name of each tag, whatever its namespace."""


def _local(element: Any) -> str:
    return _LOCAL[element.tag]


def _relations(archive: zipfile.ZipFile, names: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    """Return the inner relations of a part: id → (last word of the type, part it points to)."""
    folder, _, base = part.rpartition("/")
    own = names.get(f"{folder}/_rels/{base}.rels".lstrip("/").lower())
    found: dict[str, tuple[str, str]] = {}
    if own is None:
        return found
    for _, element in _elements(archive, own, "Relationship"):
        if element.get("TargetMode", "") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, element.get("Target", "")))
            word = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = word, target.lstrip("/").lower()
    return found


def _book(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[list[tuple[str, str, bool]], _Context]:
    """Return the worksheets of a workbook (title, part, hidden) and what their cells refer to."""
    main = next((t for w, t in _relations(archive, names, "").values() if w == "officeDocument"), "")
    if main not in names:
        main = min((n for n in names if n.endswith("workbook.xml")), key=len)
    relations = _relations(archive, names, main)
    listed: list[tuple[str, str, bool]] = []
    since_1904 = False
    for tag, element in _elements(archive, names[main], "workbookPr", "sheet"):
        if tag == "workbookPr":
            since_1904 = element.get("date1904") in _YES
            continue
        relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
        word, part = relations.get(relation, ("worksheet", ""))
        if word == "worksheet":
            if any(part == other for _, other, _ in listed) or not element.get("name"):
                raise Damaged
            listed.append((element.get("name"), names[part], element.get("state", "visible") != "visible"))
        elif word not in _NO_GRID:
            raise Damaged
    parts = {word: names[part] for word, part in relations.values() if part in names}
    budget = Budget()
    strings = _strings(archive, parts["sharedStrings"], budget) if "sharedStrings" in parts else []
    kinds = _kinds(archive, parts["styles"]) if "styles" in parts else []
    return listed, _Context(archive, names, budget, strings, kinds, since_1904)


def _strings(archive: zipfile.ZipFile, part: str, budget: Budget) -> list[str]:
    found = []
    for _, element in _elements(archive, part, "si"):
        text = _rich(element)
        budget.spend(len(text) + _TEXT_COST)
        found.append(text)
    return found


def _kinds(archive: zipfile.ZipFile, part: str) -> list[Kind]:
    """Return what the number format of each cell style shows."""
    codes: dict[int, str] = {}
    found: list[Kind] = []
    for tag, element in _elements(archive, part, "numFmt", "xf"):
        parent = _local(element.getparent())
        if tag == "numFmt" and parent == "numFmts":
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        elif tag == "xf" and parent == "cellXfs":
            number = int(element.get("numFmtId", "0"))
            found.append(kind_of(number, codes.get(number)))
    return found


def _rich(element: Any) -> str:
    """Return the text of a shared or inline string; raised and lowered digits stay what they look like."""
    text = ""
    for child in element:
        tag = _local(child)
        if tag == "t":
            text += child.text or ""
        elif tag == "r":
            run = "".join(part.text or "" for part in child if _local(part) == "t")
            place = next((part.get("val") for part in child.iter("{*}vertAlign")), "")
            table = {"superscript": _RAISED, "subscript": _LOWERED}.get(place)
            text += run if table is None else run.translate(table)
    return _unescape(text)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text) if "_x" in text else text


def _like_number(text: str) -> bool:
    return text[:1] in _NUMBER_START or text.strip()[:1] in _NUMBER_START


class _Letters(dict[int, str]):
    def __missing__(self, column: int) -> str:
        self[column] = name = letter(column)
        return name


_LETTERS = _Letters()
"""Letters of each column that was met."""


class _Cells:
    """The cells of one sheet as they come out of the parser."""

    def __init__(self, context: _Context) -> None:
        self.context = context
        self.grid = Builder(context.budget)
        self.errors: list[tuple[str, int, str]] = []
        self.without: list[tuple[str, int]] = []
        self.twice: list[tuple[str, int]] = []
        self.percent: dict[str, list[int]] = {}
        self.text: dict[str, list[int]] = {}
        self._index: dict[str, int] = {}
        self._texts: dict[str, tuple[str, bool]] = {}

    def row(self, element: Any, number: int) -> None:
        """Take the cells of row `number`."""
        cells: dict[int, str] = {}
        seen: set[int] = set()
        column = -1
        digits = str(number)
        local = _LOCAL
        for child in element:
            if local[child.tag] != "c":
                continue
            address = child.get("r")
            column += 1
            # most cells stand where the one before lets expect them
            if address is not None and address != _LETTERS[column] + digits:
                column = self._column(address, digits)
            if column >= _COLUMNS:
                raise Damaged("cell_out_of_row", row=number, cell=letter(column))
            if column in seen:
                self.twice.append((letter(column), number))
            seen.add(column)
            text = self._value(child, column, number)
            if text:
                cells[column] = text
        self.grid.add(number, cells)
        if len(self.grid.columns) > COLUMNS_MAX:
            raise Damaged("too_many_columns", count=len(self.grid.columns), limit=COLUMNS_MAX)

    def _column(self, address: str, digits: str) -> int:
        letters = address.rstrip("0123456789")
        if address[len(letters) :] != digits:
            raise Damaged("cell_out_of_row", row=int(digits), cell=address[:20])
        index = self._index.get(letters)
        if index is None:
            if not _ADDRESS.fullmatch(address):
                raise Damaged("cell_out_of_row", row=int(digits), cell=address[:20])
            index = self._index[letters] = column_index(letters)
        return index

    def _value(self, element: Any, column: int, row: int) -> str | None:
        value: str | None = None
        formula = False
        local = _LOCAL
        for child in element:
            tag = local[child.tag]
            if tag == "v":
                value = child.text or ""
            elif tag == "f":
                formula = True
            elif tag == "is":
                value = _rich(child)
        kind = element.get("t", "n")
        if not value:
            if formula and not (kind == "str" and value is not None):
                self.without.append((letter(column), row))
            return None
        if kind == "n":
            return self._number(value.strip(), element.get("s"), column, row)
        if kind in ("s", "str", "inlineStr"):
            if kind == "s":
                value, like_number = self._shared(value)
            else:
                value = _unescape(value) if kind == "str" else value
                like_number = _like_number(value)
            if like_number:
                self.text.setdefault(_LETTERS[column], []).append(row)
            return value
        if kind == "b":
            return "true" if value.strip() in _YES else "false"
        if kind == "e":
            self.errors.append((letter(column), row, value))
            return None
        if kind == "d":
            return value.removesuffix("T00:00:00")
        raise Damaged

    def _shared(self, number: str) -> tuple[str, bool]:
        """Return a shared text and whether it begins as a number does, looked at once for each text."""
        known = self._texts.get(number)
        if known is None:
            if not number.strip().isdigit():
                raise Damaged
            text = self.context.strings[int(number)]
            known = self._texts[number] = text, _like_number(text)
        return known

    def _number(self, value: str, style: str | None, column: int, row: int) -> str:
        place = int(style or 0)
        if place and not self.context.kinds:  # what the number is (a date, a share) stands nowhere
            raise Damaged
        kind = self.context.kinds[place] if self.context.kinds else "plain"
        if kind == "percent":
            self.percent.setdefault(letter(column), []).append(row)
        elif kind == "date" and _NUMBER.fullmatch(value):
            return date_text(float(value), self.context.since_1904) or value
        if _INTEGER.fullmatch(value) or not _NUMBER.fullmatch(value):
            return value
        number = float(value)
        if abs(number) == float("inf"):
            return value
        return repr(number).removesuffix(".0")


def _sheet(context: _Context, title: str, part: str, hidden: bool) -> Sheet:
    cells = _Cells(context)
    hidden_rows: list[int] = []
    hidden_columns: list[tuple[int, int]] = []
    merged: list[str] = []
    row = 0
    for tag, element in _elements(context.archive, part, "row", "col", "mergeCell"):
        if tag == "row":
            number = element.get("r")
            row = int(number) if number is not None else row + 1
            if not 1 <= row <= _ROWS:
                raise Damaged
            cells.row(element, row)
            if element.get("hidden") in _YES or _nothing(element.get("ht")):
                hidden_rows.append(row)
        elif tag == "col":
            if element.get("hidden") in _YES or _nothing(element.get("width")):
                hidden_columns.append((int(element.get("min", "1")) - 1, int(element.get("max", "1")) - 1))
        elif element.get("ref"):
            merged.append(element.get("ref"))
    frame = cells.grid.frame()
    again = frame.filter(frame[ROW].is_duplicated())[ROW].unique(maintain_order=True)
    marks = Marks(
        errors=tuple(cells.errors),
        without_value=tuple(cells.without),
        twice=(*cells.twice, *(("", number) for number in again.to_list())),
        hidden_rows=tuple(hidden_rows),
        hidden_columns=tuple(
            letter(c) for c in sorted(cells.grid.columns) if any(a <= c <= b for a, b in hidden_columns)
        ),
        merged=tuple(merged),
        percent={column: tuple(rows) for column, rows in cells.percent.items()},
        text={column: tuple(rows) for column, rows in cells.text.items()},
    )
    return Sheet(title, frame, hidden=hidden, marks=marks)


def _nothing(size: str | None) -> bool:
    """Return whether a height or width is none at all."""
    return size is not None and float(size) == 0
