"""A simulated province as a workspace, 示例: honest plants, or some of them changed by rule and listed
apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

SHARE = 0.1
"""Share of the plants that are changed."""
MONTHS = 3
KINDS = ("coal_left_out", "carbon_lowered", "sample_copied", "carbon_calmed", "hours_held")
COLUMNS = {"facility": pl.String(), "kind": pl.String(), "period": pl.String(), "note": pl.String()}
NOTE = "示例：按规则改动 example, changed by rule"
SAMPLE = ("carbon", "ash", "sulphur", "heat_net", "hydrogen", "moisture_ar")


def changed(
    tables: Mapping[str, pl.DataFrame], *, seed: int = 0
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return tables in which a tenth of the plants (one at least) are changed, and the list of the changes.

    Kinds: a fifth of the coal left out in three months; carbon lowered by 6 % all year; one sample
    reported in three
    months; the variation of carbon shrunk to a tenth; SO2 held still for a day in each month (where
    there are hours).
    """
    rng = np.random.default_rng(seed)
    out = dict(tables)
    sites = tables["facility"]["facility"].to_list()
    chosen = rng.choice(sites, max(1, round(SHARE * len(sites))), replace=False)
    kinds = KINDS if "reading" in tables else KINDS[:-1]
    rows = []
    for k, site in enumerate(chosen):
        kind = kinds[k % len(kinds)]
        months = tables["fuel_use"].filter(pl.col("facility") == site)["month"].unique().sort().to_list()
        first = int(rng.integers(0, max(len(months) - MONTHS + 1, 1)))
        part = (
            months
            if kind in ("carbon_lowered", "carbon_calmed", "hours_held")
            else months[first : first + MONTHS]
        )
        out |= _change(out, str(site), kind, part)
        rows += [{"facility": str(site), "kind": kind, "period": month, "note": NOTE} for month in part]
    return out, pl.DataFrame(rows, schema=COLUMNS)


def _change(
    tables: Mapping[str, pl.DataFrame], site: str, kind: str, months: list[str]
) -> dict[str, pl.DataFrame]:
    fuel, sample = tables["fuel_use"], tables["fuel_sample"]
    here = (pl.col("facility") == site) & pl.col("month").is_in(months)
    month = pl.col("covers_to").dt.strftime("%Y-%m")
    taken = (pl.col("facility") == site) & month.is_in(months)
    if kind == "coal_left_out":
        return {"fuel_use": _set(fuel, here, value=pl.col("value") * 0.8)}
    if kind == "carbon_lowered":
        return {
            "fuel_use": _set(fuel, here, carbon=pl.col("carbon") * 0.94),
            "fuel_sample": _set(sample, taken, carbon=pl.col("carbon") * 0.94),
        }
    if kind == "sample_copied":
        one = sample.filter(taken).sort("covers_to").row(0, named=True)
        used = fuel.filter(here).sort("month").row(0, named=True)
        same = {c: pl.lit(used[c]) for c in ("carbon", "ncv", "ash", "sulphur", "moisture_ar")}
        return {
            "fuel_use": _set(fuel, here, **same),
            "fuel_sample": _set(sample, taken, **{c: pl.lit(one[c]) for c in SAMPLE}),
        }
    if kind == "carbon_calmed":
        return {
            "fuel_use": _set(fuel, here, carbon=_calm("carbon", here)),
            "fuel_sample": _set(sample, taken, carbon=_calm("carbon", taken)),
        }
    reading = tables["reading"]
    held = (
        (pl.col("facility") == site) & (pl.col("parameter") == "a21026") & (pl.col("flag") == "N")
        & (pl.col("hour").dt.day() == 15)
    )  # fmt: skip
    return {"reading": _set(reading, held, value=pl.lit(17.3))}


def _calm(column: str, where: pl.Expr) -> pl.Expr:
    mean = pl.col(column).filter(where).mean()
    return mean + (pl.col(column) - mean) * 0.1


def _set(frame: pl.DataFrame, where: pl.Expr, **values: pl.Expr) -> pl.DataFrame:
    """Return a frame with columns set in the rows `where`."""
    return frame.with_columns(
        pl.when(where).then(value.cast(frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )
