import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tongyuan.programme.forecast import forecast

VALUES = st.lists(st.floats(1, 100), min_size=3, max_size=12)
STEEL = ([2019, 2020, 2022, 2023, 2024], [10.4, 9.0, 9.7, 9.9, 10.0])


def test_against_ordinary_least_squares_of_scipy():
    years, values = STEEL
    fit = stats.linregress(years, values)
    made = forecast(years, values, 2025)
    assert made is not None
    assert made.value == pytest.approx(fit.intercept + fit.slope * 2025)
    x = np.array(years, dtype=float)
    residual = np.array(values) - fit.intercept - fit.slope * x
    s = math.sqrt(np.sum(residual**2) / 3)
    spread = s * math.sqrt(1 + 1 / 5 + (2025 - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2))
    assert made.spread == pytest.approx(spread)
    assert made.freedom == 3
    t = (15 - made.value) / spread
    assert made.probability("at_least", 15) == pytest.approx(stats.t.sf(t, 3))
    low, high = made.interval()
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 3) * spread)


def test_a_prediction_interval_covers_what_it_promises():
    rng = np.random.default_rng(7)
    years = np.arange(2015, 2023)
    hits = 0
    for _ in range(600):
        noise = rng.normal(0, 2, 9)
        made = forecast(years, 3 + 0.5 * (years - 2015) + noise[:8], 2025)
        assert made is not None
        low, high = made.interval(0.9)
        hits += low <= 3 + 0.5 * 10 + noise[8] <= high
    assert 0.87 < hits / 600 < 0.93


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_observations_give_no_forecast(count):
    assert forecast([2019, 2020][:count], [1.0, 2.0][:count], 2025) is None


def test_repeated_years_missing_values_and_zero_under_a_logarithm_give_no_forecast():
    assert forecast([2019, 2019, 2019], [1, 2, 3], 2025) is None
    assert forecast([2019, 2020, 2021], [1, np.nan, 3], 2025) is None
    assert forecast([2019, 2020, 2021], [1, 0, 3], 2025, trend="log") is None
    with pytest.raises(ValueError, match="one length"):
        forecast([2019, 2020], [1, 2, 3], 2025)


def test_a_gap_is_left_out_not_filled():
    whole = forecast([2019, 2021, 2022], [1.0, 4.0, 4.5], 2025)
    with_gap = forecast([2019, 2020, 2021, 2022], [1.0, np.nan, 4.0, 4.5], 2025)
    assert whole == with_gap


def test_points_on_a_line_are_no_surer_than_their_measurement():
    exact = forecast([2019, 2020, 2021], [1.0, 2.0, 3.0], 2025)
    assert exact is not None
    assert exact.spread == 0
    assert exact.probability("at_least", 7) == 1
    assert exact.probability("at_most", 7) == 1
    assert exact.probability("at_least", 7.01) == 0
    measured = forecast([2019, 2020, 2021], [1.0, 2.0, 3.0], 2025, errors=[0.5, 0.5, 0.5])
    assert measured is not None
    assert measured.spread > 0.5
    assert 0 < measured.probability("at_least", 7.01) < 0.5


def test_a_logarithmic_trend_stays_positive():
    made = forecast([2013, 2015, 2017, 2021, 2024], [98, 76, 57, 39, 35.5], 2035, trend="log")
    assert made is not None
    assert 0 < made.interval()[0] < made.value < made.interval()[1]
    assert made.probability("at_most", 0) == 0


@given(VALUES, st.floats(-200, 200), st.floats(0, 100))
def test_probability_is_one_and_grows_with_an_easier_bound(values, bound, easier):
    years = list(range(2010, 2010 + len(values)))
    made = forecast(years, values, 2025)
    assert made is not None
    p = made.probability("at_least", bound)
    assert 0 <= p <= 1
    assert made.probability("at_least", bound - easier) >= p - 1e-12
    assert made.probability("at_most", bound + easier) >= made.probability("at_most", bound) - 1e-12
    if made.spread > 0:
        assert p + made.probability("at_most", bound) == pytest.approx(1)


@given(VALUES, st.floats(-50, 50), st.floats(0.1, 10), st.randoms())
def test_order_shift_and_scale_do_not_matter(values, shift, scale, random):
    years = list(range(2010, 2010 + len(values)))
    made = forecast(years, values, 2025)
    assert made is not None
    assume(made.spread > 1e-6)
    pairs = list(zip(years, values, strict=True))
    random.shuffle(pairs)
    again = forecast([y for y, _ in pairs], [scale * v + shift for _, v in pairs], 2025)
    assert again is not None
    assert again.value == pytest.approx(scale * made.value + shift, rel=1e-6, abs=1e-6)
    assert again.spread == pytest.approx(scale * made.spread, rel=1e-5)
    assert again.probability("at_least", scale * 50 + shift) == pytest.approx(
        made.probability("at_least", 50), abs=1e-6
    )


@given(VALUES, st.floats(0, 20))
def test_measurement_uncertainty_never_narrows_the_forecast(values, error):
    years = list(range(2010, 2010 + len(values)))
    bare, measured = (
        forecast(years, values, 2025),
        forecast(years, values, 2025, errors=[error] * len(values)),
    )
    assert bare is not None
    assert measured is not None
    assert measured.spread >= bare.spread
    assert measured.centre == bare.centre


def test_measurement_alone_by_hand():
    """1, 2, 3 on a line, each ± 0.5: variance 0.25, so spread 0.5 sqrt(1 + 1/3 + 25/2) = 1.8597."""
    made = forecast([2019, 2020, 2021], [1.0, 2.0, 3.0], 2025, errors=[0.5, 0.5, 0.5])
    assert made is not None
    assert made.value == pytest.approx(7.0)
    assert made.spread == pytest.approx(1.8597, rel=1e-4)


def test_under_a_logarithm_an_error_counts_relative_to_its_value():
    """100, 50, 25, each ± 10 %: halved every year; spread of ln y 0.1 sqrt(13.833) = 0.37193."""
    made = forecast([2019, 2020, 2021], [100.0, 50.0, 25.0], 2025, errors=[10.0, 5.0, 2.5], trend="log")
    assert made is not None
    assert made.value == pytest.approx(25 / 16)
    assert made.spread == pytest.approx(0.37193, rel=1e-4)


def test_a_share_below_one_has_a_logarithm():
    """0.8, 0.4, 0.2 halves every year: 0.1 follows."""
    made = forecast([2019, 2020, 2021], [0.8, 0.4, 0.2], 2022, trend="log")
    assert made.value == pytest.approx(0.1)
    assert forecast([2019, 2020, 2021], [0.8, 0.4, 0.0], 2022, trend="log") is None
