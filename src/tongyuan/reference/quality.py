"""Quality checks of factor records: every check looks at all records, and all issues come back together.

The checks are those that found the known errors of the public data bases: limits in the wrong order, fine
dust above coarse dust, shares above one, shifted columns, several values under one key, and values beyond
what chemistry allows. The bounds stand on shelf ``bound``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.finding import Bilingual, Finding, finding
from tongyuan.reference.phrase import read as read_phrase
from tongyuan.reference.shelf import shelf

ROOM = "reference"


def about(check: str, record: str = "", row: int | None = None, **values: Any) -> Finding:
    """Make the finding of `check` about one record, or about a whole file (`record` is then empty).

    Its sentences stand in ``reference/messages.csv``; `row` is the line a person sees.
    """
    if "bound" in values:
        values["bound"] = Bilingual.titled("bound", str(values["bound"]))
    return finding(ROOM, check, row=row, record=record, **values)


def is_number(text: str) -> bool:
    """Return whether a text is a plain number (with point or comma)."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


@cache
def _per(unit: str) -> tuple[float, str] | None:
    """Return factor and canonical unit, or None if the unit cannot be read."""
    try:
        return units.canonical(read_phrase(unit).unit)
    except units.UnitError:
        return None


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dicts()


def check_interval(frame: pl.DataFrame) -> list[Finding]:
    """Find limits in the wrong order and values outside their limits."""
    found = []
    for row in _rows(frame):
        lower, upper, value = row["lower"], row["upper"], row["value"]
        if lower is not None and upper is not None and lower > upper:
            found.append(about("interval_order", row["record_id"], lower=lower, upper=upper))
        elif value is not None and (
            (lower is not None and value < lower) or (upper is not None and value > upper)
        ):
            found.append(about("outside_interval", row["record_id"], value=value, lower=lower, upper=upper))
    return found


SIZES = ("TSP", "PM10", "PM2.5", "BC")


def check_size_order(frame: pl.DataFrame) -> list[Finding]:
    """Find finer fractions above the coarser one of the same source (TSP ≥ PM10 ≥ PM2.5 ≥ BC)."""
    dust = frame.filter(
        pl.col("species").is_in(SIZES) & (pl.col("kind").is_in(["emission_factor", "generation_factor"]))
    )
    keys = ["kind", "process", "product", "technology", "control", "region", "basis", "locator", "source"]
    found = []
    for _, group in dust.group_by(keys, maintain_order=True):
        values: dict[str, list[tuple[str, float, float, str]]] = {}
        for row in _rows(group):
            unit = _per(row["unit"])
            if unit is not None and row["value"] is not None:
                entry = (row["record_id"], row["value"] * unit[0], row["value"], unit[1])
                values.setdefault(row["species"], []).append(entry)
        present = [size for size in SIZES if len(values.get(size, [])) == 1]
        for coarse, fine in pairwise(present):
            (_, coarse_value, coarse_printed, coarse_unit), (record, value, printed, unit_) = (
                values[coarse][0],
                values[fine][0],
            )
            if coarse_unit == unit_ and value > coarse_value * (1 + 1e-9):
                found.append(
                    about(
                        "size_order",
                        record,
                        fine=fine,
                        fine_value=printed,
                        coarse=coarse,
                        coarse_value=coarse_printed,
                        unit=group["unit"][0],
                    )
                )
    return found


PERCENT = (2.0, 100.0)
"""A fraction in this range was in all likelihood meant as per cent."""


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _beyond_share(value: float | None, scale: float) -> bool:
    return value is not None and not -1e-12 <= value * scale <= 1 + 1e-12


def check_fraction(frame: pl.DataFrame) -> list[Finding]:
    """Find removals and shares outside 0..1, and their limits (for parameters only a warning).

    A parameter that is a share by its nature stands on shelf ``bound`` and is an error there; others may be
    multipliers.
    """
    found = []
    for row in _rows(frame):
        unit = _per(row["unit"])
        if unit is None or unit[1] != "fraction" or row["kind"] == "consumption":
            continue
        words: dict[str, Any] = {"value": _plain(row["value"]), "species": row["species"]}
        if _beyond_share(row["value"], unit[0]):
            percent = unit[0] == 1.0 and PERCENT[0] <= row["value"] <= PERCENT[1]
            check_name = "fraction_percent" if percent else "fraction_range"
            if row["kind"] == "parameter":
                check_name = "parameter_range"
            found.append(about(check_name, row["record_id"], **words))
        elif row["kind"] != "parameter":
            for limit in ("lower", "upper"):
                if _beyond_share(row[limit], unit[0]):
                    limits = words | {"value": _plain(row[limit])}
                    found.append(about(f"{limit}_range", row["record_id"], **limits))
    return found


def check_negative(frame: pl.DataFrame) -> list[Finding]:
    """Find negative factors; only land may take up."""
    return [
        about("negative_value", row["record_id"], value=row["value"], species=row["species"])
        for row in _rows(
            frame.filter(
                (pl.col("value") < 0)
                & pl.col("kind").is_in(["emission_factor", "generation_factor", "consumption"])
                & ~pl.col("process").str.starts_with("land")
            )
        )
    ]


