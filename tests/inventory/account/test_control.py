from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.account.control import installed, of_devices, of_own, removal, shared
from tongyuan.reference.factors.match import lineage

Make = Callable[..., pl.DataFrame]


def keys(**more: Any) -> pl.DataFrame:
    row = {
        "key": 0,
        "process": "energy.power",
        "product": "raw_coal",
        "technology": "",
        "region": "370000",
        "year": 2021,
        "unit": "t",
    }
    return pl.DataFrame([row | more], schema_overrides={"key": pl.UInt32})


def passes(found: Any, species: str) -> float:
    rows = found.penetration.filter(pl.col("species") == species)
    return float(rows["penetration"][0]) if rows.height else 1.0


def test_families_stand_in_series(control: Make, factors: pl.DataFrame) -> None:
    found = removal(keys(), control(("esp", 1.0), ("wet_fgd", 0.9)), factors)
    assert passes(found, "PM2.5") == pytest.approx(0.01 * (1 - 0.45))
    assert passes(found, "SO2") == pytest.approx(1 - 0.9 * 0.95)
    shares = dict(found.removal.filter(pl.col("species") == "PM2.5").select("control", "removed").iter_rows())
    assert shares == pytest.approx({"esp": 0.99, "wet_fgd": 0.01 * 0.45})


def test_gas_meets_devices_in_the_order_of_the_table(control: Make, factors: pl.DataFrame) -> None:
    found = removal(keys(), control(("wet_fgd", 1.0), ("esp", 1.0)), factors)
    shares = dict(found.removal.filter(pl.col("species") == "PM2.5").select("control", "removed").iter_rows())
    assert shares == pytest.approx({"wet_fgd": 0.5, "esp": 0.5 * 0.99})
    assert found.penetration.filter(pl.col("species") == "PM2.5")["controls"][0].to_list() == [
        "wet_fgd",
        "esp",
    ]


def test_devices_of_one_family_share_the_source(control: Make, factors: pl.DataFrame) -> None:
    # 60 % of the coal behind one kind of scrubber, 40 % behind another: nothing passes both
    found = removal(keys(), control(("wet_fgd", 0.6), ("dry_fgd", 0.4)), factors)
    assert passes(found, "SO2") == pytest.approx(1 - 0.6 * 0.95 - 0.4 * 0.8)


def test_devices_of_one_family_on_the_same_gas_stand_in_series(control: Make, factors: pl.DataFrame) -> None:
    found = removal(keys(), control(("dry_fgd", 1.0), ("wet_fgd", 1.0)), factors)
    assert passes(found, "SO2") == pytest.approx(0.2 * 0.05)


@given(
    shares=st.lists(
        st.tuples(st.sampled_from(["esp", "wet_fgd", "dry_fgd", "scr"]), st.floats(0, 1)),
        max_size=4,
        unique_by=lambda s: s[0],
    )
)
@settings(max_examples=12, deadline=None)
def test_removed_and_passing_make_up_the_whole(
    control: Make, factors: pl.DataFrame, shares: list[tuple[str, float]]
) -> None:
    found = removal(keys(), control(*shares), factors)
    for species in found.penetration["species"]:
        removed = found.removal.filter(pl.col("species") == species)["removed"].sum()
        assert removed + passes(found, species) == pytest.approx(1.0)
        assert 0 <= passes(found, species) <= 1


def test_operation_rate_counts(control: Make, factors: pl.DataFrame) -> None:
    found = removal(keys(), control(("wet_fgd", 1.0), operation=[0.5]), factors)
    assert passes(found, "SO2") == pytest.approx(1 - 0.5 * 0.95)


def test_a_row_serves_what_lies_below_it_and_the_most_special_row_counts(control: Make) -> None:
    rows = control(("wet_fgd", 0.5), ("wet_fgd", 0.9), process=["energy", "energy.power"])
    at_key, double = installed(keys(), rows)
    assert at_key["applied"].to_list() == [0.9]
    assert double.is_empty()
    assert installed(keys(process="energy.heat"), rows)[0]["applied"].to_list() == [0.5]
    assert installed(keys(process="building"), rows)[0].is_empty()


