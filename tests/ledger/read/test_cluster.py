"""Parts of activity summed on Spark: the bits of the sums made here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.ledger.read.test_summed import checks, held, rows
from tests.local_spark import local_spark

from tongyuan.flows.run import run
from tongyuan.ledger.read.cluster import SPARK
from tongyuan.ledger.read.read import read
from tongyuan.ledger.read.summed import BINS, EMBEDDED, LOWEST, WIDE
from tongyuan.ledger.settings import SETTINGS

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[Any]:
    with local_spark(spark_sql_shuffle_partitions="2") as running:
        yield running


def parts_of_all_sizes() -> list[pl.DataFrame]:
    """Three parts whose amounts go from the least to the greatest that is summed, bin borders among them."""
    chance = np.random.default_rng(3)
    edges = 2.0 ** (LOWEST + WIDE * np.arange(BINS))
    parts = []
    for number in range(3):
        part = rows(900).with_columns(
            activity_id=pl.format("{}-{}", "activity_id", pl.lit(number)),
            year=pl.lit(2018 + number),
            value=pl.Series(np.concatenate([edges, chance.lognormal(2, 8, 900 - BINS)])),
            note=pl.Series(["甲", None, "乙"] * 300),
            excluded=pl.Series([["SO2"], None, ["only:", "CO2"]] * 300, dtype=pl.List(pl.String)),
        )
        parts.append(part.with_columns(uncertainty=pl.Series(chance.uniform(0, 100, 900)).round(number)))
    parts[1] = parts[1].with_columns(uncertainty=pl.when(pl.int_range(pl.len()) % 3 == 0).then("uncertainty"))
    return parts


def test_the_sums_of_the_cluster_are_those_made_here_to_the_bit(tmp_path: Path) -> None:
    paths = held(tmp_path, *parts_of_all_sizes(), rows(40).with_columns(year=pl.lit(2000)))
    here, there = (read(*paths, engine=engine) for engine in (EMBEDDED, SPARK))
    assert here.findings == there.findings
    assert here.tables["activity"].height < 60
    assert there.tables["activity"].equals(here.tables["activity"])


def test_a_planted_copy_and_a_bad_row_are_found_there_too(tmp_path: Path) -> None:
    whole = rows(30)
    assert checks(read(*held(tmp_path, whole, whole[3]), engine=SPARK)) == ["duplicate_id"]
    bad = whole.with_columns(value=pl.when(pl.int_range(pl.len()) != 6).then("value"))
    reading = read(*held(tmp_path, bad), engine=SPARK)
    assert [(f.check, f.row) for f in reading.findings] == [("missing_required", 7)]


def test_a_run_on_the_cluster_gives_the_results_of_a_run_here(tmp_path: Path) -> None:
    found = []
    for name, setting in (("here", 'detail = "key"'), ("there", 'engine = "spark"')):
        folder = tmp_path / name
        (folder / "tables").mkdir(parents=True)
        head = (
            'name = "x"\nkind = "city"\nregion = "济南市"\n[report]\nlanguages = ["zh"]\ndocuments = false\n'
        )
        (folder / SETTINGS).write_text(f"{head}[account]\ndraws = 100\n{setting}\n", "utf-8")
        held(
            folder / "tables",
            rows(200),
            rows(50).with_columns(year=2019, activity_id=pl.format("x{}", "activity_id")),
        )
        found.append(run(folder, only=["account"]))
    here, there = found
    assert here.tables["emission"]["value"].sum() > 0
    for name, frame in here.tables.items():
        assert there.tables[name].equals(frame), name
        files = [(done.folder / f"{name}.parquet").read_bytes() for done in found]
        assert files[0] == files[1], name
