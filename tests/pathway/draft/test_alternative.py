import pytest

from tongyuan.pathway.draft.alternative import alternatives, potentials
from tongyuan.pathway.draft.ground import Sheets, cost_library
from tongyuan.pathway.draft.key import keys
from tongyuan.pathway.draft.present import present
from tongyuan.pathway.draft.service import served


def offered(ground):
    sheets = Sheets()
    base = present(served(keys(ground, sheets), ground, sheets), ground, sheets)
    alternatives(ground, sheets, base)
    return (
        sheets,
        base,
        {r["technology"]: r for r in sheets.of("technology_option") if r["source"] != "made up"},
    )


def test_wind_of_the_province_with_its_potential_and_hours(ground) -> None:
    _, base, found = offered(ground)
    wind = found["cn_wind_onshore"]
    assert wind["cost_capital"] == pytest.approx(521_000.0)  # 521 USD/kW, RMC table 2-4
    assert wind["cost_fixed"] == pytest.approx(521_000.0 * 0.012167)  # Danish Energy Agency
    assert wind["availability"] == pytest.approx(1636e6 / 596e3 / 8760)  # RMC table 2-3, Shandong
    assert wind["potential"] == 296_000.0
    assert wind["growth_start"] * wind["availability"] * 8.76 == pytest.approx(0.02 * 5 * base["electricity"])


def test_a_city_has_the_hours_of_its_province_and_no_potential_of_its_own(grounds) -> None:
    _, _, found = offered(grounds(region="370200"))
    assert found["cn_pv_distributed"]["potential"] is None
    assert potentials(grounds(region="370200"))["region"] == "370000"


def test_nothing_is_offered_without_what_it_needs(grounds) -> None:
    sheets, _, found = offered(grounds((("building.residential.rural", "raw_coal", "", 1.0, "万吨"),)))
    assert "eu_decentral_gas_boiler-heat_rural" in found
    assert "eu_decentral_air_sourced_heat_pump-heat_rural" in found  # power is bought
    assert not any(t.startswith("cn_wind") for t in found)
    reasons = {(r["item"], r["reason"]) for r in sheets.of("not_offered")}
    assert ("cn_wind_onshore", "no_service") in reasons
    assert ("eu_hydrogen_storage_underground", "chain") in reasons


def test_heat_pumps_reach_only_heat_below_100_degrees(ground) -> None:
    _, base, found = offered(ground)
    pump = found["eu_industrial_heat_pump_low_temperature-industrial_heat"]
    full = pump["potential"] * pump["yearly_output"] * pump["availability"]
    assert full == pytest.approx(228 / (1035 + 706 + 228) * base["industrial_heat"], rel=1e-4)


def test_an_electric_car_takes_what_its_motor_needs_and_comes_at_turnover(ground) -> None:
    sheets, base, found = offered(ground)
    car = found["eu_battery_electric_passenger_cars-car_motion"]
    power = next(r for r in sheets.of("technology_flow")
                 if r["technology"] == car["technology"] and r["role"] == "input")  # fmt: skip
    assert power["coefficient"] == pytest.approx(1 / 3.6 / 0.68)
    assert car["growth_start"] == pytest.approx(base["car_motion"] / 15 * 5)


def test_rail_costs_and_takes_what_the_library_says_per_tonne_kilometre(ground) -> None:
    sheets, _, found = offered(ground)
    rail = found["cn_rail_freight_electric-road_freight"]
    assert rail["cost_variable"] == pytest.approx(4358.0)  # 0.004358 USD/(t·km)
    power = next(r for r in sheets.of("technology_flow")
                 if r["technology"] == rail["technology"] and r["role"] == "input")  # fmt: skip
    assert power["coefficient"] == pytest.approx(0.07289 / 3.6)  # GWh per 10^6 t·km


def test_every_technology_of_the_library_is_offered_or_left_out_with_a_reason(ground) -> None:
    sheets, _, found = offered(ground)
    told = {r["item"] for r in sheets.of("not_offered")}
    said = {t for t, _ in cost_library() if any(name.startswith(t) for name in found)}
    assert {t for t, _ in cost_library()} == told | said


def test_a_works_has_roofs_and_no_land_for_wind(grounds) -> None:
    _, _, found = offered(grounds(area=False))
    assert "cn_pv_distributed" in found
    assert not {"cn_wind_onshore", "cn_wind_offshore", "cn_pv_central"} & set(found)
