import polars as pl
import pytest
from tests.flows.impact.test_weather import world as windy

import tongyuan as ty

AIR = {
    "response": {
        "receptor": ["city"] * 2, "species": ["SO2", "NOx"], "value": [8.0, 3.0], "unit": ["µg/m3/kt"] * 2,
        "base_emission": [0.5, 2.3], "base_unit": ["kt"] * 2,
    },
    "receptor": {"receptor": ["city"], "value": [39.0], "unit": ["µg/m3"]},
    "receptor_observation": {
        "receptor": ["city"], "year": [2021], "value": [41.0], "unit": ["µg/m3"], "error": [0.5],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return ty.workspace({**ty.example("minimal").tables, **AIR}, region="山东省")


@pytest.mark.parametrize("lognormal", [False, True])
def test_an_inventory_is_held_against_what_was_observed(world, lognormal) -> None:
    table = ty.constrain(world, lognormal=lognormal).scaling_factor.frame
    assert set(table["species"]) == {"SO2", "NOx"}
    assert (table["posterior_sd"] <= table["prior_sd"]).all()
    assert (table["posterior"] > 1).any()


def test_trends_at_average_weather_are_those_of_the_tables() -> None:
    given = windy()
    given["weather"] = given["weather"].with_columns(place=pl.lit("济南市"))
    given["station"] = given["station"].with_columns(region=pl.lit("济南市"))
    made = ty.weather_trend(ty.workspace(given, kind="city", region="济南市"))
    trend = made.weather_trend.frame
    assert trend["place"].to_list() == ["370100"]
    assert trend["lower"][0] < -0.08 < trend["upper"][0]
    with pytest.raises(ty.FindingError, match=r"year of weather|没有可以做气象订正"):
        ty.weather_trend(ty.example("minimal"))


def test_nothing_constrains_a_world_without_observations() -> None:
    with pytest.raises(ty.FindingError, match="constrain"):
        ty.constrain(ty.example("minimal"))
