import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.ground import Sheets
from tongyuan.pathway.draft.key import energy, keys
from tongyuan.pathway.draft.service import fuel, price_of, served
from tongyuan.reference.shelf import shelf


def balance(output: float, unit: str = "亿千瓦时") -> pl.DataFrame:
    row = {"region": "370000", "year": 2021, "item": "thermal_power", "product": "electricity",
           "value": output, "unit": unit, "source": "balance"}  # fmt: skip
    return conform("energy_balance", pl.DataFrame([row]))


def yields(ground, sheets=None):
    return {s.key.technology: s for s in served(keys(ground, Sheets()), ground, sheets or Sheets())}


def test_power_without_a_balance_has_the_efficiency_of_china(ground) -> None:
    coal = yields(ground)["energy_power-raw_coal"]
    heat = energy("raw_coal", 100.0, "万吨", "C")
    assert heat is not None
    assert coal.flow == "electricity"
    assert coal.unit == "GWh"
    assert coal.value == pytest.approx(heat * 0.424071 / 3.6)  # NBS balance of 2020: 65,508.75 / 154,475.94
    assert coal.source == "cn_energy_balance_2020"


def test_a_balance_shares_its_output_among_fuels_by_heat(grounds) -> None:
    found = yields(grounds(balance=balance(24.0)))
    coal, gas = found["energy_power-raw_coal"], found["energy_power-natural_gas"]
    assert coal.value + gas.value == pytest.approx(2400.0)
    assert coal.value / gas.value == pytest.approx(coal.key.energy / gas.key.energy)


def test_a_balance_that_makes_power_from_nothing_is_passed_over(grounds) -> None:
    sheets = Sheets()
    coal = yields(grounds(balance=balance(99.0)), sheets)["energy_power-raw_coal"]
    assert [f.check for f in sheets.findings] == ["draft_ratio"]
    assert coal.source == "cn_energy_balance_2020"


def test_old_stoves_yield_less_than_boilers(ground) -> None:
    found = yields(ground)
    stove, boiler = found["building_residential_rural-raw_coal"], found["industry_combustion-raw_coal"]
    assert stove.value == pytest.approx(0.42 * stove.key.energy)  # Li et al. 2016
    assert boiler.value == pytest.approx(0.89 * boiler.key.energy)  # Danish Energy Agency


def test_trucks_by_the_tonne_kilometre(ground) -> None:
    diesel = yields(ground)["transport_road-diesel"]
    assert diesel.unit == "10^6 t·km"
    assert diesel.value == pytest.approx(diesel.key.energy / 1.15, rel=1e-6)  # MJ per t·km


def test_a_source_without_service_stands_alone(ground) -> None:
    alone = yields(ground)["solvent_domestic-population"]
    assert (alone.flow, alone.value, alone.unit) == ("own:solvent_domestic-population", 500.0, "万人")


def test_coke_is_steel_only_where_no_furnace_is_known(ground, grounds) -> None:
    coke = ("industry.steel.blast_furnace", "coke", "", 100.0, "万吨")
    iron = ("industry.steel.blast_furnace", "pig_iron", "", 200.0, "万吨")
    assert yields(ground)["industry_steel_blast_furnace-coke"].flow == "crude_steel"
    assert yields(grounds((coke, iron)))["industry_steel_blast_furnace-coke"].flow.startswith("own:")


def test_fuels_with_a_price() -> None:
    assert [fuel(p) for p in ("raw_coal", "lng", "coking_product", "fuel_oil", "")] == [
        "coal", "natural_gas", "", "", "",
    ]  # fmt: skip


def test_prices_per_tonne_become_prices_of_heat() -> None:
    row = next(r for r in shelf("service_price").to_dicts() if r["flow"] == "diesel")
    found = price_of(row, "TJ", "C")
    assert found is not None
    ncv = energy("diesel", 1.0, "t", "C")
    assert found[0] == pytest.approx(7688.0 / ncv)
    assert found[1] == "CNY/TJ"


def test_coke_in_standard_coal_is_steel_by_its_heating_value(grounds) -> None:
    tonnes = (("industry.steel.blast_furnace", "coke", "", 100.0, "t"),)
    heat = energy("coke", 100.0, "t", "C")
    standard = (("industry.steel.blast_furnace", "coke", "", heat / 0.0293076, "tce"),)
    name = "industry_steel_blast_furnace-coke"
    assert yields(grounds(standard))[name].value == pytest.approx(yields(grounds(tonnes))[name].value)
