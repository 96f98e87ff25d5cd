from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.flows.conftest import example

from tongyuan.flows.run import flows, read_results, run, stages
from tongyuan.ledger.finding import FindingError


def test_a_run_leaves_report_tables_and_record(minimal: Path) -> None:
    settings = minimal / "tongyuan.toml"
    settings.write_text(settings.read_text("utf-8").replace('"enterprise"', '"city"'), "utf-8")
    stages: list[str] = []
    done = run(minimal, stages.append)
    assert stages == [
        "check",
        "account",
        "uncertainty",
        "compare",
        "plan",
        "dividend",
        "certainty",
        "curves",
        "air",
        "synergy",
        "benefit",
        "deploy",
        "track",
        "assessment",
        "write",
        "documents",
        "report",
    ]
    assert "plan_drafted" in {f.check for f in done.findings}
    for language in ("zh", "en"):
        assert (done.folder / f"report.{language}.html").stat().st_size > 100_000
        assert (done.folder / f"results.{language}.xlsx").stat().st_size > 10_000
    record = json.loads((done.folder / "run.json").read_text("utf-8"))
    assert record["steps"] == [
        "account",
        "plan",
        "air",
        "synergy",
        "benefit",
        "deploy",
        "track",
        "assessment",
    ]
    assert set(record["inputs"]) == {
        "tables/activity.csv",
        "tables/control.csv",
        "tables/purchased_energy.csv",
    }
    tables, again = read_results(done.folder)
    assert again == record
    assert tables["emission"].equals(done.tables["emission"])


def test_every_stage_that_is_told_has_words_in_the_order_of_the_run(minimal: Path) -> None:
    told: list[str] = []
    run(minimal, told.append, only=["assess"])
    every = stages(["assess"])
    assert [name for name in every if name in told] == told
    assert all(words.zh and words.en for words in every.values())
    assert flows() == ("account", "plan", "deploy", "advance", "assess")


def test_nothing_is_written_when_the_workspace_is_wrong(minimal: Path) -> None:
    path = minimal / "tables" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("10^4 t,5", "furlong,5"), "utf-8")
    with pytest.raises(FindingError) as caught:
        run(minimal)
    assert {f.column for f in caught.value.findings if f.severity == "error"}
    assert not (minimal / "results").exists()


def test_results_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_results(tmp_path)


def test_units_do_not_matter(minimal: Path, tmp_path: Path) -> None:
    before = run(minimal).tables["emission"]
    path = minimal / "tables" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("100,10^4 t", "1000000,t"), "utf-8")
    after = run(minimal).tables["emission"]
    keys = ["process", "product", "species", "origin", "control"]
    assert before.sort(keys)["value"].to_list() == pytest.approx(after.sort(keys)["value"].to_list())
    assert before.select(pl.len()).item() == after.select(pl.len()).item()


def test_the_cities_are_ranked_without_an_inventory(tmp_path: Path) -> None:
    done = run(example("cities", tmp_path / "w"))
    assert {"no_activity", "published_used", "rank_left_out"} <= {f.check for f in done.findings}
    assert done.tables["rank_band"]["region"].n_unique() == 16
    page = done.reports["en"].read_text("utf-8")
    assert "Rank bands, 2021" in page
    assert "no basis for a ranking" in page


def test_an_index_that_is_not_there_stops_the_run_before_it_begins(minimal: Path) -> None:
    path = minimal / "tongyuan.toml"
    path.write_text(path.read_text("utf-8") + '[assess]\nindex = "absent.toml"\n', "utf-8")
    stages: list[str] = []
    with pytest.raises(FindingError):
        run(minimal, stages.append)
    assert stages == ["check"]
