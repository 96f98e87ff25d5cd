"""Which guide accounts a month of an enterprise: by its kind and the month, or as the settings name it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import polars as pl

from tongyuan.reference.shelf import shelf

COLUMNS = ("guide", "fuel_set", "oxidation_of", "purchased_power", "missing_carbon")


@cache
def guides() -> pl.DataFrame:
    """Return the shelf of guides: kind of enterprise, months it holds for, fuel set and choices."""
    return shelf("guide")


def guide_of(kind: str, month: str, chosen: Sequence[str] = ()) -> dict[str, str]:
    """Return the guide for an enterprise of `kind` in `month`.

    Parameters
    ----------
    kind
        Id of shelf ``facility_kind``.
    month
        As ``2025-01``.
    chosen
        Guides that the settings name; one for the kind goes before the one in force.

    Returns
    -------
    dict
        The columns ``guide, fuel_set, oxidation_of, purchased_power, missing_carbon``. A kind without a guide
        of its own has the general one.

    Raises
    ------
    KeyError
        If no guide is known for the month.
    """
    rows = guides().rename({"oxidation": "oxidation_of"})
    own = rows.filter(pl.col("facility_kind") == kind)
    named = own.filter(pl.col("guide").is_in(list(chosen)))
    if own.is_empty():
        own = rows.filter(pl.col("facility_kind") == "")
    until = (pl.col("month_to") == "") | (pl.col("month_to") >= month)
    valid = named if named.height else own.filter((pl.col("month_from") <= month) & until)
    if valid.is_empty():
        raise KeyError(f"no guide for {kind} in {month}")
    return {name: str(valid.row(-1, named=True)[name]) for name in COLUMNS}


def guided(frame: pl.DataFrame, chosen: Sequence[str] = ()) -> pl.DataFrame:
    """Return `frame` with the guide of each row; columns ``kind, month`` → :data:`COLUMNS`.

    They are empty where no guide is known for the month.
    """
    pairs = frame.select("kind", "month").unique().sort("kind", "month")
    found = []
    for kind, month in pairs.iter_rows():
        try:
            found.append({"kind": kind, "month": month, **guide_of(kind, month, chosen)})
        except KeyError:
            found.append({"kind": kind, "month": month, **dict.fromkeys(COLUMNS, "")})
    schema = dict.fromkeys(("kind", "month", *COLUMNS), pl.String)
    return frame.join(pl.DataFrame(found, schema=schema), on=["kind", "month"], how="left", nulls_equal=True)


@cache
def _decimals() -> dict[str, int]:
    frame = shelf("guide_decimal")
    return {name: int(places) for name, places in frame.select("quantity", "decimals").iter_rows()}


def printed(value: float | None, quantity: str) -> str:
    """Return `value` as the report of the guide prints `quantity`: its decimals, half up; empty for None."""
    if value is None or value != value:
        return ""
    places = Decimal(1).scaleb(-_decimals()[quantity])
    rounded = Decimal(repr(value)).quantize(places, rounding=ROUND_HALF_UP)
    return format(rounded + 0, "f")


__all__ = ["COLUMNS", "guide_of", "guided", "guides", "printed"]
