from tongyuan.flows.ask.facility_evidence import simulated
from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.facility_check import STEP
from tongyuan.ledger.settings import Settings


def test_the_step_checks_what_the_workspace_and_earlier_steps_hold() -> None:
    tables = simulated(10, seed=1)
    made = STEP.run(Inputs(Settings(name="示例", kind="province"), tables, {}, {}, {}), lambda _: None)
    assert set(made.tables) == STEP.writes
    assert (
        made.tables["check_count"].filter(made.tables["check_count"]["code"] == "FUE-01")["applied"][0] == 120
    )
    assert made.tables["inspection_plan"].height == 1


def test_it_runs_after_the_account_of_enterprises() -> None:
    names = [step.name for step in steps()]
    assert names.index("facility_check") > names.index("facility")
