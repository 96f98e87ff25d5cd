from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.account import account
from tongyuan.inventory.view.key_category import ipcc_level, ipcc_trend, key, key_category
from tongyuan.inventory.view.view import co2e
from tongyuan.ledger.table import conform, empty

Make = Callable[..., pl.DataFrame]
VALUES = st.lists(st.floats(0.1, 1e6), min_size=2, max_size=12)


def test_level_counts_removals_by_their_size() -> None:
    assert ipcc_level(np.array([60.0, 30.0, -10.0])).tolist() == pytest.approx([0.6, 0.3, 0.1])
    assert ipcc_level(np.zeros(2)).tolist() == [0.0, 0.0]


def test_trend_by_the_formula_worked_by_hand() -> None:
    # base 100 + 50 − 20 (sum of sizes 170, net 130), current 120 + 20 − 30 (net 110)
    found = ipcc_trend(np.array([100.0, 50.0, -20.0]), np.array([120.0, 20.0, -30.0]))
    overall = (110 - 130) / 130
    expected = [
        100 / 170 * abs(0.2 - overall),
        50 / 170 * abs(-0.6 - overall),
        20 / 170 * abs(-0.5 - overall),
    ]
    assert found.tolist() == pytest.approx(expected)


def test_trend_of_a_category_that_was_zero() -> None:
    assert ipcc_trend(np.array([100.0, 0.0]), np.array([100.0, 30.0]))[1] == pytest.approx(0.3)


@given(VALUES, st.floats(0.1, 10))
@settings(max_examples=50, deadline=None)
def test_no_category_has_a_trend_of_its_own_when_all_change_alike(values: list[float], scale: float) -> None:
    base = np.array(values)
    assert ipcc_trend(base, base * scale) == pytest.approx(np.zeros(len(base)), abs=1e-9)


@given(VALUES)
@settings(max_examples=50, deadline=None)
def test_key_categories_make_up_the_threshold_and_none_is_needless(values: list[float]) -> None:
    level = ipcc_level(np.array(values))
    chosen, cumulative = key(level)
    assert level[chosen].sum() >= 0.95 - 1e-9
    assert level[chosen].sum() - level[chosen].min() < 0.95 + 1e-9
    assert cumulative.max() == pytest.approx(1.0)
    if not chosen.all():
        assert level[chosen].min() >= level[~chosen].max()


def test_table_over_two_years(activity: Make, factors: pl.DataFrame) -> None:
    both = pl.concat(
        [
            activity(("energy.power", "raw_coal", 100.0, "t"), ("industry.textile", "raw_coal", 4.0, "t")),
            activity(
                ("energy.power", "raw_coal", 90.0, "t"), ("industry.textile", "raw_coal", 40.0, "t")
            ).with_columns(year=pl.lit(2022, dtype=pl.Int64)),
        ]
    )
    table = key_category(account(both, None, factors).emission)
    assert conform("key_category", table).equals(table)
    co2 = table.filter(pl.col("quantity") == "CO2")
    assert co2.filter(pl.col("year") == 2021)["trend"].null_count() == 2
    now = co2.filter(pl.col("year") == 2022)
    assert now["share"].sum() == pytest.approx(1.0)
    assert now["trend"].sum() == pytest.approx(1.0)
    assert now["cumulative"].to_list() == sorted(now["cumulative"].to_list())
    first = co2.filter(pl.col("year") == 2021)
    assert dict(zip(first["process"], first["key_level"], strict=True)) == {
        "energy.power": True,
        "industry.textile": False,
    }
    assert now["key_trend"].to_list() == [True, True]


def test_equivalents_and_nothing(activity: Make, factors: pl.DataFrame) -> None:
    emission = account(activity(("energy.power", "raw_coal", 100.0, "t")), None, factors).emission
    assert key_category(co2e(emission))["quantity"].to_list() == ["CO2e"]
    assert key_category(empty("emission")).is_empty()


ROWS = [
    ("b", 2022, "energy.power", "CO2", 5.0),
    ("a", 2022, "industry.textile", "CO2", 10.0), ("a", 2022, "energy.power", "CO2", 60.0),
    ("a", 2022, "energy.power", "CO2", 30.0), ("a", 2021, "energy.power", "CO2", 60.0),
    ("a", 2021, "industry.textile", "CO2", 40.0), ("a", 2021, "energy.power", "SO2", 1.0),
    ("a", 2021, "energy.heat", "SO2", 1.0),
]  # fmt: skip


def listed(rows: list[tuple[str, int, str, str, float]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["region", "year", "process", "species", "value"], orient="row")
    return frame.with_columns(
        product=pl.lit(""), technology=pl.lit(""), scope=pl.lit("direct"), unit=pl.lit("t")
    )


def test_a_table_of_two_regions_by_hand() -> None:
    """Region a: 60 + 40 becomes (60 + 30) + 10: 0.6 × 0.5 and 0.4 × 0.75, half of the trend each.

    Region b has no base year and no trend; lines follow region, year, quantity, share, then category.
    """
    made = key_category(listed(ROWS), base_year=2021)
    columns = ("region", "year", "quantity", "process", "value", "share", "trend")
    assert made.select(columns).rows() == [
        ("a", 2021, "CO2", "energy.power", 60.0, pytest.approx(0.6), None),
        ("a", 2021, "CO2", "industry.textile", 40.0, pytest.approx(0.4), None),
        ("a", 2021, "SO2", "energy.heat", 1.0, pytest.approx(0.5), None),
        ("a", 2021, "SO2", "energy.power", 1.0, pytest.approx(0.5), None),
        ("a", 2022, "CO2", "energy.power", 90.0, pytest.approx(0.9), pytest.approx(0.5)),
        ("a", 2022, "CO2", "industry.textile", 10.0, pytest.approx(0.1), pytest.approx(0.5)),
        ("b", 2022, "CO2", "energy.power", 5.0, pytest.approx(1.0), None),
    ]


def test_lines_are_assessed_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = key_category(listed(ROWS))
    monkeypatch.setattr("tongyuan.inventory.view.key_category.CELLS", 1)
    assert key_category(listed(ROWS)).equals(whole)


def test_equal_shares_follow_process_product_and_technology() -> None:
    names = [("b", "x", ""), ("a", "y", "t"), ("a", "y", "s"), ("a", "x", "t")]
    rows = listed([("a", 2021, process, "CO2", 1.0) for process, _, _ in names]).with_columns(
        product=pl.Series([n[1] for n in names]), technology=pl.Series([n[2] for n in names])
    )
    made = key_category(rows).select("process", "product", "technology").rows()
    assert made == [("a", "x", "t"), ("a", "y", "s"), ("a", "y", "t"), ("b", "x", "")]
