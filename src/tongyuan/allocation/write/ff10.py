"""Yearly and monthly amounts by region and source for SMOKE: FF10 of nonpoint sources, as text."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from tongyuan.allocation.proxy.library import ROOM
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.write.atomic import replacing

SHORT_TON = 0.90718474
"""Tonnes of a short ton of 2,000 pounds."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
COLUMNS = (
    "country_cd", "region_cd", "tribal_code", "census_tract_cd", "shape_id", "scc", "emis_type", "poll",
    "ann_value", "ann_pct_red", "control_ids", "control_measures", "current_cost", "cumulative_cost",
    "projection_factor", "reg_codes", "calc_method", "calc_year", "date_updated", "data_set_id",
    *(f"{m}_value" for m in MONTHS), *(f"{m}_pctred" for m in MONTHS), "comment",
)  # fmt: skip
"""Fields in their order; SMOKE reads pollutant and value in the 8th and 9th, months in the 21st to 32nd."""

CODE = 20
"""Most characters of a source code."""


def write_ff10(frame: pl.DataFrame, path: Path, year: int, country: str = "CN") -> Path:
    """Write yearly and monthly emissions as FF10 of nonpoint sources, in short tons.

    Parameters
    ----------
    frame
        ``region, code, species, month_1`` … ``month_12`` [t], and ``process``, which goes into the comment.
    path
        The file.
    year
        Year of the inventory.
    country
        Code of the country.

    Raises
    ------
    FindingError
        If a source code is too long for the format, or the file cannot be written.

    References
    ----------
    SMOKE, ``rddataff10ar.f`` (fields as it reads them).
    """
    long = frame.filter(pl.col("code").str.len_chars() > CODE)["code"].unique(maintain_order=True)
    if long.len():
        raise FindingError([finding(ROOM, "code_long", name=name, size=CODE) for name in long])
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"#FORMAT=FF10_NONPOINT\n#COUNTRY {country}\n#YEAR {year}\n")
        stream.write("#DESC emissions of tongyuan in short tons per year and per month\n")
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(COLUMNS)
        blank = dict.fromkeys(COLUMNS, "")
        for row in frame.iter_rows(named=True):
            months = {f"{m}_value": row[f"month_{n}"] / SHORT_TON for n, m in enumerate(MONTHS, 1)}
            line = blank | {"country_cd": country, "region_cd": row["region"], "scc": row["code"]}
            line |= {"poll": row["species"].replace(".", ""), "calc_year": str(year)}
            line |= {"comment": row["process"]}
            line |= {"ann_value": repr(sum(months.values()))} | {k: repr(v) for k, v in months.items()}
            out.writerow(line[c] for c in COLUMNS)
    return path
