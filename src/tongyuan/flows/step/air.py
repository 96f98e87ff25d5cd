"""Step of 考核: air quality of the workspace against the standards, and its burden on health."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import Made, Step, Tell
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


def run(inputs: Inputs, tell: Tell) -> Made:
    """Evaluate the air (:func:`tongyuan.flows.impact.air.air_of`), and say whose emission it comes from.

    The second where the workspace brings a response (:func:`tongyuan.flows.impact.response.contribution_of`);
    with observed receptors the inventory is held against them
    (:func:`tongyuan.flows.impact.constrain.constrain_of`), and attainment is set beside CO2
    (:func:`tongyuan.flows.impact.weather.carbon_of`).
    """
    from tongyuan.flows.impact.air import air_of
    from tongyuan.flows.impact.constrain import constrain_of
    from tongyuan.flows.impact.response import contribution_of
    from tongyuan.flows.impact.weather import carbon_of

    made, found = air_of(inputs)
    added, told = contribution_of(inputs)
    more = {"contribution": added}
    if "receptor_observation" in inputs.tables and "emission" in inputs.made:
        scaled = constrain_of(inputs, inputs.made)
        more["scaling_factor"], told = scaled.table, (*told, *scaled.findings)
    if "air_statistic" in made and "emission" in inputs.made:
        more["air_carbon"] = carbon_of(made["air_statistic"], inputs.made["emission"])
    return Made({**made, **{n: frame for n, frame in more.items() if frame.height}}, (*found, *told))


STEP = Step(
    name="air",
    flows=("assess",),
    title=Bilingual("评价空气质量和健康负担", "Evaluating air and health"),
    given=tables_of(room="impact", role="input") | {"observation", "response", "receptor"},
    reads=frozenset({"emission"}),
    writes=tables_of(writer="air"),
    run=run,
)
