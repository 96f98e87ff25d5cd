import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.flows.step.assessment import STEP
from tongyuan.flows.step.deploy import STEP as DEPLOY
from tongyuan.flows.step.track import STEP as TRACK
from tongyuan.ledger.settings import Settings


def test_a_new_edition_follows_those_kept() -> None:
    settings = Settings(name="x", kind="province", region="山东省")
    made: dict[str, pl.DataFrame] = {}
    for step in (DEPLOY, TRACK, STEP):
        made |= step.run(Inputs(settings, {}, {}, made), lambda _: None).tables
    assert made["assessment"]["edition"].unique().to_list() == [1]
    kept = {name: made[name] for name in ("assessment", "assessment_line")}
    again = STEP.run(Inputs(settings, kept, {}, made), lambda _: None).tables
    assert again["assessment"]["edition"].unique().sort().to_list() == [1, 2]
    assert again["assessment"].height == 2 * made["assessment"].height
