"""The worked example of rfasst 1 and 2: China SO2 −40 %, NOx −20, NH3 −5, BC and OM −30, VOC and CH4 −10.

The urban factors of regions other than China are typed with six digits, hence a tolerance of 2e-5; so are
emissions of the base.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.air.fasst import (
    PARTICLES,
    PRECURSORS,
    block,
    no_change,
    potency,
    response_tm5fasst,
)

CUT = {"SO2": -0.4, "NOX": -0.2, "NH3": -0.05, "BC": -0.3, "OM": -0.3, "VOC": -0.1, "CH4": -0.1}
DELTA = {
    "CHN": (-1.529617, -0.342286, -0.579512, -0.605667, -2.445357),
    "MON": (-0.469444, -0.114358, -0.161807, -0.117545, -0.395933),
    "COR": (-0.415228, -0.088242, -0.149299, -0.137959, -0.410404),
    "JPN": (-0.143489, -0.025847, -0.052569, -0.028044, -0.100375),
}
LEVEL = {
    "CHN": (28.031343, 22.528904, 30.554720, 24.390399, 53.9, 52.005050, 37.852, 36.868625),
    "MON": (15.035756, 13.776668, 18.458570, 16.998168, 52.8, 51.746101, 36.082, 35.582095),
    "COR": (22.611390, 21.410258, 34.462410, 33.085031, 55.8, 54.900178, 28.866, 28.395008),
    "JPN": (13.600040, 13.249715, 18.296460, 17.886221, 55.0, 54.474520, 38.138, 37.821864),
}


def example() -> np.ndarray:
    change = no_change()
    for name, value in CUT.items():
        change[block().origins.index("CHN"), PRECURSORS.index(name)] = value
    return change


@pytest.mark.parametrize("receptor", DELTA)
def test_components_of_the_worked_example(receptor: str) -> None:
    place = block().receptors.index(receptor)
    before, after = response_tm5fasst(no_change(), 1), response_tm5fasst(example(), 1)
    change = [after.component[name][place] - before.component[name][place] for name in PARTICLES]
    tolerance = 1e-6 if receptor == "CHN" else 3e-6
    assert change == pytest.approx(DELTA[receptor], abs=tolerance)


@pytest.mark.parametrize("receptor", LEVEL)
def test_levels_of_the_worked_example(receptor: str) -> None:
    place = block().receptors.index(receptor)
    found = []
    for version in (1, 2):
        found += [float(response_tm5fasst(c, version).pm25[place]) for c in (no_change(), example())]
    for metric in ("M6M", "O3"):
        found += [float(response_tm5fasst(c).ozone[metric][place]) for c in (no_change(), example())]
    assert found == pytest.approx(LEVEL[receptor], abs=3e-5)


def test_less_sulfur_makes_more_nitrate_and_ozone() -> None:
    change = no_change()
    place = block().origins.index("CHN")
    change[place, PRECURSORS.index("SO2")] = -0.4
    here = block().receptors.index("CHN")
    before, after = response_tm5fasst(no_change()), response_tm5fasst(change)
    assert after.component["NO3"][here] > before.component["NO3"][here]
    assert after.ozone["M6M"][here] - before.ozone["M6M"][here] == pytest.approx(0.224, abs=1e-9)
    assert after.pm25[here] < before.pm25[here]


def test_potency_of_a_kilotonne() -> None:
    found = potency()
    printed = {
        "SO2": 2.412159e-4,
        "NOX": 2.229266e-4,
        "NH3": 4.112973e-4,
        "BC": 1.501223e-3,
        "OM": 2.000965e-3,
    }
    for name, value in printed.items():
        assert found["PM2.5"][name] == pytest.approx(value, rel=3e-6)
    ozone = {"NOX": 7.577950e-4, "SO2": -3.008480e-5, "VOC": 1.211128e-4, "CH4": 1.454545e-5}
    for name, value in ozone.items():
        assert found["M6M"][name] == pytest.approx(value, rel=1e-6)


def test_ships_act_on_particles_and_not_on_ozone() -> None:
    change = no_change()
    change[block().origins.index("SHIP")] = -0.5
    before, after = response_tm5fasst(no_change()), response_tm5fasst(change)
    assert (after.pm25 <= before.pm25).all()
    assert (after.pm25 < before.pm25).any()
    assert after.ozone["M6M"].tolist() == before.ozone["M6M"].tolist()


def test_no_component_falls_below_nought() -> None:
    air = response_tm5fasst(np.full_like(no_change(), -1.0))
    assert all((values >= 0).all() for values in air.component.values())


@given(st.lists(st.floats(-0.2, 0.2), min_size=14, max_size=14))
def test_small_changes_add_up(values: list[float]) -> None:
    """Where nothing is cut off at nought, the response to two changes is the sum of the responses."""
    one, other = no_change(), no_change()
    here = block().origins.index("CHN")
    one[here], other[here] = np.reshape(values, (2, 7)) * 0.5
    base, r1, r2 = (response_tm5fasst(c).pm25 for c in (no_change(), one, other))
    assert response_tm5fasst(one + other).pm25 - base == pytest.approx((r1 - base) + (r2 - base), abs=1e-9)


def test_many_changes_at_once_are_the_changes_one_by_one() -> None:
    both = response_tm5fasst(np.stack([no_change(), example()]))
    assert both.pm25.shape == (2, len(block().receptors))
    assert both.pm25[1] == pytest.approx(response_tm5fasst(example()).pm25, abs=1e-12)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="shape"):
        response_tm5fasst(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="below -1"):
        response_tm5fasst(no_change() - 1.5)
    with pytest.raises(ValueError, match="version"):
        response_tm5fasst(no_change(), 3)
