from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.plan import plan as flow
from tongyuan.flows.plan.certainty import LEVELS, certainty, factor_draws
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.pathway.case.case import Case

Prepared = tuple[Case, Inventory, dict[str, pl.DataFrame]]


def test_certainty_has_a_price_that_rises(prepared: Prepared) -> None:
    case, inventory, _ = prepared
    found = flow.least_cost_plan(case, inventory.evaluate)
    tables, best = certainty(case, found, inventory, draws=500)
    rows = tables["certainty"]
    assert rows["level"].to_list() == [None, *LEVELS]
    assert rows["extra"].is_sorted()
    assert rows["extra"][1] > 0.0
    sure = rows.filter(pl.col("level").is_not_null())
    assert (sure["lowest"] >= sure["level"]).all()
    assert (rows["together"] <= rows["lowest"]).all()
    assert best is not None
    assert best.cost == pytest.approx(rows["cost"][-1])
    assert set(tables["target_probability"]["scenario"]) == {"plan", "robust"}


def test_targets_of_which_little_is_known_do_not_pass_for_sure(prepared: Prepared) -> None:
    """No factor of NOx has limits: its targets are listed, but their certainty is not priced."""
    case, inventory, _ = prepared
    nox = case["target"].filter(pl.col("quantity") == "NOx")
    alone = case.with_tables(target=nox)
    found = flow.least_cost_plan(alone, inventory.evaluate)
    tables, best = certainty(alone, found, inventory, draws=200)
    assert best is None
    assert tables["certainty"].is_empty()
    assert (tables["target_probability"]["known"] < 0.1).all()


def test_limits_typed_in_the_plan_act(prepared: Prepared) -> None:
    case, inventory, _ = prepared
    row = (pl.col("technology") == "industry_coal") & (pl.col("species") == "NOx") & (pl.col("control") == "")
    table = case["emission_coefficient"].with_columns(
        lower=pl.when(row).then(pl.col("value") * 0.5), upper=pl.when(row).then(pl.col("value") * 1.5)
    )
    typed = case.with_tables(emission_coefficient=table)
    drawn, known = factor_draws(typed, inventory, 1000, 0)
    at = table.with_row_index("row").filter(row)["row"].item()
    assert known[at] == 1.0
    assert drawn[at].std() == pytest.approx(0.25, rel=0.1)
