from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import assemble

KINDS = [
    ("emission", "CO2e", ""), ("emission", "pollution_equivalent", "north"), ("activity", "arc", ""),
    ("activity", "all_steel", "key"),
    ("capacity", "wind", ""), ("production", "steel", ""), ("consumption", "electricity", "south"),
    ("purchase", "coal", ""),
    ("cost", "total", ""), ("cost", "utility", ""), ("cost", "purchase", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def world():
    case = steel()
    plan = least_cost(case)
    return case, plan, assemble(case, ["CO2e", "pollution_equivalent"])


@pytest.mark.parametrize(("kind", "name", "scope"), KINDS)
@pytest.mark.parametrize("years", [[2030], [2025, 2030]])
def test_matrix_and_tables_give_one_value(world, kind, name, scope, years):
    case, plan, problem = world
    rows = quantity.vector(problem, kind, name, years, scope)
    x = np.zeros(problem.columns.height)
    own = plan.problem.named("columns").with_columns(x=plan.solution.x)
    named = problem.named("columns").join(
        own, on=own.columns[:-1], how="left", nulls_equal=True, maintain_order="left"
    )
    x = named["x"].fill_null(0.0).to_numpy().copy()
    emission = problem.matrix.tocsr()[(problem.rows["kind"] == "emission").to_numpy()]
    z = (problem.columns["kind"] == "emission").to_numpy()
    x[z] = 0.0
    x[z] = -(emission @ x)
    by_matrix = float(rows["weight"].to_numpy() @ x[rows["column"].to_numpy()])
    by_table = quantity.value(case, plan.tables, kind, name, years, scope)
    assert by_matrix == pytest.approx(by_table, rel=1e-9)


def test_unknown_kind_is_refused(world):
    with pytest.raises(ValueError, match="no quantity of kind"):
        quantity.vector(world[2], "happiness", "x", [2030])


@pytest.mark.parametrize("counted", [False, True])
def test_total_cost_is_what_the_objective_counts(counted):
    """Damage of 100 CNY a t of CO2 is kept apart, unless the objective counts it."""
    case = steel()
    tax = pl.DataFrame(
        {"tax": ["harm"], "quantity": ["CO2"], "value": [100.0], "unit": ["CNY/t"], "item": ["damage"]}
    )
    case = replace(
        case.with_tables(tax=tax), settings=case.settings.model_copy(update={"include_damage": counted})
    )
    plan = least_cost(case)
    emitted = quantity.value(case, plan, "emission", "CO2", [2030])
    harm = quantity.value(case, plan, "cost", "damage", [2030])
    assert harm == pytest.approx(100.0 * emitted)
    every = plan["plan_cost"].filter(pl.col("year") == 2030)["value"].sum()
    total = every if counted else every - harm
    assert quantity.value(case, plan, "cost", "total", [2030]) == pytest.approx(total)
    rows = quantity.vector(plan.problem, "cost", "total", [2030])
    found = rows["weight"].to_numpy() @ plan.solution.x[rows["column"].to_numpy()]
    assert found == pytest.approx(total)


RESPONSE = {
    "receptor": ["city", "city", "village"], "species": ["SO2", "SO2", "SO2"], "node": ["", "south", ""],
    "value": [2.0, 7.0, 100.0], "unit": ["ug/m3/t"] * 3,
}  # fmt: skip


def told(**columns):
    return pl.DataFrame({"technology": "furnace", "control": "", "node": "north"} | columns)


def test_a_concentration_is_the_response_times_emission_times_years():
    """City: 2 a t, 7 in the south. 3 t in 2025 and 4 t in 2030 of the north, 1 t of the south in 2030."""
    case = steel().with_tables(response=pl.DataFrame(RESPONSE))
    made = told(
        node=["north", "north", "south"], year=[2025, 2030, 2030], species="SO2", value=[3.0, 4.0, 1.0]
    )
    tables = {"plan_emission": made}

    def value(years, **more):
        return quantity.value(case, tables, "concentration", "city", years, **more)

    assert value([2030]) == pytest.approx(4 * 2 + 7)
    assert value([2030], scope="north") == pytest.approx(4 * 2)
    assert value([2025, 2030]) == pytest.approx(5 * 3 * 2 + 5 * (4 * 2 + 7))
    assert value([2025, 2030], cumulative=False) == pytest.approx(3 * 2 + 4 * 2 + 7)


def test_an_activity_may_be_asked_for_with_one_device():
    tables = {"plan_activity": told(control=["", "scr"], year=2030, value=[3.0, 4.0])}
    case = steel()
    assert quantity.value(case, tables, "activity", "furnace", [2030]) == 7.0
    assert quantity.value(case, tables, "activity", "furnace", [2030], control="scr") == 4.0


def test_names_nodes_and_species_that_are_asked_for():
    case = steel().with_tables(response=pl.DataFrame(RESPONSE))
    free = pl.when(pl.col("technology") == "wind").then(pl.lit("free")).otherwise(pl.lit("tracked"))
    options = case["technology_option"].with_columns(capacity=free)
    held = quantity.names(case.with_tables(technology_option=options), "capacity")
    assert held == {"furnace", "arc", "coal_power"}
    assert [quantity.scope_nodes(case, s) for s in ("", "key", "south")] == [
        ["north", "south"], ["north"], ["south"],
    ]  # fmt: skip
    assert quantity.species_needed(case) == {"NOx", "CO2"}
    air = case["target"].with_columns(quantity_kind=pl.lit("concentration"), quantity=pl.lit("city"))
    assert quantity.species_needed(case.with_tables(target=air)) == {"SO2"}
