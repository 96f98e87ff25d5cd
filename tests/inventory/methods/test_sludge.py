import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.sludge import (
    cecs_sludge_incineration_n2o,
    cecs_sludge_land_n2o,
    digestion_with_power,
    ipcc_biological_treatment,
    ipcc_sludge_organics,
)
from tongyuan.inventory.methods.wastewater import emission_from_wastewater_plant

PLANT = {
    "plant": "一厂",
    "kind": "domestic",
    "treatment": "aerobic",
    "volume": 36.5e6,
    "cod_in": 300.0,
    "cod_out": 25.0,
    "tn_in": 40.0,
    "tn_out": 10.0,
    "sludge_dry": 1000.0,
    "sludge_volatile": 0.5,
}


def test_equations() -> None:
    assert float(ipcc_sludge_organics(100, 1.16)) == pytest.approx(116)
    assert float(ipcc_biological_treatment(1000, 10)) == 10
    assert float(ipcc_biological_treatment(1000, 10, 4)) == 6
    assert float(cecs_sludge_incineration_n2o(1000)) == pytest.approx(0.99)
    assert float(cecs_sludge_land_n2o(1000)) == pytest.approx(1000 * 0.03 * 0.011 * 44 / 28)


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 0.6), st.floats(0, 1), st.floats(0, 0.45))
def test_digestion_keeps_energy(vs: float, degraded: float, made: float, leak: float, eta: float) -> None:
    result = digestion_with_power(vs, degraded, made, leak, eta, eta)
    assert 0 <= float(result.leaked) <= float(result.methane)
    energy = (float(result.methane) - float(result.leaked)) * 50 / 1000
    assert float(result.electricity) + float(result.heat) <= energy + 1e-9


@pytest.mark.parametrize(
    ("route", "species"),
    [
        ("污泥填埋", set()),
        ("污泥焚烧", {"N2O"}),
        ("污泥堆肥", {"N2O", "CH4_biogenic"}),
        ("污泥土地利用", {"N2O", "CH4_biogenic"}),
        ("污泥厌氧消化热电联产", {"CH4_biogenic"}),
    ],
)
def test_every_route(rows, route: str, species: set[str]) -> None:
    result = emission_from_wastewater_plant(rows({**PLANT, "sludge_route": route}))
    found = result.filter(pl.col("process") == "waste.sludge")
    assert set(found["species"]) == species | {"sludge"}
