import pytest

import tongyuan as ty


def test_a_flow_without_a_rate_has_none() -> None:
    assert ty.rates_of_return([100.0, -200.0, 150.0]) == ()
    with pytest.raises(ty.FindingError):
        ty.rates_of_return([1.0])


def test_no_policy_is_said() -> None:
    with pytest.raises(ty.FindingError, match=r"policy|政策"):
        ty.incentive(ty.example("steel"))


def test_a_workspace_without_projects_has_no_appraisal() -> None:
    assert list(ty.appraise(ty.example("minimal"))) == []
