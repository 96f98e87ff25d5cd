"""Where a project lies: codes of counties, lists of regions by document and date, codes of units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import polars as pl

from tongyuan.reference.shelf import shelf

MUNICIPALITIES = ("11", "12", "31", "50")
CLASSES = MappingProxyType({"1": "priority", "2": "key_unit", "3": "general_unit"})


def within(code: str) -> tuple[str, ...]:
    """Return a code of GB/T 2260 and those of what it lies in: county, city, province.

    Examples
    --------
    >>> within("440606")
    ('440606', '440600', '440000')
    >>> within("310115")
    ('310115', '310000')
    """
    province = code[:2] + "0000"
    city = province if code[:2] in MUNICIPALITIES else code[:4] + "00"
    return tuple(dict.fromkeys((code, city, province)))


@dataclass(frozen=True)
class UnitCode:
    """A code of a unit of the zoning, taken apart."""

    county: str
    kind: str
    serial: str


def unit_code(text: str) -> UnitCode:
    """Return county, class and serial number of a unit: ``ZH``, county (6), class (1), serial (4).

    Raises
    ------
    ValueError
        If it is no such code, or its class is none of 1 (priority), 2 (key) and 3 (general).

    Examples
    --------
    >>> unit_code("ZH44060620002")
    UnitCode(county='440606', kind='key_unit', serial='0002')
    """
    found = re.fullmatch(r"ZH(\d{6})([123])(\d{4})", text.strip())
    if not found:
        raise ValueError(f"{text!r} is no code of a unit")
    return UnitCode(found[1], CLASSES[found[2]], found[3])


@dataclass(frozen=True)
class Lists:
    """Lists of regions by name, each with the days it holds; every document has its own."""

    rows: Mapping[str, tuple[tuple[str, date | None, date | None], ...]]

    def holds(self, name: str, code: str, day: date) -> bool | None:
        """Return whether a region is on a list on a day; None where there is no such list.

        Examples
        --------
        >>> lists_of().holds("guofa_2023_24", "370200", date(2024, 1, 1))
        False
        """
        if name not in self.rows:
            return None
        places = within(code)
        return any(
            region in places and (begin is None or begin <= day) and (end is None or day <= end)
            for region, begin, end in self.rows[name]
        )


@cache
def _shipped(include_unverified: bool) -> tuple[tuple[str, str, date | None, date | None], ...]:
    rows = []
    for row in shelf("key_region_city").iter_rows(named=True):
        if row["status"] == "unverified" and not include_unverified:
            continue
        begin, end = (date.fromisoformat(row[c]) if row[c] else None for c in ("valid_from", "valid_to"))
        rows.append((row["list"], row["region"], begin, end))
    return tuple(rows)


def lists_of(own: pl.DataFrame | None = None, *, include_unverified: bool = False) -> Lists:
    """Return the lists of the shelf and those of table ``region_list``."""
    rows: dict[str, list[tuple[str, date | None, date | None]]] = {}
    for name, region, begin, end in _shipped(include_unverified):
        rows.setdefault(name, []).append((region, begin, end))
    if own is not None:
        for r in own.iter_rows(named=True):
            rows.setdefault(r["list"], []).append((r["region"], r["valid_from"], r["valid_to"]))
    return Lists(MappingProxyType({name: tuple(held) for name, held in rows.items()}))
