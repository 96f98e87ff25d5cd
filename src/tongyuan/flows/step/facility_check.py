"""Step of 推进: checks, evidence and inspection of all enterprises."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of

WRITES = tables_of(writer="facility_check")


def run(inputs: Inputs, tell: Tell) -> Made:
    """Check the enterprises and weigh their evidence (:mod:`tongyuan.flows.ask.facility_evidence`)."""
    from tongyuan.flows.ask.facility_evidence import everything

    answer = everything({**inputs.tables, **inputs.made})
    return Made(answer.tables, answer.findings)


STEP = Step(
    name="facility_check",
    flows=("advance",),
    title=Bilingual("校验企业数据、分析疑点", "Checking enterprises and weighing evidence"),
    given=tables_of(room="facility", role="input"),
    reads=tables_of(room="facility", role="result") - WRITES,
    writes=WRITES,
    run=run,
    needs=frozenset({"facility"}),
)
