import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.health.risk import log_linear, risk_gemm_2018, risk_loglinear
from tongyuan.impact.health.tabulated import ages, risk_ier_2014, risk_tabulated, risks


def test_the_integrated_function_by_hand() -> None:
    """Lung cancer at 35: z = 29.687161482, 1 + 15.67636977·(1 − exp(−0.001073919·z^0.765861621))."""
    z = 35 - 5.312838615
    by_hand = 1 + 15.67636977 * (1 - np.exp(-0.001073919 * z**0.765861621))
    assert float(risk_ier_2014(35, "lung_cancer")) == pytest.approx(by_hand, rel=1e-12)
    assert 1.2 < by_hand < 1.3
    assert float(risk_ier_2014(5.0, "lung_cancer")) == 1.0


@pytest.mark.parametrize("endpoint", ["ihd", "stroke", "copd", "lung_cancer"])
def test_more_particles_are_never_less_risk(endpoint) -> None:
    made = risk_ier_2014(np.linspace(0, 300, 301), endpoint)
    assert (np.diff(made) >= 0).all()
    assert made[0] == 1


def test_a_printed_function_is_read_where_it_was_printed_and_on_lines_between() -> None:
    """Fusion, COPD: 1.05859 at 5 µg/m3 (shelf)."""
    assert risks("fusion_2022", 5.0, "copd", "25+")[0] == pytest.approx(1.05859)
    points = ([5.0, 10.0, 20.0], [1.1, 1.2, 1.3])
    assert risk_tabulated([5, 7.5, 15, 20], *points).tolist() == pytest.approx([1.1, 1.15, 1.25, 1.3])


@pytest.mark.parametrize("value", [4.9, 20.1, -1.0, np.nan])
def test_it_is_never_carried_beyond(value) -> None:
    with pytest.raises(ValueError, match="outside"):
        risk_tabulated(value, [5.0, 10.0, 20.0], [1.1, 1.2, 1.3])
    with pytest.raises(ValueError, match="do not rise"):
        risk_tabulated(7.0, [5.0, 5.0], [1.1, 1.2])


@given(st.floats(2.4, 84))
def test_the_choice_of_gemm_is_gemm(value) -> None:
    mean, low, high = risks("gemm_2018", value, "ncd_lri", "25+")
    assert mean == pytest.approx(float(risk_gemm_2018(value, "ncd_lri")))
    assert low <= mean <= high


def test_functions_know_their_ages_and_refuse_others() -> None:
    assert "80+" in ages("gemm_2018", "stroke")
    assert ages("ier_2014", "copd") == ("25+",)
    assert "25+" not in ages("fusion_2022", "ihd")
    assert ages("own", "copd", {("copd", "25+"): np.zeros((2, 4))}) == ("25+",)
    for function in ("ier_2014", "fusion_2022", "own"):
        with pytest.raises(KeyError):
            risks(function, 30.0, "ncd_lri", "25+")
    with pytest.raises(KeyError):
        risk_ier_2014(30, "ihd", "25-29")


def test_the_users_own_points_have_their_limits() -> None:
    own = {("copd", "25+"): np.array([[0.0, 1.0, 1.0, 1.0], [100.0, 2.0, 1.5, 2.5]])}
    assert risks("own", 50.0, "copd", "25+", own=own).tolist() == pytest.approx([1.5, 1.25, 1.75])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("hrapie_pm_work_absence", 10.0, 1.046),
        ("khreis_no2_asthma", 12.0, 1.26),
        ("crea_pm_preterm", 18.8, 1.15),
        ("chen_2019_coarse_nonaccidental", 20.0, 1.0023**2),
    ],
)
def test_morbidity_and_short_term_functions_stand_on_the_shelf(name, value, expected) -> None:
    f = log_linear(name)
    assert float(risk_loglinear(value, f.risk, f.per, f.counterfactual)) == pytest.approx(expected)


def test_a_function_nobody_read_is_off_by_default() -> None:
    with pytest.raises(KeyError, match="unverified"):
        log_linear("chen_2017_pm_nonaccidental")
    assert log_linear("chen_2017_pm_nonaccidental", include_unverified=True).risk == 1.0022
