"""Worlds: copied, or simulated when they are asked for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.ask.world import BUREAU, copy_world, in_cities, worlds
from tongyuan.flows.run import run
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError


def test_an_embedded_example_is_copied(tmp_path: Path) -> None:
    assert {"minimal", "province", BUREAU} <= set(worlds())
    copy_world("minimal", tmp_path / "w", "en")
    assert open_workspace(tmp_path / "w").settings.kind == "enterprise"


def test_enterprises_lie_in_all_cities_of_the_province() -> None:
    frame = pl.DataFrame({"facility": [f"F{k}" for k in range(32)], "region": ["370000"] * 32})
    regions = in_cities(frame)["region"]
    assert regions.n_unique() == 16
    assert all(name.startswith("37") and name != "370000" for name in regions)


def test_a_bureau_sees_ranking_calendar_and_whom_to_inspect(tmp_path: Path) -> None:
    place = tmp_path / "bureau"
    copy_world(BUREAU, place, "zh", count=20)
    before = (place / "tables" / "fuel_use.parquet").read_bytes()
    copy_world(BUREAU, place, "zh", count=20)
    assert (place / "tables" / "fuel_use.parquet").read_bytes() == before
    assert pl.read_csv(place / "altered.csv")["facility"].n_unique() == 2
    names = pl.read_parquet(place / "tables" / "facility.parquet")["name"]
    assert all("示例" in name for name in names)
    made = run(place, only=("advance",))
    tables = made.tables
    assert tables["inspection_plan"].height > 0
    assert tables["suspicion"].height > 0
    assert tables["duty"]["facility"].n_unique() == 20
    pages = made.reports["zh"].read_text(encoding="utf-8")
    for words in ("义务日历", "疑点", "检查"):
        assert words in pages


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FindingError):
        copy_world(BUREAU, tmp_path, "zh", count=2)
