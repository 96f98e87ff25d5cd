from dataclasses import replace

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.draft import finish, start, with_typed
from tongyuan.pathway.draft.ground import shaped

SLICES = pl.DataFrame({"slice": ["day", "night"], "hours": [4380.0, 4380.0], "season": ["all", "all"]})
LOAD = pl.DataFrame({"flow": "electricity", "slice": ["day", "night"], "share": [0.6, 0.4]})
SUN = pl.DataFrame({"technology": "cn_pv_central", "slice": ["day", "night"], "availability": [0.3, 0.0]})


def made(ground, **typed: pl.DataFrame):
    given = replace(ground, typed={n: conform(n, f) for n, f in typed.items()})
    rows = {"technology": "energy_power-raw_coal", "species": ["CO2"], "value": [1.0], "unit": "t/GWh"}
    sheets = finish(given, start(given), conform("emission_coefficient", pl.DataFrame(rows)))
    return with_typed(sheets.tables(), given)


def test_without_a_shape_nothing_is_added(ground) -> None:
    assert not shaped(ground)
    tables = made(ground)
    assert "storage" not in tables
    assert "cn_battery" in tables["not_offered"]["item"].to_list()
    assert "storage" not in made(ground, demand_slice=LOAD)  # shares without slices are found by the check


def test_storage_comes_with_cited_cost_and_efficiency(ground) -> None:
    tables = made(ground, slice=SLICES, demand_slice=LOAD, technology_slice=SUN)
    held = {r["technology"]: r for r in tables["storage"].to_dicts()}
    assert held["cn_pumped_storage"]["efficiency_in"] ** 2 == pytest.approx(0.75)  # DIW: 75 % there and back
    assert held["cn_battery"]["efficiency_out"] ** 2 == pytest.approx(0.96)
    cost = {r["technology"]: r for r in tables["technology_option"].to_dicts()}
    assert cost["cn_pumped_storage"]["cost_capital"] == pytest.approx(1090e3)  # USD/kW of 2030
    assert cost["cn_pumped_storage"]["cost_fixed"] == pytest.approx(10.9e3)  # 1 % a year
    assert (cost["cn_battery"]["cost_capital"], cost["cn_battery"]["lifetime"]) == (798e3, 25.0)
    assert "draft_storage" in tables["plan_note"]["subject"].to_list()
    assert not {"cn_battery", "cn_pumped_storage"} & set(tables["not_offered"]["item"])


def test_what_follows_the_weather_without_a_shape_is_named(ground) -> None:
    tables = made(ground, slice=SLICES, demand_slice=LOAD, technology_slice=SUN)
    said = dict(tables["plan_note"].select("subject", "sentence_en").iter_rows())["draft_no_shape"]
    assert "Distributed" in said
    assert "Onshore" in said
    assert "Utility" not in said


def test_thermal_plants_follow_the_load_and_rows_of_the_user_stay(ground) -> None:
    tables = made(ground, slice=SLICES, demand_slice=LOAD, technology_slice=SUN)
    rows = {(r["technology"], r["slice"]): r["availability"] for r in tables["technology_slice"].to_dicts()}
    assert rows["cn_gas", ""] == 1.0
    assert rows["cn_pv_central", "night"] == 0.0
    assert not any(t == "energy_power-raw_coal" for t, _ in rows)  # without a capacity nothing holds it
    own = pl.DataFrame({"technology": ["cn_gas"], "availability": [0.9]})
    tables = made(ground, slice=SLICES, demand_slice=LOAD, technology_slice=own)
    rows = {(r["technology"], r["slice"]): r["availability"] for r in tables["technology_slice"].to_dicts()}
    assert rows["cn_gas", ""] == 0.9
