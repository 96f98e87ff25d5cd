import tongyuan as ty


def test_enterprises_in_a_notebook() -> None:
    """What the doors give is what the questions give."""
    plants = ty.simulated_facilities(9, seed=4)
    assert ty.check_facilities(plants, ["FUE"]).check_count.frame["code"].str.starts_with("FUE").all()
    assert len(ty.plan_inspection(plants, days=3).inspection_plan) == 3
    assert ty.facility_evidence(plants).reconciled.frame.height > 1000
