"""Rows that are sums of other rows: 合计, 小计, 全省, 其中, total … are recognised, checked and left out.

A total counts what its parts have counted. It is compared with them and left out with a notice; a difference
is a warning with both figures. A total without parts (全省 as the only row) is data: of the region itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.read.header import Header
from tongyuan.ledger.read.lookup import lookup
from tongyuan.ledger.read.sheet import ROW
from tongyuan.ledger.table import Column, Table
from tongyuan.ledger.text.clean import Origin, title_of
from tongyuan.ledger.text.number import Reading, parse_number
from tongyuan.reference import units
from tongyuan.reference.shelf import fold

AMOUNTS = ("mass", "energy", "volume", "area", "head", "item")
"""What a column must measure to be summed over rows, where the schema gives its unit."""

OBSERVED = ("observation", "indicator_observation", "published_total")
"""Tables in which 全省 stands beside its cities as a figure of its own: a mean is no sum."""

_BRACKET = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
_SUM = re.compile(r".*(?:合计|总计|小计|共计|总和|汇总)$|^(?:grand|sub|over-?all)?-?totals?$|^sum$")
_OF = re.compile(r"^(?:sub-?)?totals? (?:of|for|in) .*|.*[^a-z](?:sub-?)?totals?$")
_WHOLE = re.compile(
    r"^全(?:省|市|区|县|州|盟|旗|自治区|园区?|厂|公司|集团)$"
    r"|^(?:the)?(?:whole|entire|all)(?:province|city|region|county|park|plant|company|cities|regions)$"
)
_PART = re.compile(r"^(?:其中|ofwhich)[:：]?(.*)$")
_SUBTOTAL = re.compile(r"小计|subtotal")


@dataclass(frozen=True)
class Total:
    """One row that is a sum: its position, the column and word that say so, the positions of its parts."""

    position: int
    column: Column
    word: str
    parts: tuple[int, ...]


def kind_of(text: str, named: bool) -> str:
    """Return ``sum``, ``whole`` or ``part`` when `text` marks such a row, else the empty text.

    `named` columns hold names of a shelf, in which a phrase such as “total of cities” can only be a sum; in
    columns of own names only the bare word is one.
    """
    spaced = " ".join(unicodedata.normalize("NFKC", _BRACKET.sub("", text)).casefold().split())
    word = fold(spaced).strip(":-—*#")
    if _PART.match(word):
        return "part"
    if _WHOLE.match(word):
        return "whole"
    return "sum" if _SUM.match(word) or (named and _OF.match(spaced)) else ""


def _naming(definition: Table, letters: Mapping[str, str]) -> list[Column]:
    return [
        c
        for c in definition.columns
        if c.key and c.type in ("reference", "text", "choice") and c.name in letters
    ]


def _marked(definition: Table, letters: Mapping[str, str], grid: pl.DataFrame) -> dict[int, list[Column]]:
    """Return the positions of rows with a word for a sum, and the columns it stands in."""
    found: dict[int, list[Column]] = {}
    for column in _naming(definition, letters):
        names = lookup(column)
        text = grid[letters[column.name]]
        words = [
            word
            for word in text.unique().drop_nulls().to_list()
            if kind_of(word, column.type == "reference") and not (names and names.resolve(word))
        ]
        if words:
            for position in text.is_in(words).fill_null(False).arg_true().to_list():
                found.setdefault(position, []).append(column)
    return found


def find_totals(definition: Table, letters: Mapping[str, str], grid: pl.DataFrame) -> list[Total]:
    """Return the rows of `grid` that are sums, with the rows they are sums of.

    Parts are the other rows with the same names, years and choices; where the total leaves a cell blank,
    any value will do. A subtotal (小计) sums the rows since the total before it.
    """
    marked = _marked(definition, letters, grid) if "region" in letters and definition.role == "input" else {}
    if not marked:
        return []
    keys = [c.name for c in definition.columns if c.key and c.name in letters]
    cells = [[fold(text or "") for text in grid[letters[name]].to_list()] for name in keys]
    plain = [position for position in range(grid.height) if position not in marked]
    indexed: dict[tuple[int, ...], dict[tuple[str, ...], list[int]]] = {}
    totals: list[Total] = []
    before = -1
    for position, columns in sorted(marked.items(), key=lambda pair: pair[0]):
        word = grid[letters[columns[0].name]][position]
        summed = {c.name for c in columns}
        fixed = tuple(k for k, name in enumerate(keys) if name not in summed and cells[k][position])
        if fixed not in indexed:
            index: dict[tuple[str, ...], list[int]] = {}
            for row in plain:
                index.setdefault(tuple(cells[k][row] for k in fixed), []).append(row)
            indexed[fixed] = index
        parts = indexed[fixed].get(tuple(cells[k][position] for k in fixed), [])
        if _SUBTOTAL.search(fold(word)):
            parts = [row for row in parts if before < row < position] or parts
        totals.append(Total(position, columns[0], word, tuple(parts)))
        before = position
    return totals


def without_total_rows(
    definition: Table,
    header: Header,
    grid: pl.DataFrame,
    commas: Mapping[str, Reading],
    region: str,
    origin: Origin,
) -> pl.DataFrame:
    """Return `grid` without rows that are sums of other rows, and report what was found.

    Parameters
    ----------
    definition, header
        The table, and where its columns are.
    grid
        The rows below the header, as text.
    commas
        What a comma is in the numbers of each column, by letter.
    region
        What a total of regions without parts is of; may be empty.
    """
    letters = {column.name: letter for letter, column in header.columns.items()}
    dropped: list[Total] = []
    for total in find_totals(definition, letters, grid):
        row = int(grid[ROW][total.position])
        words: dict[str, Any] = {"title": title_of(total.column), "value": total.word}
        kind = kind_of(total.word, total.column.type == "reference")
        if definition.name in OBSERVED and total.column.name != "region":
            continue
        if (
            total.parts
            and definition.name not in OBSERVED
            and (kind != "whole" or _amounts(definition, letters))
        ):
            dropped.append(total)
        elif total.column.name == "region" and region:
            letter = letters["region"]
            grid = grid.with_columns(grid[letter].scatter(total.position, region).alias(letter))
            origin.note("total_is_region", "region", row, region=_named(region), **words)
        elif total.column.type == "text" and kind == "whole":
            continue
        elif total.column.type == "text":
            origin.note("total_kept", total.column.name, row, **words)
        else:
            origin.note("total_alone", total.column.name, row, **words)
    if not dropped:
        return grid
    agreed = _compare(definition, header, grid, commas, dropped, origin)
    if agreed:
        first = agreed[0]
        words = {"title": title_of(first.column), "value": first.word, "count": len(agreed)}
        origin.note("total_left_out", first.column.name, int(grid[ROW][first.position]), **words)
    gone = {total.position for total in dropped}
    return grid.filter(pl.Series([position not in gone for position in range(grid.height)]))


def _named(region: str) -> Bilingual:
    try:
        return Bilingual.titled("region", region)
    except KeyError:
        return Bilingual(region, region)


def _amounts(definition: Table, letters: Mapping[str, str]) -> list[Column]:
    """Return the columns that can be summed over rows."""
    return [
        c
        for c in definition.columns
        if c.type == "number" and c.name in letters and (
            (c.name == "value" and not c.unit)
            or (c.unit and units.known(c.unit) and units.dimension(c.unit) in AMOUNTS)
        )
    ]  # fmt: skip


def _compare(
    definition: Table,
    header: Header,
    grid: pl.DataFrame,
    commas: Mapping[str, Reading],
    totals: Sequence[Total],
    origin: Origin,
) -> list[Total]:
    """Report the totals that differ from their parts or cannot be compared; return those that agree."""
    letters = {column.name: letter for letter, column in header.columns.items()}
    wrong: set[int] = set()
    checked: set[int] = set()
    for column in _amounts(definition, letters):
        letter = letters[column.name]
        text = grid[letter].str.strip_chars()
        number = parse_number(text, commas.get(letter, "point"))[0].to_list()
        decimals = text.str.extract(r"\.(\d+)$").str.len_chars().fill_null(0).to_list()
        scales = _scales(column, letters, grid, header.units.get(letter, ""))
        for total in totals:
            used = [p for p in total.parts if number[p] is not None]
            if number[total.position] is None or not used or kind_of(total.word, True) == "part":
                continue
            units_of = {scales[p][1] for p in (total.position, *used)}
            if len(units_of) > 1 or None in units_of:
                continue
            scale = scales[total.position][0]
            printed = float(number[total.position])
            computed = sum(number[p] * scales[p][0] for p in used) / scale
            rounding = sum(0.5 * 10.0 ** -decimals[p] * scales[p][0] for p in used if decimals[p]) / scale
            rounding += 0.5 * 10.0 ** -decimals[total.position] if decimals[total.position] else 0.0
            checked.add(total.position)
            if abs(printed - computed) > rounding + 1e-9 * max(abs(printed), abs(computed)):
                wrong.add(total.position)
                words = {"printed": printed, "computed": computed, "difference": printed - computed}
                origin.note(
                    "total_differs", column.name, int(grid[ROW][total.position]), value=total.word,
                    unit=scales[total.position][2], count=len(used), **words,
                )  # fmt: skip
    for total in totals:
        if total.position not in checked:
            words = {"title": title_of(total.column), "value": total.word}
            origin.note("total_unchecked", total.column.name, int(grid[ROW][total.position]), **words)
    return [t for t in totals if t.position in checked and t.position not in wrong]


def _scales(
    column: Column, letters: Mapping[str, str], grid: pl.DataFrame, in_header: str
) -> list[tuple[float, str | None, str]]:
    """Return factor to canonical unit, canonical unit and unit as written, for every row."""
    blank = in_header or column.unit
    written = (
        [text or blank for text in grid[letters["unit"]].to_list()]
        if column.name == "value" and "unit" in letters
        else [blank] * grid.height
    )
    return [(*_canonical(text.strip()), text) for text in written]


@cache
def _canonical(text: str) -> tuple[float, str | None]:
    try:
        return units.canonical(text)
    except units.UnitError:
        return 1.0, None
