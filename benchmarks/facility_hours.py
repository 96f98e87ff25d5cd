"""Benchmark of hourly data: one streaming pass against a pandas and a polars pipeline, in one run."""

from __future__ import annotations

import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.facility.hour.stream import hourly

PARAMETERS = ("NOx", "O2", "SO2", "flow")
KEY = ["facility", "outlet", "parameter"]
HOUR = np.timedelta64(3_600_000_000, "us")
SHARE_OF_PANDAS = 40
"""The pandas pipeline works every fortieth outlet, its time is scaled: the whole does not fit into memory."""


class Clock:
    """Seconds by the wall and of the processor, all threads: on a machine with other work only these hold."""

    def __enter__(self) -> Clock:
        self.wall, self.processor = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall, self.processor = time.perf_counter() - self.wall, time.process_time() - self.processor

    def scale(self, factor: float) -> None:
        """Multiply both by `factor`."""
        self.wall, self.processor = self.wall * factor, self.processor * factor


def alike(ours: pl.Series, theirs: pl.Series) -> bool:
    """Return whether every mass is the same to 1e-9, or lacks in both, and some are there."""
    near = ((ours - theirs).abs() <= 1e-9 * theirs.abs()).fill_null(False)
    return bool((near | (ours.is_null() & theirs.is_null())).all() and ours.is_not_null().any())


def points(outlets: int) -> pl.DataFrame:
    """Return the points of `outlets` stacks with two gases, flow and oxygen."""
    roles = {"NOx": "gas", "O2": "oxygen", "SO2": "gas", "flow": "flow"}
    return pl.DataFrame(
        [
            (f"F{k // 3:05d}", f"DA{k % 3 + 1:03d}", p, roles[p], 6.0 if roles[p] == "gas" else None, limit)
            for k in range(outlets)
            for p, limit in zip(PARAMETERS, (50.0, None, 35.0, None), strict=True)
        ],
        schema=[*KEY, "role", "oxygen_reference", "limit"],
        orient="row",
    )


