import pytest

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.purchased_energy import (
    emission_from_purchased_energy,
    guide_electricity_co2,
    guide_heat_co2,
    guide_hot_water_heat,
    guide_steam_heat,
    market_electricity_co2,
)
from tongyuan.ledger.finding import FindingError


def test_equations() -> None:
    assert float(guide_electricity_co2(1.0, 0.5306)) == pytest.approx(5.306)
    assert float(market_electricity_co2(100, 40, 0.6)) == pytest.approx(360)
    assert float(guide_heat_co2(100)) == pytest.approx(11)
    assert float(guide_steam_heat(1, 2776.9)) == pytest.approx(2.69316)
    assert float(guide_hot_water_heat(1, 70)) == pytest.approx(0.20934)


def test_location_view(rows) -> None:
    result = emission_from_purchased_energy(
        rows({"electricity": 100.0, "heat": 1000.0, "steam": 10.0, "steam_pressure": 1.0})
    )
    assert result["value"].to_list() == [
        pytest.approx(683.8),
        pytest.approx(110),
        pytest.approx(26.9316 * 0.11),
    ]
    assert set(result["scope"]) == {"indirect"}
    assert result["factor_id"][0].to_list() == ["370000:average:2021"]


def test_market_view(rows) -> None:
    cells = {"electricity": 100.0, "non_fossil_contracted": 25.0}
    market = emission_from_purchased_energy(rows(cells), Settings(market_view=True))
    assert market["value"].to_list() == [pytest.approx(75 * 10 * 0.5942)]
    all_green = emission_from_purchased_energy(
        rows({**cells, "non_fossil_contracted": 100.0}), Settings(market_view=True)
    )
    assert all_green["value"].to_list() == [0.0]


@pytest.mark.parametrize("market", [True, False])
@pytest.mark.parametrize("contracted", [100.01, 125.0, 1e6])
def test_more_contracted_than_bought_is_an_error_in_both_views(rows, market: bool, contracted: float) -> None:
    cells = {"electricity": 100.0, "non_fossil_contracted": contracted}
    with pytest.raises(FindingError, match="contracted") as error:
        emission_from_purchased_energy(rows(cells), Settings(market_view=market))
    assert [f.check for f in error.value.findings] == ["green-too-much"]


def test_years_are_not_filled(rows) -> None:
    old = rows({"year": 2014, "electricity": 100.0})
    with pytest.raises(FindingError) as error:
        emission_from_purchased_energy(old)
    assert error.value.findings[0].check == "grid-year"
    named = emission_from_purchased_energy(old, Settings(grid_year=2022))
    assert named["value"].to_list() == [pytest.approx(641.0)]
    own = emission_from_purchased_energy(rows({"year": 2014, "electricity": 100.0, "factor": 0.9}))
    assert own["factor_id"].to_list() == [["purchased_energy:1.factor"]]


def test_pressure_off_the_table(rows) -> None:
    with pytest.raises(FindingError, match=r"no 0\.97 MPa"):
        emission_from_purchased_energy(rows({"steam": 10.0, "steam_pressure": 0.97}))
    own = emission_from_purchased_energy(rows({"steam": 10.0, "steam_enthalpy": 3000.0}))
    assert own["value"][0] == pytest.approx((3000 - 83.74) / 100 * 0.11)


@pytest.mark.parametrize("region", ["西藏", "某园区"])
def test_no_area_stands_in_for_another(rows, region: str) -> None:
    with pytest.raises(FindingError, match="no published grid factor"):
        emission_from_purchased_energy(rows({"region": region, "electricity": 1.0}))


def test_a_city_takes_the_factor_of_its_province(rows) -> None:
    result = emission_from_purchased_energy(rows({"region": "济南市", "electricity": 1.0}))
    assert result["factor_id"].to_list() == [["370000:average:2021"]]
