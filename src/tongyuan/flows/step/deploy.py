"""Step of 部署: the programme of the workspace as tasks, with the measures of its least-cost plan."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Put the plan to work (:func:`tongyuan.flows.deploy.tasks.deploy_tables`)."""
    from tongyuan.flows.deploy.tasks import deploy_tables

    return Made(*deploy_tables(inputs.tables, inputs.made, inputs.settings))


PLAN = frozenset({"task", "milestone", "indicator", "programme_target"})
"""Tables of a programme; those it derives from are brought under ``parent.``."""

STEP = Step(
    name="deploy",
    flows=("deploy",),
    title=Bilingual("把方案落成任务", "Turning the plan into tasks"),
    given=PLAN | {f"parent.{name}" for name in PLAN} | {"progress", "evidence"},
    reads=frozenset(
        {"summary", "plan_measure", "plan_activity", "coordinate", "measure", "technology_option"}
    ),
    writes=tables_of(writer="deploy"),
    run=run,
)
