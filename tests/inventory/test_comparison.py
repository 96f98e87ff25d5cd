from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.inventory.account import Result, account
from tongyuan.inventory.comparison import comparison, sources
from tongyuan.ledger.table import empty

Make = Callable[..., pl.DataFrame]


def published(species: str, value: float, unit: str = "t", boundary: str = "全省统计") -> pl.DataFrame:
    row: dict[str, Any] = {
        "region": "370000",
        "year": 2021,
        "species": species,
        "boundary": boundary,
        "value": value,
        "unit": unit,
        "source": "yearbook",
        "note": None,
    }
    return pl.DataFrame([row], schema=empty("published_total").schema)


@pytest.fixture(scope="module")
def result(activity: Make, factors: pl.DataFrame) -> Result:
    rows = activity(
        ("energy.power", "raw_coal", 1e6, "t"),
        ("industry.cement.clinker", "clinker", 1e6, "t"),
        ("industry.lime", "lime", 1.0, "t"),
    )
    return account(rows, None, factors)


def one(result: Result, table: pl.DataFrame) -> dict[str, Any]:
    return comparison(result.emission, table, result.gap).row(0, named=True)


def test_ratio_in_canonical_units(result: Result) -> None:
    row = one(result, published("SO2", 1.6, "万吨"))
    assert (row["computed"], row["published"], row["unit"]) == pytest.approx((16_000, 16_000, "t"))
    assert row["ratio"] == pytest.approx(1.0)
    assert "相近" in row["explanation_zh"]
    assert "close" in row["explanation_en"]
    assert "全省统计" in row["explanation_en"]


def test_above_because_nothing_controls(result: Result) -> None:
    assert "no control row" in one(result, published("SO2", 1000.0))["explanation_en"]


def test_below_because_something_is_missing(result: Result) -> None:
    assert "missing for some activity" in one(result, published("SO2", 1e6))["explanation_en"]


def test_above_and_below_without_a_gap(result: Result) -> None:
    full = result._replace(gap=empty("gap"))
    assert "may not fit" in one(full, published("SO2", 1000.0))["explanation_en"]
    assert "sources may be missing" in one(full, published("SO2", 1e6))["explanation_en"]


def test_a_species_not_computed_is_listed(result: Result) -> None:
    row = one(result, published("COD", 5.0))
    assert row["computed"] is None
    assert row["ratio"] is None
    assert "nothing to compare" in row["explanation_en"]


def test_a_boundary_that_names_processes_is_kept(result: Result) -> None:
    assert sources("水泥熟料") == ("industry.cement.clinker",)
    assert sources("火力发电、水泥") == ("energy.power", "industry.cement")
    assert sources("全省统计") == ()
    row = one(result, published("CO2", 520_000.0, boundary="水泥"))
    assert row["ratio"] == pytest.approx(1.0)


def test_a_published_zero_has_no_ratio(result: Result) -> None:
    assert one(result, published("SO2", 0.0))["ratio"] is None
