import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.station.statistic import percentile_hj663, year_complete, year_mean

TEN = [35, 20, 50, 10, 80, 65, 42, 28, 55, 90]


@pytest.mark.parametrize(
    ("percent", "value"), [(90, 81.0), (95, 85.5), (98, 88.2), (0, 10), (100, 90), (50, 46)]
)
def test_percentiles_of_ten_days_by_hand(percent: float, value: float) -> None:
    assert percentile_hj663(TEN, percent) == pytest.approx(value, abs=1e-12)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=40), st.floats(0, 100))
def test_the_percentile_is_that_of_numpy(values: list[float], percent: float) -> None:
    expected = np.percentile(values, percent, method="linear")
    assert percentile_hj663(values, percent) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_missing_days_do_not_count() -> None:
    assert percentile_hj663([np.nan, *TEN, np.nan], 90) == pytest.approx(81)
    assert np.isnan(percentile_hj663([np.nan, np.nan], 90))
    assert year_mean([[1, 3, np.nan], [np.nan] * 3]) == pytest.approx([2, np.nan], nan_ok=True)
    with pytest.raises(ValueError, match="0 to 100"):
        percentile_hj663(TEN, 101)


def test_a_year_needs_324_days_27_a_month_and_25_in_february() -> None:
    month = np.repeat(np.arange(1, 13), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    days = np.ones(365)
    assert year_complete(days, month)
    short = days.copy()
    short[:5] = np.nan
    assert not year_complete(short, month)
    short[4] = 1
    assert year_complete(short, month)
    few = days.copy()
    few[np.flatnonzero(month == 2)[:4]] = np.nan
    assert not year_complete(few, month)
    thin = np.ones(365)
    for number in (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12):
        here = np.flatnonzero(month == number)
        thin[here[27:]] = np.nan
    assert np.isfinite(thin).sum() == 11 * 27 + 28
    assert year_complete(thin, month)
    thin[np.flatnonzero(month == 2)[:1]] = np.nan
    assert np.isfinite(thin).sum() == 324
    assert year_complete(thin, month)
    thin[np.flatnonzero(month == 2)[:2]] = np.nan
    assert not year_complete(thin, month)
