"""Step of 部署 and 考核: where every target stands."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Compare observations with targets (:func:`tongyuan.flows.assess.track`)."""
    from tongyuan.flows.assess import track

    return Made(*track({**inputs.tables, **inputs.made}, inputs.settings))


STEP = Step(
    name="track",
    flows=("deploy", "assess"),
    title=Bilingual("跟踪各项目标", "Tracking every target"),
    given=frozenset({"task", "milestone", "indicator", "programme_target", "indicator_observation"}),
    reads=frozenset(
        {"task", "milestone", "indicator", "programme_target"}
        | {"activity", "emission", "observation", "score", "summary", "uncertainty"}
    ),
    writes=tables_of(writer="track"),
    run=run,
)
