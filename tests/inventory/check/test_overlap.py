from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.check.overlap import Yields, related, same_product, settle, with_methods
from tongyuan.ledger.table import empty

NAMED = ("CO2", "NOx", "PM2.5", "SO2")
EVERY = frozenset({*NAMED, "Hg"})
cells = st.builds(
    lambda only, names: [*["only:"] * only, *sorted(names)],
    st.booleans(),
    st.frozensets(st.sampled_from(NAMED), min_size=1),
) | st.just(list[str]())


def species(words: list[str]) -> frozenset[str]:
    """Return what a row yields, written out over five species."""
    left = Yields.of(words)
    return left.names if left.only else EVERY - left.names


@given(cells, cells)
def test_what_is_left_is_the_difference_of_the_sets(one: list[str], other: list[str]) -> None:
    left = Yields.of(one).less(Yields.of(other))
    if left.nothing:
        assert not species(one) - species(other)
    else:
        assert species(left.words) == species(one) - species(other)
    if Yields.of(one).only or not Yields.of(other).only:
        assert Yields.of(one).meets(Yields.of(other)) == bool(species(one) & species(other))


def rows(*cells: dict[str, Any]) -> pl.DataFrame:
    base = {
        "region": "370000",
        "year": 2021,
        "process": "energy.power",
        "product": "raw_coal",
        "technology": "",
        "unit": "t",
        "excluded": [],
    }
    full = [base | {"activity_id": f"r{n}"} | cell for n, cell in enumerate(cells)]
    return pl.DataFrame(full, schema=empty("activity").schema)


def left(own: pl.DataFrame, balance: pl.DataFrame, counts: Any) -> tuple[list[Any], list[Any], list[str]]:
    done = settle(own, balance, counts, fuel_set="C", letters={})
    columns = ["value", "excluded"]
    return (
        done.own.select(columns).rows(),
        done.balance.select(columns).rows(),
        [f.check for f in done.findings],
    )


def test_the_rest_of_the_balance_is_what_the_table_does_not_hold() -> None:
    mine = rows({"value": 30.0}, {"value": 20.0, "process": "energy.power.boiler"})
    assert left(mine, rows({"value": 100.0}), "activity") == (
        [(30.0, []), (20.0, [])],
        [(50.0, [])],
        ["overlap_activity"] * 2,
    )


def test_more_than_the_balance_is_said_and_nothing_is_negative() -> None:
    own, balance, said = left(rows({"value": 120.0}), rows({"value": 100.0}), "activity")
    assert (own, balance) == ([(120.0, [])], [])
    assert said == ["overlap_activity", "overlap_more"]
    assert left(rows({"value": 100.5}), rows({"value": 100.0}), "activity")[2] == ["overlap_activity"]


def test_one_row_may_stand_for_several_of_the_balance() -> None:
    road = {"process": "transport.road", "product": "gasoline"}
    cars = rows(road | {"value": 70.0, "process": "transport.road.passenger_car"})
    items = rows(road | {"value": 40.0}, road | {"value": 50.0})
    assert left(cars, items, "activity")[1] == [(pytest.approx(20.0), [])]


def test_energy_is_taken_off_mass_by_the_heating_value() -> None:
    """Raw coal of fuel set C has 20.908 GJ/t, so 2,090.8 TJ are 100,000 t."""
    own, balance, _ = left(rows({"value": 2090.8, "unit": "TJ"}), rows({"value": 150_000.0}), "activity")
    assert own == [(2090.8, [])]
    assert balance[0][0] == pytest.approx(50_000, rel=2e-3)
    assert (
        left(rows({"value": 1.0, "unit": "head"}), rows({"value": 1.0}), "activity")[2][-1] == "overlap_unit"
    )


def test_species_that_only_the_balance_yields_stay() -> None:
    only = left(rows({"value": 30.0, "excluded": ["only:", "CO2"]}), rows({"value": 100.0}), "activity")
    assert only[1] == [(70.0, []), (30.0, ["CO2"])]
    mine = rows({"value": 30.0})
    assert left(mine, rows({"value": 100.0, "excluded": ["only:", "CO2"]}), "balance")[0] == [(30.0, ["CO2"])]
    assert left(mine, rows({"value": 100.0, "excluded": ["CO2"]}), "balance")[0] == [(30.0, ["only:", "CO2"])]
    assert left(mine, rows({"value": 100.0}), "balance")[0] == []


def test_refused_leaves_both_as_they_are() -> None:
    own, balance, said = left(rows({"value": 30.0}), rows({"value": 100.0}), "refuse")
    assert (own, balance, said) == ([(30.0, [])], [(100.0, [])], ["overlap"])
    assert left(rows(), rows({"value": 1.0}), "refuse")[2] == []


def test_lineage() -> None:
    assert related("energy.power", "energy.power.boiler")
    assert related("industry.cement.kiln", "industry.combustion")
    assert not related("energy.power", "energy.heat")
    assert not related("industry.cement.kiln", "industry.steel.sinter")
    assert same_product("coal", "raw_coal")
    assert not same_product("raw_coal", "washed_coal")


def test_a_method_and_a_row_of_activity_meet_by_source_and_species() -> None:
    def emission(**cells: Any) -> pl.DataFrame:
        row = {
            "region": "370000",
            "year": 2021,
            "species": "CO2",
            "scope": "direct",
            "origin": "process",
            "process": "industry.cement.clinker",
            "product": "clinker",
            "value": 1.0,
            "unit": "t",
            "activity_id": ["A1"],
        }
        return pl.DataFrame([row | cells])

    activity = pl.DataFrame({"activity_id": ["A1"], "_place": ["a.csv||7"]})
    line = emission(activity_id=["clinker_line:1"], product="")
    (found,) = with_methods(emission(), line, activity, {"a.csv|": {"excluded": "I"}})
    assert (found.check, found.place()) == ("overlap_method", "a.csv · I7")
    for other in (
        {"species": "SO2"},
        {"origin": "combustion"},
        {"year": 2020},
        {"process": "industry.steel"},
        {"scope": "indirect"},
        {"value": 0.0},
    ):
        assert with_methods(emission(), emission(**other), activity, {}) == []
