from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from tongyuan.finance.claim.green_power import allow_claims, issue_certificates, metered_export


def test_a_certificate_is_a_thousand_kilowatt_hours_and_the_rest_is_carried():
    first, second = issue_certificates([Decimal("12345.678"), Decimal("0.322")])
    assert first == (12_345, Decimal("0.678"))
    assert second == (1, Decimal("0.000"))
    with pytest.raises(ValueError, match="negative"):
        issue_certificates([Decimal(-1)])


def test_the_same_kilowatt_hour_is_not_claimed_twice():
    claim = pl.DataFrame(
        {
            "claim": ["host", "sold", "certificates", "stranger"],
            "plant": ["p", "p", "p", "q"],
            "year": [2025] * 4,
            "day": [date(2026, 1, 3), date(2025, 3, 1), date(2025, 6, 1), date(2025, 6, 1)],
            "amount": [2000.0, 6000.0, 3000.0, 5.0],
        }
    )
    made = pl.DataFrame({"plant": ["p", "p"], "year": [2025, 2025], "amount": [4000.0, 6000.0]})
    held = {r["claim"]: (r["allowed"], r["refused"]) for r in allow_claims(claim, made).iter_rows(named=True)}
    assert held == {
        "sold": (6000, 0),
        "certificates": (3000, 0),
        "host": (1000, 1000),
        "stranger": (0, 5),
    }
    turned = allow_claims(claim.reverse(), made.reverse())
    assert turned.equals(allow_claims(claim, made))


def test_a_meter_out_of_calibration_counts_against_the_project():
    assert metered_export(1_000_000, 5_000, 0.002, calibrated=False) == pytest.approx(992_990)
    assert metered_export(1_000_000, 5_000, 0.002, calibrated=True) == 995_000
