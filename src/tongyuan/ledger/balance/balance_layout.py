"""Where a yearbook balance has its title, its fuels, its items and its units."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from tongyuan.ledger.read.sheet import ROW, Sheet
from tongyuan.ledger.text.number import parse_number
from tongyuan.reference import units
from tongyuan.reference.energy.balance_name import identify_fuel, identify_item
from tongyuan.reference.region import region_in
from tongyuan.reference.shelf import fold

TOP = 15
"""Rows at the top of a sheet in which the fuels are looked for."""

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_EDITION = re.compile(
    r"年鉴\W*(?:19|20)\d\d|(?:19|20)\d\d\W{0,2}年?[^\d]{0,12}年鉴|yearbook\W*(?:19|20)\d\d", re.I
)
_ONE_UNIT = re.compile(r"(?:计量)?单\s*位[:：]\s*([^\s()（）]+)|\bunits?\s*:\s*(.+)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]\s*$")
_FIGURE = re.compile(r"[1-9１-９]")
_PLAIN = re.compile(r"^[\s\d.,+\-−－]+$")
_NUMBERED = ("", "甲", "乙", "栏次", "序号")
_KEYS = {
    "region": ("地区", "省份", "省市区", "region", "province"),
    "year": ("年份", "年度", "year"),
}


@dataclass(frozen=True)
class Layout:
    """The columns of a wide balance by letter, the row of its fuels, and what its head says."""

    header: int
    item: str
    products: dict[str, str]
    twice: dict[str, str]
    unknown: dict[str, str]
    units: dict[str, str]
    keys: dict[str, str]
    heading: tuple[str, ...]

    @property
    def title(self) -> str:
        """The line of the head that names the table."""
        named = (text for text in self.heading if "平衡表" in text or "balance" in text.lower())
        return next(named, "")

    @property
    def region(self) -> str:
        """The region that the head names, or the empty text."""
        return next((found for text in (self.title, *self.heading) if (found := region_in(text))), "")

    @property
    def year(self) -> int | None:
        """The year that the head names."""
        return next((found for text in (self.title, *self.heading) if (found := year_in(text))), None)


def year_in(text: str) -> int | None:
    """Return the year named in a title; that of a yearbook's edition is not the year of its data."""
    found = _YEAR.search(_EDITION.sub(" ", text))
    return int(found[1]) if found else None


def bare_unit(text: str) -> str:
    """Return the unit that a cell consists of or ends with in brackets, else the empty text."""
    for candidate in (*_IN_BRACKETS.findall(text.strip()), text.strip()):
        if candidate and units.known(candidate):
            return str(candidate)
    return ""


def layout_of(sheet: Sheet) -> Layout | None:
    """Return the layout of a sheet with fuels as columns and balance items as rows, else None."""
    letters = sheet.columns
    top = sheet.grid.head(TOP).select(letters).rows()
    best, header = 2, -1
    for position, row in enumerate(top):
        hits = len({identify_fuel(text) for text in row if text and text.strip()} - {None})
        if hits > best:
            best, header = hits, position
    if header < 0:
        return None
    products: dict[str, str] = {}
    twice: dict[str, str] = {}
    unknown: dict[str, str] = {}
    passed: set[str] = set()
    for letter, text in zip(letters, top[header], strict=True):
        found = identify_fuel(text) if text and text.strip() else None
        if found is None:
            unknown[letter] = (text or "").strip()
        elif found == "":
            passed.add(letter)
        elif found in products.values():
            twice[letter] = found
        else:
            products[letter] = found
    body = sheet.grid.slice(header + 1, 120)
    counted = {
        letter: sum(identify_item(text) is not None for text in body[letter].drop_nulls().to_list())
        for letter in unknown
    }
    item = max(counted, key=lambda letter: counted[letter], default="")
    if not item or counted[item] < 3:
        return None
    keys = {
        key: letter
        for letter, text in unknown.items()
        for key, names in _KEYS.items()
        if letter != item and fold(text) in names
    }
    unknown = {k: v for k, v in unknown.items() if k != item and k not in keys.values()}
    heading = [t.strip() for row in top[:header] for t in row if t and t.strip()]
    heading += [t.strip() for t in [unknown.get(letters[0], "")] if t]
    return Layout(
        header,
        item,
        products,
        twice,
        unknown,
        _units(sheet, top, header, products, item),
        keys,
        tuple(heading),
    )


def _units(
    sheet: Sheet, top: list[tuple[str | None, ...]], header: int, products: dict[str, str], item: str
) -> dict[str, str]:
    """Return the unit of each fuel: from a row of units anywhere in the head, else from one unit for all."""
    letters = sheet.columns
    labels = [text or "" for text in sheet.grid.head(TOP)[item].to_list()]
    first = next((i for i in range(header + 1, len(top)) if identify_item(labels[i]) is not None), len(top))
    for row in (*top[header:first], *reversed(top[:header])):
        cells = dict(zip(letters, row, strict=True))
        named = {letter: bare_unit(cells[letter] or "") for letter in products}
        if sum(bool(unit) for unit in named.values()) * 2 > len(products):
            return {letter: unit for letter, unit in named.items() if unit}
    texts = [text.strip() for row in top[:first] for text in row if text and text.strip()]
    for text in texts:
        found = _ONE_UNIT.search(text)
        unit = (found.group(1) or found.group(2)).strip(" ()（）") if found else ""
        if unit and units.known(unit):
            return dict.fromkeys(products, unit)
    for text in texts:
        if identify_fuel(text) is None and bare_unit(text):
            return dict.fromkeys(products, bare_unit(text))
    return {}


def with_numbers(grid: pl.DataFrame, letter: str) -> bool:
    """Return whether a column of `grid` has a number other than zero, whatever its comma is."""
    text = grid[letter]
    return any(bool((parse_number(text, reading)[0] != 0).any()) for reading in ("point", "comma"))


def filled(grid: pl.DataFrame, letters: list[str]) -> list[bool]:
    """Return which rows of `grid` have a figure other than zero in one of the columns, readable or not."""
    return [
        any(text and _FIGURE.search(text) and (_PLAIN.match(text) or not bare_unit(text)) for text in row)
        for row in grid.select(letters).rows()
    ]


def counting(grid: pl.DataFrame, label: str, letters: list[str]) -> list[bool]:
    """Return which rows only number the columns: 甲, 1, 2, 3 …"""
    flags = []
    for name, *row in grid.select(label, *letters).rows():
        cells = [text.strip() for text in row if text and text.strip()]
        numbers = [int(c) for c in cells if c.isascii() and c.isdecimal()]
        run = list(range(numbers[0], numbers[0] + len(cells))) if numbers else []
        flags.append((name or "").strip() in _NUMBERED and len(cells) > 1 and numbers == run)
    return flags


__all__ = ["ROW", "Layout", "bare_unit", "counting", "filled", "layout_of", "with_numbers", "year_in"]
