from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account import Result, account
from tongyuan.inventory.uncertainty import (
    approach_1,
    first_order,
    ipcc_approach_1,
    ipcc_equation_3_1,
    ipcc_equation_3_2,
    known_share,
    monte_carlo,
    terms,
    uncertainty,
)

Make = Callable[..., pl.DataFrame]


def test_products_and_sums_combine_as_the_guidelines_say() -> None:
    assert ipcc_equation_3_1(np.array([3.0, 4.0])) == pytest.approx(5.0)
    assert ipcc_equation_3_2(np.array([10.0, 10.0]), np.array([30.0, 40.0])) == pytest.approx(25.0)


def test_approach_1_column_by_column() -> None:
    # worked by hand from the formulas of table 3.2: two categories, C = (100, 50), D = (120, 40)
    found = ipcc_approach_1(
        np.array([100.0, 50.0]), np.array([120.0, 40.0]), np.array([3.0, 5.0]), np.array([4.0, 12.0])
    )
    assert found["combined"].to_list() == pytest.approx([5.0, 13.0])
    assert found["contribution"].to_list() == pytest.approx([(5 * 120 / 160) ** 2, (13 * 40 / 160) ** 2])
    assert found["type_b"].to_list() == pytest.approx([0.8, 40 / 150])
    # type A in its closed form: B − C_x ΣD / (ΣC)², to first order in the one per cent
    closed = np.abs(np.array([120, 40]) / 150 - np.array([100, 50]) * 160 / 150**2)
    assert found["type_a"].to_list() == pytest.approx(closed.tolist(), rel=0.01)
    assert found["trend_activity"].to_list() == pytest.approx(
        [0.8 * 3 * np.sqrt(2), 40 / 150 * 5 * np.sqrt(2)]
    )
    assert found["trend"].to_list() == pytest.approx(
        (found["trend_factor"] ** 2 + found["trend_activity"] ** 2).to_list()
    )


def test_the_trend_of_proportional_change_depends_on_activity_only() -> None:
    base = np.array([30.0, 70.0])
    found = ipcc_approach_1(base, base * 1.5, np.array([5.0, 5.0]), np.array([50.0, 80.0]))
    assert found["type_a"].to_list() == pytest.approx([0.0, 0.0], abs=1e-9)
    free = ipcc_approach_1(
        base, base * 1.5, np.array([5.0, 5.0]), np.array([50.0, 80.0]), factor_correlated=False
    )
    assert free["trend"].sum() > found["trend"].sum()


@pytest.fixture(scope="module")
def world(activity: Make, control: Make, factors: pl.DataFrame) -> tuple[Result, pl.DataFrame]:
    rows = activity(
        ("energy.power", "raw_coal", 1e6, "t"),
        ("energy.power", "raw_coal", 5e5, "t"),
        ("industry.textile", "raw_coal", 2e5, "t"),
        uncertainty=[5.0, None, 10.0],
    )
    return account(rows, control(("wet_fgd", 1.0)), factors), rows


