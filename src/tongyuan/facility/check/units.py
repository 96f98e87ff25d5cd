"""Relations of units and works: flue gas per power, meters behind meters, units that report as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy import stats

Get = Callable[[str], pl.DataFrame]
LEAST = 0.01
"""Smallest relative spread that is believed of flue gas per power: no meter reads better."""
LABORATORY = 3
"""Enterprises of one laboratory from which their moves in step are looked at."""


def unit_flow(get: Get) -> pl.DataFrame:
    """Return flue gas per power of unit-months, and how many spreads of its other months a month lies off."""
    frame = (
        get("unit_month")
        .filter(pl.col("gas_volume") > 0, pl.col("power_mwh") > 0)
        .with_columns((pl.col("gas_volume") / pl.col("power_mwh")).alias("rate"))
    )
    by, rate = ["facility", "installation"], pl.col("rate")
    n = pl.len().over(by)
    mean = (rate.sum().over(by) - rate) / (n - 1)
    square = ((rate**2).sum().over(by) - rate**2) / (n - 1) - mean**2
    spread = pl.max_horizontal((square.clip(lower_bound=0) * (n - 1) / (n - 2)).sqrt(), mean.abs() * LEAST)
    return frame.with_columns(
        pl.when(n >= 6).then((rate - mean) / (spread * (1 + 1 / (n - 1)).sqrt())).alias("off"),
        mean.alias("usual"),
    )


def meter_tree(get: Get) -> pl.DataFrame:
    """Return meters and months with what they moved and what the meters behind them moved together."""
    moved = (
        get("meter_reading")
        .join(get("meter").select("facility", "meter", "part_of", "ratio"), on=["facility", "meter"])
        .with_columns(pl.col("time").dt.strftime("%Y-%m").alias("month"))
        .group_by("facility", "meter", "month")
        .agg(
            (
                (pl.col("reading").max() - pl.col("reading").min()) * pl.col("ratio").first().fill_null(1.0)
            ).alias("moved"),
            pl.col("part_of").first(),
            pl.col("replaced").fill_null(False).any().alias("swapped"),
        )
    )
    behind = (
        moved.filter(pl.col("part_of").is_not_null())
        .group_by("facility", pl.col("part_of").alias("meter"), "month")
        .agg(pl.col("moved").sum().alias("behind"))
    )
    return moved.join(behind, on=["facility", "meter", "month"]).with_columns(
        pl.col("meter").alias("subject"), pl.col("month").alias("period")
    )


def merged_hours(get: Get) -> pl.DataFrame:
    """Return hours filed for units that report as one beside the mean of their hours by capacity.

    References
    ----------
    Verification guide for power, 2026.
    """
    lead = pl.coalesce("merged_with", "installation").alias("lead")
    units = get("installation").select("facility", "installation", lead, "capacity")
    hours = get("output").group_by("facility", "installation", "month").agg(pl.col("hours").max())
    weight = pl.col("capacity")
    made = (
        hours.join(units, on=["facility", "installation"])
        .group_by("facility", pl.col("lead").alias("installation"), pl.col("month").alias("period"))
        .agg(((pl.col("hours") * weight).sum() / weight.sum()).alias("weighted"), pl.len().alias("units"))
        .filter(pl.col("units") > 1)
    )
    filed = get("filed_line").filter(pl.col("item") == "hours", pl.col("form") == "carbon_form")
    return filed.join(made, on=["facility", "installation", "period"]).with_columns(
        pl.col("installation").alias("subject")
    )


def default_choice(get: Get) -> pl.DataFrame:
    """Return the rate at which months with a default beside a sample fall by chance where the default pays.

    The default pays where the sample lies above it; without a reason either side is as likely (sign test).
    """
    fuel = get("fuel_use").filter(
        pl.col("carbon_source") == "default_value", pl.col("ncv") > 0, pl.col("carbon_per_heat") > 0
    )
    keys = ["facility", "installation", "product", "month"]
    tested = (
        get("fuel_sample")
        .with_columns(pl.col("covers_to").dt.strftime("%Y-%m").alias("month"))
        .group_by(keys)
        .agg((pl.col("carbon_ar") / pl.col("heat_ar") * 1e4).mean().alias("tested"))
    )
    pays = pl.col("tested") > pl.col("carbon_per_heat")
    frame = (
        fuel.join(tested, on=keys)
        .filter(pl.col("tested").is_not_null())
        .group_by(
            "facility",
            pl.col("installation").alias("subject"),
            pl.col("year").cast(pl.String).alias("period"),
        )
        .agg(pays.sum().cast(pl.Int64).alias("pays"), pl.len().cast(pl.Int64).alias("months"))
    )
    rate = stats.binom.sf(frame["pays"].to_numpy() - 1, frame["months"].to_numpy(), 0.5)
    return frame.with_columns(pl.Series("rate", np.asarray(rate), dtype=pl.Float64))


def laboratory_move(get: Get) -> pl.DataFrame:
    """Return the rate at which the carbon of one laboratory's enterprises would move in step by chance.

    An F-test of months against enterprises within months, of laboratories with three enterprises or more, on
    changes of carbon as received from one month to the next. Changes do not share a month, so that those of
    one enterprise are independent whether its coal walks or jumps about a mean.
    """
    reports = get("laboratory_report").select("facility", "report", "laboratory")
    months = (
        get("fuel_sample")
        .filter(pl.col("carbon_ar").is_not_null())
        .join(reports, on=["facility", "report"])
        .group_by("laboratory", "facility", pl.col("covers_to").dt.strftime("%Y-%m").alias("month"))
        .agg(pl.col("carbon_ar").mean())
        .sort("laboratory", "facility", "month")
    )
    out = []
    for (name,), part in months.group_by("laboratory", maintain_order=True):
        if part["facility"].n_unique() < LABORATORY:
            continue
        wide = (
            part.pivot("facility", index="month", values="carbon_ar").drop_nulls().sort("month").drop("month")
        )
        values = wide.to_numpy()[: wide.height // 2 * 2]
        change = values[1::2] - values[0::2]
        count, width = change.shape
        if count < 2:
            continue
        row = change.mean(axis=1, keepdims=True)
        rest = change - row - change.mean(axis=0) + change.mean()
        between = width * ((row - change.mean()) ** 2).sum() / (count - 1)
        within = (rest**2).sum() / ((count - 1) * (width - 1))
        rate = float(stats.f.sf(between / max(within, 1e-12), count - 1, (count - 1) * (width - 1)))
        out.append((part["facility"].min(), name, count, rate))
    schema = {"facility": pl.String(), "subject": pl.String(), "months": pl.Int64(), "rate": pl.Float64()}
    return pl.DataFrame(out, schema=schema, orient="row").with_columns(pl.lit("").alias("period"))


UNITS: Mapping[str, Callable[[Get], pl.DataFrame]] = {
    "unit_flow": unit_flow,
    "meter_tree": meter_tree,
    "merged_hours": merged_hours,
    "default_choice": default_choice,
    "laboratory_move": laboratory_move,
}
