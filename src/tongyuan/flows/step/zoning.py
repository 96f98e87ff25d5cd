"""Step of 推进: zones, projects and their verdicts, offsets, exit and land."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Screen the projects of a workspace (:func:`tongyuan.flows.zoning.screen.zoning`)."""
    from tongyuan.flows.zoning.screen import zoning

    return Made(*zoning(inputs, inputs.made.get("emission")))


STEP = Step(
    name="zoning",
    flows=("advance",),
    title=Bilingual("分区准入与区域削减", "Zoning, verdicts and offsets"),
    given=tables_of(room="zoning", role="input") | {"factor"},
    reads=frozenset({"emission"}),
    writes=tables_of(writer="zoning"),
    run=run,
    either=tables_of(room="zoning", role="input"),
)
