from tests.flows.allocation.worlds import SMALL, world

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.allocation import STEP


def test_it_writes_what_it_says() -> None:
    brought = world()
    made = STEP.run(Inputs(brought.settings, brought.tables, made={"emission": SMALL}), lambda _: None)
    assert set(made.tables) == STEP.writes - {"boundary_cell"}
    assert [f.check for f in made.findings] == ["left_outside"]


def test_it_runs_after_the_account() -> None:
    order = [step.name for step in steps()]
    assert order.index("account") < order.index("allocation")
