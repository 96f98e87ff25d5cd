import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.flows.step.deploy import STEP
from tongyuan.ledger.settings import Settings


def test_a_province_gets_the_national_tasks_from_the_next_year_on() -> None:
    settings = Settings(name="x", kind="province", region="山东省")
    summary = pl.DataFrame({"year": [2014, 2021]})
    made = STEP.run(Inputs(settings, {}, {}, {"summary": summary}), lambda _: None)
    assert made.tables["task"].height == 135
    assert made.tables["task"]["start"].unique().to_list() == [2022]
    assert set(made.tables) <= STEP.writes
