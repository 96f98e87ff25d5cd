"""Step of 核算: activity in, every emission out."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Account what the workspace brought (:func:`tongyuan.flows.account.account.account`)."""
    from tongyuan.flows.account.account import account

    return Made(*account(inputs, tell, as_categories=True))


STEP = Step(
    name="account",
    flows=("account",),
    title=Bilingual("核算各物质排放", "Accounting every species"),
    given=tables_of(room="inventory", role="input") | tables_of(room="facility", role="input") | {"emission"},
    reads=frozenset({"facility_emission"}),
    writes=tables_of(writer="account"),
    run=run,
    parts={
        "uncertainty": Bilingual("计算不确定度", "Computing uncertainty"),
        "compare": Bilingual("对照与诊断", "Comparing and diagnosing"),
    },
)
