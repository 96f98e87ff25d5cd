from tongyuan.flows.step.plan import STEP


def test_a_plan_reads_the_inventory_it_is_drafted_from_or_rests_on() -> None:
    assert STEP.needs == {"emission"}
    assert STEP.reads == {"activity", "emission", "factor_used", "facility_emission"}
    assert {"node", "activity", "control", "factor"} <= STEP.given
    assert {"plan_activity", "dividend", "conflict"} <= STEP.writes
