"""Step of 谋划: what the plan does for air, health and climate."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Tell the benefit (:func:`tongyuan.flows.impact.benefit.benefit_of`)."""
    from tongyuan.flows.impact.benefit import benefit_of

    return Made(*benefit_of(inputs))


STEP = Step(
    name="benefit",
    flows=("plan",),
    title=Bilingual(
        "估计规划的空气、健康和气候效益", "Telling what the plan does for air, health and climate"
    ),
    given=frozenset({"baseline_death"}),
    reads=frozenset({"plan_emission", "air_statistic"}),
    writes=tables_of(writer="benefit"),
    run=run,
    needs=frozenset({"plan_emission"}),
)
