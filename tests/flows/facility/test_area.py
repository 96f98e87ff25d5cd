"""The same emission through two doors counts once, and the difference is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.flows.account.account import account, emitted
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError

Make = Callable[..., pl.DataFrame]
Plant = Callable[..., Inputs]
CO2 = 12 * 50_000 * 0.55 * 0.99 * 44 / 12
COAL = {"region": "370000", "year": 2026, "process": "energy.power", "product": "raw_coal", "unit": "t"}


def co2(inputs: Inputs) -> float:
    rows = emitted(inputs).emission.filter(pl.col("species") == "CO2", pl.col("scope") == "direct")
    return float(rows["value"].sum())


def test_an_enterprise_alone_is_its_own_inventory_in_every_species(plant: Plant) -> None:
    made = emitted(plant())
    assert co2(plant()) == pytest.approx(CO2)
    species = set(made.emission["species"])
    assert {"SO2", "NOx", "CO2"} <= species
    assert made.emission.filter(pl.col("species") == "CO2").height == 1
    assert set(made.emission["region"]) == {"370100"}


def test_the_workbook_of_the_area_and_the_enterprise_agree_where_they_must(plant: Plant, make: Make) -> None:
    """600,000 t by month and as one row of activity: every other species is the same to the last digit."""
    monthly = emitted(plant()).emission
    activity = make("activity", {**COAL, "region": "370100", "value": 600_000.0})
    alone = emitted(Inputs(plant().settings, {"activity": activity})).emission
    keys = ["species", "scope", "process"]
    other = pl.col("species").is_in(["CO2", "CO2_biogenic"]).not_()
    a, b = (f.filter(other).group_by(keys).agg(pl.col("value").sum()).sort(keys) for f in (monthly, alone))
    assert a["species"].to_list() == b["species"].to_list()
    assert a["value"].to_list() == pytest.approx(b["value"].to_list(), rel=1e-12)


def test_coal_that_the_province_holds_as_well_counts_once(plant: Plant, make: Make) -> None:
    activity = make("activity", {**COAL, "value": 1_000_000.0})
    area = emitted(Inputs(plant().settings, {"activity": activity})).emission
    per_t = float(area.filter(pl.col("species") == "CO2")["value"].sum()) / 1_000_000
    both = plant(("activity", activity))
    assert co2(both) == pytest.approx(CO2 + 400_000 * per_t)
    rows = account(both).tables["facility_overlap"]
    row = rows.row(0, named=True)
    assert (row["region"], row["facilities"], row["area"], row["left"]) == ("370000", 600_000, 1e6, 400_000)
    assert row["difference"] == 400_000
    assert set(emitted(both).emission["region"]) == {"370000"}


def test_more_than_the_area_holds_is_said_and_the_area_counts_no_more(plant: Plant, make: Make) -> None:
    both = plant(("activity", make("activity", {**COAL, "value": 500_000.0})))
    assert co2(both) == pytest.approx(CO2)
    made = emitted(both)
    assert "facility_more_than_area" in [f.check for f in made.findings]
    assert made.facility_overlap["difference"].to_list() == [-100_000.0]


def test_other_fuels_processes_and_years_of_the_area_stay(plant: Plant, make: Make) -> None:
    rows = [
        {**COAL, "product": "natural_gas", "unit": "10^4 m3", "value": 10.0},
        {**COAL, "process": "industry.combustion.boiler", "value": 10.0},
        {**COAL, "year": 2025, "value": 10.0},
    ]
    activity = make("activity", *rows)
    both = plant(("activity", activity))
    alone = co2(Inputs(plant().settings, {"activity": activity}))
    assert co2(both) == pytest.approx(CO2 + alone)
    assert account(both).tables["facility_overlap"].is_empty()


def test_a_balance_keeps_what_enterprises_leave_of_it(plant: Plant, make: Make) -> None:
    cell = {"region": "370000", "year": 2026, "product": "raw_coal", "unit": "万吨"}
    balance = make("energy_balance", {**cell, "item": "thermal_power", "value": -100.0})
    alone = emitted(Inputs(plant().settings, {"energy_balance": balance})).emission
    per_t = float(alone.filter(pl.col("species") == "CO2")["value"].sum()) / 1_000_000
    both = plant(("energy_balance", balance))
    assert co2(both) == pytest.approx(CO2 + 400_000 * per_t)
    assert account(both).tables["facility_overlap"]["left"].to_list() == [pytest.approx(40.0)]


def test_a_pollutant_that_was_tested_counts_once_and_the_other_months_by_factor(
    plant: Plant, make: Make
) -> None:
    """35 mg/m3 × 1,000,000 m3/h × 700 h of January = 24.5 t; eleven months by factors."""
    by_factor = emitted(plant()).emission.filter(pl.col("species") == "SO2")["value"].sum()
    test = {"outlet": "DA001", "time": dt.datetime(2026, 1, 15), "species": "SO2", "value": 35.0,
            "unit": "mg/m3", "flow": 1e6, "hours": 700.0}  # fmt: skip
    tables = (
        ("manual_test", make("manual_test", test)),
        ("outlet", make("outlet", {"outlet": "DA001", "medium": "air"})),
        ("outlet_link", make("outlet_link", {"outlet": "DA001"})),
    )
    rows = emitted(plant(*tables)).emission
    assert rows.filter(pl.col("species") == "SO2")["value"].sum() == pytest.approx(24.5 + by_factor * 11 / 12)
    assert co2(plant(*tables)) == pytest.approx(CO2)
    nox = rows.filter(pl.col("species") == "NOx")["value"].sum()
    assert nox == pytest.approx(emitted(plant()).emission.filter(pl.col("species") == "NOx")["value"].sum())


def test_a_row_that_cannot_be_accounted_stops_with_its_name(plant: Plant, make: Make) -> None:
    bad = make("fuel_use", {"month": "2026-01", "product": "raw_coal", "value": 1.0, "unit": "MWh"})
    with pytest.raises(FindingError) as error:
        emitted(plant(("fuel_use", bad)))
    assert [f.check for f in error.value.findings] == ["carbon_unit"]


def test_a_measured_enterprise_in_the_balance_of_its_province_counts_once_in_every_species(
    plant: Plant, make: Make
) -> None:
    """1,000,000 t in the balance, 600,000 t at the plant: its own CO2 and SO2, and 400,000 t by factor."""
    test = {"outlet": "A", "species": "SO2", "value": 30.0, "unit": "mg/m3", "flow": 1e6, "hours": 700.0}
    tests = [{**test, "time": dt.datetime(2026, m, 10, 9)} for m in range(1, 13)]
    places = (
        ("outlet", make("outlet", {"outlet": "A", "medium": "air"})),
        ("outlet_link", make("outlet_link", {"outlet": "A", "month_from": "2026-01"})),
        ("manual_test", make("manual_test", *tests)),
    )
    row = {"region": "370000", "year": 2026, "item": "thermal_power", "product": "raw_coal", "unit": "t"}
    balance = make("energy_balance", {**row, "value": -1_000_000.0})
    settings = plant().settings
    area = emitted(Inputs(settings, {"energy_balance": balance})).emission
    both = plant(("energy_balance", balance), *places)
    made = emitted(both)
    alone = emitted(plant(*places)).emission

    def total(frame: pl.DataFrame, species: str) -> float:
        rows = frame.filter(pl.col("species") == species, pl.col("scope") == "direct")
        return float(rows["value"].sum())

    assert total(alone, "SO2") == pytest.approx(12 * 30 * 1e6 * 700 * 1e-9)
    for species in ("CO2", "SO2", "NOx", "TSP", "Hg"):
        assert total(area, species) > 0
        expected = total(alone, species) + 0.4 * total(area, species)
        assert total(made.emission, species) == pytest.approx(expected), species
    shown = made.facility_overlap.row(0, named=True)
    assert (shown["facilities"], shown["area"], shown["left"]) == (600_000, 1_000_000, 400_000)
    assert shown["difference"] == 400_000
