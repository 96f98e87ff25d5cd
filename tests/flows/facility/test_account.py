"""Enterprises of a workspace: years, guides, tables."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.flows.facility.account import account_facilities, in_years
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError

Plant = Callable[..., Inputs]


def test_only_the_years_that_are_accounted(plant: Plant) -> None:
    tables, found = account_facilities(plant(account={"years": [2026]}))
    assert tables["facility_emission"].filter(pl.col("species") == "CO2").height == 12
    assert found == ()
    none, _ = account_facilities(plant(account={"years": [2024]}))
    assert none["facility_emission"].is_empty()


def test_years_of_tables_without_a_month_stay() -> None:
    frames = {"a": pl.DataFrame({"month": ["2025-12", "2026-01"]}), "b": pl.DataFrame({"x": [1]})}
    got = in_years(frames, (2026,))
    assert got["a"]["month"].to_list() == ["2026-01"]
    assert got["b"].height == 1


def test_the_guide_of_the_settings_is_named_in_every_row(plant: Plant) -> None:
    tables, _ = account_facilities(plant(facility={"guide": ["power_2022"]}))
    carbon = tables["facility_emission"].filter(pl.col("species") == "CO2")
    assert set(carbon["guide"]) == {"power_2022"}
    with pytest.raises(FindingError, match="no guide power_1999"):
        account_facilities(plant(facility={"guide": ["power_1999"]}))
