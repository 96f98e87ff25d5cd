from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.table import table
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.plan import measure_rows


@pytest.fixture(scope="module")
def plan():
    return least_cost(steel(), scenario="both")


def test_tables_are_those_of_the_ledger(plan):
    for name, frame in plan.tables.items():
        assert frame.columns == [c.name for c in table(name).columns]
        assert frame["scenario"].unique().to_list() in (["both"], [])


def test_what_nodes_send_is_what_links_carry():
    case = steel()
    far = case["demand"].with_columns(
        pl.when((pl.col("node") == "south") & (pl.col("flow") == "electricity"))
        .then(8e4)
        .otherwise("value")
        .alias("value")
    )
    plan = least_cost(case.with_tables(demand=far))
    links, flow = plan["plan_link"], plan["plan_flow"]
    assert links["sent"].sum() == pytest.approx(flow["sent"].sum())
    assert links["sent"].sum() > 0.0
    assert links["received"].sum() == pytest.approx(0.97 * links["sent"].sum())
    assert links["received"].sum() == pytest.approx(flow["received"].sum())


def test_shares_of_a_technology_sum_to_one(plan):
    used = plan["plan_activity"].filter(pl.col("value") > 0)
    sums = used.group_by("node", "technology", "year").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


def test_all_species_are_reported_not_only_those_of_targets(plan):
    assert set(plan["plan_emission"]["species"]) == {"CO2", "NOx", "SO2"}


def test_marginal_value_of_a_bought_flow_is_its_price(plan):
    rows = plan["plan_flow"].filter((pl.col("flow") == "coal") & (pl.col("purchase") > 0))
    assert rows["marginal_value"].to_list() == pytest.approx([25.0] * rows.height)


def test_measures_are_sets_of_technologies_and_controls():
    measure = pl.DataFrame(
        {"measure": ["a", "b", "c"], "technology": ["k", "", "k"], "control": ["", "d", "d"]}
    )
    present = pl.DataFrame({"technology": ["k", "k", "m"], "control": ["", "d", "d"]})
    found = {tuple(r) for r in measure_rows(measure, present).rows()}
    assert found == {("a", "k", ""), ("a", "k", "d"), ("b", "k", "d"), ("b", "m", "d"), ("c", "k", "d")}


def test_a_measure_has_one_amount_per_unit(plan):
    """Denitrification of steel [t] and of power [MWh] has no sum: each amount is that of its technology."""
    used = plan["plan_measure"].filter(pl.col("measure") == "scr")
    by_technology = (
        plan["plan_activity"].filter(pl.col("control") == "scr").group_by("technology", "unit", "year")
    ).agg(pl.col("value").sum())
    assert set(used["unit"]) == {"t", "MWh"}
    for unit, technology in (("t", "furnace"), ("MWh", "coal_power")):
        found = used.filter(pl.col("unit") == unit).sort("year")["value"].to_list()
        rows = by_technology.filter(pl.col("technology") == technology).sort("year")
        assert found == pytest.approx(rows["value"].to_list())


def test_every_target_has_a_sentence_in_both_languages(plan):
    rows = plan["shadow_price"]
    assert rows["sentence_zh"].str.contains("约束有效").all()
    assert rows["sentence_en"].str.contains("bind").all()
