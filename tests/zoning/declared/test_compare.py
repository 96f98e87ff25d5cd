"""Declared against accounted."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.zoning.declared.compare import compare


def frame(**values):
    return pl.DataFrame(
        {"project": ["J"] * len(values), "species": list(values), "value": list(values.values())},
        schema={"project": pl.String, "species": pl.String, "value": pl.Float64},
    )


def test_every_state():
    made = compare(
        frame(SO2=50.0, NOx=99.0, CO2=81.0, TSP=130.0, COD=5.0),
        frame(SO2=100.0, NOx=100.0, CO2=100.0, TSP=100.0, CO=7.0),
    )
    found = dict(made.select("species", "state").iter_rows())
    assert found == {
        "SO2": "understated",
        "NOx": "agrees",
        "CO2": "agrees",
        "TSP": "overstated",
        "COD": "not_accounted",
        "CO": "not_declared",
    }
    assert made.filter(pl.col("species") == "SO2")["share"].item() == 0.5


@given(st.floats(1e-3, 1e9))
def test_half_is_always_found(value):
    assert compare(frame(NOx=value / 2), frame(NOx=value))["state"].item() == "understated"
    assert compare(frame(NOx=value), frame(NOx=value))["state"].item() == "agrees"


def test_the_edge_agrees():
    assert compare(frame(NOx=80.0), frame(NOx=100.0))["state"].item() == "agrees"
    assert compare(frame(NOx=79.9), frame(NOx=100.0))["state"].item() == "understated"
    assert compare(frame(NOx=0.0), frame(NOx=0.0))["share"].item() is None


def test_an_own_tolerance():
    assert compare(frame(NOx=95.0), frame(NOx=100.0), 0.01)["state"].item() == "understated"
    with pytest.raises(pl.exceptions.PolarsError):
        compare(frame(NOx=1.0).drop("value"), frame(NOx=1.0))
