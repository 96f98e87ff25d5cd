from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.local_spark import local_spark

from tongyuan.inventory.account.account import Settings, account
from tongyuan.inventory.account.algebra import encode, evaluate
from tongyuan.inventory.account.spark import encode_spark
from tongyuan.inventory.view.view import total

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]
Make = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with local_spark(spark_sql_shuffle_partitions="2") as running:
        yield running


@pytest.fixture(scope="module")
def rows(activity: Make) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    count = 5_000
    return activity(*[("energy.power", "raw_coal", 1.0, "t")] * count).with_columns(
        pl.Series(
            "process", rng.choice(["energy.power", "industry.textile", "industry.cement.clinker"], count)
        ),
        pl.Series("product", rng.choice(["raw_coal", "anthracite", "clinker", ""], count)).replace("", None),
        pl.Series("year", rng.integers(2014, 2022, count)),
        pl.Series("value", rng.lognormal(0, 3, count)),
    )


def test_the_cluster_gives_the_embedded_matrix(spark: Any, rows: pl.DataFrame) -> None:
    local = encode(rows, ["region", "year"])
    remote = encode_spark(rows, ["region", "year"], spark=spark)
    assert remote.groups.equals(local.groups)
    assert remote.keys.equals(local.keys)
    np.testing.assert_allclose(remote.matrix.toarray(), local.matrix.toarray(), rtol=1e-12)
    factors = np.random.default_rng(1).random((local.keys.height, 20))
    np.testing.assert_allclose(evaluate(remote, factors), evaluate(local, factors), rtol=1e-12)


def test_a_frame_that_already_lies_on_spark(spark: Any, rows: pl.DataFrame, tmp_path: Any) -> None:
    rows.write_parquet(tmp_path / "activity.parquet")
    remote = encode_spark(spark.read.parquet(str(tmp_path / "activity.parquet")), ["process"])
    np.testing.assert_allclose(
        remote.matrix.toarray(), encode(rows, ["process"]).matrix.toarray(), rtol=1e-12
    )


def test_the_whole_account_on_spark(
    spark: Any, rows: pl.DataFrame, control: Make, factors: pl.DataFrame
) -> None:
    devices = control(("wet_fgd", 0.9))
    local = account(rows, devices, factors, Settings(detail="key"))
    remote = account(rows, devices, factors, Settings(engine="spark"))
    by = ["region", "year", "process", "origin"]
    first, second = total(local.emission, by), total(remote.emission, by)
    assert first.drop("value", "uncontrolled").equals(second.drop("value", "uncontrolled"))
    np.testing.assert_allclose(first["value"], second["value"], rtol=1e-12)


def test_the_whole_account_on_spark_with_uncertainty_and_species_left_out(
    spark: Any, rows: pl.DataFrame, control: Make, factors: pl.DataFrame
) -> None:
    more = rows.with_columns(
        uncertainty=pl.when(pl.int_range(pl.len()) % 3 == 0).then(5.0),
        excluded=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("SO2")).otherwise(pl.lit("")),
    )
    devices = control(("wet_fgd", 0.9))
    local = account(more, devices, factors, Settings(detail="key")).emission
    remote = account(more, devices, factors, Settings(engine="spark")).emission
    keys = ["region", "year", "process", "product", "technology", "origin", "scope", "species", "factor_id"]
    first, second = (f.sort(*keys, "value") for f in (local, remote))
    assert first.select(keys).equals(second.select(keys))
    for column in ("value", "lower", "upper"):
        assert first[column].is_null().to_list() == second[column].is_null().to_list()
        np.testing.assert_allclose(
            first[column].fill_null(0.0), second[column].fill_null(0.0), rtol=1e-9, atol=1e-9
        )


START = """
import gc
from tongyuan.ledger.read.cluster import session
try:
    session()
except Exception as error:
    print("refused:", type(error).__name__)
gc.collect()
"""


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for Java")
def test_a_start_that_fails_leaves_no_process_and_no_open_pipe(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\nexit 1\n")
    java.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", START],
        capture_output=True,
        text=True,
        env={**os.environ, "JAVA_HOME": str(tmp_path)},
        timeout=120,
    )
    assert "refused: PySparkRuntimeError" in ran.stdout
    assert "ResourceWarning" not in ran.stderr


def test_missing_is_not_zero_on_spark_either(spark: Any, rows: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="missing"):
        encode_spark(rows.with_columns(value=pl.lit(None, dtype=pl.Float64)), [], spark=spark)
