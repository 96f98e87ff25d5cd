from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.inventory.account.account import Result, account
from tongyuan.inventory.view.comparison import comparison, covered, sources
from tongyuan.ledger.finding import FindingError
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
    assert row["explanation_zh"].startswith("SO2 与公布值相差 <0.1%，在 10% 以内。")
    assert "全省统计" in row["explanation_en"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (16_000 / 1.1, "SO2 differs from the published figure by 10%: within 10%."),
        (16_000 / 1.101, "SO2 is 10.1% above the published figure."),
        (16_000 / 0.9, "SO2 differs from the published figure by 10%: within 10%."),
        (16_000 / 0.847, "SO2 is 15.3% below the published figure."),
        (16_000 / 1.999, "SO2 is 99.9% above the published figure."),
        (16_000 / 2, "SO2 is 2.00 times the published figure."),
        (16_000 / 3.564, "SO2 is 3.56 times the published figure."),
    ],
)
def test_words_are_those_of_the_ratio(result: Result, value: float, text: str) -> None:
    assert one(result, published("SO2", value))["explanation_en"].startswith(text)


def test_above_because_nothing_controls(result: Result) -> None:
    told = one(result, published("SO2", 1000.0))["explanation_en"]
    assert "100% of the computed figure: Thermal power generation." in told


def test_only_gaps_that_pull_the_right_way_are_causes(result: Result) -> None:
    missing = {"process": "industry.steel.sinter", "kind": "no_activity", "species": ["NOx", "SO2"]}
    words = {"region": "370000", "year": 2021, "meaning_zh": "x", "meaning_en": "x"}
    gap = pl.DataFrame([missing | words], schema=empty("gap").schema)
    given = result._replace(gap=pl.concat([result.gap, gap]))
    low, high = (one(given, published("SO2", v))["explanation_en"] for v in (1e6, 1000.0))
    assert "The inventory lacks these sources: Sintering" in low
    assert "no control row" not in low
    assert "Sintering" not in high
    inside = one(given, published("SO2", 1e6, boundary="火力发电"))["explanation_en"]
    assert "No recorded gap explains the difference" in inside


def test_a_difference_no_gap_explains_is_left_unexplained(result: Result) -> None:
    full = result._replace(gap=empty("gap"))
    for value in (1000.0, 1e6):
        assert "No recorded gap explains" in one(full, published("SO2", value))["explanation_en"]


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
    row = one(result, published("SO2", 0.0))
    assert row["ratio"] is None
    assert "published figure is zero" in row["explanation_en"]


@pytest.mark.parametrize(
    ("boundary", "compared", "expected"),
    [
        ("能源消费", ["火力发电", "水泥熟料"], ("energy.power", "industry.cement.clinker")),
        ("能源消费", ["energy.power", "industry.lime"], ("energy.power", "industry.lime")),
        ("火力发电", ["水泥熟料"], ("industry.cement.clinker",)),
        ("火力发电", None, ("energy.power",)),
        ("能源消费", [], ()),
    ],
)
def test_like_is_compared_with_like(
    boundary: str, compared: list[str] | None, expected: tuple[str, ...]
) -> None:
    assert covered(boundary, compared) == expected


def test_the_processes_of_a_figure_and_no_others_are_summed(result: Result) -> None:
    power = result.emission.filter(pl.col("process") == "energy.power", pl.col("species") == "CO2")
    whole = result.emission.filter(pl.col("species") == "CO2", pl.col("scope") == "direct")
    table = published("CO2", 1e6, boundary="能源消费").with_columns(compared=pl.lit("火力发电"))
    assert comparison(result.emission, table)["computed"].item() == pytest.approx(power["value"].sum())
    bare = table.with_columns(compared=pl.lit(None, dtype=pl.String))
    assert comparison(result.emission, bare)["computed"].item() == pytest.approx(whole["value"].sum())
    assert power["value"].sum() < whole["value"].sum()


def test_a_word_that_is_no_process_is_refused(result: Result) -> None:
    table = published("CO2", 1e6).with_columns(compared=pl.lit("火力发电|月球"))
    with pytest.raises(FindingError) as caught:
        comparison(result.emission, table)
    assert [f.check for f in caught.value.findings] == ["compare_unknown"]
    assert "月球" in caught.value.findings[0].message("zh")
