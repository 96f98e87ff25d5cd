"""Magnitude: how far a factor lies beyond everything the library has for the same species and source.

Grams for kilograms and kilowatt-hours for megawatt-hours are the commonest slips of an inventory: they move a
factor a thousandfold. The range of the library for the same process and product, else for the same product,
else for the same process, is what a value is held against.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.match import ancestors, lineage
from tongyuan.reference.factors.resolve import EMISSION, multiplier
from tongyuan.reference.finding import Finding
from tongyuan.reference.quality import about

DOUBTFUL, ABSURD = 20.0, 200.0
"""How many times beyond the range a value is doubtful (a warning), and absurd (an error)."""

_GROUP = dict.fromkeys(EMISSION, "factor") | {"consumption": "consumption", "parameter": "parameter"}


def verdict(value: float, low: float, high: float, doubtful: float = DOUBTFUL) -> tuple[str, float]:
    """Return what to say of `value` beside the range `low` to `high`, and how far beyond it lies.

    Returns
    -------
    tuple
        ``""``, ``factor_doubtful`` or ``factor_absurd``, and the ratio to the nearer end (1 inside).
    """
    if value <= 0 or low <= 0:
        return "", 1.0
    ratio = max(value / high, low / value, 1.0)
    if ratio > ABSURD:
        return "factor_absurd", ratio
    return ("factor_doubtful" if ratio > doubtful else ""), ratio


@cache
def _related(name: str, one: str, other: str) -> bool:
    """Return whether one of two processes or products is the other or contains it."""
    if name == "process":
        return other in ancestors(one) or one in ancestors(other)
    return other in lineage("product", one) or one in lineage("product", other)


def _near(row: dict[str, Any], record: dict[str, Any], name: str) -> bool:
    one, other = row[name] or "", record[name] or ""
    if not one or not other:
        return one == other
    return _related(name, one, other)


def _in_unit(
    record: dict[str, Any], denominator: str, target: str, product: str, fuel_set: str
) -> float | None:
    """Return the value of `record` per canonical `denominator`, None where it has none in `target`."""
    found, unit, _, problem = multiplier(
        record["unit"], record["species"], denominator, record["product"] or product, fuel_set
    )
    if problem or unit.split("/")[0] != target:
        return None
    return float(found * record["value"])


def _range(
    row: dict[str, Any], records: list[dict[str, Any]], fuel_set: str
) -> tuple[float, float, float] | None:
    """Return lowest and highest value of comparable `records`, and the value of `row`, in one unit."""
    try:
        ratio = units.split_ratio(row["unit"])
    except units.UnitError:
        return None
    denominator = ratio.denominator_unit.removesuffix("*a")
    own = row["value"] * ratio.numerator / ratio.denominator
    for names in (("process", "product"), ("product",), ("process",)):
        if any(not row[name] for name in names) and len(names) == 1:
            continue
        near = (r for r in records if all(_near(row, r, name) for name in names))
        if denominator:
            target = ratio.numerator_unit
            values = [_in_unit(r, denominator, target, row["product"] or "", fuel_set) for r in near]
        else:
            values = [_plain(r, ratio.numerator_unit) for r in near]
        known = [v for v in values if v is not None and v > 0]
        if known:
            return min(known), max(known), own
    return None


def _plain(record: dict[str, Any], unit: str) -> float | None:
    try:
        scale, canonical = units.canonical(record["unit"])
    except units.UnitError:
        return None
    return record["value"] * scale if canonical == unit else None


def check_magnitude(
    own: pl.DataFrame, library: pl.DataFrame, fuel_set: str = fuels.DEFAULT_SET, skip: Iterable[str] = ()
) -> list[Finding]:
    """Find values of `own` far beyond the range of `library` for the same species, process and product.

    Parameters
    ----------
    own, library
        Records in the columns of table ``factor``; removals are shares and have bounds instead.
    fuel_set
        Fuel set whose heating values bring factors per energy and per mass together.
    skip
        Records not to look at: those another check found wrong.
    """
    left = set(skip)
    wanted = own.filter(pl.col("kind").is_in(list(_GROUP)), pl.col("value") > 0)
    records: dict[tuple[str, str], list[dict[str, Any]]] = {}
    known = library.filter(pl.col("species").is_in(wanted["species"].unique().implode()), pl.col("value") > 0)
    for record in known.select("kind", "species", "process", "product", "value", "unit").unique().to_dicts():
        if record["kind"] in _GROUP:
            records.setdefault((_GROUP[record["kind"]], record["species"]), []).append(record)
    found = []
    for row in wanted.to_dicts():
        here = records.get((_GROUP[row["kind"]], row["species"]), [])
        beside = None if row["record_id"] in left or not here else _range(row, here, fuel_set)
        if beside is None:
            continue
        low, high, value = beside
        check, ratio = verdict(value, low, high)
        if check:
            scale = row["value"] / value
            words: dict[str, Any] = {
                "low": f"{low * scale:.3g}",
                "high": f"{high * scale:.3g}",
                "ratio": f"{ratio:,.0f}",
            }
            words |= {"species": row["species"], "value": f"{row['value']:.6g}", "unit": row["unit"]}
            found.append(about(check, row["record_id"], **words))
    return found
