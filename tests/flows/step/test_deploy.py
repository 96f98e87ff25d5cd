import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.flows.step.deploy import STEP
from tongyuan.ledger.settings import Settings
from tongyuan.programme.local import left_out
from tongyuan.programme.plan import national_plan


def test_a_province_gets_the_national_tasks_from_the_next_year_on() -> None:
    settings = Settings(name="x", kind="province", region="山东省")
    summary = pl.DataFrame({"year": [2014, 2021]})
    made = STEP.run(Inputs(settings, {}, {}, {"summary": summary}), lambda _: None)
    national = national_plan()["task"].height
    assert made.tables["task"].height == national - len(left_out(national_plan(), "370000"))
    assert made.tables["task"]["start"].unique().to_list() == [2022]
    assert set(made.tables) <= STEP.writes
