import numpy as np
import polars as pl
import pytest

from tongyuan.facility.evidence.balance import balances
from tongyuan.facility.simulate.meter import DIGITS, Year, metered


def true_coal(year: Year) -> np.ndarray:
    month = year.truth.group_by(pl.col("hour").dt.month(), maintain_order=True)
    return month.agg(pl.col("coal").sum())["coal"].to_numpy()


def test_meters_err_by_their_accuracy() -> None:
    """Monthly errors of twenty plants spread as the shelf says."""
    years = [metered(seed=k, hours=2000) for k in range(20)]
    coal = np.concatenate([y.month["coal"].to_numpy() / true_coal(y) - 1 for y in years])
    assert coal.std() == pytest.approx(0.005, rel=0.3)


def test_every_variable_of_the_balances_is_reported_each_month() -> None:
    month = metered(seed=2).month
    assert set(balances().variables) | {"month"} == set(month.columns)
    assert month.height == 12
    assert month.null_count().sum_horizontal().item() == 0


def test_instruments_print_their_digits_and_marks() -> None:
    hour = metered(seed=2, hours=2000).hour
    for name, digits in DIGITS.items():
        assert hour[name].round(digits).equals(hour[name]), name
    assert {"N", "C", "M", "F"} <= set(hour["mark"]) | {"F"}
    assert (hour.filter(hour["state"] == "stopped")["mark"] == "F").all()
