"""Step of 考核: how pollution and carbon changed together, and how synergistic the workspace is."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Measure the change and score it (:func:`tongyuan.flows.assess.measure`)."""
    from tongyuan.flows.assess import measure

    return Made(*measure({**inputs.tables, **inputs.made}, inputs.settings, inputs.texts))


STEP = Step(
    name="synergy",
    flows=("assess",),
    title=Bilingual("评价协同度", "Measuring the synergy"),
    given=frozenset({"published_total"}),
    reads=frozenset({"activity", "emission", "observation", "summary", "uncertainty"}),
    writes=tables_of(writer="synergy"),
    run=run,
)
