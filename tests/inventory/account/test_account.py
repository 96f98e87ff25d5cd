from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.account import Result, Settings, _term, account, place, prepare
from tongyuan.inventory.view.view import total
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform, table
from tongyuan.reference.energy import fuels

Make = Callable[..., pl.DataFrame]


def value(result: Result, species: str, **where: Any) -> float:
    rows = result.emission.filter(pl.col("species") == species, *(pl.col(k) == v for k, v in where.items()))
    return float(rows["value"].sum())


def test_activity_times_factor_times_what_passes(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows = activity(("energy.power", "raw_coal", 100.0, "万吨"))
    result = account(rows, control(("esp", 1.0), ("wet_fgd", 0.9)), factors)
    heat = fuels.heating_value("raw_coal", "C")[0]
    assert value(result, "CO2", origin="combustion") == pytest.approx(1e6 * heat * 100)
    assert value(result, "SO2") == pytest.approx(1e6 * 0.016 * (1 - 0.9 * 0.95))
    assert value(result, "PM2.5") == pytest.approx(1e6 * 0.005 * 0.01 * (1 - 0.9 * 0.5))
    row = result.emission.filter(pl.col("species") == "SO2").row(0, named=True)
    assert row["uncontrolled"] == pytest.approx(16_000)
    assert (row["factor_id"], row["method"], row["tier"]) == (["so2"], "factor_tier_1", "1")
    assert (row["origin"], row["scope"], row["medium"]) == ("combustion", "direct", "air")
    assert (row["activity_id"], row["control"], row["unit"]) == (["1"], ["wet_fgd"], "t")


def test_every_frame_is_a_table_of_the_ledger(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 100.0, "t"), ("industry.lime", "", 1.0, "t"))
    result = account(rows, control(("wet_fgd", 1.0)), factors)
    for name in ("emission", "factor_used", "control_effect", "gap"):
        frame = getattr(result, name)
        assert conform(name, frame).equals(frame)
    key = [column.name for column in table("emission").columns if column.key]
    assert not result.emission.select(key).is_duplicated().any()


def test_limits_join_those_of_factor_and_activity(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 100.0, "t"), uncertainty=[30.0])
    result = account(rows, None, factors)
    so2 = result.emission.filter(pl.col("species") == "SO2").row(0, named=True)
    assert so2["lower"] == pytest.approx(so2["value"] * (1 - math.hypot(0.5, 0.3)))
    assert so2["upper"] == pytest.approx(so2["value"] * (1 + math.hypot(1.0, 0.3)))
    nox = result.emission.filter(pl.col("species") == "NOx").row(0, named=True)
    assert nox["lower"] is None
    assert nox["upper"] is None


def test_a_controlled_factor_is_not_controlled_again(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows = activity(("energy.power", "raw_coal", 100.0, "t"))
    result = account(rows, control(("scr", 1.0)), factors)
    assert value(result, "NOx") == pytest.approx(0.1)
    # a device that lets a fifth pass: half a tonne left the boiler, told back from what is left
    assert result.emission.filter(pl.col("species") == "NOx")["uncontrolled"][0] == pytest.approx(0.5)
    removed = result.control_effect.filter(pl.col("species") == "NOx")["removed"][0]
    assert removed == pytest.approx(0.4)
    assert "control_in_factor" in {finding.check for finding in result.issues}


def test_a_factor_before_control_may_go_first_where_a_device_stands(
    activity: Make, control: Make, factors: pl.DataFrame, record: Callable[..., dict[str, Any]]
) -> None:
    raw = record("nox_raw", "NOx", 4, "kg/t", process="energy.power", product="coal", region="EU")
    both = pl.concat([factors, pl.DataFrame([raw], schema=factors.schema)])
    rows = activity(("energy.power", "raw_coal", 100.0, "t"))
    result = account(rows, control(("scr", 1.0)), both)
    assert value(result, "NOx") == pytest.approx(0.4 * 0.2)
    assert "control_in_factor" not in {finding.check for finding in result.issues}
    assert value(account(rows, control(("esp", 1.0)), both), "NOx") == pytest.approx(0.1)
    assert value(account(rows, control(("scr", 1.0)), factors), "NOx") == pytest.approx(0.1)


def test_devices_cause_carbon_and_it_is_seen(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 1e6, "t"))
    without, result = account(rows, None, factors), account(rows, control(("wet_fgd", 1.0)), factors)
    removed = 16_000 * 0.95
    stone = value(result, "CO2", origin="control", scope="direct")
    power = value(result, "CO2", origin="control", scope="indirect")
    assert stone == pytest.approx(removed * 1.6 * 0.44)
    assert power == pytest.approx(1e6 * 20 * 0.5e-3)
    assert value(result, "desulfurisation_gypsum") == pytest.approx(removed * 2.7)
    assert value(result, "CO2", scope="direct") > value(without, "CO2", scope="direct")
    effect = {(row["species"]): row for row in result.control_effect.iter_rows(named=True)}
    assert effect["SO2"]["removed"] == pytest.approx(removed)
    assert effect["CO2"]["induced"] == pytest.approx(stone + power)
    assert effect["electricity"]["induced"] == pytest.approx(1e6 * 20 * 3.6e-6)
    used = dict(zip(result.consumption["product"], result.consumption["amount"], strict=True))
    assert used["limestone"] == pytest.approx(removed * 1.6)


