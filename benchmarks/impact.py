"""Benchmarks of the room on air: a year of hours of many stations, from the table to statistics and index."""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import numpy as np
import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.impact.draw import benefit_draws
from tongyuan.impact.health.risk import gemm
from tongyuan.impact.station.cube import POLLUTANTS, UNIT
from tongyuan.impact.station.tables import air_tables

STATIONS, PER_CITY = 1500, 5
LEVEL = {"SO2": 11.0, "NO2": 29.0, "CO": 0.8, "O3": 60.0, "PM10": 72.0, "PM2.5": 39.0}


def year(stations: int, seed: int = 0) -> pl.DataFrame:
    """Return a year of hours of every pollutant, two in a hundred of them missing."""
    generator = np.random.default_rng(seed)
    hours = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 31, 23), "1h", eager=True)
    names = [f"s{n:04d}" for n in range(stations)]
    named = pl.Series(names, dtype=pl.Enum(names))
    parts = []
    for pollutant in POLLUTANTS:
        size = stations * len(hours)
        frame = pl.DataFrame({
            "station": named.gather(np.repeat(np.arange(stations), len(hours))),
            "hour": pl.concat([hours] * stations),
            "pollutant": pl.repeat(pollutant, size, dtype=pl.Enum(POLLUTANTS), eager=True),
            "value": generator.lognormal(np.log(LEVEL[pollutant]), 0.5, size),
            "unit": pl.repeat(UNIT[pollutant], size, dtype=pl.Categorical, eager=True),
        })  # fmt: skip
        parts.append(frame.filter(pl.Series(generator.random(size) > 0.02)))
    return pl.concat(parts)


def polars_means(readings: pl.DataFrame) -> pl.DataFrame:
    """Return valid daily means, their mean and 95th percentile: a part of the job, in plain polars."""
    days = readings.group_by("station", "pollutant", pl.col("hour").dt.date().alias("day")).agg(
        pl.len().alias("hours"), pl.col("value").mean()
    )
    kept = days.filter(pl.col("hours") >= 20)
    return kept.group_by("station", "pollutant").agg(
        pl.col("value").mean().alias("mean"), pl.col("value").quantile(0.95, "linear").alias("p95")
    )


def stations() -> list[Figure]:
    """Return the time of the whole job, and of a part of it in plain polars on the same table."""
    readings = year(STATIONS)
    names = readings["station"].unique().cast(pl.String).sort()
    cities = pl.DataFrame({"station": names}).with_columns(
        pl.concat_str(pl.lit("c"), pl.int_range(pl.len()) // PER_CITY).alias("region"),
        pl.lit("assessed").alias("role"),
    )
    air_tables(readings.head(1000), cities)
    start, used = time.perf_counter(), time.process_time()
    made = air_tables(readings, cities)
    ours, used = time.perf_counter() - start, time.process_time() - used
    start = time.perf_counter()
    plain = polars_means(readings)
    theirs = time.perf_counter() - start
    fine = made["air_statistic"].filter(
        pl.col("kind") == "station", pl.col("pollutant") == "PM2.5", pl.col("statistic") == "p95"
    )
    other = plain.filter(pl.col("pollutant") == "PM2.5").with_columns(pl.col("station").cast(pl.String))
    both = fine.join(other, left_on="place", right_on="station")
    assert both.height == STATIONS
    assert float((both["value"] - both["p95"]).abs().max()) < 1e-9  # type: ignore[arg-type]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Figure("rows", float(readings.height), ""),
        Figure("statistics, daily index and cities", ours, "s", 5.0, at_most=True),
        Figure("processor time of it", used, "s"),
        Figure("daily means, mean and p95 alone, in polars", theirs, "s"),
        Figure("peak memory, table included", memory, "GB"),
    ]


REGIONS, SECTORS, SPECIES, DRAWS = 31, 60, 8, 5000


def draws() -> list[Figure]:
    """Return the time of draws through response, health and money, and of the matrix product alone."""
    generator = np.random.default_rng(0)
    emission = generator.uniform(0.5, 1.5, (DRAWS, REGIONS, SECTORS, SPECIES))
    response = generator.uniform(0.0, 2e-3, (REGIONS, SECTORS, SPECIES, REGIONS))
    theta = generator.normal(gemm("ncd_lri").theta, gemm("ncd_lri").theta_se, DRAWS)
    worth = generator.lognormal(np.log(4.76e6), 0.2, DRAWS)
    rest, before = np.full(REGIONS, 10.0), np.full(REGIONS, 39.0)
    deaths = np.full(REGIONS, 3e5)
    flat, per = emission.reshape(DRAWS, -1), response.reshape(-1, REGIONS)
    flat[:100] @ per
    ours, bare = [], []
    for _ in range(3):
        start = time.perf_counter()
        product = flat @ per
        bare.append(time.perf_counter() - start)
        start = time.perf_counter()
        made = benefit_draws(emission, response, rest, before, deaths, theta=theta, life_value=worth)
        ours.append(time.perf_counter() - start)
    assert np.allclose(made.concentration, product + rest, rtol=1e-12)
    return [
        Figure("response, health and money", min(ours), "s"),
        Figure("matrix product alone", min(bare), "s"),
        Figure("ratio", min(ours) / min(bare), "", 2.0, at_most=True),
    ]


RECEPTORS = 10_000


def matrix(size: int = RECEPTORS) -> list[Figure]:
    """Return the bandwidth of a receptor matrix applied to emissions, and that of a read of the same memory.

    The sum of all coefficients is the plainest read there is (numpy, one thread); the product is taken by the
    same call that the response uses.
    """
    generator = np.random.default_rng(0)
    response = generator.random((size, size))
    emission = generator.random(size)
    half = size // 2
    parts = [response[:half], response[half:]]
    read, ours = [], []
    made = response @ emission
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            start = time.perf_counter()
            list(pool.map(np.sum, parts))
            read.append(time.perf_counter() - start)
            start = time.perf_counter()
            made = response @ emission
            ours.append(time.perf_counter() - start)
    assert np.allclose(made[:3], [(response[n] * emission).sum() for n in range(3)], rtol=1e-12)
    bandwidth = response.nbytes / 1e9
    return [
        Figure("receptor matrix applied", bandwidth / min(ours), "GB/s"),
        Figure("read of the same memory, two threads", bandwidth / min(read), "GB/s"),
        Figure("share of the read", min(read) / min(ours), "", 0.7),
    ]


SPECS = [
    Spec("impact-stations", "A year of hours of 1,500 stations, six pollutants", stations, slow=True),
    Spec("impact-matrix", "A receptor matrix of 10,000 by 10,000 applied to emissions", matrix, slow=True),
    Spec("impact-draws", "31 regions, 60 sectors, 8 species, 5,000 draws: air, lives and money", draws),
]