def test_a_city_has_the_devices_of_its_province_but_not_of_another_or_another_year(control: Make) -> None:
    rows = control(("wet_fgd", 0.5))
    assert installed(keys(region="370100"), rows)[0].height == 1
    assert installed(keys(region="110000"), rows)[0].is_empty()
    assert installed(keys(year=2020), rows)[0].is_empty()


def test_rows_of_equal_rank_are_reported(control: Make, factors: pl.DataFrame) -> None:
    found = removal(keys(), control(("wet_fgd", 0.5), ("wet_fgd", 0.9)), factors)
    assert "control_double" in found.issues["check"].to_list()
    assert passes(found, "SO2") == pytest.approx(1 - 0.5 * 0.95)


def test_a_device_without_record_falls_back_to_its_kind_or_is_named(
    control: Make, factors: pl.DataFrame, record: Callable[..., dict[str, Any]]
) -> None:
    assert (
        "control_without_efficiency"
        in removal(keys(), control(("ammonia_fgd", 1.0)), factors).issues["check"].to_list()
    )
    kind = pl.DataFrame(
        [record("any", "SO2", 0.7, "fraction", kind="removal_efficiency", control="desulfurisation")],
        schema=factors.schema,
    )
    found = removal(keys(), control(("ammonia_fgd", 1.0)), pl.concat([factors, kind]))
    assert passes(found, "SO2") == pytest.approx(0.3)
    assert found.issues.is_empty()


def test_a_device_may_add_what_it_does_not_remove(
    control: Make, factors: pl.DataFrame, record: Callable[..., dict[str, Any]]
) -> None:
    slip = record("slip", "NH3", 0.1, "kg/t", control="scr", process="energy.power", product="coal")
    assert (
        "NH3"
        not in removal(
            keys(), control(("scr", 1.0)), pl.concat([factors, pl.DataFrame([slip], schema=factors.schema)])
        )
        .penetration["species"]
        .to_list()
    )


def test_a_device_takes_from_its_kind_only_what_it_has_no_record_of(record: Callable[..., Any]) -> None:
    """The kind removes 50 % of SO2 and 30 % of PM2.5; the device itself is known to remove 95 % of SO2."""
    family = {"control": lineage("control", "wet_fgd")[-1], "kind": "removal_efficiency"}
    own = {"control": "wet_fgd", "kind": "removal_efficiency"}
    records = pl.DataFrame(
        [
            record("kind_so2", "SO2", 0.5, "fraction", **family),
            record("kind_pm", "PM2.5", 0.3, "fraction", **family),
            record("own_so2", "SO2", 0.95, "fraction", **own),
        ]
    )
    found = of_devices(["wet_fgd"], records, ("removal_efficiency",))
    assert dict(found.select("species", "value").iter_rows()) == {"SO2": 0.95, "PM2.5": 0.3}
    assert set(found["control"]) == {"wet_fgd"}


def test_what_was_measured_behind_a_device_is_said_once_and_only_there(
    control: Make, factors: pl.DataFrame
) -> None:
    controlled = pl.DataFrame({"key": [0], "species": ["SO2"]}, schema_overrides={"key": pl.UInt32})
    found = removal(keys(), control(("wet_fgd", 1.0)), factors, controlled=controlled)
    assert found.issues.rows() == [("control_in_factor", "wet_fgd", "SO2")]
    other = controlled.with_columns(key=pl.lit(7, pl.UInt32))
    assert removal(keys(), control(("wet_fgd", 1.0)), factors, controlled=other).issues.is_empty()


