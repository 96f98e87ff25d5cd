from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    cap=st.floats(0.02, 1.0),
    degenerate=st.booleans(),
    sale=st.sampled_from([False] * 9 + [True]),
)
def test_equals_an_independent_formulation(random_case, hand_written, seed, cap, degenerate, sale):
    case = random_case(seed, cap, sale, degenerate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        condition, objective, _ = hand_written(case)
    plan = least_cost(case, explain=False)
    if condition == "optimal":
        assert plan.status == "optimal"
        assert plan.cost == pytest.approx(objective, rel=1e-8)
    else:
        assert plan.status in ("infeasible", "unbounded")
        if condition in ("infeasible", "unbounded"):
            assert plan.status == condition


def slope(case, cost, target, step):
    """Return what the cost rises by from `cost` when the bound of `target` moves by `step`, per unit."""
    moved = case["target"].with_columns(
        bound=pl.when(pl.col("target") == target).then(pl.col("bound") + step).otherwise("bound")
    )
    plan = least_cost(case.with_tables(target=moved), explain=False)
    return (plan.cost - cost) / step if plan.status == "optimal" else np.nan


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cap=st.floats(0.1, 0.9))
def test_prices_are_the_duals_of_the_independent_formulation_where_unique(
    random_case, hand_written, seed, cap
):
    case = random_case(seed, cap)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        condition, _, dual = hand_written(case)
    assume(condition == "optimal")
    plan = least_cost(case)
    price = dict(plan["shadow_price"].select("target", "discounted").iter_rows())
    made = plan["plan_flow"].filter((pl.col("flow") == "good") & (pl.col("year") == 2030))["production"].sum()
    # a ratio's price is per percentage point of its bound, the row of the other problem is bound × made
    per_dual = {"SO2": -1.0, "CO2": -1.0, "share": made / 100.0}
    for target, bound in case["target"].select("target", "bound").iter_rows():
        left, right = (slope(case, plan.cost, target, step) for step in (-1e-4 * bound, 1e-4 * bound))
        if np.isclose(left, right, rtol=1e-6, atol=1e-6 * plan.cost):
            assert price[target] == pytest.approx(
                dual[target] * per_dual[target], rel=1e-6, abs=1e-7 * plan.cost
            )


def test_cost_table_adds_up_to_the_objective():
    plan = least_cost(steel())
    assert plan["plan_cost"]["discounted"].sum() == pytest.approx(plan.cost, rel=1e-9)


def test_shadow_price_is_the_slope_of_cost():
    case = steel()
    plan = least_cost(case)
    price = plan["shadow_price"].filter(pl.col("target") == "NOx_cap")["discounted"].item()
    step = 0.01
    moved = case["target"].with_columns(
        bound=pl.when(pl.col("target") == "NOx_cap").then(pl.col("bound") - step).otherwise("bound")
    )
    assert (least_cost(case.with_tables(target=moved)).cost - plan.cost) / step == pytest.approx(
        price, rel=1e-6
    )


def test_ratio_shadow_price_is_per_percentage_point():
    case = steel()
    plan = least_cost(case)
    price = plan["shadow_price"].filter(pl.col("target") == "short_process")["discounted"].item()
    step = 0.0001
    moved = case["target"].with_columns(
        bound=pl.when(pl.col("target") == "short_process").then(pl.col("bound") + step).otherwise("bound")
    )
    assert (least_cost(case.with_tables(target=moved)).cost - plan.cost) / (100 * step) == pytest.approx(
        price, rel=1e-3
    )


def test_unbounded_names_what_runs_away(random_case):
    with pytest.raises(FindingError, match="good"):
        least_cost(random_case(1, 1.0, True).with_targets(names=[]).with_tables(
            technology_option=random_case(1)["technology_option"].with_columns(potential=pl.lit(None,
            dtype=pl.Float64))
        ))  # fmt: skip


def test_integer_units_and_their_gap():
    case = steel()
    options = case["technology_option"].with_columns(
        unit_size=pl.when(pl.col("technology") == "wind").then(2.0).otherwise(None)
    )
    plan = least_cost(case.with_tables(technology_option=options))
    units = plan["plan_capacity"].filter(pl.col("technology") == "wind")["built"].to_numpy() / 2.0
    assert np.abs(units - np.round(units)).max() < 1e-6
    assert plan.cost >= least_cost(case).cost - 1e-6
    assert plan.gap <= 1e-3


def test_base_point_reproduces_the_base_emissions():
    """Every variable fixed at the stock's activity gives the stock's activity times its coefficients."""
    case = steel()
    problem = assemble(case.with_targets(names=[]), ["NOx", "SO2", "CO2"])
    x = np.zeros(problem.columns.height)
    named = problem.named("columns").with_row_index("column")
    stock = case["stock"]
    rows = named.filter((pl.col("year") == 2025) & (pl.col("kind") == "activity")).join(
        stock.select("node", "technology", "control", "activity"), on=["node", "technology", "control"]
    )
    x[rows["column"].to_numpy()] = rows["activity"].to_numpy()
    row = problem.rows.with_row_index("row").filter(pl.col("kind") == "emission")["row"].to_numpy()
    emitted = -(problem.matrix.tocsr()[row] @ x)
    labels = problem.named("rows")[row.tolist()]
    for species, coefficients in (
        ("NOx", {"furnace": 0.0015, "coal_power": 0.0008}),
        ("CO2", {"furnace": 1.9, "coal_power": 0.85}),
    ):
        here = ((labels["species"] == species) & (labels["year"] == 2025)).to_numpy()
        expected = sum(coefficients[r["technology"]] * r["activity"] for r in stock.to_dicts())
        assert emitted[here].sum() == pytest.approx(expected, rel=1e-12)