def check_unit(frame: pl.DataFrame) -> list[Finding]:
    """Find units that are missing, are numbers, or cannot be read."""
    found = []
    for row in _rows(frame.select("record_id", "unit")):
        text = (row["unit"] or "").strip()
        if not text:
            found.append(about("unit_missing", row["record_id"]))
        elif is_number(text) and text != "1":
            found.append(about("unit_is_number", row["record_id"], unit=text))
        elif _per(text) is None:
            found.append(about("unit_unknown", row["record_id"], unit=text))
    return found


KEY = ("kind", "process", "product", "technology", "control", "region", "species", "basis", "class")


def check_duplicate(frame: pl.DataFrame) -> list[Finding]:
    """Find ids used twice and keys under which several values stand."""
    found = []
    for (record,), group in frame.group_by(["record_id"], maintain_order=True):
        if group.height > 1:
            found.append(about("duplicate_id", str(record), count=group.height))
    keys = [*KEY, "valid_from", "valid_to"]
    repeated = (
        frame.group_by(keys, maintain_order=True)
        .agg(
            pl.len().alias("count"), pl.col("record_id").first(), pl.col("value").unique(maintain_order=True)
        )
        .filter((pl.col("count") > 1) & (pl.col("value").list.len() > 1))
    )
    for row in _rows(repeated):
        key = " · ".join(str(row[k]) for k in keys if row[k] not in (None, ""))
        values = ", ".join(f"{v:g}" for v in row["value"][:8] if v is not None)
        found.append(about("duplicate_key", row["record_id"], count=row["count"], key=key, values=values))
    return found


@cache
def _bounds() -> tuple[dict[str, str], ...]:
    return tuple(shelf("bound").to_dicts())


@cache
def _fuels() -> frozenset[str]:
    products = shelf("product")
    return frozenset(products.filter(pl.col("kind") == "fuel")["product"])


def check_bound(frame: pl.DataFrame) -> list[Finding]:
    """Find values that stoichiometry or the nature of a share forbids (shelf ``bound``)."""
    found = []
    selected = frame.filter(pl.col("kind").is_in(["emission_factor", "generation_factor", "parameter"]))
    named = {bound["species"] for bound in _bounds()}
    for row in _rows(selected.filter(pl.col("species").is_in(list(named)))):
        unit = _per(row["unit"])
        if unit is None or row["value"] is None:
            continue
        for bound in _bounds():
            product = bound["product"]
            if row["species"] != bound["species"] or unit[1] != bound["unit"]:
                continue
            if product == "fuel":
                if row["product"] not in _fuels():
                    continue
            elif product and row["product"] != product:
                continue
            if bound["process"] and not f"{row['process']}.".startswith(bound["process"] + "."):
                continue
            value = row["value"] * unit[0]
            low = float(bound["minimum"]) if bound["minimum"] else 0.0
            high = float(bound["maximum"])
            if value > high or value < low:
                found.append(
                    about(
                        "stoichiometric_bound",
                        row["record_id"],
                        species=row["species"],
                        value=row["value"],
                        unit=row["unit"],
                        bound=bound["id"],
                        minimum=low,
                        maximum=high,
                        bound_unit=bound["unit"],
                    )
                )
                break
    return found


def check_source(frame: pl.DataFrame) -> list[Finding]:
    """Find records without a source."""
    empty = frame.filter(pl.col("source").fill_null("").str.strip_chars() == "")
    return [about("source_missing", row["record_id"]) for row in _rows(empty)]


CHECKS: dict[str, Callable[[pl.DataFrame], list[Finding]]] = {
    "interval": check_interval,
    "size_order": check_size_order,
    "fraction": check_fraction,
    "negative": check_negative,
    "unit": check_unit,
    "duplicate": check_duplicate,
    "bound": check_bound,
    "source": check_source,
}
"""Every check by name."""


def check(frame: pl.DataFrame, waive: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Run every check on a frame of factor records and return all issues.

    Parameters
    ----------
    frame
        Columns of table ``factor``.
    waive
        Names of checks to leave out.

    Raises
    ------
    KeyError
        If `waive` names no check.
    """
    waived = set(waive)
    unknown = waived - set(CHECKS)
    if unknown:
        raise KeyError(f"no quality check {', '.join(sorted(unknown))}")
    return tuple(found for name, run in CHECKS.items() if name not in waived for found in run(frame))


def demote(frame: pl.DataFrame, issues: Iterable[Finding]) -> pl.DataFrame:
    """Return `frame` with status ``unverified`` on each record with an error: it acts only when asked."""
    wrong = {i.record for i in issues if i.severity == "error" and i.record}
    return frame.with_columns(
        status=pl.when(pl.col("record_id").is_in(wrong))
        .then(pl.lit("unverified"))
        .otherwise(pl.col("status"))
    )
