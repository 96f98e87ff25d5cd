"""Step of 谋划: the least-cost plan of a workspace that has plan tables."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Plan on the emissions of the inventory (:func:`tongyuan.flows.plan.plan.plan`)."""
    from tongyuan.flows.plan.plan import plan

    return Made(plan(inputs, inputs.made, tell))


STEP = Step(
    name="plan",
    flows=("plan",),
    title=Bilingual("求最小费用路径", "Finding the least-cost plan"),
    given=tables_of(room="inventory", role="input") | tables_of(room="pathway", role="input"),
    reads=frozenset({"emission", "factor_used"}),
    writes=tables_of(writer="plan"),
    run=run,
    needs=frozenset({"technology_option"}),
    parts={
        "dividend": Bilingual("分别与一起求解：协同红利", "Solving apart and together: the synergy dividend"),
        "certainty": Bilingual("评估达标的把握", "Weighing how sure the targets are"),
        "curves": Bilingual("成本曲线、前沿与归因", "Cost curves, fronts and attribution"),
    },
)
