"""Step of 推进: projects, green power and credits of the public."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Appraise projects and keep the ledger of public credits (:mod:`tongyuan.flows.finance`)."""
    from tongyuan.flows.finance.invest import invest
    from tongyuan.flows.finance.public import public_credits

    projects, told = invest(inputs)
    credit, more = public_credits(inputs)
    return Made(projects | credit, told + more)


STEP = Step(
    name="finance",
    flows=("advance",),
    title=Bilingual("评价投资项目、登记碳普惠", "Appraising projects, keeping public credits"),
    given=tables_of(room="finance", role="input"),
    reads=frozenset(),
    writes=tables_of(writer="finance"),
    run=run,
    either=tables_of(room="finance", role="input"),
)
