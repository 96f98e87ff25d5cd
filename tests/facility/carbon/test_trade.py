"""Electricity bought: the factor of its year, else the latest before it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.trade import trade_lines

Make = Callable[..., pl.DataFrame]


def test_years_units_and_rows_that_are_not_power(make: Make) -> None:
    rows = make(
        "energy_trade",
        {"month": "2021-05", "kind": "power_buy", "value": 1.0, "unit": "GWh"},
        {"month": "2030-01", "kind": "power_buy", "value": 1.0, "unit": "万千瓦时"},
        {"month": "2025-01", "kind": "heat_buy", "value": 1.0, "unit": "GJ"},
        {"month": "2025-01", "kind": "power_buy", "value": 1.0, "unit": "t"},
    ).rename({"kind": "trade_kind"})
    got = trade_lines(rows.with_columns(pl.lit("account").alias("purchased_power")))
    assert got["emission"].to_list()[:2] == pytest.approx([581.0, 5.306])
    assert got["problem"].to_list() == ["", "", "unit"]
    assert got["counted"].to_list() == [True, True, False]
