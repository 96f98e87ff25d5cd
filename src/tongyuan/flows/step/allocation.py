"""Step of 核算: where and when it is emitted."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Put emissions on the grid (:mod:`tongyuan.flows.allocation.tables`)."""
    from tongyuan.flows.allocation.tables import allocation_tables

    return Made(*allocation_tables(inputs, inputs.made["emission"]))


STEP = Step(
    name="allocation",
    flows=("account",),
    title=Bilingual("分配到网格和小时", "Allocating to cells and hours"),
    given=tables_of(room="allocation", role="input"),
    reads=frozenset({"emission"}),
    writes=tables_of(writer="allocation"),
    run=run,
    needs=frozenset({"emission"}),
    either=frozenset({"model_grid", "allocation_rule"}),
)
