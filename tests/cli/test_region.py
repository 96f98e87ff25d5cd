"""The commands of ``tongyuan region``."""

import json
from pathlib import Path

import polars as pl
import pytest
from tests.flows.region.test_union import WHOLE, A, B
from typer.testing import CliRunner

from tongyuan.cli.region import app
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.write.write import write_parquet

RUN = CliRunner()


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def runs(tmp_path: Path) -> dict[str, Path]:
    made = {}
    for one in (A, B, WHOLE):
        tables = {**one.tables, "emission": pl.DataFrame({"value": [1.0]})}
        made[one.name] = tmp_path / one.name
        with new_set(made[one.name] / "results") as draft:
            write_parquet(tables, draft.folder)
            draft.seal(run_record({"account": {"gwp_set": one.gwp_set}}, {}, tables))
    return made


def test_a_sum_beside_the_whole(runs, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    told = run("sum", runs["a"], runs["b"], "--parent", runs["p"], "-o", tmp_path / "sum.xlsx")
    assert "Sum of the parts" in told
    assert (tmp_path / "sum.xlsx").stat().st_size > 4000
    said = json.loads(run("sum", runs["a"], runs["b"], "--within", "山东省", "--json"))
    assert said["members"] == 2
    assert said["findings"][0]["check"] == "absent"
    (so2,) = [r for r in said["region_balance"] if r["species"] == "SO2" and r["sector"] is None]
    assert so2["parts"] == 55.0


def test_what_stands_twice(runs) -> None:
    rows = json.loads(run("overlap", runs["a"], runs["p"], "--json"))["region_overlap"]
    assert [r["kind"] for r in rows] == ["contains"]
    with pytest.raises(FindingError):
        run("sum", runs["a"], runs["p"])


def test_nothing_passes_and_nothing_is_shared_without_tables(runs) -> None:
    for words in (("transfer", runs["a"], runs["b"], "--by", runs["p"]), ("share", runs["a"], runs["b"])):
        with pytest.raises((FindingError, OSError)):
            run(*words)
