from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.stack import PARAMETERS, manual_tests, readings


@pytest.fixture(scope="module")
def hour() -> pl.DataFrame:
    return metered(seed=4).hour


def test_a_test_a_month_says_what_the_monitor_said_in_that_hour(hour: pl.DataFrame) -> None:
    made, read = manual_tests(hour, "F"), readings(hour, "F")
    assert made.height == 12 * 3
    assert made["time"].dt.month().unique().to_list() == list(range(1, 13))
    one = made.filter(pl.col("species") == "SO2")
    code = pl.col("parameter") == PARAMETERS["so2"]
    both = one.join(read.filter(code, pl.col("flag") == "N"), left_on="time", right_on="hour")
    assert both.height > 6
    assert both["value"].to_list() == both["value_right"].to_list()


def test_stopped_hours_have_no_mass(hour: pl.DataFrame) -> None:
    read = readings(hour, "F").filter(pl.col("condition") == "stopped")
    assert read.height > 0
    assert read["mass"].null_count() == read.height
