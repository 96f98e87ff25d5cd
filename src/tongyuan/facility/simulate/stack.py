"""What is written of a simulated stack: the readings of its monitors, or a test a month, 示例."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import table

NOTE = "示例 simulated"
PARAMETERS = {
    "so2": "a21026",
    "nox": "a21002",
    "pm": "a34013",
    "o2": "a19001",
    "volume": "a00000",
    "co2_share": "a05001",
    "temperature": "a01012",
    "humidity": "a01014",
    "pressure": "a01013",
    "velocity": "a01011",
}
REFERENCE = 6.0
CO2_MG = 1.9772e6
"""Milligrams of CO2 in a cubic metre of it."""
TESTED = 10
"""Day of the month on which a stack without readings is tested."""


def manual_tests(hour: pl.DataFrame, facility: str) -> pl.DataFrame:
    """Return one manual test of the stack a month: the first normal hour from the tenth day on."""
    normal = hour.filter(pl.col("state") == "normal", pl.col("hour").dt.day() >= TESTED)
    first = normal.group_by(pl.col("hour").dt.month().alias("m"), maintain_order=True).first()
    tests = first.unpivot(
        ["so2", "nox", "pm"], index=["hour", "volume", "o2"], variable_name="key", value_name="value"
    )
    names = {"so2": "SO2", "nox": "NOx", "pm": "TSP"}
    rows = tests.select(
        pl.lit(facility).alias("facility"),
        pl.lit("DA001").alias("outlet"),
        pl.col("hour").alias("time"),
        pl.col("key").replace_strict(names, return_dtype=pl.String).alias("species"),
        "value",
        pl.lit("mg/m3").alias("unit"),
        (pl.col("volume") * 1e3).alias("flow"),
        pl.col("o2").alias("oxygen"),
        pl.lit(NOTE).alias("laboratory"),
    )
    kinds = table("manual_test").dtypes
    return pl.DataFrame(rows.sort("time", "species").to_dicts(), schema=kinds)


def readings(hour: pl.DataFrame, facility: str) -> pl.DataFrame:
    """Return the hourly readings: values as printed, converted values and mass of the gases, flags,
    condition."""
    state = pl.col("state").replace_strict(
        {"normal": "normal_run", "start": "start", "stop": "stop", "stopped": "stopped"},
        return_dtype=pl.String,
    )
    flow = pl.col("volume") * 1e3
    parts = []
    for key, code in PARAMETERS.items():
        value = {"volume": flow, "co2_share": pl.col("co2_share") * CO2_MG}.get(key, pl.col(key))
        gas, valid = key in ("so2", "nox", "pm"), pl.col("mark") == "N"
        kept = pl.when(pl.col("mark").is_in(["N", "F"])).then(value)
        converted = kept * (21 - REFERENCE) / (21 - pl.col("o2")) if gas else pl.lit(None)
        mass = kept * flow * 1e-6 if gas else pl.lit(None)
        running = valid & (pl.col("o2") < 19)
        parts.append(
            hour.select(
                pl.lit(facility).alias("facility"),
                pl.lit("DA001").alias("outlet"),
                "hour",
                pl.lit(code).alias("parameter"),
                kept.alias("value"),
                pl.when(running).then(converted).cast(pl.Float64).alias("converted"),
                pl.when(running).then(mass).cast(pl.Float64).alias("mass"),
                pl.when(valid).then(60).otherwise(0).cast(pl.Int64).alias("minutes"),
                pl.col("mark").alias("flag"),
                state.alias("condition"),
            )
        )
    frame = pl.concat(parts)
    return frame.select(pl.col(c).cast(t, strict=False) for c, t in table("reading").dtypes.items())
