from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.account import Result, account
from tongyuan.inventory.uncertainty.uncertainty import (
    approach_1,
    approach_1_truncated,
    first_order,
    known_share,
    monte_carlo,
    terms,
    uncertainty,
)
from tongyuan.ledger.table import LIST

Make = Callable[..., pl.DataFrame]


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
    limits = table.drop_nulls(["lower", "upper"])
    assert bool((limits["lower"] < limits["value"]).all())
    assert bool((limits["value"] < limits["upper"]).all())
    assert set(table.filter(pl.col("lower").is_null())["species"]) == {"NOx", "desulfurisation_gypsum"}
    total = result.emission.filter(pl.col("scope") == "direct", pl.col("species") == "SO2")["value"].sum()
    chosen = table.filter(pl.col("group") == "total", pl.col("species") == "SO2")["value"]
    assert chosen.to_list() == pytest.approx([total] * 3)
    assert table.filter(pl.col("method") == "monte_carlo")["seed"].to_list() == [0] * (table.height // 3)


def test_shared_records_widen_the_total(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    found = terms(result.emission, result.factor_used, rows)
    # with the deviations of the same distributions
    assert bool(np.all(first_order(found) >= approach_1_truncated(found) - 1e-9))
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
    mixed = pl.concat([result.emission, result.emission.with_columns(pl.lit(["none"]).alias("factor_id"))])
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
    assert widths[0.6] is None


def test_rows_of_published_methods_vary_by_their_own_limits(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    row = result.emission.head(1).with_columns(
        pl.lit(None, dtype=LIST).alias("factor_id"),
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
                "activity_id": [f"a{number}"],
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


def one(result: Result, **cells: Any) -> dict[str, Any]:
    """Return an emission row of a published method with limits of its own."""
    blank = dict(result.emission.row(0, named=True)) | {"factor_id": None, "activity_id": None}
    return blank | {"region": "r", "year": 2021, "scope": "direct", "species": "CO2", "unit": "t"} | cells


def rows_of(result: Result, *cells: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([one(result, **c) for c in cells], schema=result.emission.schema)


def interval(result: Result, method: str, *cells: dict[str, Any], **more: Any) -> tuple[Any, Any, Any]:
    frame = rows_of(result, *cells)
    table = uncertainty(frame, result.factor_used, methods=[method], sectors=False, **more)
    return table.select("lower", "value", "upper").row(0)


def test_approach_1_is_the_guidelines_by_hand(world: tuple[Result, pl.DataFrame]) -> None:
    """100 ± 30 % and 50 ± 40 %, independent: √(30² + 20²) = 36.06 (equation 3.2)."""
    result, _ = world
    a, b = {"value": 100.0, "lower": 70.0, "upper": 130.0}, {"value": 50.0, "lower": 30.0, "upper": 70.0}
    half = np.sqrt(30.0**2 + 20.0**2)
    assert interval(result, "approach_1", a, b) == pytest.approx((150 - half, 150.0, 150 + half))
    # the larger half width counts where limits are not symmetric, and nothing is cut at zero
    skew = {"value": 10.0, "lower": 5.0, "upper": 30.0}
    assert interval(result, "approach_1", skew) == pytest.approx((-10.0, 10.0, 30.0))
    lower, value, _ = interval(result, "approach_1_truncated", skew)
    assert 0.0 <= lower < value


def test_activity_and_factor_combine_by_equation_3_1(activity: Make, factors: pl.DataFrame) -> None:
    """Activity ± 3 %, CO2 factor ± 10 %: √(3² + 10²) = 10.44 %."""
    rows = activity(("energy.power", "raw_coal", 1e6, "t"), uncertainty=[3.0])
    result = account(rows, None, factors)
    table = uncertainty(result.emission, result.factor_used, rows, methods=["approach_1"], sectors=False)
    low, value, high = table.filter(pl.col("species") == "CO2").select("lower", "value", "upper").row(0)
    assert (high - value) / value == pytest.approx(np.hypot(0.03, 0.10), rel=1e-9)
    assert value - low == pytest.approx(high - value)
    row = result.emission.filter(pl.col("species") == "CO2").to_dicts()[0]
    assert row["upper"] / row["value"] - 1 == pytest.approx(np.hypot(0.03, 0.10), rel=1e-9)


@pytest.mark.parametrize("given", [0.4, 1.0, 5.0])
def test_any_uncertainty_of_an_activity_counts_its_row(
    activity: Make, factors: pl.DataFrame, given: float
) -> None:
    rows = activity(
        ("energy.power", "raw_coal", 1e6, "t"),
        ("energy.power", "raw_coal", 1e6, "t"),
        uncertainty=[None, given],
    ).drop("activity_id", strict=False)
    result = account(rows, None, factors)
    found = terms(result.emission.filter(pl.col("species") == "CO2"), result.factor_used, rows, sectors=False)
    assert found.activity_half.tolist() == pytest.approx([given / 100])
    assert sorted(found.term.activity.tolist()) == [-1, 0]
    first, second = found.term.value
    assert approach_1(found)[0] == pytest.approx(np.hypot(first * 0.1, second * np.hypot(0.1, given / 100)))


def test_a_factor_without_limits_is_unknown_though_its_activity_has_some(
    world: tuple[Result, pl.DataFrame],
) -> None:
    result, rows = world
    table = uncertainty(result.emission, result.factor_used, rows, draws=200)
    nox = table.filter(pl.col("species") == "NOx")
    assert nox.height > 0
    assert nox["lower"].null_count() == nox["upper"].null_count() == nox.height


def test_limits_that_equal_the_value_are_no_knowledge(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    for method in ("approach_1", "first_order", "monte_carlo"):
        assert interval(result, method, {"value": 5.0, "lower": 5.0, "upper": 5.0}) == (None, 5.0, None)


@pytest.mark.parametrize("method", ["approach_1", "approach_1_truncated", "first_order", "monte_carlo"])
def test_negative_emissions_keep_their_order(world: tuple[Result, pl.DataFrame], method: str) -> None:
    """A sink of −10 with limits −12 and −8."""
    result, _ = world
    cells = {"value": -10.0, "lower": -12.0, "upper": -8.0}
    low, value, high = interval(result, method, cells, draws=20_000)
    assert (low, value, high) == pytest.approx((-12.0, -10.0, -8.0), abs=0.05)


def test_a_negative_factor_keeps_its_order_in_the_emission_row(activity: Make, record: Any) -> None:
    sink = record(
        "sink", "CO2", -10.0, "t/t", process="energy.power", product="coal", lower=-12.0, upper=-9.0
    )
    frame = pl.DataFrame([sink], schema_overrides={"lower": pl.Float64, "upper": pl.Float64})
    result = account(activity(("energy.power", "raw_coal", 2.0, "t")), None, frame)
    row = result.emission.filter(pl.col("species") == "CO2").to_dicts()[0]
    assert (row["lower"], row["value"], row["upper"]) == pytest.approx((-24.0, -20.0, -18.0))
    back = account(activity(("energy.power", "raw_coal", -2.0, "t")), None, frame)
    row = back.emission.filter(pl.col("species") == "CO2").to_dicts()[0]
    assert (row["lower"], row["value"], row["upper"]) == pytest.approx((18.0, 20.0, 24.0))


def test_the_share_that_is_known_weighs_sinks_by_their_size(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    known = {"value": -30.0, "lower": -33.0, "upper": -27.0}
    frame = rows_of(result, known, {"value": 10.0, "lower": None, "upper": None})
    assert known_share(terms(frame, result.factor_used, sectors=False)).tolist() == pytest.approx([0.75])


def test_intervals_are_the_quantiles_of_the_draws_at_2_5_and_97_5_per_cent(
    world: tuple[Result, pl.DataFrame],
) -> None:
    """A normal of mean 100 whose 95 % limits are 80 and 120; 5 and 95 % would give 83.2 and 116.8."""
    result, _ = world
    cells = {"value": 100.0, "lower": 80.0, "upper": 120.0}
    low, _, high = interval(result, "monte_carlo", cells, draws=200_000, seed=4)
    assert (low, high) == pytest.approx((80.0, 120.0), abs=0.3)
    drawn = monte_carlo(terms(rows_of(result, cells), result.factor_used, sectors=False), draws=4000, seed=4)
    low, _, high = interval(result, "monte_carlo", cells, draws=4000, seed=4)
    assert (low, high) == pytest.approx(tuple(np.sort(drawn[0])[[100, 3899]]), abs=0.1)


def test_no_draws_no_rows_of_monte_carlo(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    assert set(uncertainty(result.emission, result.factor_used, rows, draws=0)["method"]) == {
        "approach_1",
        "first_order",
    }


def test_only_totals_above_zero_end_at_zero(world: tuple[Result, pl.DataFrame]) -> None:
    result, _ = world
    wide = {"value": 10.0, "lower": 0.1, "upper": 60.0}
    assert interval(result, "first_order", wide)[0] == 0.0
    assert interval(result, "first_order", {"value": -10.0, "lower": -60.0, "upper": -0.1})[0] < -10.0


def test_no_rows_no_table(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    assert uncertainty(result.emission.clear(), result.factor_used, rows, draws=10).is_empty()


@pytest.mark.parametrize(
    ("cells", "limits"),
    [
        ({"value": 0.5, "lower": 0.4, "upper": 0.6}, (0.4, 0.6)),
        ({"value": 0.5, "lower": 0.005, "upper": 3.0}, (0.0, None)),
    ],
)
def test_totals_below_one_are_as_good_as_others(
    world: tuple[Result, pl.DataFrame], cells: dict[str, Any], limits: tuple[float, float | None]
) -> None:
    result, _ = world
    low, _, high = interval(result, "first_order", cells)
    assert low == pytest.approx(limits[0])
    assert limits[1] is None or high == pytest.approx(limits[1])


def test_the_first_order_holds_the_activity_too(activity: Make, factors: pl.DataFrame) -> None:
    """Activity ± 6 %, CO2 factor ± 10 %: √(6² + 10²) = 11.66 %; two rows of one factor: 10 % is shared."""
    rows = activity(
        ("energy.power", "raw_coal", 1e6, "t"), ("energy.power", "raw_coal", 1e6, "t"), uncertainty=[6.0, 6.0]
    )
    result = account(rows, None, factors)
    found = terms(result.emission.filter(pl.col("species") == "CO2"), result.factor_used, rows, sectors=False)
    whole = found.term.value.sum()
    assert first_order(found)[0] / whole == pytest.approx(np.hypot(0.06 / np.sqrt(2), 0.10), rel=1e-9)
    assert approach_1_truncated(found)[0] / whole == pytest.approx(
        np.hypot(0.06, 0.10) / np.sqrt(2), rel=1e-9
    )
    drawn = monte_carlo(found, draws=40_000, seed=3)[0]
    assert 1.96 * drawn.std() / whole == pytest.approx(np.hypot(0.06 / np.sqrt(2), 0.10), rel=0.02)


def test_more_drawn_sums_than_fit_are_not_drawn(
    world: tuple[Result, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One total of 100 draws at a limit of 100 sums is drawn; 101 draws are not."""
    monkeypatch.setattr("tongyuan.inventory.uncertainty.uncertainty.DRAWN_MAX", 100)
    result, _ = world
    frame = rows_of(result, {"value": 10.0, "lower": 5.0, "upper": 15.0})
    both = ("first_order", "monte_carlo")
    for draws, methods in ((100, set(both)), (101, {"first_order"})):
        table = uncertainty(frame, result.factor_used, methods=both, draws=draws, sectors=False)
        assert set(table["method"]) == methods


def test_factors_of_one_fuel_move_together_when_asked(world: tuple[Result, pl.DataFrame]) -> None:
    result, rows = world
    whole = result.emission.with_columns(pl.lit("all").alias("species"))
    found = terms(whole, result.factor_used, rows)
    total = found.groups["group"].to_list().index("total")
    assert first_order(found, correlation=1.0)[total] > 1.0001 * first_order(found)[total]
