"""Step of 考核: points and grades of the region and its departments for the programme it deploys."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Score tasks and targets by the rules (:func:`tongyuan.flows.deploy.tasks.assess_tables`)."""
    from tongyuan.flows.deploy.tasks import assess_tables

    return Made(assess_tables(inputs.tables, inputs.made, inputs.settings))


STEP = Step(
    name="assessment",
    flows=("deploy", "assess"),
    title=Bilingual("考核方案", "Assessing the programme"),
    given=frozenset({"assessment_rule", "veto", "assessment", "assessment_line"}),
    reads=frozenset(
        {"task", "milestone", "indicator", "programme_target", "progress", "evidence"}
        | {"target_status", "summary"}
    ),
    writes=tables_of(writer="assessment"),
    run=run,
    needs=frozenset({"task", "target_status"}),
)
