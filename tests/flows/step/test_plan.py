from tongyuan.flows.step.plan import STEP


def test_a_plan_wants_technologies_and_reads_the_inventory() -> None:
    assert STEP.needs == {"technology_option"}
    assert STEP.reads == {"emission", "factor_used"}
    assert {"node", "activity", "control", "factor"} <= STEP.given
    assert {"plan_activity", "dividend", "conflict"} <= STEP.writes
