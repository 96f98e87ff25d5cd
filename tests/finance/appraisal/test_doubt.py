"""Draws of appraisals: laws with their known quantiles, and values that are linear in them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tongyuan.finance.appraisal.doubt import Z, factors, ranges
from tongyuan.finance.appraisal.flow import net_present_value
from tongyuan.ledger.table import conform

INVESTMENT = pl.DataFrame({"project": ["a", "b"], "lifetime": [5, 5]})
YEARS = list(range(2026, 2031))
FLOW = pl.concat(
    [
        pl.DataFrame({"project": [p] * 6, "item": ["investment"] + ["revenue"] * 5, "year": [2025, *YEARS],
                      "value": [-1000.0] + [300.0] * 5})
        for p in ("a", "b")
    ]
)  # fmt: skip
CUT = pl.DataFrame({"project": ["a"], "CO2e": [10.0], "equivalent": [1.0]})


def doubt(*rows):
    names = ["project", "item", "law", "lower", "upper"]
    return conform(
        "appraisal_doubt",
        pl.DataFrame(rows, schema=names, orient="row").with_columns(source=pl.lit("made up")),
    )


def drawn(*rows, draws=20_000, **more):
    return ranges(INVESTMENT, FLOW, CUT, doubt(*rows), rate=0.08, draws=draws, seed=1, **more)


@pytest.mark.parametrize(
    ("law", "known"),
    [
        ("normal", stats.norm(1.0, 0.2 / Z)),
        ("lognormal", stats.lognorm(np.log(1.2 / 0.8) / (2 * Z), scale=np.sqrt(0.8 * 1.2))),
        ("uniform", stats.uniform(0.8, 0.4)),
        ("triangular", stats.triang(0.5, 0.8, 0.4)),
    ],
)
def test_a_law_has_its_quantiles(law, known):
    even = np.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])
    assert factors(law, 0.8, 1.2, even) == pytest.approx(known.ppf(even), rel=1e-9)


def test_the_value_of_the_textbook_project_moves_with_its_revenue():
    """197.8130 at 8 %: -1000 and 1197.8130 of revenue, at 5 % and 95 % times 1 ± 1.645 · 0.2/1.96."""
    made = drawn(("a", "revenue", "normal", 0.8, 1.2)).to_dicts()
    by = {r["project"]: r for r in made}
    worth = float(net_present_value([0, *[300.0] * 5], 0.08))
    spread = stats.norm.ppf(0.95) * 0.2 / Z * worth
    assert by["a"]["median"] == pytest.approx(worth - 1000, abs=3)
    assert by["a"]["lower"] == pytest.approx(worth - 1000 - spread, abs=5)
    assert by["a"]["upper"] == pytest.approx(worth - 1000 + spread, abs=5)
    chance = stats.norm.cdf((worth - 1000) / (worth * 0.2 / Z))
    assert by["a"]["positive"] == pytest.approx(chance, abs=0.01)
    assert by["b"]["lower"] == by["b"]["upper"] == pytest.approx(worth - 1000)


def test_a_price_of_all_moves_all_alike_and_ones_own_goes_first():
    both = drawn((None, "revenue", "uniform", 0.5, 1.5))
    assert both["lower"][0] == both["lower"][1]
    own = drawn((None, "revenue", "uniform", 0.5, 1.5), ("b", "revenue", "uniform", 1.0, 1.0))
    assert own["lower"][1] == own["upper"][1]
    assert own["lower"][0] < own["upper"][0]


def test_the_cost_of_carbon_moves_with_what_is_cut():
    made = drawn(("a", "reduction", "uniform", 0.5, 1.0), shares={"a": 0.8}).to_dicts()[0]
    cost = -0.8 * (1197.813 - 1000) * 0.08 / (1 - 1.08**-5) / 10
    assert made["carbon_median"] == pytest.approx(cost / 0.75, rel=0.01)
    assert made["lower"] == made["upper"]


def test_no_doubt_no_draws():
    none = doubt(("a", "revenue", "normal", 1.0, 1.0)).clear()
    assert ranges(INVESTMENT, FLOW, CUT, none, rate=0.08, draws=9, seed=1).is_empty()


@pytest.mark.parametrize(
    ("law", "lower", "upper"),
    [("normal", 1.2, 0.8), ("lognormal", 0.0, 1.2), ("lognormal", -1.0, 1.2), ("triangular", 1.1, 1.2),
     ("triangular", 0.5, 0.9), ("beta", 0.8, 1.2)],
)  # fmt: skip
def test_bounds_that_do_not_suit_a_law_are_refused(law, lower, upper):
    with pytest.raises(ValueError, match=r"law|bound"):
        factors(law, lower, upper, np.array([0.5]))


@given(st.floats(0.01, 1.0), st.floats(1.0, 10.0), st.floats(0.001, 0.999))
def test_ends_are_never_left(lower, upper, even):
    for law in ("uniform", "triangular"):
        assert lower - 1e-12 <= float(factors(law, lower, upper, np.array([even]))[0]) <= upper + 1e-12
