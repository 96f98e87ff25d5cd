import pytest

import tongyuan as ty


def test_results_are_summed(results) -> None:
    steel = ty.account(ty.example("park"))
    made = ty.join_runs({"one": results, "two": steel}) if not _alike(results, steel) else None
    if made is not None:
        part, whole = made.region_part.frame, made.region_balance.frame
        assert whole.filter(whole["sector"].is_null())["parts"].sum() == pytest.approx(part["value"].sum())
    with pytest.raises(ty.FindingError, match="twice"):
        ty.join_runs({"one": results, "again": results})


def _alike(one, other) -> bool:
    return bool(set(one.summary.frame["region"]) & set(other.summary.frame["region"]))


def test_what_is_no_region_is_refused() -> None:
    with pytest.raises(ty.FindingError):
        ty.region_share([])
