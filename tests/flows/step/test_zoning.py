from tests.flows.zoning.test_screen import workspace

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import steps
from tongyuan.flows.step.zoning import STEP


def test_projects_of_a_workspace_get_verdicts():
    brought = workspace()
    made = STEP.run(Inputs(brought.settings, brought.tables), lambda _: None)
    assert {"verdict", "verdict_rule", "verdict_flip", "zone_contact"} <= set(made.tables) <= STEP.writes


def test_it_stands_in_the_register():
    assert "zoning" in [step.name for step in steps()]
