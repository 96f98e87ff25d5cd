"""What runs by slice is there only where a flow asks for it."""

from __future__ import annotations

from tests.pathway.problem.test_storage import heating
from tests.pathway.slices import made, world

from tongyuan.pathway.problem.assemble import assemble


def test_nothing_by_slice_without_flows_that_are_kept_by_slice():
    tables = world()
    tables["flow"][0]["balance_time"] = "year"
    tables["demand_slice"] = []
    assert assemble(made(tables)).timed is None


def test_exchanged_outputs_alone_have_no_balance_by_slice():
    timed = assemble(made(heating(500.0))).timed
    assert timed is not None
    assert timed.balance.is_empty()
    moved = timed.by_year().select("coefficient", "side").rows()
    assert moved == [(1.0, "output"), (-0.2, "output")]


def test_a_balance_stands_for_every_slice():
    problem = assemble(made(world()))
    rows = problem.named("rows").filter(kind="balance")
    assert rows["subject"].to_list() == ["day", "night"]
    assert (
        problem.label(problem.rows.row(problem.timed.balance["row"][0], named=True))
        == "balance/day/a/power/2025"
    )
