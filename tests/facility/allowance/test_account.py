from __future__ import annotations

import pytest

from tongyuan.facility.allowance.account import UNITS, Unit, allowance_account
from tongyuan.facility.allowance.exempt import Facts


def values(lines: list) -> dict[str, float]:  # type: ignore[type-arg]
    return {line.line: line.value for line in lines if line.unit == ""}


def test_vector_ets_19_gas_unit_first_then_the_enterprise() -> None:
    gas = Unit("G", 100_000, power=90_000 / 0.3305, load=80, capacity=100, fuel="gas_fired")
    coal = Unit("C", 420_000, power=300_000 / 0.7950, load=80, capacity=600)
    got = values(allowance_account("power", 2023, [gas, coal]))
    assert got["sum_initial"] == pytest.approx(400_000, abs=1)
    assert (got["fixed"], got["obligation"]) == (416_000, 520_000)
    assert got["short"] == 104_000


def test_an_exempt_line_gets_what_was_verified_and_says_why() -> None:
    lines = allowance_account(
        "cement", 2025, [Unit("L", 50_000.6, product=1.0, facts=Facts(white_clinker=True))]
    )
    assert [(x.line, x.text) for x in lines[:2]] == [("exempt", "white_clinker"), ("unit_quota", "")]
    assert values(lines)["fixed"] == 50_000


def test_without_a_balance_value_the_account_ends_with_saying_so() -> None:
    lines = allowance_account("steel", 2026, [Unit("whole", 1e6, product=5e5)])
    assert [x.line for x in lines] == ["no_balance"]
    assert [x.text for x in allowance_account("power", 2026, [Unit("U", 1e5, capacity=300)])] == ["load"]


def test_every_line_has_a_unit() -> None:
    lines = allowance_account(
        "cement", 2026, [Unit("L", 1e6, product=1.25e6)], balance=0.84, price=75.0, offset_price=70.0
    )
    assert {x.line for x in lines} <= set(UNITS)
    got = values(lines)
    assert got["fixed"] == 1_007_142
    assert got["short"] == 0
    assert got["left"] > 0


def test_vector_ets_13_a_deduction_decided_earlier_is_made() -> None:
    unit = Unit("L", 30_000.0, product=1.0, facts=Facts(white_clinker=True))
    got = values(allowance_account("cement", 2025, [unit], pre=50_000, deduction=70_000))
    assert (got["pre_issued"], got["issued"], got["outstanding"], got["held"]) == (0, 0, 40_000, 0)
    assert got["short"] == 30_000
