"""CO2 of combustion: the factors of a fuel set with the relative 95 % limits of the 2006 IPCC Guidelines.

The Chinese fuel sets print no uncertainty. The Guidelines print limits for the default factor of every fuel
(vol. 2, ch. 2, table 2.2); their relative width is carried over to the set's factor of the same fuel, or of
its nearest parent (raw coal → bituminous coal), and the record says so.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.library import library
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.language import say

TABLE_2_2 = "ipcc2006-V2-T2.2-CO2-"


@cache
def _limits() -> dict[str, tuple[float, float, str]]:
    """Return lower and upper limit relative to the value, and the distribution, of each fuel of table 2.2."""
    rows = library().filter(
        pl.col("record_id").str.starts_with(TABLE_2_2),
        pl.col("lower").is_not_null(),
        pl.col("upper").is_not_null(),
    )
    return {
        product: (lower / value, upper / value, distribution or "")
        for product, value, lower, upper, distribution in rows.select(
            "product", "value", "lower", "upper", "distribution"
        ).iter_rows()
    }


@cache
def carbon_factors(fuel_set: str) -> pl.DataFrame:
    """Return the CO2 records of fuel set `fuel_set` with 95 % limits where table 2.2 has the fuel.

    Raises
    ------
    KeyError
        If there is no such fuel set.
    """
    rows = fuels.combustion_factors(fuel_set).to_dicts()
    for row in rows:
        found = next((_limits()[p] for p in lineage("product", row["product"]) if p in _limits()), None)
        if found is None or row["lower"] is not None:
            continue
        lower, upper, distribution = found
        remark = say("reference", "limits_of_table_2_2", "zh")
        row |= {
            "lower": row["value"] * lower,
            "upper": row["value"] * upper,
            "distribution": distribution or None,
            "note": "；".join(part for part in (row["note"], remark) if part),
        }
    return pl.DataFrame(rows, schema=fuels.combustion_factors(fuel_set).schema)
