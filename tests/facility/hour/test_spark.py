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
from tongyuan.facility.hour.stream import hourly

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with local_spark(spark_sql_shuffle_partitions="2", spark_sql_session_timeZone="UTC") as running:
        yield running


def test_the_cluster_gives_the_same_bits(spark: Any, stack_points: pl.DataFrame) -> None:
    rng = np.random.default_rng(3)
    hours, names = 24 * 100, ["A", "B", "C", "silent"]
    points = pl.concat([stack_points.with_columns(outlet=pl.lit(name)) for name in names])
    marks = np.array(list("N" * 97 + "MFX"))
    rows = pl.concat(
        [
            series(parameter, list(rng.lognormal(3, 0.4, hours)), "".join(rng.choice(marks, hours)), name)
            for name in names[:3]
            for parameter in ("SO2", "flow", "O2")
        ]
    ).with_columns(pl.when(pl.col("parameter") == "O2").then(7.3).otherwise("value").alias("value"))
    period = {"begin": datetime(2025, 1, 1), "end": datetime(2025, 4, 11)}
    here = hourly(rows, points, **period)
    arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    there = hourly_spark(spark.createDataFrame(arrow), points, buckets=3, **period)
    assert here.month.height == 4 * 4
    assert here.gap.height > 100
    for name in ("month", "gap", "hour", "double", "strange"):
        assert getattr(there, name).equals(getattr(here, name)), name
