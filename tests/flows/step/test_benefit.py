from tongyuan.flows.step import steps
from tongyuan.flows.step.benefit import STEP


def test_it_runs_after_the_plan_and_the_air() -> None:
    names = [step.name for step in steps()]
    assert names.index("benefit") > names.index("plan")
    assert names.index("benefit") > names.index("air")
    assert STEP.writes == {"crop_gain", "plan_air", "plan_receptor", "temperature", "valuation"}
