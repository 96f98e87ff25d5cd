import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.device import SHORT_TON, devices
from tongyuan.pathway.draft.ground import Sheets
from tongyuan.pathway.draft.key import keys
from tongyuan.pathway.draft.present import present
from tongyuan.pathway.draft.service import served

COAL = "industry_combustion-raw_coal"


def rates(*rows: tuple[str, str, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["technology", "species", "value"], orient="row")
    return conform("emission_coefficient", frame.with_columns(unit=pl.lit("t/TJ")))


def fitted(ground, coefficient):
    sheets = Sheets()
    present(served(keys(ground, sheets), ground, sheets), ground, sheets)
    devices(ground, sheets, coefficient)
    return sheets


def test_scr_costs_what_it_removes(ground) -> None:
    sheets = fitted(ground, rates((COAL, "NOx", 0.15)))
    scr = next(r for r in sheets.of("control_option") if r["control"] == "scr" and r["technology"] == COAL)
    assert scr["cost_variable"] == pytest.approx(2141.0 / SHORT_TON * 0.8 * 0.15)  # CoST NSCRIBCOAL, 2003
    assert (scr["price_year"], scr["currency"]) == (2003, "USD")
    removed = {(r["control"], r["species"]): r["efficiency"] for r in sheets.of("control_removal")}
    assert removed["scr", "NOx"] == 0.8


def test_families_stand_together_but_remove_nothing_twice(ground) -> None:
    sheets = fitted(ground, rates((COAL, "NOx", 0.15), (COAL, "SO2", 0.2), (COAL, "PM2.5", 0.1)))
    names = {r["control"] for r in sheets.of("control_option")}
    assert any(name.count("+") == 2 for name in names)
    for name in names:
        species = [r["species"] for r in sheets.of("control_removal") if r["control"] == name]
        assert len(species) == len(set(species))


def test_a_source_with_a_device_of_the_kind_gets_no_second(grounds) -> None:
    row = {"region": "370000", "year": 2021, "process": "industry.combustion", "product": "raw_coal",
           "control": "sncr", "applied": 1.0, "source": "x"}  # fmt: skip
    ground = grounds(control=conform("control", pl.DataFrame([row])))
    sheets = fitted(ground, rates((COAL, "NOx", 0.15)))
    assert not sheets.of("control_option")
    assert "present" in {r["reason"] for r in sheets.of("not_offered")}


def test_power_plants_after_control_are_not_cleaned_twice(grounds) -> None:
    power = "energy_power-raw_coal"
    row = {"region": "370000", "year": 2021, "process": "energy.power", "product": "raw_coal",
           "species": "NOx", "value": 1.0, "unit": "t", "basis": "after_control",
           "method": "factor_tier_3"}  # fmt: skip
    ground = grounds(emission=conform("emission", pl.DataFrame([row])))
    sheets = fitted(ground, rates((power, "NOx", 0.3)))
    assert not sheets.of("control_option")
    assert "after_control" in {r["reason"] for r in sheets.of("not_offered")}


def test_small_sources_are_left_out(ground) -> None:
    small = rates((COAL, "NOx", 1e-6), ("transport_road-diesel", "NOx", 1.0))
    sheets = fitted(ground, small)
    assert not sheets.of("control_option")
    assert "small" in {r["reason"] for r in sheets.of("not_offered")}


def test_a_removal_that_stands_elsewhere_joins_the_cost(grounds) -> None:
    ground = grounds((("industry.nitric_acid", "nitric_acid", "", 18.0, "万吨"),))
    name = "industry_nitric_acid-nitric_acid"
    sheets = fitted(ground, rates((name, "N2O", 0.007)))
    (option,) = sheets.of("control_option")
    assert option["control"] == "n2o_nscr"
    assert option["cost_variable"] == pytest.approx(19.2 * 298 * 0.85 * 0.007)  # USD/t CO2e (AR4), guide 85 %
    (removal,) = sheets.of("control_removal")
    assert (removal["species"], removal["efficiency"]) == ("N2O", 0.85)


def test_a_removal_of_the_library_without_a_cost_is_said_not_to_be_offered(ground) -> None:
    sheets = fitted(ground, rates((COAL, "SO2", 0.2), (COAL, "NOx", 0.15)))
    left = {(r["item"], r["reason"], r["subject"]) for r in sheets.of("not_offered")}
    assert ("furnace_lime", "no_cost", "industry") in left
    assert not {item for item, reason, _ in left if reason == "no_cost"} & {"scr", "low_nox_burner"}


def test_no_device_is_free_for_the_species_it_removes_beside_another(ground) -> None:
    """Low-sulphur fuel is printed at 2,350 USD a ton of SO2 and nought a ton of PM2.5 (CoST SLSFICB)."""
    sheets = fitted(ground, rates((COAL, "PM2.5", 0.1), (COAL, "SO2", 0.2)))
    cost = {r["control"]: r["cost_variable"] for r in sheets.of("control_option") if r["technology"] == COAL}
    assert cost
    assert min(cost.values()) > 0.0
    dust = fitted(ground, rates((COAL, "PM2.5", 0.1)))
    assert not [r for r in dust.of("control_option") if "low_sulphur_fuel" in r["control"]]


FARM = "agriculture_fertiliser-fertiliser"
FIELDS = (("agriculture.fertiliser", "fertiliser", "", 100.0, "万吨"),)


def test_ammonia_is_priced_as_printed_and_owned_by_agriculture(grounds) -> None:
    sheets = fitted(grounds(FIELDS), rates((FARM, "NH3", 0.1)))
    cost = {r["control"]: (r["cost_variable"], r["currency"]) for r in sheets.of("control_option")}
    removed = {r["control"]: r["efficiency"] for r in sheets.of("control_removal") if r["species"] == "NH3"}
    # 8.5e9 dollars for 5.55e9 kg of N; 999e9 yuan for 74 % of 12.5e9 kg of N
    n = 14.007 / 17.031
    assert cost["ammonia_measures"] == (pytest.approx(8.5 / 5.55 * 1e3 * n * 0.53 * 0.1, rel=1e-6), "USD")
    high = 999 / (0.74 * 12.5) * 1e3 * n * 0.74 * 0.1
    assert cost["ammonia_measures_high"] == (pytest.approx(high, rel=1e-6), "CNY")
    assert (removed["ammonia_measures"], removed["ammonia_measures_high"]) == (0.53, 0.74)
    assert {r["department"] for r in sheets.of("measure")} == {"agriculture"}


def test_an_inhibitor_lowers_nitrous_oxide_and_raises_ammonia(grounds) -> None:
    sheets = fitted(grounds(FIELDS), rates((FARM, "N2O", 0.01), (FARM, "NH3", 0.1)))
    removed = {
        r["species"]: r["efficiency"]
        for r in sheets.of("control_removal")
        if r["control"] == "nitrification_inhibitor"
    }
    assert removed == {"N2O": 0.47, "NH3": -0.357}


def test_devices_in_two_currencies_are_compared_in_one(grounds) -> None:
    from tongyuan.pathway.draft.device import Device, _chosen

    def made(name: str, cost: float, currency: str) -> Device:
        return Device(name, "ammonia", {"NH3": 0.5}, cost, currency, None, name, name, "x", "y")

    dollars, yuan = made("dollars", 1000.0, "USD"), made("yuan", 5000.0, "CNY")
    assert [d.device for d in _chosen([dollars, yuan], Sheets())] == ["yuan"]  # 6.9 yuan a dollar in 2020


def test_mines_may_capture_and_destroy_methane(grounds) -> None:
    ground = grounds((("energy.coal_mining", "raw_coal", "", 100.0, "万吨"),))
    mine = "energy_coal_mining-raw_coal"
    sheets = fitted(ground, rates((mine, "CH4_fossil", 0.005)))
    cost = {r["control"]: r["cost_variable"] for r in sheets.of("control_option")}
    removed = {r["control"]: r["efficiency"] for r in sheets.of("control_removal")}
    base = 3.233e13 * 25  # g CO2e of coal mining in China, 2030
    assert removed["coal_mine_capture_destruction"] == pytest.approx(5.829849e14 / base, rel=1e-5)
    assert removed["coal_mine_destruction"] == pytest.approx(4.617522e14 / base, rel=1e-5)
    assert cost["coal_mine_destruction"] == pytest.approx(7.880463 * 25 * 0.571299 * 0.005)
