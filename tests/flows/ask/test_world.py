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


def test_enterprises_of_a_bureau_count_once_in_the_activity_of_their_province(tmp_path: Path) -> None:
    """Coal of the province's power plants holds that of twelve enterprises: one run, each tonne once."""
    place = tmp_path / "both"
    copy_world(BUREAU, place, "zh", count=12)
    fuel = pl.read_parquet(place / "tables" / "fuel_use.parquet")
    burnt = float(fuel.filter(pl.col("state") == "fired")["value"].sum()) / 1e4
    area = 10 * burnt
    (place / "tables" / "activity.csv").write_text(
        "region,year,process,product,value,unit,source\n"
        f"370000,2025,energy.power,bituminous,{area!r},10^4 t,示例\n"
        "370000,2025,industry.cement.clinker,clinker,100,10^4 t,示例\n",
        encoding="utf-8",
    )
    made = run(place, only=("advance",))
    overlap = made.tables["facility_overlap"].to_dicts()
    assert [(r["region"], r["process"], r["product"]) for r in overlap] == [
        ("370000", "energy.power", "bituminous")
    ]
    told = overlap[0]
    assert (told["area"], told["facilities"]) == (pytest.approx(area), pytest.approx(burnt))
    assert told["left"] == pytest.approx(area - burnt)
    assert told["difference"] == pytest.approx(area - burnt)
    activity = made.tables["activity"].filter(pl.col("process") == "energy.power", pl.col("unit") != "GJ")
    held = activity.with_columns(
        pl.when(pl.col("unit") == "t").then(pl.col("value") / 1e4).otherwise("value").alias("value")
    )
    assert held.filter(pl.col("product") == "bituminous")["value"].sum() == pytest.approx(area)
    own = made.tables["facility_emission"].filter("counted", pl.col("species") == "CO2")["value"].sum()
    whole = made.tables["emission"].filter(pl.col("species") == "CO2", pl.col("scope") == "direct")
    coal = whole.filter(pl.col("process") == "energy.power")
    assert coal.filter(pl.col("tier") == "facility")["value"].sum() == pytest.approx(own)
    assert coal["value"].sum() == pytest.approx(
        own + coal.filter(pl.col("tier") != "facility")["value"].sum()
    )
    pages = made.reports["zh"].read_text(encoding="utf-8")
    assert "企业已报、区域表也含有的部分" in pages


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FindingError):
        copy_world(BUREAU, tmp_path, "zh", count=2)