def test_without_a_grid_factor_the_carbon_is_named_unknown(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows, devices = activity(("energy.power", "raw_coal", 1.0, "t")), control(("wet_fgd", 1.0))
    bare = factors.filter(pl.col("record_id") != "grid")
    assert [
        f.values["product"].en
        for f in account(rows, devices, bare).issues
        if f.check == "control_carbon_unknown"
    ] == ["Electricity"]
    grid = factors.filter(pl.col("record_id") == "grid")
    assert not [
        f for f in account(rows, devices, bare, grid=grid).issues if f.check == "control_carbon_unknown"
    ]


def test_used_records_are_listed_with_their_share(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows = activity(("energy.power", "raw_coal", 1.0, "t"), ("industry.cement.clinker", "clinker", 1.0, "t"))
    used = account(rows, control(("wet_fgd", 1.0)), factors).factor_used
    by_id = {row["record_id"]: row for row in used.iter_rows(named=True)}
    assert {"co2", "so2", "clinker", "fgd_so2", "limestone", "calcination", "grid"} <= set(by_id)
    assert "scr_nox" not in by_id
    assert by_id["so2"]["share"] == pytest.approx(1.0)
    assert by_id["fgd_so2"]["row_count"] == 0


def test_detail_key_and_activity_have_the_same_totals(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows = activity(
        *[("energy.power", "raw_coal", float(n), "t") for n in range(1, 20)], uncertainty=[5.0] * 19
    )
    fine = account(rows, control(("wet_fgd", 1.0)), factors)
    coarse = account(rows, control(("wet_fgd", 1.0)), factors, Settings(detail="key"))
    np.testing.assert_allclose(total(fine.emission)["value"], total(coarse.emission)["value"], rtol=1e-12)
    assert coarse.emission.height < fine.emission.height
    assert coarse.emission["activity_id"].null_count() == coarse.emission.height


def test_what_devices_cause_can_be_split_over_the_rows_of_a_source(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    both = activity(("energy.power", "raw_coal", 1e6, "t"), ("energy.power", "raw_coal", 3e6, "t"))
    whole = account(both, control(("wet_fgd", 1.0)), factors)
    split = account(both, control(("wet_fgd", 1.0)), factors, Settings(devices_by_row=True))
    made = split.emission.filter(pl.col("origin") == "control")
    together = whole.emission.filter(pl.col("origin") == "control")
    assert made.height == 2 * together.height > 0
    assert made["value"].sum() == pytest.approx(together["value"].sum(), rel=1e-12)
    share = dict(made.group_by(pl.col("activity_id").list.first()).agg(pl.col("value").sum()).iter_rows())
    assert share["2"] == pytest.approx(3 * share["1"])


def test_species_wanted(activity: Make, factors: pl.DataFrame) -> None:
    result = account(
        activity(("energy.power", "raw_coal", 1.0, "t")), None, factors, Settings(species=("SO2",))
    )
    assert result.emission["species"].unique().to_list() == ["SO2"]


def test_pandas_walks_in_by_the_same_door(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 5.0, "t"))
    pandas = pd.DataFrame(rows.to_dict(as_series=False))
    assert account(pandas, None, factors).emission.equals(account(rows, None, factors).emission)


def test_no_activity_gives_no_emission(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 5.0, "t")).clear()
    result = account(rows, control(("wet_fgd", 1.0)), factors)
    assert result.emission.is_empty()
    assert result.gap.is_empty()


def test_missing_values_are_refused(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", float("nan"), "t"))
    with pytest.raises(ValueError, match="missing is not zero"):
        account(rows, None, factors)


def test_settings_are_strict() -> None:
    with pytest.raises(ValueError, match="extra"):
        Settings(engin="spark")  # type: ignore[call-arg]


def test_ids_are_given_where_there_are_none(activity: Make) -> None:
    rows = activity(("building", "lpg", 1.0, "t"), ("building", "lpg", 1.0, "t"), activity_id=["a", None])
    assert prepare(rows)["activity_id"].to_list() == ["a", "2"]


@pytest.mark.parametrize(
    ("process", "product", "origin", "scope"),
    [
        ("energy.power", "raw_coal", "combustion", "direct"),
        ("energy.coal_mining", "raw_coal", "fugitive", "direct"),
        ("industry.cement.clinker", "clinker", "process", "direct"),
        ("industry.cement.clinker", "raw_coal", "combustion", "direct"),
        ("industry.textile", "electricity", "energy_use", "indirect"),
        ("energy.purchased_electricity", "electricity", "energy_use", "indirect"),
        ("agriculture.rice", "", "agriculture", "direct"),
        ("waste.landfill", "", "waste", "direct"),
        ("solvent.coating", "", "evaporation", "direct"),
        ("transport.road.wear", "", "fugitive", "direct"),
        ("land.forest", "", "land", "direct"),
    ],
)
def test_origin_and_scope(process: str, product: str, origin: str, scope: str) -> None:
    assert place(process, product) == (origin, scope)


AMOUNTS = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=8)


@given(amounts=AMOUNTS, scale=st.floats(0.01, 100))
@settings(max_examples=6, deadline=None)
def test_linear_in_activity(
    activity: Make, control: Make, factors: pl.DataFrame, amounts: list[float], scale: float
) -> None:
    devices = control(("esp", 0.8), ("wet_fgd", 0.9))
    rows = activity(*[("energy.power", "raw_coal", a, "t") for a in amounts])
    one = total(account(rows, devices, factors).emission)
    more = total(account(rows.with_columns(pl.col("value") * scale), devices, factors).emission)
    np.testing.assert_allclose(more["value"], one["value"] * scale, rtol=1e-9)


@given(amounts=AMOUNTS)
@settings(max_examples=6, deadline=None)
def test_unit_invariance(activity: Make, factors: pl.DataFrame, amounts: list[float]) -> None:
    tonnes = activity(*[("energy.power", "raw_coal", a, "t") for a in amounts])
    wan = activity(*[("energy.power", "raw_coal", a / 1e4, "万吨") for a in amounts])
    np.testing.assert_allclose(
        account(tonnes, None, factors).emission["value"],
        account(wan, None, factors).emission["value"],
        rtol=1e-12,
    )


@given(applied=st.floats(0, 1), more=st.floats(0, 1), factor=st.floats(1, 3))
@settings(max_examples=8, deadline=None)
def test_monotone_in_factor_and_removal(
    activity: Make, control: Make, factors: pl.DataFrame, applied: float, more: float, factor: float
) -> None:
    rows = activity(("energy.power", "raw_coal", 1000.0, "t"))
    low, high = sorted((applied, more))
    less_removed = value(account(rows, control(("wet_fgd", low)), factors), "SO2")
    assert value(account(rows, control(("wet_fgd", high)), factors), "SO2") <= less_removed * (1 + 1e-12)
    raised = factors.with_columns(
        pl.when(pl.col("record_id") == "so2").then(pl.col("value") * factor).otherwise("value").alias("value")
    )
    assert value(account(rows, control(("wet_fgd", low)), raised), "SO2") >= less_removed * (1 - 1e-12)


@given(order=st.permutations(range(6)))
@settings(max_examples=6, deadline=None)
def test_the_order_of_rows_does_not_matter(
    activity: Make, control: Make, factors: pl.DataFrame, order: list[int]
) -> None:
    rows = activity(*[("energy.power", "raw_coal", float(n + 1), "t") for n in range(6)])
    devices = control(("esp", 0.8), ("wet_fgd", 0.9))
    first = total(account(rows, devices, factors).emission)
    second = total(account(rows[order], devices, factors).emission)
    assert first.drop("value", "uncontrolled").equals(second.drop("value", "uncontrolled"))
    np.testing.assert_allclose(first["value"], second["value"], rtol=1e-12)


@given(cuts=st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
@settings(max_examples=6, deadline=None)
def test_the_whole_is_the_sum_of_its_parts(
    activity: Make, control: Make, factors: pl.DataFrame, cuts: list[float]
) -> None:
    devices = control(("esp", 0.8), ("wet_fgd", 0.9))
    whole = activity(("energy.power", "raw_coal", sum(cuts), "t"))
    parts = activity(*[("energy.power", "raw_coal", c, "t") for c in cuts])
    np.testing.assert_allclose(
        total(account(whole, devices, factors).emission)["value"],
        total(account(parts, devices, factors).emission)["value"],
        rtol=1e-9,
    )


def test_the_same_run_gives_the_same_bits(activity: Make, control: Make, factors: pl.DataFrame) -> None:
    rows = activity(*[("energy.power", "raw_coal", n / 7, "t") for n in range(1, 50)])
    first, second = (account(rows, control(("wet_fgd", 0.9)), factors) for _ in range(2))
    assert first.emission.equals(second.emission)
    assert first.control_effect.equals(second.control_effect)


@pytest.mark.parametrize(
    ("species", "passing", "check"),
    [("no species", [], "join_lost"), ("SO2", [(0, "SO2", 0.1), (0, "SO2", 0.2)], "")],
    ids=["species unknown", "penetration twice"],
)
def test_a_row_that_is_lost_or_doubled_stops_the_account(
    species: str, passing: list[Any], check: str
) -> None:
    factor = pl.DataFrame({"key": [0], "species": [species]})
    penetration = pl.DataFrame(
        passing, schema={"key": pl.Int64, "species": pl.String, "penetration": pl.Float64}, orient="row"
    )
    if check:
        with pytest.raises(FindingError) as stopped:
            _term(factor, penetration)
        assert stopped.value.findings[0].check == check
    else:
        with pytest.raises(pl.exceptions.ComputeError):
            _term(factor, penetration)
