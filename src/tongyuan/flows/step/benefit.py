"""Step of 谋划: what the plan does for air, health and climate."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Tell the benefit (:func:`tongyuan.flows.impact.benefit.benefit_of`).

    By the response of the workspace too, where it brings one
    (:func:`tongyuan.flows.impact.response.plan_receptor_of`).
    """
    from tongyuan.flows.impact.benefit import benefit_of
    from tongyuan.flows.impact.response import plan_receptor_of
    from tongyuan.flows.impact.valuation import valuation_of

    made, found = benefit_of(inputs)
    own, told = plan_receptor_of(inputs)
    added = {"plan_receptor": own, "valuation": valuation_of(inputs)}
    return Made({**made, **{n: frame for n, frame in added.items() if frame.height}}, (*found, *told))


STEP = Step(
    name="benefit",
    flows=("plan",),
    title=Bilingual(
        "估计规划的空气、健康和气候效益", "Telling what the plan does for air, health and climate"
    ),
    given=frozenset({"baseline_death", "crop", "response", "receptor", "response_surface"}),
    reads=frozenset({"plan_emission", "plan_cost", "shadow_price", "target", "air_statistic"}),
    writes=tables_of(writer="benefit"),
    run=run,
    needs=frozenset({"plan_emission"}),
)
