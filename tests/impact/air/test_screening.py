import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.air.screening import screen_tm5fasst

CUT = {"SO2": -0.4, "NOx": -0.2, "NH3": -0.05, "BC": -0.3, "OC": -0.3, "NMVOC": -0.1, "CH4": -0.1}


def test_the_worked_example_as_a_ratio() -> None:
    found = screen_tm5fasst(CUT)
    assert found.ratio == pytest.approx(24.390399 / 30.554720, abs=2e-6)
    assert (found.reach, found.missing) == ("within_reach", ())
    assert screen_tm5fasst(CUT, "M6M").ratio == pytest.approx(52.005050 / 53.9, abs=1e-7)


def test_nothing_changes_where_nothing_changes() -> None:
    assert screen_tm5fasst({}).ratio == 1
    assert screen_tm5fasst({}).missing == ("SO2", "NOx", "NH3", "BC", "OC")
    assert screen_tm5fasst({}, "M6M").missing == ("SO2", "NOx", "NMVOC", "CH4")


@pytest.mark.parametrize(
    ("cut", "reach"),
    [(-0.2, "within_fifth"), (-0.21, "within_reach"), (-0.6, "within_reach"), (-0.61, "beyond_reach")],
)
def test_how_far_the_stretch_goes(cut: float, reach: str) -> None:
    assert screen_tm5fasst({"NOx": cut}).reach == reach


def test_what_does_not_act_on_a_metric_does_not_stretch_it() -> None:
    assert screen_tm5fasst({"NMVOC": -0.9}).reach == "within_fifth"
    assert screen_tm5fasst({"NMVOC": -0.9}).ratio == 1


@given(st.floats(-1, 0), st.floats(-1, 0))
def test_less_carbon_in_particles_is_never_worse(bc: float, oc: float) -> None:
    assert screen_tm5fasst({"BC": bc, "OC": oc}).ratio <= 1


def test_bad_input() -> None:
    with pytest.raises(KeyError, match="no response to Hg"):
        screen_tm5fasst({"Hg": -0.1})
    with pytest.raises(ValueError, match="below -1"):
        screen_tm5fasst({"SO2": -1.1})
    with pytest.raises(KeyError, match="no region XXX"):
        screen_tm5fasst({"SO2": -0.1}, region="XXX")
