from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.audit import audit, require_audit
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.coefficient import emissions


@pytest.fixture(scope="module")
def world():
    case = steel()
    return case, dict(least_cost(case).tables)


def test_a_plan_passes_its_own_audit(world):
    assert audit(*world).is_empty()


def test_every_random_plan_passes(random_case):
    for seed in range(8):
        case = random_case(seed, 0.9)
        plan = least_cost(case, explain=False)
        if plan.status == "optimal":
            assert audit(case, plan.tables).is_empty()


@pytest.mark.parametrize(
    ("table", "column", "change", "constraint"),
    [
        ("plan_activity", "value", 1.01, {"target", "emission", "capacity", "share_max"}),
        ("plan_emission", "value", 0.9, {"emission"}),
        ("plan_flow", "purchase", 0.9, {"balance"}),
        ("plan_capacity", "capacity", 0.5, {"capacity"}),
        ("plan_capacity", "built", 0.5, {"vintage"}),
    ],
)
def test_a_planted_violation_is_caught(world, table, column, change, constraint):
    case, tables = world
    spoilt = {**tables, table: tables[table].with_columns(pl.col(column) * change)}
    assert constraint & set(audit(case, spoilt)["constraint"])
    with pytest.raises(FindingError, match="Audit failed"):
        require_audit(case, spoilt)


def test_the_inventory_that_disagrees_is_caught(world):
    case, tables = world

    def inventory(activity: pl.DataFrame) -> pl.DataFrame:
        return emissions(case, codes(case), activity).with_columns(
            value=pl.when(pl.col("species") == "NOx").then(pl.col("value") * 1.2).otherwise("value")
        )

    found = audit(case, tables, inventory)
    assert {"emission", "target"} <= set(found["constraint"])
