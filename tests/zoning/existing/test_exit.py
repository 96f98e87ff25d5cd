"""Ranking for exit."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.table import conform, empty
from tongyuan.zoning.existing.exit import PARTS, exit_list, parts

UNITS = conform(
    "exit_unit",
    pl.DataFrame(
        {
            "unit": ["old", "middle", "new", "idle"],
            "equivalent": [900.0, 400.0, 100.0, 50.0],
            "CO2e": [9000.0, 5000.0, 2000.0, 100.0],
            "value_added": [1e6, 1e6, 1e6, 0.0],
            "benchmark_distance": [0.4, 0.2, 0.0, 0.1],
            "age": [30.0, 15.0, 2.0, 20.0],
            "people": [5000.0, 1000.0, 500.0, 100.0],
            "red_line": [2.0, 0.0, 0.0, 0.0],
            "source": ["made up"] * 4,
        }
    ),
)


def test_the_worst_in_everything_goes_first_and_surely():
    row = exit_list(UNITS.head(3)).to_dicts()[0]
    assert (row["unit"], row["score"], row["rank"]) == ("old", pytest.approx(1.0), 1)
    assert (row["rank_low"], row["rank_high"], row["first_share"]) == (1, 1, 1.0)
    assert exit_list(UNITS.head(3))["unit"].to_list() == ["old", "middle", "new"]


def test_what_adds_no_value_is_the_worst_per_value():
    x = parts(UNITS)
    assert x[3, 0] == x[3, 1] == 1.0
    assert x[0, 0] == pytest.approx(8 / 17)  # 9e-4 between 1e-4 and twice 9e-4


def test_one_weight_alone_ranks_by_it():
    found = exit_list(UNITS, {"age": 1.0})
    assert found["unit"].to_list() == ["old", "idle", "middle", "new"]
    assert (found["rank_low"] == found["rank_high"]).all()


def test_a_part_in_which_all_are_alike_says_nothing():
    same = UNITS.with_columns(age=pl.lit(9.0))
    assert (parts(same)[:, PARTS.index("age")] == 0).all()


@pytest.mark.parametrize("weights", [{"age": -1.0}, {"age": 0.0}, {"beauty": 1.0}, {}])
def test_weights_that_are_none(weights):
    with pytest.raises(ValueError, match="weights"):
        exit_list(UNITS, weights)


def test_nobody_on_the_list():
    assert exit_list(empty("exit_unit")).is_empty()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2), st.sampled_from(["age", "people", "benchmark_distance", "red_line", "CO2e"]))
def test_getting_worse_never_saves_a_unit(row, column):
    before = {r["unit"]: r["rank"] for r in exit_list(UNITS, draws=20).iter_rows(named=True)}
    value = UNITS[column].to_numpy().copy()
    value[row] = value.max() + 1
    after = exit_list(UNITS.with_columns(pl.Series(column, value)), draws=20)
    name = UNITS["unit"][row]
    assert dict(after.select("unit", "rank").iter_rows())[name] <= before[name]
    assert np.isfinite(after["score"].to_numpy()).all()
