import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.caepi49 import (
    caepi49_assessment,
    caepi49_ch4,
    caepi49_chemical_co2,
    caepi49_k1,
    caepi49_k2,
    caepi49_k3,
    caepi49_k4,
    caepi49_k5,
    caepi49_n2o,
    caepi49_score,
    cecs_fossil_co2,
)
from tongyuan.reference.method.parameter import ParameterError


def test_gases() -> None:
    assert float(caepi49_n2o(1e6, 40, 10)) == pytest.approx(1e6 * 30 * 0.016 * 44 / 28 / 1000)
    made = (1e6 * 0.275 - 1e5 * 0.5 * 1.42) * 0.25 * 0.003
    assert float(caepi49_ch4(1e6, 300, 25, 1e5, 0.5, 0.003, 10)) == pytest.approx(made - 7.17)
    assert caepi49_chemical_co2({"pac": 100, "pam": 10, "sodium_acetate": 5}) == pytest.approx(
        162 + 15 + 14.5
    )
    assert float(cecs_fossil_co2(1000)) == pytest.approx(36.6)


def test_unknown_chemical_is_an_error() -> None:
    with pytest.raises(ParameterError):
        caepi49_chemical_co2({"holy_water": 1.0})


@pytest.mark.parametrize(
    ("removal", "k1"), [(0.0, 1.0), (0.599, 1.0), (0.62, 0.9), (0.92, 0.05), (0.95, 0.0), (1, 0)]
)
def test_k1(removal: float, k1: float) -> None:
    assert caepi49_k1(removal) == k1


@given(st.floats(0, 1), st.floats(0, 1))
def test_k1_falls_with_removal(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert caepi49_k1(high) <= caepi49_k1(low)


def test_other_corrections() -> None:
    assert caepi49_k2(31) == 1.10
    assert caepi49_k2(10) == pytest.approx(0.91 + 0.056 * math.log(10))
    assert caepi49_k3(1, 150, 50, 1, 10, 1) == pytest.approx(1.875 - 0.0035 * (150 + 175 - 10 - 3.5))
    assert caepi49_k3(1, 600, 50, 1, 10, 1) == 0.125
    assert caepi49_k3(1, 510, 0, 1, 10, 0) == pytest.approx(0.125)
    assert [caepi49_k4(x) for x in (100, 60, 50, 40, 30, 20)] == [1.18, 1.18, 1.0, 0.82, 0.64, 0.64]
    assert [caepi49_k5(x) for x in ("none", "partial", "covered", "underground")] == [1, 0.95, 0.9, 0.79]


def test_score_is_continuous_at_its_limits() -> None:
    assert caepi49_score(0.1) == 100
    assert caepi49_score(0.164) == pytest.approx(100, abs=0.1)
    assert caepi49_score(0.451) == pytest.approx(50, abs=0.1)
    assert caepi49_score(0.9) == 50


def test_assessment() -> None:
    result = caepi49_assessment(
        volume=1e6,
        n2o=100,
        ch4=50,
        fuel_co2=1000,
        electricity_co2=150e3,
        heat_co2=0,
        chemical_co2=10e3,
        k=(0.5, 1.0, 0.8, 1.0, 0.9),
        behaviour_score=90,
    )
    assert result.direct == pytest.approx(100 * 265 * 0.5 + 50 * 28 + 1000)
    assert result.indirect == pytest.approx((150e3 * 0.9 + 10e3) * 0.8)
    assert result.intensity == pytest.approx((result.direct + result.indirect) / 1e6)
    assert result.score == pytest.approx(0.8 * result.emission_score + 0.2 * 90)
    assert result.grade == 1


@pytest.mark.parametrize(("behaviour", "grade"), [(100, 3), (0, 4)])
def test_grades(behaviour: float, grade: int) -> None:
    result = caepi49_assessment(
        volume=1,
        n2o=0,
        ch4=0,
        fuel_co2=1,
        electricity_co2=0,
        heat_co2=0,
        chemical_co2=0,
        k=(1, 1, 1, 1, 1),
        behaviour_score=behaviour,
    )
    assert result.grade == grade