def write(folder: Path, outlets: int, year: int = 2025) -> list[Path]:
    """Write a year of readings, one file a month, sorted by outlet and parameter; some hours are lost."""
    rng = np.random.default_rng(0)
    names = points(outlets).select(*KEY)
    files = []
    for month in range(1, 13):
        first = datetime(year, month, 1)
        hours = (datetime(year + month // 12, month % 12 + 1, 1) - first).days * 24
        size = outlets * 4
        value = np.empty((outlets, 4, hours), np.float64)
        shape = (outlets, hours)
        load = 0.8 + 0.2 * np.sin(np.arange(hours) / 24 * 2 * np.pi) + rng.normal(0, 0.02, shape)
        value[:, 0] = np.maximum(np.round(30 * load + rng.normal(0, 2, shape), 2), 0.1)
        value[:, 1] = np.round(6 + rng.normal(0, 0.3, shape), 2)
        value[:, 2] = np.maximum(np.round(15 * load + rng.normal(0, 2, shape), 2), 0.1)
        value[:, 3] = np.round(1e6 * load, 0)
        flag = np.full((size, hours), 0, np.uint8)
        begins = rng.integers(0, hours - 30, (size, 2))
        length = rng.choice([1, 2, 5, 10, 30], (size, 2), p=[0.6, 0.2, 0.1, 0.06, 0.04])
        for column in range(2):
            at = np.arange(hours)[None, :]
            low = begins[:, column, None]
            flag[(at >= low) & (at < low + length[:, column, None])] = 1 + column
        frame = names[np.repeat(np.arange(size), hours)].with_columns(
            pl.Series("hour", np.tile(np.datetime64(first, "us") + np.arange(hours) * HOUR, size)),
            pl.Series("value", value.reshape(-1)),
            pl.Series("flag", flag.reshape(-1)).replace_strict(
                {0: "N", 1: "M", 2: "D"}, return_dtype=pl.String
            ),
        )
        files.append(folder / f"{month:02d}.parquet")
        frame.write_parquet(files[-1])
    return files


def with_polars(files: list[Path], of: pl.DataFrame) -> pl.DataFrame:
    """Do the same with polars alone: pivot, convert, rolling windows over valid hours, sum by month."""
    kept = []
    outlets = of.select("facility", "outlet").unique(maintain_order=True)
    for start in range(0, outlets.height, 200):
        block = outlets[start : start + 200]
        rows = pl.concat([pl.scan_parquet(f) for f in files])
        names = pl.col("facility").is_between(
            pl.lit(block["facility"].min()), pl.lit(block["facility"].max())
        )
        rows = rows.filter(names).join(block.lazy(), on=["facility", "outlet"], how="semi")
        ok = pl.when(pl.col("flag") == "N").then("value")
        wide = (
            rows.with_columns(ok.alias("value"))
            .group_by("facility", "outlet", "hour")
            .agg(*(pl.col("value").filter(pl.col("parameter") == p).first().alias(p) for p in PARAMETERS))
            .sort("facility", "outlet", "hour")
            .collect()
        )
        for gas in ("NOx", "SO2"):
            kept.append(_polars_gas(wide, gas))
    return pl.concat(kept).sort("facility", "outlet", "parameter", "month")


def _polars_gas(wide: pl.DataFrame, gas: str) -> pl.DataFrame:
    place = ["facility", "outlet"]
    quarter = pl.col("hour").dt.truncate("1q")
    frame = wide.lazy().select(
        *place,
        "hour",
        quarter.alias("quarter"),
        (pl.col(gas) * pl.col("flow") * 1e-6).alias("mass"),
        (pl.col(gas) * 15 / (21 - pl.col("O2"))).alias("converted"),
    )
    frame = frame.with_columns(
        pl.col("mass").is_not_null().mean().over(*place, "quarter").alias("capture"),
        pl.col("mass").is_null().rle_id().over(*place, "quarter").alias("run"),
    ).with_columns(pl.len().over(*place, "quarter", "run").alias("length"))
    valid = frame.filter(pl.col("mass").is_not_null()).select(
        *place,
        "hour",
        *(pl.col("mass").rolling_max(n, min_samples=1).over(place).alias(f"w{n}") for n in (180, 720, 2160)),
    )
    joined = frame.join(valid, on=[*place, "hour"], how="left", maintain_order="left").with_columns(
        pl.col(f"w{n}").forward_fill().over(place) for n in (180, 720, 2160)
    )
    fill = (
        pl.when(pl.col("capture") < 0.75)
        .then(None)
        .when(pl.col("capture") < 0.9)
        .then("w2160")
        .when(pl.col("length") <= 24)
        .then("w180")
        .otherwise("w720")
    )
    return (
        joined.with_columns(
            pl.col("mass").fill_null(fill).alias("after"), pl.col("hour").dt.strftime("%Y-%m").alias("month")
        )
        .group_by(*place, "month")
        .agg(
            pl.col("converted").mean().alias("mean"),
            pl.col("mass").sum().alias("mass_before"),
            pl.col("after").sum().alias("mass_after"),
        )
        .with_columns(parameter=pl.lit(gas))
        .collect()
    )


def with_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Do the same with pandas as a plain script does: pivot, then outlet by outlet."""
    frame = frame.assign(value=frame["value"].where(frame["flag"] == "N"))
    wide = frame.set_index(["facility", "outlet", "hour", "parameter"])["value"].unstack()
    parts = []
    for (facility, outlet), one in wide.groupby(level=[0, 1]):
        hours = one.index.get_level_values(2)
        for gas in ("NOx", "SO2"):
            mass = pd.Series((one[gas] * one["flow"] * 1e-6).to_numpy(), index=hours)
            converted = pd.Series((one[gas] * 15 / (21 - one["O2"])).to_numpy(), index=hours)
            valid = mass.dropna()
            windows = {
                n: valid.rolling(n, min_periods=1).max().reindex(hours).ffill() for n in (180, 720, 2160)
            }
            after = mass.copy()
            for _, part in mass.groupby(hours.to_period("Q")):
                capture = part.notna().mean()
                run = (part.isna() != part.isna().shift()).cumsum()
                length = part.groupby(run).transform("size")
                for hour in part.index[part.isna()]:
                    if capture >= 0.9:
                        after[hour] = windows[180 if length[hour] <= 24 else 720][hour]
                    elif capture >= 0.75:
                        after[hour] = windows[2160][hour]
            month = hours.to_period("M")
            parts.append(
                pd.DataFrame(
                    {
                        "mean": converted.groupby(month).mean(),
                        "mass_before": mass.groupby(month).sum(),
                        "mass_after": after.groupby(month).sum(),
                    }
                ).assign(facility=facility, outlet=outlet, parameter=gas)
            )
    return pd.concat(parts)


def measure(outlets: int) -> list[Figure]:
    """Write `outlets` × 4 parameters × a year, work it three ways in this process and compare the answers."""
    with tempfile.TemporaryDirectory() as name:
        files = write(Path(name), outlets)
        of = points(outlets)
        rows = outlets * 4 * 8760
        hourly(files[:1], of.head(4), list_hours=True)
        with Clock() as mine:
            ours = hourly(files, of)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        with Clock() as polars:
            theirs = with_polars(files, of)
        few = of[:: 4 * SHARE_OF_PANDAS].select("facility", "outlet")
        some = pl.concat([pl.scan_parquet(f) for f in files])
        some = some.join(few.lazy(), on=["facility", "outlet"], how="semi")
        with Clock() as pandas:
            slow = with_pandas(some.collect().to_pandas())
        pandas.scale(outlets / few.height)
    both = ours.month.join(theirs, on=[*KEY, "month"], suffix="_theirs")
    assert both.height == ours.month.height == outlets * 24
    # The plain pipelines have no rule for a record that begins with a gap: its first month is left out.
    begun = ours.gap.filter(pl.col("rule") == "after").select(
        *KEY, pl.col("begin").dt.strftime("%Y-%m").alias("month")
    )
    filled = both.filter(pl.col("unfilled") == 0).join(begun, on=[*KEY, "month"], how="anti")
    assert both.height - filled.height <= both["unfilled"].gt(0).sum() + begun.height
    assert alike(filled["mass_after"], filled["mass_after_theirs"])
    key = slow.rename_axis("month").reset_index()
    plain = pl.from_pandas(key.assign(month=key["month"].astype(str)))
    three = filled.join(plain, on=[*KEY, "month"], suffix="_plain")
    assert three.height > 0
    assert alike(three["mass_after"], three["mass_after_plain"])
    return [
        Figure("values", rows, ""),
        Figure("one streaming pass", mine.wall, "s"),
        Figure("one streaming pass, processor", mine.processor, "s"),
        Figure("values a second", rows / mine.wall, "/s"),
        Figure("greatest memory of the process so far", memory, "GB", 4.0, at_most=True),
        Figure("filled hours listed", float(ours.hour.height if ours.hour is not None else 0), ""),
        Figure("polars pipeline", polars.wall, "s"),
        Figure("pandas pipeline, scaled from its share of the outlets", pandas.wall, "s"),
        Figure("times polars", polars.wall / mine.wall, "×", 3.0),
        Figure("times pandas", pandas.wall / mine.wall, "×", 20.0),
        Figure("times polars, processor", polars.processor / mine.processor, "×"),
        Figure("times pandas, processor", pandas.processor / mine.processor, "×"),
    ]


SPECS = [
    Spec("facility-hours", "Stack data: 120 outlets × 4 parameters × a year", lambda: measure(120)),
    Spec(
        "facility-full-hours",
        "Stack data: 3,000 outlets × 4 parameters × a year",
        lambda: measure(3000),
        slow=True,
    ),
]
