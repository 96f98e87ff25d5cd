from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from tongyuan.inventory.account.account import account

Make = Callable[..., pl.DataFrame]


def test_issues_speak_both_languages_and_come_once(
    activity: Make, control: Make, factors: pl.DataFrame, record: Callable[..., dict[str, Any]]
) -> None:
    twin = record(
        "so2_b", "SO2", 20, "kg/t", process="energy.power", product="coal", kind="generation_factor"
    )
    rows = activity(*[("energy.power", "raw_coal", 1.0, "t")] * 3)
    issues = account(
        rows, control(("ammonia_fgd", 1.0)), pl.concat([factors, pl.DataFrame([twin], schema=factors.schema)])
    ).issues
    checks = [issue.check for issue in issues]
    assert sorted(checks) == ["control_without_efficiency", "factor_ambiguous"]
    ambiguous = issues[checks.index("factor_ambiguous")]
    assert "so2, so2_b" in ambiguous.message("zh")
    assert "so2, so2_b" in ambiguous.message("en")
    assert ambiguous.severity == "warning"
    assert ambiguous.next_step("zh") != ambiguous.next_step("en")


def test_a_unit_that_does_not_fit_is_said(activity: Make, factors: pl.DataFrame) -> None:
    issues = account(activity(("energy.power", "raw_coal", 1.0, "head")), None, factors).issues
    assert {issue.check for issue in issues} == {"factor_dimension"}
    assert "head" in issues[0].message("en")


def test_nothing_odd_nothing_said(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    assert (
        account(activity(("energy.power", "raw_coal", 1.0, "t")), control(("wet_fgd", 1.0)), factors).issues
        == ()
    )
