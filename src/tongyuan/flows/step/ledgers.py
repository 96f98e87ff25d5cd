"""Step of 推进: permit, tax and allowances of the enterprises, from their emission."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Keep the ledgers (:func:`tongyuan.flows.facility.ledgers.ledgers`)."""
    from tongyuan.flows.facility.ledgers import ledgers

    return Made(*ledgers(inputs))


STEP = Step(
    name="ledgers",
    flows=("account", "advance"),
    title=Bilingual("登记许可、税和配额", "Keeping permit, tax and allowances"),
    given=tables_of(room="facility", role="input"),
    reads=frozenset({"facility_emission", "outlet_month", "default_cost"}),
    writes=tables_of(writer="ledgers"),
    run=run,
    needs=frozenset({"facility_emission"}),
)
