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
from tongyuan.facility.hour.stream import Hourly, hourly

PARAMETERS = ("NOx", "O2", "SO2", "flow")
KEY = ["facility", "outlet", "parameter"]
HOUR = np.timedelta64(3_600_000_000, "us")
AT_ONCE = 120
"""Outlets the pandas pipeline works: of more it reads all, and the time of the work on this share
alone is scaled; the whole does not fit into memory."""
FULL_DAY = 18
"""Valid hours that make a day valid."""
MARKS = ("N", "M", "D")
LIMITS = {"NOx": 50.0, "SO2": 35.0}
WINDOWS = {"short": 180, "middle": 720, "long": 2160}
MEASURED = (
    "valid",
    "missing",
    "converted",
    "over",
    "days_valid",
    "mean",
    "highest",
    "mean_of_days",
    "flow_sum",
)
"""Columns of a month that all three give, beside the masses."""


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
    """Return whether every number is the same to 1e-9, or lacks in both, and some are there."""
    near = ((ours - theirs).abs() <= 1e-9 * theirs.abs()).fill_null(False)
    return bool((near | (ours.is_null() & theirs.is_null())).all() and ours.is_not_null().any())


def points(outlets: int) -> pl.DataFrame:
    """Return the points of `outlets` stacks with two gases, flow and oxygen."""
    roles = {"NOx": "gas", "O2": "oxygen", "SO2": "gas", "flow": "flow"}
    return pl.DataFrame(
        [
            (f"F{k // 3:05d}", f"DA{k % 3 + 1:03d}", p, roles[p], 6.0 if roles[p] == "gas" else None, limit)
            for k in range(outlets)
            for p, limit in zip(PARAMETERS, map(LIMITS.get, PARAMETERS), strict=True)
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


def with_polars(files: list[Path], of: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Do the same with polars alone; return months and filled hours.

    Rows are checked and pivoted, hours converted and judged, gaps filled from windows over valid hours, and
    months summed up.
    """
    months, hours = [], []
    outlets = of.select("facility", "outlet").unique(maintain_order=True)
    for start in range(0, outlets.height, 200):
        block = outlets[start : start + 200]
        names = pl.col("facility").is_between(
            pl.lit(block["facility"].min()), pl.lit(block["facility"].max())
        )
        rows = pl.concat([pl.scan_parquet(f) for f in files]).filter(names)
        rows = rows.join(block.lazy(), on=["facility", "outlet"], how="semi").collect()
        assert rows["flag"].is_in(MARKS).all()
        assert (rows["hour"].dt.truncate("1h") == rows["hour"]).all()
        ok = pl.when(pl.col("flag") == "N").then("value")
        of_hour = rows.lazy().with_columns(ok.alias("value")).group_by("facility", "outlet", "hour")
        parameter = [pl.col("parameter") == p for p in PARAMETERS]
        wide = (
            of_hour.agg(
                *(
                    pl.col("value").filter(at).first().alias(p)
                    for p, at in zip(PARAMETERS, parameter, strict=True)
                ),
                pl.len().alias("rows"),
            )
            .sort("facility", "outlet", "hour")
            .collect()
        )
        assert (wide["rows"] <= len(PARAMETERS)).all()
        for gas in LIMITS:
            month, hour = _polars_gas(wide, gas)
            months.append(month)
            hours.append(hour)
    order = ["facility", "outlet", "parameter"]
    return pl.concat(months).sort(*order, "month"), pl.concat(hours).sort(*order, "hour")


def _polars_gas(wide: pl.DataFrame, gas: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    place = ["facility", "outlet"]
    frame = wide.lazy().select(
        *place,
        "hour",
        "flow",
        pl.col("hour").dt.truncate("1q").alias("quarter"),
        pl.col("hour").dt.strftime("%Y-%m").alias("month"),
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
        *(pl.col("mass").rolling_max(n, min_samples=1).over(place).alias(w) for w, n in WINDOWS.items()),
    )
    joined = frame.join(valid, on=[*place, "hour"], how="left", maintain_order="left").with_columns(
        pl.col(w).forward_fill().over(place) for w in WINDOWS
    )
    short = pl.when(pl.col("length") <= 24).then(pl.lit("short")).otherwise(pl.lit("middle"))
    low = pl.when(pl.col("capture") < 0.75).then(pl.lit("low_capture")).otherwise(pl.lit("long"))
    rule = pl.when(pl.col("capture") < 0.9).then(low).otherwise(short)
    value = pl.coalesce(pl.when(pl.col("rule") == w).then(w) for w in WINDOWS)
    filled = (
        joined.with_columns(rule.alias("rule"), parameter=pl.lit(gas))
        .with_columns(value.alias("value"))
        .with_columns(pl.col("mass").fill_null(pl.col("value")).alias("after"))
        .collect()
    )
    hours = filled.filter(pl.col("mass").is_null())
    day = (
        filled.group_by(*place, "month", pl.col("hour").dt.date())
        .agg(pl.col("converted").mean().alias("mean"), pl.col("converted").count().alias("good"))
        .filter(pl.col("good") >= FULL_DAY)
        .group_by(*place, "month")
        .agg(pl.len().alias("days_valid"), pl.col("mean").mean().alias("mean_of_days"))
    )
    months = filled.group_by(*place, "month").agg(
        pl.col("mass").count().alias("valid"),
        pl.col("mass").null_count().alias("missing"),
        pl.col("converted").count().alias("converted"),
        (pl.col("converted") > LIMITS[gas]).sum().alias("over"),
        pl.col("converted").mean().alias("mean"),
        pl.col("converted").max().alias("highest"),
        pl.col("flow").sum().alias("flow_sum"),
        pl.col("mass").sum().alias("mass_before"),
        pl.col("after").sum().alias("mass_after"),
    )
    months = months.join(day, on=[*place, "month"], how="left").with_columns(
        pl.col("days_valid").fill_null(0), parameter=pl.lit(gas)
    )
    return months, hours.select(*place, "parameter", "hour", "rule", "capture", "length", "value")


def with_pandas(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Do the same with pandas as a plain script does: check, pivot, then outlet by outlet and gas by gas."""
    assert frame["flag"].isin(MARKS).all()
    assert (frame["hour"].dt.floor("h") == frame["hour"]).all()
    assert not frame.duplicated(["facility", "outlet", "hour", "parameter"]).any()
    frame = frame.assign(value=frame["value"].where(frame["flag"] == "N"))
    wide = frame.set_index(["facility", "outlet", "hour", "parameter"])["value"].unstack()
    months, filled = [], []
    for (facility, outlet), one in wide.groupby(level=[0, 1]):
        hours = one.index.get_level_values(2)
        month, quarter = hours.to_period("M"), hours.to_period("Q")
        flow = pd.Series(one["flow"].to_numpy(), index=hours)
        for gas, limit in LIMITS.items():
            name = {"facility": facility, "outlet": outlet, "parameter": gas}
            mass = pd.Series((one[gas] * one["flow"] * 1e-6).to_numpy(), index=hours)
            converted = pd.Series((one[gas] * 15 / (21 - one["O2"])).to_numpy(), index=hours)
            valid = mass.dropna()
            windows = {
                w: valid.rolling(n, min_periods=1).max().reindex(hours).ffill() for w, n in WINDOWS.items()
            }
            after = mass.copy()
            for _, part in mass.groupby(quarter):
                capture = part.notna().mean()
                run = (part.isna() != part.isna().shift()).cumsum()
                length = part.groupby(run).transform("size")
                for hour in part.index[part.isna()]:
                    rule = "short" if length[hour] <= 24 else "middle"
                    if capture < 0.9:
                        rule = "long" if capture >= 0.75 else "low_capture"
                    if rule in windows:
                        after[hour] = windows[rule][hour]
                    filled.append(
                        name | {"hour": hour, "rule": rule, "capture": capture, "value": after[hour]}
                    )
            day = converted.groupby(hours.normalize()).agg(["mean", "count"])
            day = day[day["count"] >= FULL_DAY]["mean"]
            by_day = day.groupby(day.index.to_period("M"))
            by_month, of_mass = converted.groupby(month), mass.groupby(month)
            columns = {
                "valid": of_mass.count(),
                "missing": mass.isna().groupby(month).sum(),
                "converted": by_month.count(),
                "over": (converted > limit).groupby(month).sum(),
                "days_valid": by_day.count(),
                "mean": by_month.mean(),
                "highest": by_month.max(),
                "mean_of_days": by_day.mean(),
                "flow_sum": flow.groupby(month).sum(),
                "mass_before": of_mass.sum(),
                "mass_after": after.groupby(month).sum(),
            }
            months.append(pd.DataFrame(columns).fillna({"days_valid": 0}).assign(**name))
    return pd.concat(months), pd.DataFrame(filled)


def pandas_time(files: list[Path], of: pl.DataFrame) -> tuple[Clock, pl.DataFrame, pl.DataFrame]:
    """Return what the pandas pipeline takes for all outlets, and the months and filled hours of its share."""
    names = of.select("facility", "outlet").unique(maintain_order=True)
    share = names.gather_every(max(1, names.height // AT_ONCE)).to_pandas()
    whole = names.height == len(share)
    parts = []
    with Clock() as reading:
        for file in files:
            rows = pl.read_parquet(file).to_pandas()
            parts.append(rows if whole else rows.merge(share, on=["facility", "outlet"]))
    with Clock() as working:
        months, filled = with_pandas(pd.concat(parts, ignore_index=True))
    working.scale(names.height / len(share))
    working.wall += reading.wall
    working.processor += reading.processor
    months = months.rename_axis("month").reset_index()
    return (
        working,
        pl.from_pandas(months.assign(month=months["month"].astype(str))),
        pl.from_pandas(filled),
    )


def wall(clock: Clock) -> float:
    """Return its seconds by the wall."""
    return clock.wall


def measure(outlets: int, rounds: int = 1) -> list[Figure]:
    """Write `outlets` × 4 parameters × a year, work it three ways in this process and compare the answers.

    Each way is worked `rounds` times and its quickest counts; in the first a way asks for its memory anew.
    """
    with tempfile.TemporaryDirectory() as name:
        files = write(Path(name), outlets)
        of = points(outlets)
        rows = outlets * 4 * 8760
        hourly(files[:1], of.head(4), list_hours=True)
        times = []
        for _ in range(rounds):
            with Clock() as one:
                ours = hourly(files, of)
            times.append(one)
        mine = min(times, key=wall)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        times = []
        for _ in range(rounds):
            with Clock() as one:
                theirs, filled_too = with_polars(files, of)
            times.append(one)
        polars = min(times, key=wall)
        answers = [pandas_time(files, of) for _ in range(rounds)]
        pandas, plain, filled_plain = min(answers, key=lambda answer: wall(answer[0]))
    compare(ours, theirs, filled_too, outlets * 24)
    compare(ours, plain, filled_plain, plain.height)
    assert ours.hour is not None
    return [
        Figure("values", rows, ""),
        Figure("one streaming pass", mine.wall, "s"),
        Figure("one streaming pass, processor", mine.processor, "s"),
        Figure("values a second", rows / mine.wall, "/s"),
        Figure("greatest memory of the process so far", memory, "GB", 4.0, at_most=True),
        Figure("filled hours listed", float(ours.hour.height), ""),
        Figure("polars pipeline", polars.wall, "s"),
        Figure("polars pipeline, processor", polars.processor, "s"),
        Figure("pandas pipeline", pandas.wall, "s"),
        Figure("pandas pipeline, processor", pandas.processor, "s"),
        Figure("outlets the pandas pipeline worked", plain.height / 24, ""),
        Figure("times polars", polars.wall / mine.wall, "×", 3.0),
        Figure("times pandas", pandas.wall / mine.wall, "×", 20.0),
        Figure("times polars, processor", polars.processor / mine.processor, "×"),
        Figure("times pandas, processor", pandas.processor / mine.processor, "×"),
    ]


def compare(ours: Hourly, months: pl.DataFrame, filled: pl.DataFrame, height: int) -> None:
    """Check that a plain pipeline gives our months and our filled hours.

    The plain pipelines have no rule for a record that begins with a gap (its first month is left out), and
    give no answer where hours stay unfilled.
    """
    both = ours.month.join(months, on=[*KEY, "month"], suffix="_theirs")
    assert both.height == height
    for column in MEASURED:
        assert alike(both[column], both[f"{column}_theirs"]), column
    assert alike(both["mass_before"], both["mass_before_theirs"])
    begun = ours.gap.filter(pl.col("rule") == "after").select(
        *KEY, pl.col("begin").dt.strftime("%Y-%m").alias("month")
    )
    whole = both.filter(pl.col("unfilled") == 0).join(begun, on=[*KEY, "month"], how="anti")
    assert both.height - whole.height <= both["unfilled"].gt(0).sum() + begun.height
    assert alike(whole["mass_after"], whole["mass_after_theirs"])
    assert ours.hour is not None
    known = ours.hour.join(months.select(KEY).unique(), on=KEY, how="semi").filter(pl.col("rule") != "after")
    hours = known.join(filled.cast({"hour": pl.Datetime("us")}), on=[*KEY, "hour"], suffix="_theirs")
    assert hours.height == known.height
    assert (hours["rule"] == hours["rule_theirs"]).all()
    assert alike(hours["value"], hours["value_theirs"])


SPECS = [
    Spec("facility-hours", "Stack data: 120 outlets × 4 parameters × a year", lambda: measure(120, rounds=3)),
    Spec(
        "facility-full-hours",
        "Stack data: 3,000 outlets × 4 parameters × a year",
        lambda: measure(3000),
        slow=True,
    ),
]
