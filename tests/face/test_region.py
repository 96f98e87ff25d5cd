import pytest

import tongyuan as ty


def test_results_are_summed(results) -> None:
    park = ty.account(ty.example("park"))
    made = ty.join_runs({"one": results, "two": park})
    part, whole = made.region_part.frame, made.region_balance.frame
    sums = whole.filter(whole["sector"].is_null())
    assert sums["parts"].sum() == pytest.approx(part["value"].sum())
    with pytest.raises(ty.FindingError, match="twice"):
        ty.join_runs({"one": results, "again": results})


def test_what_is_no_region_is_refused() -> None:
    with pytest.raises(ty.FindingError):
        ty.region_share([])
    with pytest.raises(ty.FindingError):
        ty.join_runs({})
