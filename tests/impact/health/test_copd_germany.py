"""COPD deaths of Germany by ozone: a printed function of three curves, read on natural splines.

Points and deaths: assessment of the LMU Munich for the German environment agency, as carried by the tests of
healthiar (SwissTPH/healthiar, LMU_O3_COPD_mort_2016).
"""

import numpy as np
import pytest

from tongyuan.impact.health.tabulated import risk_spline, risk_tabulated

POINTS = """
64.05 1 1 1
66.05 1.00017728 1.000134744 1.000214782
68.05 1.004059743 1.003084229 1.004920572
70.05 1.005900892 1.004481982 1.007153508
72.05 1.00712096 1.005407889 1.008633676
74.05 1.008035179 1.006101511 1.009743042
76.05 1.008766698 1.006656408 1.010630861
78.05 1.00937659 1.007118972 1.011371171
80.05 1.00989964 1.007515617 1.012006143
82.05 1.010357553 1.007862827 1.012562098
84.05 1.010764791 1.008171582 1.013056574
86.05 1.011131476 1.008449565 1.013501845
88.05 1.01146497 1.008702364 1.01390684
90.05 1.011770793 1.00893417 1.014278258
92.05 1.012053194 1.009148209 1.014621251
94.05 1.012315513 1.009347014 1.014939871
96.05 1.012560421 1.009532612 1.015237359
98.05 1.01279009 1.009706652 1.015516349
100.05 1.013006308 1.00987049 1.015779013
102.05 1.013210566 1.010025259 1.016027159
104.05 1.013404122 1.010171911 1.016262312
106.05 1.013588041 1.010311255 1.016485767
"""
"""Ozone [µg/m3], relative risk, its lower and upper limit."""

EXPOSURE, *RISKS = np.array([line.split() for line in POINTS.split("\n") if line], dtype=float).T


@pytest.mark.parametrize(
    ("ozone", "dead", "expected"),
    [
        (82.6, 27_001, [280, 213, 339]),
        (88.7, 31_064, [355, 270, 430]),
        (84.1, 29_908, [319, 243, 386]),
    ],
    ids=["2014", "2015", "2016"],
)
def test_deaths_of_a_year(ozone: float, dead: int, expected: list[int]) -> None:
    found = [dead * (1 - 1 / float(risk_spline(ozone, EXPOSURE, risk))) for risk in RISKS]
    assert np.round(found).tolist() == expected


def test_a_spline_goes_through_its_points_and_never_beyond() -> None:
    assert risk_spline(EXPOSURE, EXPOSURE, RISKS[0]) == pytest.approx(RISKS[0], rel=1e-14)
    assert risk_spline(84.1, EXPOSURE, RISKS[0]) == pytest.approx(
        float(risk_tabulated(84.1, EXPOSURE, RISKS[0])), abs=1e-5
    )
    for outside in (64.0, 106.1, np.nan):
        with pytest.raises(ValueError, match="outside"):
            risk_spline(outside, EXPOSURE, RISKS[0])
    with pytest.raises(ValueError, match="do not rise"):
        risk_spline(1.0, [1.0, 1.0], [1.0, 1.1])
