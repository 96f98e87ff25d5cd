"""A merge or an assessment that is ended at any step leaves the old set or the new one, whole."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.cases.interrupt import ended, litter

from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import ASSESSED, MERGED, history_of, merge_into, merged
from tongyuan.flows.run import read_results
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import FindingError

MERGE = """
    from tongyuan.flows.deploy.folder import merge_into
    BEGIN
    merge_into(folder, [Path(sys.argv[3])])
"""
ASSESS = """
    from tongyuan.flows.deploy.deploy import assess
    BEGIN
    assess(folder, 2025)
"""
RUN = """
    from tongyuan.flows.run import run
    BEGIN
    run(folder, only=("account",))
"""


def form(folder: Path, completion: float) -> Path:
    (path,) = deploy.collect(folder, 2025, departments=["forestry"])
    book = openpyxl.load_workbook(path)
    sheet = book["任务进展"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    sheet.cell(2, at["完成比例"]).value = completion
    target = folder / f"{completion}.xlsx"
    book.save(target)
    path.unlink()
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("programme")
    deploy.init(place, "370000", start=2022, deadline=2025)
    merge_into(place, [form(place, 0.25)])
    form(place, 0.75)
    deploy.assess(place, 2025)
    return place


@pytest.fixture(scope="module")
def steps(folder: Path) -> tuple[int, int]:
    """Return how many steps on the disk a merge and an assessment take."""
    merging, assessing = ended(MERGE, folder, 0, str(folder / "0.25.xlsx")), ended(ASSESS, folder, 0)
    assert merging is not None
    assert assessing is not None
    return merging, assessing


def merge_ended(folder: Path, stop: int) -> None:
    before = merged(folder)["progress"]["completion"].to_list()
    after = 1.0 - before[0]
    ended(MERGE, folder, stop, str(folder / f"{after}.xlsx"))
    assert merged(folder)["progress"]["completion"].to_list() in (before, [after])
    merge_into(folder, [folder / "0.25.xlsx"])
    assert merged(folder)["progress"]["completion"].to_list() == [0.25]
    assert litter(folder) == []
    earlier = [p for p in (folder / MERGED / "earlier").iterdir() if p.is_dir()]
    assert all((p / "progress.parquet").is_file() and (p / "evidence.parquet").is_file() for p in earlier)


def assess_ended(folder: Path, stop: int) -> None:
    def editions() -> list[int]:
        history = history_of(folder / ASSESSED)
        assert history is not None
        assert set(history.assessment["edition"]) == set(history.assessment_line["edition"])
        return sorted(set(history.assessment["edition"]))

    before = editions()
    ended(ASSESS, folder, stop)
    assert editions() in (before, [*before, before[-1] + 1])
    last = editions()[-1]
    deploy.assess(folder, 2025)
    assert editions()[-1] == last + 1
    assert litter(folder) == []


@pytest.mark.parametrize("back", [0, 1, 2, 3, 9])
def test_a_merge_that_is_ended(back: int, folder: Path, steps: tuple[int, int]) -> None:
    merge_ended(folder, steps[0] - back)


@pytest.mark.parametrize("back", range(4))
def test_an_assessment_that_is_ended(back: int, folder: Path, steps: tuple[int, int]) -> None:
    assess_ended(folder, steps[1] - back)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(80))
def test_a_merge_that_is_ended_at_random(seed: int, folder: Path, steps: tuple[int, int]) -> None:
    merge_ended(folder, random.Random(seed).randint(1, steps[0]))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(80))
def test_an_assessment_that_is_ended_at_random(seed: int, folder: Path, steps: tuple[int, int]) -> None:
    assess_ended(folder, random.Random(seed).randint(1, steps[1]))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_a_run_that_is_ended_at_random(seed: int, runs: tuple[Path, int]) -> None:
    folder, count = runs
    before, _ = read_results(folder)
    ended(RUN, folder, random.Random(seed).randint(1, count))
    assert read_results(folder)[0].keys() == before.keys()
    assert ended(RUN, folder, 0) is not None
    assert litter(folder) == []


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Return a workspace that has run once, and how many steps on the disk a run takes."""
    place = tmp_path_factory.mktemp("run")
    copy_example("minimal", place)
    count = ended(RUN, place, 0)
    assert count is not None
    return place, count


@pytest.mark.parametrize("name", ["progress", "evidence", "indicator_observation"])
def test_a_merge_with_some_tables_missing_is_an_error(name: str, folder: Path) -> None:
    path = folder / MERGED / f"{name}.parquet"
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(FindingError) as raised:
            deploy.assess(folder, 2025)
        (told,) = raised.value.findings
        assert (told.check, told.severity) == ("merged_incomplete", "error")
        assert name in told.message("en")
    finally:
        path.write_bytes(kept)


def test_a_folder_that_has_merged_nothing_is_no_error(tmp_path: Path) -> None:
    assert {name: frame.height for name, frame in merged(tmp_path).items()} == {
        "progress": 0,
        "indicator_observation": 0,
        "evidence": 0,
    }
    assert history_of(tmp_path / ASSESSED) is None


@pytest.mark.parametrize("name", ["assessment", "assessment_line"])
def test_half_an_edition_is_an_error(name: str, folder: Path) -> None:
    path = folder / ASSESSED / f"{name}.parquet"
    kept = path.read_bytes()
    table = pl.read_parquet(path)
    try:
        table.filter(pl.col("edition") != table["edition"].max()).write_parquet(path)
        with pytest.raises(FindingError) as raised:
            deploy.assess(folder, 2025)
        assert [(f.check, f.severity) for f in raised.value.findings] == [("history_uneven", "error")]
        path.unlink()
        with pytest.raises(FindingError) as raised:
            deploy.assess(folder, 2025)
        assert [(f.check, f.severity) for f in raised.value.findings] == [("history_incomplete", "error")]
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize("kept", [True, False])
def test_an_exchange_that_was_ended_between_its_renames(kept: bool, folder: Path) -> None:
    target = folder / (MERGED if kept else ASSESSED)
    names = sorted(p.name for p in target.glob("*.parquet"))
    target.rename(folder / f".before-{target.name}")
    if kept:
        assert merged(folder)["progress"].height == 1
    else:
        assert history_of(target) is not None
    assert sorted(p.name for p in target.glob("*.parquet")) == names
    assert litter(folder) == []