def test_the_table_has_every_group_and_method(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    table = uncertainty(result.emission, result.factor_used, rows, draws=500)
    assert set(table["group"]) == {"total", "energy", "industry"}
    assert set(table["method"]) == {"approach_1", "first_order", "monte_carlo"}
    assert bool((table["lower"] <= table["value"]).all())
    assert bool((table["value"] <= table["upper"]).all())
    total = result.emission.filter(pl.col("scope") == "direct", pl.col("species") == "SO2")["value"].sum()
    chosen = table.filter(pl.col("group") == "total", pl.col("species") == "SO2")["value"]
    assert chosen.to_list() == pytest.approx([total] * 3)
    assert table.filter(pl.col("method") == "monte_carlo")["seed"].to_list() == [0] * (table.height // 3)


def test_shared_records_widen_the_total(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    found = terms(result.emission, result.factor_used, rows)
    assert bool(np.all(first_order(found) >= approach_1(found) - 1e-9))
    co2 = found.groups.with_row_index().filter(pl.col("species") == "CO2", pl.col("group") == "total")[
        "index"
    ][0]
    assert first_order(found)[co2] > 1.2 * approach_1(found)[co2]


def test_correlation_across_species_of_one_fuel(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    co2e_like = result.emission.with_columns(pl.lit("all").alias("species"))
    found = terms(co2e_like, result.factor_used, rows)
    alone, together = first_order(found), first_order(found, correlation=1.0)
    assert bool(np.all(together >= alone - 1e-9))
    drawn = monte_carlo(found, draws=20_000, seed=1, correlation=0.9)
    half = 1.96 * drawn.std(axis=1)
    assert half == pytest.approx(first_order(found, correlation=0.9), rel=0.05)


def test_known_share_tells_what_has_no_limits(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    found = terms(result.emission, result.factor_used, sectors=False)
    share = dict(zip(found.groups["species"], known_share(found), strict=True))
    assert share["SO2"] == pytest.approx(1.0)
    assert share["NOx"] == pytest.approx(0.0)


def test_a_group_of_which_too_little_is_known_gets_no_interval(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    mixed = pl.concat([result.emission, result.emission.with_columns(pl.lit("none").alias("factor_id"))])
    mixed = mixed.with_columns(
        pl.lit(None, pl.Float64).alias("lower"), pl.lit(None, pl.Float64).alias("upper")
    )
    widths = {}
    for least in (0.4, 0.6):
        table = uncertainty(
            mixed, result.factor_used, methods=["first_order"], sectors=False, least_known=least
        ).filter(pl.col("species") == "SO2")
        widths[least] = table.select(pl.col("upper") - pl.col("lower")).item()
    assert widths[0.4] > 0
    assert widths[0.6] == 0


def test_rows_of_published_methods_vary_by_their_own_limits(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    row = result.emission.head(1).with_columns(
        pl.lit(None, dtype=pl.String).alias("factor_id"),
        value=pl.lit(100.0),
        lower=pl.lit(80.0),
        upper=pl.lit(120.0),
    )
    table = uncertainty(row, result.factor_used, methods=["first_order"], sectors=False)
    assert table.select("lower", "upper").row(0) == pytest.approx((80.0, 120.0))


@given(scale=st.floats(1e-6, 1e6))
@settings(max_examples=10, deadline=None)
def test_scale_invariance(world: tuple[Result, pl.DataFrame], scale: float) -> None:
    result, rows = world
    scaled = result.emission.with_columns(pl.col("value", "lower", "upper") * scale)
    for method in (approach_1, first_order):
        plain = method(terms(result.emission, result.factor_used, rows))
        assert method(terms(scaled, result.factor_used, rows)) == pytest.approx(plain * scale, rel=1e-9)


@given(widths=st.lists(st.floats(0.01, 0.3), min_size=1, max_size=5), seed=st.integers(0, 10))
@settings(max_examples=10, deadline=None)
def test_monte_carlo_agrees_with_first_order_where_that_is_exact(
    world: tuple[Result, pl.DataFrame], widths: list[float], seed: int
) -> None:
    result, _ = world
    rows: list[dict[str, Any]] = []
    for number, width in enumerate(widths):
        blank = dict(result.emission.row(0, named=True))
        rows.append(
            blank
            | {
                "factor_id": None,
                "activity_id": f"a{number}",
                "value": 10.0,
                "lower": 10 * (1 - width),
                "upper": 10 * (1 + width),
            }
        )
    emission = pl.DataFrame(rows, schema=result.emission.schema)
    found = terms(emission, result.factor_used, sectors=False)
    drawn = monte_carlo(found, draws=4000, seed=seed)[0]
    assert drawn.mean() == pytest.approx(10.0 * len(widths), rel=1e-3)
    assert 1.96 * drawn.std() == pytest.approx(first_order(found)[0], rel=0.03)


def test_no_rows_no_table(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    assert uncertainty(result.emission.clear(), result.factor_used, rows, draws=10).is_empty()
