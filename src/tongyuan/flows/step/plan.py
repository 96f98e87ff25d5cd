"""Step of 谋划: the least-cost plan of a workspace, on its plan tables or on a draft from its inventory."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Plan on the emissions of the inventory (:func:`tongyuan.flows.plan.plan.plan`).

    A workspace without plan tables is planned through the draft, and a finding says so.
    """
    from tongyuan.flows.plan.drafted import Planned, planned_if_it_can
    from tongyuan.flows.plan.plan import plan

    found = planned_if_it_can(inputs, inputs.made)
    if not isinstance(found, Planned):
        return Made({}, () if found is None else (found,))
    return Made(plan(found.workspace, inputs.made, tell, found.prepared), found.findings)


STEP = Step(
    name="plan",
    flows=("plan",),
    title=Bilingual("求最小费用路径", "Finding the least-cost plan"),
    given=tables_of(room="inventory", role="input")
    | tables_of(room="pathway", role="input")
    | tables_of(room="facility", role="input")
    | {"programme_target", "baseline_death", "response_surface"},
    reads=frozenset({"activity", "emission", "factor_used", "facility_emission"}),
    writes=tables_of(writer="plan"),
    run=run,
    needs=frozenset({"emission"}),
    parts={
        "dividend": Bilingual("分别与一起求解：协同红利", "Solving apart and together: the synergy dividend"),
        "certainty": Bilingual("评估达标的把握", "Weighing how sure the targets are"),
        "curves": Bilingual("成本曲线、前沿与归因", "Cost curves, fronts and attribution"),
    },
)
