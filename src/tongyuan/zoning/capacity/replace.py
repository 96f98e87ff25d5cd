"""How much old capacity a new one needs, by product, region, case and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import Lists, within

SUSPENDED = "suspended"
PRODUCTS: Mapping[str, tuple[str, str]] = {
    "3110": ("steel", "iron_steel"),
    "3120": ("steel", "iron_steel"),
    "3011": ("cement", "clinker"),
    "3041": ("glass", "flat_glass"),
    "3216": ("aluminium", "primary_aluminium"),
}
"""Sector and product of an industry's replacement, where the project names none."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of old to new capacity, None where it is suspended, and where it stands."""

    value: float | None
    row: Mapping[str, str]


def capacity_ratio(
    sector: str,
    code: str,
    day: date,
    *,
    product: str = "",
    case: str = "default",
    key_region: bool | None = None,
    lists: Lists | None = None,
    include_unverified: bool = False,
) -> Ratio | None:
    """Return the ratio in force; None where no rule holds on that day or the region cannot be told.

    A row of a province goes before one of key regions, and that before one of all. Whether a region is a key
    one is the caller's to say, or a list of regions that the document owns (never another document's).

    Parameters
    ----------
    sector
        ``steel``, ``cement``, ``glass`` or ``aluminium``.
    code
        Region of GB/T 2260.
    case
        Case of the shelf ``capacity_ratio``: ``default``, ``merger``, ``furnace_for_furnace`` …

    Examples
    --------
    >>> capacity_ratio("cement", "370100", date(2024, 12, 1), key_region=False).value
    1.5
    """
    places = within(code)
    best: tuple[int, Ratio] | None = None
    for row in shelf("capacity_ratio").iter_rows(named=True):
        if row["sector"] != sector or (row["status"] == "unverified" and not include_unverified):
            continue
        if row["valid_from"] and date.fromisoformat(row["valid_from"]) > day:
            continue
        if row["valid_to"] and day > date.fromisoformat(row["valid_to"]):
            continue
        if row["case"] == SUSPENDED:
            return Ratio(None, row)
        if row["case"] != case or (product and case == "default" and row["product"] != product):
            continue
        rank = _rank(row, places, day, key_region, lists)
        if rank and (best is None or rank >= best[0]):
            best = rank, Ratio(float(row["ratio"]), row)
    return best[1] if best else None


def _rank(
    row: Mapping[str, str], places: tuple[str, ...], day: date, key: bool | None, lists: Lists | None
) -> int:
    """Return how near the region of a row is: 3 province, 2 kind of region, 1 all, 0 another."""
    region = row["region"]
    if region == "any":
        return 1
    if region in ("key", "other"):
        held = lists.holds(row["region_list"], places[0], day) if key is None and lists else key
        return 2 if held is not None and held == (region == "key") else 0
    return 3 if set(region.split("|")) & set(places) else 0


def usable(
    old: Iterable[Mapping[str, Any]], industry: str, code: str, key_region: bool | None
) -> tuple[float, tuple[tuple[str, str], ...]]:
    """Return how much old capacity may be used, and why which works may not.

    Worthless are capacity without permit, of the eliminated class, and (cement and glass) worse than the
    baseline of energy; clinker from another province in a key region.

    Parameters
    ----------
    old
        Rows of table ``old_capacity``, in the unit of the new capacity.
    """
    kept, refused = 0.0, []
    for row in old:
        why = ""
        if row.get("permit") is False:
            why = "no_permit"
        elif row.get("eliminated"):
            why = "eliminated"
        elif industry in ("3011", "3041") and _worse(row):
            why = "below_baseline"
        elif industry == "3011" and key_region and row.get("region") and row["region"][:2] != code[:2]:
            why = "other_province"
        if why:
            refused.append((row["works"], why))
        else:
            kept += float(row["value"])
    return kept, tuple(refused)


def _worse(row: Mapping[str, Any]) -> bool:
    energy, baseline = row.get("product_energy"), row.get("energy_baseline")
    return energy is not None and baseline is not None and energy > baseline
