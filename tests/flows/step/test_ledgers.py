"""The step of the ledgers writes what it declares."""

from __future__ import annotations

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.ledgers import STEP
from tongyuan.ledger.settings import Settings


def test_the_step_runs_after_the_account_and_writes_what_it_says() -> None:
    names = [step.name for step in steps()]
    assert names.index("ledgers") > names.index("facility")
    made = STEP.run(Inputs(Settings(name="x", kind="enterprise"), {}), print)
    assert set(made.tables) == STEP.writes
    assert all(frame.is_empty() for frame in made.tables.values())
