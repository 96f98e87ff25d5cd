from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.account import account
from tongyuan.inventory.view.change import EFFECTS, diff, shapley, summary

Make = Callable[..., pl.DataFrame]
NUMBER = st.floats(0, 1e3)


@given(st.tuples(NUMBER, NUMBER, NUMBER), st.tuples(NUMBER, NUMBER, NUMBER))
@settings(max_examples=100, deadline=None)
def test_shapley_sums_exactly_and_is_antisymmetric(
    before: tuple[float, float, float], after: tuple[float, float, float]
) -> None:
    def parts(old: tuple[float, ...], new: tuple[float, ...]) -> np.ndarray:
        effects = shapley(tuple(map(pl.lit, old)), tuple(map(pl.lit, new)))  # type: ignore[arg-type]
        return pl.select(e.alias(str(i)) for i, e in enumerate(effects)).to_numpy()[0]

    change = float(np.prod(after) - np.prod(before))
    scale = max(float(np.prod(np.maximum(before, after))), 1.0)
    assert parts(before, after).sum() == pytest.approx(change, abs=1e-12 * scale)
    assert parts(after, before) == pytest.approx(-parts(before, after), abs=1e-9 * scale)


def test_shapley_gives_all_to_the_one_that_changed() -> None:
    one = shapley((pl.lit(2.0), pl.lit(3.0), pl.lit(5.0)), (pl.lit(4.0), pl.lit(3.0), pl.lit(5.0)))
    assert pl.select(e.alias(str(i)) for i, e in enumerate(one)).row(0) == pytest.approx((30.0, 0.0, 0.0))


def test_each_cause_is_told_apart(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    before, after = (
        activity(("energy.power", "raw_coal", 100.0, "t")),
        activity(("energy.power", "raw_coal", 1.5e-2, "万吨")),
    )
    better = factors.with_columns(
        pl.when(pl.col("record_id") == "so2").then(12.0).otherwise("value").alias("value")
    )
    first = account(before, control(("wet_fgd", 0.5)), factors)
    second = account(after, control(("wet_fgd", 1.0)), better)
    changes = diff(first.emission, second.emission, before, after)
    assert (changes.select(EFFECTS).sum_horizontal() - changes["change"]).abs().max() < 1e-9
    so2 = changes.filter(pl.col("species") == "SO2").row(0, named=True)
    assert so2["activity"] > 0
    assert so2["factor"] < 0
    assert so2["control"] < 0
    co2 = changes.filter(pl.col("species") == "CO2", pl.col("origin") == "combustion").row(0, named=True)
    assert co2["activity"] == pytest.approx(co2["change"])
    caused = changes.filter(pl.col("origin") == "control")
    assert caused["control"].to_list() == pytest.approx(caused["change"].to_list())
    total = summary(changes, ("species",))
    assert total.columns[:2] == ["species", "unit"]
    assert total["change"].sum() == pytest.approx(changes["change"].sum())


def test_presence_method_and_other(activity: Make, factors: pl.DataFrame) -> None:
    before = activity(("energy.power", "raw_coal", 100.0, "t"))
    after = activity(
        ("energy.power", "raw_coal", 100.0, "t"), ("industry.cement.clinker", "clinker", 1.0, "t")
    )
    first, second = account(before, None, factors).emission, account(after, None, factors).emission
    changes = diff(first, second, before, after)
    new = changes.filter(pl.col("process") == "industry.cement.clinker").row(0, named=True)
    assert (new["before"], new["presence"]) == (0.0, pytest.approx(0.52))
    other_way = second.with_columns(
        pl.when(pl.col("species") == "SO2")
        .then(pl.lit("sulphur_balance"))
        .otherwise("method")
        .alias("method"),
        pl.when(pl.col("species") == "SO2").then(pl.col("value") * 2).otherwise("value").alias("value"),
    )
    so2 = diff(first, other_way, before, after).filter(pl.col("species") == "SO2").row(0, named=True)
    assert so2["method"] == pytest.approx(so2["change"])
    blind = (
        diff(first, first.with_columns(pl.col("value") * 2))
        .filter(pl.col("species") == "SO2")
        .row(0, named=True)
    )
    assert blind["other"] == pytest.approx(blind["change"])


def test_across_years(activity: Make, factors: pl.DataFrame) -> None:
    before = activity(("energy.power", "raw_coal", 100.0, "t"))
    after = before.with_columns(year=pl.lit(2022, dtype=pl.Int64), value=pl.lit(130.0))
    first, second = account(before, None, factors).emission, account(after, None, factors).emission
    changes = diff(first, second, before, after, across_years=True)
    assert changes["activity"].to_list() == pytest.approx(changes["change"].to_list())
    assert (diff(first, second, before, after)["presence"] != 0).all()
    with pytest.raises(ValueError, match="one year"):
        diff(pl.concat([first, second]), second, across_years=True)


def test_the_same_run_has_no_change(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 100.0, "t"))
    result = account(rows, control(("wet_fgd", 0.5)), factors)
    changes = diff(result.emission, result.emission, rows, rows)
    assert changes.select("change", *EFFECTS).sum().row(0) == (0.0,) * (1 + len(EFFECTS))
