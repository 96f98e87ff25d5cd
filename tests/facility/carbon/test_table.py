"""Missing months are named, and what a default costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.carbon.table import default_cost, emission_table, missing_months

Make = Callable[..., pl.DataFrame]


def tables(make: Make, *rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    base = {"product": "bituminous", "value": 1000.0, "unit": "t"}
    return {
        "facility": make("facility", {"kind": "power", "region": "370100"}),
        "installation": make("installation", {"kind": "power_unit", "begin": dt.date(2026, 3, 15)}),
        "fuel_use": make("fuel_use", *({**base, **row} for row in rows)),
    }


def test_a_year_is_the_sum_of_its_months_and_names_those_that_are_missing(make: Make) -> None:
    months = [{"month": f"2026-{m:02d}", "carbon": 55.0} for m in range(3, 13) if m not in (5, 9)]
    given = tables(make, *months)
    made = missing_months(given, carbon(given).lines)
    assert made["months"].to_list() == ["2026-05, 2026-09"]
    assert "2" in made["meaning_zh"][0]
    whole = tables(make, *months, {"month": "2026-05", "carbon": 55.0}, {"month": "2026-09", "carbon": 55.0})
    assert missing_months(whole, carbon(whole).lines).is_empty()


def test_a_month_that_could_not_be_accounted_is_missing(make: Make) -> None:
    given = tables(make, *({"month": f"2026-{m:02d}", "carbon": 55.0} for m in range(3, 12)),
                   {"month": "2026-12", "carbon": 58.0, "carbon_basis": "ad"})  # fmt: skip
    assert missing_months(given, carbon(given).lines)["months"].to_list() == ["2026-12"]


def test_a_default_costs_its_distance_to_the_own_mean(make: Make) -> None:
    """1000 t at 21 GJ/t × 26.18 tC/TJ = 0.54978 tC/t, where the works itself has 0.50."""
    given = tables(make, {"month": "2026-03", "carbon": 50.0}, {"month": "2026-04", "ncv": 21.0})
    cost = default_cost(carbon(given).fuel)
    assert cost["month"].to_list() == ["2026-04"]
    assert cost["used"][0] == pytest.approx(0.54978)
    assert cost["emission"][0] == pytest.approx(1000 * (0.54978 - 0.5) * 0.99 * 44 / 12)


def test_emissions_of_one_source_are_one_row(make: Make) -> None:
    given = tables(
        make, {"carbon": 50.0, "month": "2026-03"}, {"carbon": 50.0, "month": "2026-03", "state": "received"}
    )
    got = emission_table(carbon(given).lines)
    assert got["counted"].to_list() == [True, False]
    assert got["unit"].to_list() == ["t", "t"]
