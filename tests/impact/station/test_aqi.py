import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.station.aqi import breakpoints, grade_hj633, index_hj633, sub_index_hj633

DAY = {"PM2.5": 68, "PM10": 131, "O3": 172, "SO2": 33, "NO2": 61, "CO": 1.3}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("HJ633-2012", [92, 91, 111, 33, 77, 33]), ("HJ633-2026", [108, 105, 111, 33, 77, 33])],
)
def test_a_day_in_both_editions(rule: str, expected: list[float]) -> None:
    sub = {p: sub_index_hj633(v, rule, p, "max_8h" if p == "O3" else "day") for p, v in DAY.items()}
    assert [float(v) for v in sub.values()] == expected
    index = index_hj633(sub)
    assert index.aqi == 111
    assert [p for p, leads in index.leading.items() if leads] == ["O3"]


@pytest.mark.parametrize(
    ("rule", "pollutant", "period", "value", "expected"),
    [
        ("HJ633-2012", "SO2", "day", 523, 158),
        ("HJ633-2012", "PM2.5", "day", 75, 100),
        ("HJ633-2026", "PM2.5", "day", 75, 114),
        ("HJ633-2012", "PM10", "day", 150, 100),
        ("HJ633-2026", "PM10", "day", 150, 112),
        ("HJ633-2026", "O3", "max_8h", 900, 300),
        ("HJ633-2026", "SO2", "hour", 801, 200),
        ("HJ633-2012", "PM2.5", "day", 700, 500),
        ("HJ633-2012", "CO", "day", 0, 0),
    ],
)
def test_sub_indices(rule: str, pollutant: str, period: str, value: float, expected: float) -> None:
    assert sub_index_hj633(value, rule, pollutant, period) == expected


def test_beyond_its_table_the_edition_of_2012_has_no_sub_index() -> None:
    assert np.isnan(sub_index_hj633(801, "HJ633-2012", "SO2", "hour"))
    assert np.isnan(sub_index_hj633(801, "HJ633-2012", "O3", "max_8h"))
    assert sub_index_hj633(800, "HJ633-2012", "SO2", "hour") == 200


def test_rounding_up_is_not_fooled_by_binary_dust() -> None:
    assert sub_index_hj633(75 * (1 + 1e-15), "HJ633-2012", "PM2.5", "day") == 100
    assert sub_index_hj633(75.01, "HJ633-2012", "PM2.5", "day") == 101


def test_grades_and_primary_pollutant() -> None:
    aqi = np.array([0, 50, 51, 100, 101, 150, 200, 300, 301, 500, np.nan])
    assert grade_hj633(aqi)[:-1].tolist() == [1, 1, 2, 2, 3, 3, 4, 5, 6, 6]
    assert np.isnan(grade_hj633(aqi)[-1])
    clean = index_hj633({"PM2.5": 50.0, "NO2": 40.0})
    assert not any(clean.leading.values())
    both = index_hj633({"PM2.5": [80.0, np.nan], "NO2": [80.0, np.nan]})
    assert both.leading["PM2.5"][0]
    assert both.leading["NO2"][0]
    assert np.isnan(both.aqi[1])


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="negative"):
        sub_index_hj633(-1, "HJ633-2012", "PM2.5", "day")
    with pytest.raises(KeyError, match="no breakpoints"):
        breakpoints("HJ633-2012", "TSP", "day")


@given(st.floats(0, 600), st.floats(0, 600))
def test_more_is_never_better(one: float, other: float) -> None:
    low, high = sorted((one, other))
    sub = sub_index_hj633([low, high], "HJ633-2026", "PM2.5", "day")
    assert sub[0] <= sub[1]
