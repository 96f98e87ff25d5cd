import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.health.risk import gemm, log_linear, risk_gemm_2018, risk_loglinear


@pytest.mark.parametrize(
    ("pm25", "risk"),
    [
        (25, 1.2372570),
        (30, 1.2731336),
        (35, 1.3085541),
        (39, 1.3366534),
        (82, 1.6125772),
        (2.4, 1.0),
        (0, 1.0),
    ],
)
def test_all_causes_of_gemm(pm25: float, risk: float) -> None:
    assert risk_gemm_2018(pm25, "ncd_lri") == pytest.approx(risk, abs=5e-8)


@pytest.mark.parametrize(
    ("endpoint", "risks"),
    [
        ("ihd", (1.2534, 1.7131, 1.9843, 2.4395)),
        ("stroke", (1.0922, 1.3911, 1.5876, 1.8810)),
        ("copd", (1.1106, 1.3825, 1.5333, 1.7579)),
        ("lung_cancer", (1.1211, 1.4480, 1.6454, 1.9505)),
    ],
)
def test_causes_of_gemm_at_10_35_50_75(endpoint: str, risks: tuple[float, ...]) -> None:
    assert risk_gemm_2018([10, 35, 50, 75], endpoint) == pytest.approx(risks, abs=6e-5)


def test_ages_of_gemm() -> None:
    assert risk_gemm_2018(35, "ihd", "60-64") == pytest.approx(1.6976166, abs=5e-8)
    assert risk_gemm_2018(50, "stroke", "80+") == pytest.approx(1.2617143, abs=5e-8)


def test_the_brackets_of_the_logarithm() -> None:
    """``ln(z/(α + 1))``, as one program has it, would give 1.567 here."""
    assert risk_gemm_2018(35, "ihd") == pytest.approx(1.7131, abs=5e-5)


def test_without_the_chinese_cohort() -> None:
    assert gemm("ihd", chinese_cohort=False)[0] == pytest.approx(0.2543)
    with pytest.raises(KeyError, match="no function"):
        gemm("ihd", "0-4")


def test_draws_of_theta() -> None:
    p = gemm("ncd_lri")
    drawn = risk_gemm_2018(35.0, "ncd_lri", theta=[p.theta - p.theta_se, p.theta, p.theta + p.theta_se])
    assert drawn[1] == risk_gemm_2018(35.0, "ncd_lri")
    assert np.log(drawn[2]) / np.log(drawn[1]) == pytest.approx(1 + p.theta_se / p.theta)


@given(st.floats(0, 200), st.floats(0, 200))
def test_more_is_never_less_risk(one: float, other: float) -> None:
    low, high = sorted((one, other))
    risk = risk_gemm_2018([low, high], "copd")
    assert 1 <= risk[0] <= risk[1]


def test_log_linear_functions() -> None:
    f = log_linear("elapse_2022")
    assert risk_loglinear(15, f.risk, f.per, f.counterfactual) == pytest.approx(1.118)
    assert risk_loglinear([4, 5], f.risk, f.per, f.counterfactual).tolist() == [1, 1]
    assert risk_loglinear(25, 1.1, 10, 5) == pytest.approx(1.21)
    assert log_linear("yin_2017_o3_nonaccidental").term == "short"
    with pytest.raises(KeyError, match="no log-linear"):
        log_linear("nobody")


@pytest.mark.parametrize(
    ("m6m", "share"), [(53.9, 0.07761748), (52.00505, 0.07073663), (33.3, 0.0), (20, 0.0)]
)
def test_ozone_of_the_warm_half_year(m6m: float, share: float) -> None:
    """Jerrett et al. 2009: ``1 − exp(−0.0039221·max(0, M6M − 33.3))``."""
    f = log_linear("jerrett_2009_o3")
    made = 1 - 1 / risk_loglinear(m6m, f.risk, f.per, f.counterfactual)
    assert made == pytest.approx(share, abs=5.1e-9)
    assert f.metric == "M6M"
    assert f.lower < f.risk < log_linear("gbd_2016_o3_copd").risk


def test_copd_in_switzerland_as_in_airq() -> None:
    """PM2.5 8.85, counterfactual 5, 30,746.999 cases, RR 1.369 (1.124–1.664): 3,502 (1,353–5,474)."""
    risk = risk_loglinear(8.85, [1.369, 1.124, 1.664], 10, 5)
    assert np.round(30746.999 * (1 - 1 / risk)).tolist() == [3502, 1353, 5474]
    assert 1 - 1 / risk[0] == pytest.approx(0.1139, abs=5e-5)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="negative"):
        risk_gemm_2018(-1, "ihd")
    with pytest.raises(ValueError, match="above nought"):
        risk_loglinear(10, 0.0, 10, 5)
