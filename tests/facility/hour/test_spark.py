from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.facility.hour.conftest import series
from tests.local_spark import local_spark

from tongyuan.facility.hour.spark import hourly_spark
from tongyuan.facility.hour.stream import Hourly, hourly

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with local_spark(spark_sql_shuffle_partitions="2", spark_sql_session_timeZone="UTC") as running:
        yield running


PERIOD = {"begin": datetime(2025, 1, 1), "end": datetime(2025, 4, 11)}


def readings(outlets: list[str], seed: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    hours = 24 * 100
    marks = np.array(list("N" * 97 + "MFX"))
    rows = pl.concat(
        [
            series(parameter, list(rng.lognormal(3, 0.4, hours)), "".join(rng.choice(marks, hours)), name)
            for name in outlets
            for parameter in ("SO2", "flow", "O2")
        ]
    )
    return rows.with_columns(pl.when(pl.col("parameter") == "O2").then(7.3).otherwise("value").alias("value"))


def same(spark: Any, rows: pl.DataFrame, points: pl.DataFrame, **more: Any) -> Hourly:
    """Return what this process gives, after the cluster has given the same to the last bit."""
    here = hourly(rows, points, **PERIOD, **more)
    arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    there = hourly_spark(spark.createDataFrame(arrow), points, buckets=3, **PERIOD, **more)
    for name in ("month", "gap", "hour", "double", "strange"):
        assert getattr(there, name).equals(getattr(here, name)), name
    return here


def at(stack_points: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return pl.concat([stack_points.with_columns(outlet=pl.lit(name)) for name in names])


def test_the_cluster_gives_the_same_bits(spark: Any, stack_points: pl.DataFrame) -> None:
    here = same(spark, readings(["A", "B", "C"]), at(stack_points, ["A", "B", "C", "silent"]))
    assert here.month.height == 4 * 4
    assert here.gap.height > 100


def test_conditions_minutes_marks_repeats_and_strangers_reach_the_cluster(
    spark: Any, stack_points: pl.DataFrame
) -> None:
    plain = readings(["A", "B", "unknown"])
    number = pl.int_range(pl.len())
    rows = plain.with_columns(
        pl.when(number % 50 == 7).then(30).otherwise(60).alias("minutes"),
        pl.when(number % 90 < 5).then(pl.lit("stopped")).alias("condition"),
    )
    again = rows.gather_every(211).with_columns(pl.col("value") + 1)
    rows = pl.concat([rows, again, again.with_columns(pl.col("value") + 1)]).sample(
        fraction=1, shuffle=True, seed=1
    )
    marks = pl.DataFrame(
        {
            "facility": ["F", "F"],
            "outlet": ["A", "B"],
            "parameter": ["SO2", None],
            "time_from": [datetime(2025, 1, 9), datetime(2025, 3, 1)],
            "time_to": [datetime(2025, 1, 12), datetime(2025, 3, 2)],
            "mark": ["X", "F"],
        }
    ).with_columns(pl.col("facility").replace("F", stack_points["facility"][0]))
    points = at(stack_points, ["A", "B"])
    here = same(spark, rows, points, marks=marks)
    assert here.strange["outlet"].unique().to_list() == ["unknown"]
    assert here.double["rows"].sum() > 0
    assert here.month["stopped"].sum() > hourly(plain, points, **PERIOD).month["stopped"].sum()
