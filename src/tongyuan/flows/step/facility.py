"""Step of 核算 and 推进: monthly records of enterprises in, their emission out."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Account the enterprises (:func:`tongyuan.flows.facility.account.account_facilities`)."""
    from tongyuan.flows.facility.account import account_facilities

    return Made(*account_facilities(inputs))


STEP = Step(
    name="facility",
    flows=("account", "advance"),
    title=Bilingual("核算企业", "Accounting enterprises"),
    given=tables_of(room="facility", role="input"),
    reads=frozenset(),
    writes=tables_of(writer="facility"),
    run=run,
    needs=frozenset({"facility"}),
)
