"""Sums by key are those of the rows, with what each row leaves out and how unsure it is."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.inventory.account.account import Settings, account, prepare
from tongyuan.inventory.account.rows import each, summed, yielded
from tongyuan.ledger.table import LIST, split_list

Make = Callable[..., pl.DataFrame]
COAL = ("energy.power", "raw_coal", 100.0, "t")


def with_excluded(frame: pl.DataFrame, *excluded: str | None) -> pl.DataFrame:
    return frame.with_columns(split_list(pl.lit(pl.Series(excluded, dtype=pl.String))).alias("excluded"))


def test_rows_of_one_key_are_summed_with_their_uncertainty_in_quadrature(activity: Make) -> None:
    """100 ± 3 % and 100 ± 4 %: 200 ± 5 units, 2.5 %."""
    keys, rows = summed(prepare(activity(COAL, COAL, uncertainty=[3.0, 4.0])))
    assert keys.height == 1
    assert rows["value"].to_list() == [200.0]
    assert rows["uncertainty"].to_list() == pytest.approx([2.5])
    half = summed(prepare(activity(COAL, COAL, uncertainty=[3.0, None])))[1]
    assert half["uncertainty"].to_list() == pytest.approx([1.5])
    none = summed(prepare(activity(COAL, COAL, uncertainty=[None, None])))[1]
    assert none["uncertainty"].to_list() == [None]


def test_sums_without_uncertainty_are_the_sums_of_the_others(activity: Make) -> None:
    """100 + 100 and 40, whether or not a row beside them has an uncertainty or leaves a species out."""
    textile = ("industry.textile", "raw_coal", 40.0, "t")
    plain = prepare(activity(COAL, textile, COAL))
    unsure = prepare(activity(COAL, textile, COAL, uncertainty=[None, 5.0, None]))
    one, two, three = (
        summed(frame) for frame in (plain, unsure, prepare(with_excluded(plain, "SO2", None, "SO2")))
    )
    assert dict(one[0].join(one[1], on="key").select("process", "value").iter_rows()) == {
        "energy.power": 200.0,
        "industry.textile": 40.0,
    }
    assert one[0].equals(two[0])
    assert one[0].equals(three[0])
    for other in (two, three):
        assert one[1].select("key", "value").equals(other[1].select("key", "value"))
        assert one[1].schema == other[1].schema
    assert summed(plain.clear())[1].is_empty()


def test_rows_that_leave_out_different_species_are_kept_apart(activity: Make) -> None:
    frame = prepare(with_excluded(activity(COAL, COAL, COAL), "SO2", None, "SO2"))
    keys, rows = summed(frame)
    assert keys.height == 1
    assert {tuple(out): value for out, value in rows.select("excluded", "value").iter_rows()} == {
        (): 100.0,
        ("SO2",): 200.0,
    }
    assert each(frame)[1]["excluded"].to_list() == [["SO2"], [], ["SO2"]]


@pytest.mark.parametrize(
    ("excluded", "left"),
    [
        ([], {"SO2", "CO2", "NOx"}),
        (["SO2", "NOx"], {"CO2"}),
        (["only:", "CO2"], {"CO2"}),
        (["only:", "CO2", "NOx"], {"CO2", "NOx"}),
    ],
)
def test_species_a_row_yields(excluded: list[str], left: set[str]) -> None:
    values = pl.DataFrame(
        {"excluded": [excluded] * 3, "species": ["SO2", "CO2", "NOx"]}, schema_overrides={"excluded": LIST}
    )
    assert set(yielded(values)["species"]) == left


def test_sums_by_key_yield_what_the_rows_do(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    textile = ("industry.textile", "raw_coal", 40.0, "t")
    rows = with_excluded(activity(COAL, COAL, COAL, textile), "SO2", "SO2", None, "only:CO2")
    fine = account(rows, control(("wet_fgd", 0.9)), factors)
    coarse = account(rows, control(("wet_fgd", 0.9)), factors, Settings(detail="key"))
    by = ["process", "origin", "scope", "species"]
    one, two = (r.emission.group_by(by).agg(pl.col("value").sum()).sort(by) for r in (fine, coarse))
    assert one.drop("value").equals(two.drop("value"))
    assert one["value"].to_list() == pytest.approx(two["value"].to_list(), rel=1e-12)
    assert coarse.emission.height < fine.emission.height
    assert fine.emission.filter(pl.col("species") == "SO2").height == 1
