"""Questions about allocation, on the example with a grid: its cells are worked by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xarray

import tongyuan as ty
from tongyuan.flows.ask.allocation import FORMATS, allocate, write_grid
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import changed

DAY = date(2021, 6, 1)


@pytest.fixture(scope="module")
def world() -> ty.Workspace:
    return ty.example("grid")


def test_cells_of_the_example(world: ty.Workspace) -> None:
    """Power: 3/4 in the first cell and 1/4 in the last; roads: 1/2, 1/4, and 1/4 outside."""
    answer = allocate(world)
    sheet = answer["allocation_balance"]
    power = sheet.filter(process="energy.power", species="SO2")["value"][0]
    road = sheet.filter(process="transport.road", species="SO2")
    cell = answer["cell_emission"].filter(species="SO2")
    at = {(c, r): v for c, r, v in cell.select("column", "row", "value").iter_rows()}
    assert at[1, 1] == pytest.approx(power * 3 / 4)
    assert at[4, 3] == pytest.approx(power / 4)
    assert at[1, 2] == pytest.approx(road["value"][0] / 2)
    assert road["outside"][0] == pytest.approx(road["value"][0] / 4)
    assert (sheet["value"] - sheet["inside"] - sheet["outside"] - sheet["left"]).abs().max() < 1e-9
    assert cell["value"].sum() == pytest.approx(sheet.filter(species="SO2")["inside"].sum(), rel=1e-12)


def test_a_day_of_fluxes_holds_its_part_of_the_year(world: ty.Workspace, tmp_path: Path) -> None:
    answer = write_grid(world, "cf", tmp_path, DAY, DAY)
    (path,) = answer.facts["files"]
    with xarray.open_dataset(path) as read:
        mass = float((read["CO2"] * read["cell_area"]).sum() * 3600 / 1000)
        assert read["NO"].attrs["outside"] > 0
        assert set(read) - {"cell_area"} == {"CO2", "NO", "NO2", "PM25", "SO2"}
    cell = allocate(world)["emission_time"].filter(species="CO2", kind="month", index=6)["value"][0]
    assert mass == pytest.approx(cell / 30, rel=0.05)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_on_a_grid_that_it_takes(world: ty.Workspace, form: str, tmp_path: Path) -> None:
    grid = "d01" if form == "wrfchem" else "g"
    on_it = replace(world, settings=changed(world.settings, {"allocation.grid": grid}))
    answer = write_grid(on_it, form, tmp_path, DAY, DAY)
    assert all(path.is_file() for path in answer.facts["files"])
    assert "left_outside" in {f.check for f in answer.findings}


def test_months_of_ff10_are_those_of_the_inventory(world: ty.Workspace, tmp_path: Path) -> None:
    (path,) = write_grid(world, "ff10", tmp_path).facts["files"]
    frame = pl.read_csv(path, comment_prefix="#")
    sheet = allocate(world)["allocation_balance"]
    for species in ("SO2", "NOx"):
        told = frame.filter(poll=species)
        assert told["ann_value"].sum() * 0.90718474 == pytest.approx(
            sheet.filter(species=species)["value"].sum()
        )
    boiler = frame.filter(pl.col("comment").str.contains("boiler"), poll="SO2")
    assert boiler["jan_value"][0] / boiler["jun_value"][0] == pytest.approx(3 * 31 / (30 / 7), rel=1e-9)


def test_what_cannot_be_written(world: ty.Workspace, tmp_path: Path) -> None:
    with pytest.raises(FindingError, match="cmaq"):
        write_grid(world, "xml", tmp_path)
    with pytest.raises(FindingError, match="no span"):
        write_grid(world, "cf", tmp_path, DAY, date(2021, 5, 1))
    told = write_grid(world, "cf", tmp_path, date(2022, 1, 1), date(2022, 1, 1)).findings
    assert "period_year" in {f.check for f in told}
    with pytest.raises(FindingError, match="no model grid"):
        allocate(ty.example("minimal"))