@pytest.mark.parametrize(
    ("pair", "passing"),
    [
        (("desulfurisation", "dry_fgd"), 1 - 0.6 * 0.5 - 0.4 * 0.8),  # a kind typed as a device
        (("ule_wet_fgd", "dry_fgd"), 1 - 0.6 * 0.95 - 0.4 * 0.8),  # a kind of a kind: parent's record
    ],
)
def test_a_family_is_the_root_of_its_kinds(
    control: Make, factors: pl.DataFrame, record: Callable[..., Any], pair: tuple[str, str], passing: float
) -> None:
    """60 % behind one and 40 % behind the other of one family stand side by side."""
    kind = {"kind": "removal_efficiency", "control": "desulfurisation"}
    records = pl.concat(
        [factors, pl.DataFrame([record("any", "SO2", 0.5, "fraction", **kind)], schema=factors.schema)]
    )
    found = removal(keys(), control((pair[0], 0.6), (pair[1], 0.4)), records)
    assert passes(found, "SO2") == pytest.approx(passing)


@pytest.mark.parametrize(("applied", "height"), [(0.5, 1), (0.0, 0)])
def test_an_efficiency_of_ones_own_acts_where_its_device_runs(
    control: Make, factors: pl.DataFrame, applied: float, height: int
) -> None:
    found = removal(keys(), control(("wet_fgd", applied)), factors)
    own = found.removal.filter(pl.col("species") == "SO2")["record_id"]
    made = of_own(found, own)
    assert made.height == height
    assert made["own"].to_list() == own.to_list()[:height]


SHARE = st.floats(0, 1)
Family = list[tuple[float, float]]
FAMILY = st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=5)


@given(FAMILY, st.data())
def test_more_of_a_device_never_lets_more_pass(family: Family, data: st.DataObject) -> None:
    """Any number of devices of a family: more applied or removed by one of them, or one more of them."""
    applied, removing = map(list, zip(*family, strict=True))
    passing = 1 - sum(shared(applied, removing))
    place = data.draw(st.integers(0, len(family) - 1))
    for changed in (applied, removing):
        more = list(changed)
        more[place] = data.draw(st.floats(more[place], 1))
        pair = (more, removing) if changed is applied else (applied, more)
        assert 1 - sum(shared(*pair)) <= passing + 1e-12
    one = data.draw(st.tuples(SHARE, SHARE))
    assert 1 - sum(shared([*applied, one[0]], [*removing, one[1]])) <= passing + 1e-12


@given(FAMILY)
def test_devices_stand_side_by_side_while_there_is_room_and_behind_each_other_where_all_is_treated(
    family: list[tuple[float, float]],
) -> None:
    applied, removing = map(list, zip(*family, strict=True))
    room = [a / len(family) for a in applied]
    assert shared(room, removing) == pytest.approx([a * r for a, r in zip(room, removing, strict=True)])
    whole = 1 - sum(shared([1.0] * len(family), removing))
    assert whole == pytest.approx(math.prod(1 - r for r in removing), abs=1e-12)
    shares = shared(applied, removing)
    assert all(share >= 0 for share in shares)
    assert sum(shares) <= 1 + 1e-12


def test_what_goes_beyond_the_whole_stands_behind_the_weakest(control: Make, factors: pl.DataFrame) -> None:
    """50 % behind 95 %, 60 % behind 80 %: 10 % of the gas passes both, the one that lets most pass first.

    dry_fgd meets 50 % untreated and 10 % of what wet_fgd left: 0.4·0.05 + 0.1·0.05·0.2 + 0.5·0.2 = 0.121.
    Before it was (1 − 0.475)·(1 − 0.48) = 0.273, more than the 0.125 of 50 % and 50 %.
    """
    found = removal(keys(), control(("wet_fgd", 0.5), ("dry_fgd", 0.6)), factors)
    assert passes(found, "SO2") == pytest.approx(0.121)
    even = removal(keys(), control(("wet_fgd", 0.5), ("dry_fgd", 0.5)), factors)
    assert passes(even, "SO2") == pytest.approx(0.125)
