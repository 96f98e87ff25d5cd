from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.audit import audit
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.example import typed
from tongyuan.pathway.plan import tables as plan_tables
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.decline import least
from tongyuan.pathway.solve.solve import solve

WORLD = """
[node]
node
here

[period]
year, weight
2025, 5
2030, 5
2045, 5

[flow]
flow, unit
heat, TJ

[technology_option]
technology, unit, capacity, cost_variable, decline
old,        TJ,   free,     10,            0.05
new,        TJ,   free,     1,

[technology_flow]
technology, flow, role,   coefficient
old,        heat, output, 1
new,        heat, output, 1

[stock]
node, technology, activity
here, old,        100

[demand]
node, flow, year, value, unit
here, heat, 2025, 100,   TJ
here, heat, 2030, 100,   TJ
here, heat, 2045, 100,   TJ
"""


@pytest.fixture
def world() -> Case:
    return draft(typed(WORLD), Settings(discount_rate=0.05, base_year=2021))


def test_a_twentieth_of_the_base_may_go_every_year(world: Case) -> None:
    assert least(world)["least"].to_list() == pytest.approx([80.0, 55.0])  # 4 and 9 years; after 20 nothing
    found = solve(assemble(world))
    run = plan_tables(assemble(world), found, "x")["plan_activity"].filter(pl.col("technology") == "old")
    assert dict(run.select("year", "value").iter_rows()) == pytest.approx({2025: 80.0, 2030: 55.0, 2045: 0.0})


def test_the_audit_sees_what_was_given_up_too_fast(world: Case) -> None:
    problem = assemble(world)
    tables = dict(plan_tables(problem, solve(problem), "x"))
    assert audit(world, tables).is_empty()
    old = pl.col("technology") == "old"
    tables["plan_activity"] = tables["plan_activity"].with_columns(
        pl.when(old).then(0.5 * pl.col("value")).otherwise("value").alias("value")
    )
    assert "decline" in set(audit(world, tables)["constraint"])


def test_without_a_limit_the_dear_one_stops_at_once(world: Case) -> None:
    free = world.with_tables(
        technology_option=world["technology_option"].with_columns(decline=pl.lit(None, dtype=pl.Float64))
    )
    assert least(free).is_empty()
    run = plan_tables(assemble(free), solve(assemble(free)), "x")["plan_activity"]
    assert run.filter(pl.col("technology") == "old")["value"].sum() == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("here", "left"),
    [(None, []), (0.1, [60.0, 10.0]), (0.05, [80.0, 55.0])],  # 4 and 9 years at nothing, 0.1 and 0.05
)
def test_the_row_of_a_node_holds_whole(here: float | None, left: list[float]) -> None:
    """A row of the node goes before that of every node, also where it leaves the limit empty."""
    tables = typed(WORLD)
    option = tables["technology_option"]
    own = option.head(1).with_columns(decline=pl.lit(here, dtype=pl.Float64), node=pl.lit("here"))
    tables["technology_option"] = pl.concat([option, own], how="diagonal_relaxed")
    found = least(draft(tables, Settings(discount_rate=0.05, base_year=2021)))
    assert found["least"].to_list() == pytest.approx(left)
