"""Tables of a scored province and of scored cities, made by the rooms themselves on made-up figures."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.synergy.index.index import load
from tongyuan.synergy.index.indicator import columns_from_wide
from tongyuan.synergy.index.score import score
from tongyuan.synergy.index.score_table import index_table
from tongyuan.synergy.index.standing import standing

CITY = load("city")
YEARS = {
    2014: {"pm25": 82.0, "ozone": None, "gdp": 50000.0, "population": 9800.0, "CO2": 8.0e8},
    2021: {"pm25": 39.0, "ozone": 166.0, "gdp": 83000.0, "population": 10170.0, "CO2": 8.64e8},
}
OTHERS = {2014: {"SO2": 1.5e6, "NOx": 2e6, "PM": 3e5}, 2021: {"SO2": 6e5, "NOx": 1.2e6, "PM": 1.7e5}}

BANDS = conform(
    "rank_band",
    pl.DataFrame(
        {
            "index": ["city"] * 2,
            "region": ["370100", "370200"],
            "year": [2021] * 2,
            "method": ["given.weighted_sum"] * 2,
            "rank": [2, 1],
            "lower": [1, 1],
            "median": [2, 1],
            "upper": [2, 2],
            "top": [0.2, 0.8],
            "draws": [100] * 2,
            "seed": [1] * 2,
            "indicators": ["pm25|carbon_per_head"] * 2,
        }
    ),
)


def _scored(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    columns = columns_from_wide(CITY, frame.with_columns(pl.lit(0.03).alias("CO2_deviation")))
    made = score(CITY, columns, missing="reweight", draws=200)
    stood = standing(CITY, columns, draws=200)
    return {"index_system": index_table(CITY), **made.tables(), **stood.tables()}


def one() -> dict[str, pl.DataFrame]:
    """Return the tables of one province in two years."""
    rows = [{"region": "370000", "year": y, **YEARS[y], **OTHERS[y]} for y in YEARS]
    return _scored(pl.DataFrame(rows, infer_schema_length=None))


def many() -> dict[str, pl.DataFrame]:
    """Return the tables of two cities in one year, with two indicators each."""
    rows = [
        {"region": r, "year": 2021, "pm25": p, "population": 900.0, "CO2": c}
        for r, p, c in (("370100", 40.0, 1.0e8), ("370200", 28.0, 4.6e7))
    ]
    return _scored(pl.DataFrame(rows))
