from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.balance import activity_from_balance
from tongyuan.ledger.finding import FindingError
from tongyuan.reference.shelf import shelf

Row = tuple[str, str, float]


def balance(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(
        [("370000", 2021, item, product, value, "万吨", "yearbook", None) for item, product, value in rows],
        schema={
            "region": pl.String,
            "year": pl.Int64,
            "item": pl.String,
            "product": pl.String,
            "value": pl.Float64,
            "unit": pl.String,
            "source": pl.String,
            "note": pl.String,
        },
        orient="row",
    )


def amounts(*rows: Row) -> dict[tuple[str, str], float]:
    activity = activity_from_balance(balance(*rows)).activity
    return {(r["process"], r["product"]): r["value"] for r in activity.to_dicts()}


def test_transformation_counts_its_inputs_only() -> None:
    found = amounts(("thermal_power", "raw_coal", -100.0), ("thermal_power", "electricity", 30.0))
    assert found == {("energy.power", "raw_coal"): 100.0}


def test_industry_is_net_of_non_energy_use() -> None:
    rows = (("industry", "naphtha", 10.0), ("industry_nonenergy", "naphtha", 8.5))
    assert amounts(*rows) == {("industry.combustion", "naphtha"): pytest.approx(1.5)}


def test_all_feedstock_leaves_nothing_to_burn() -> None:
    assert amounts(("industry", "naphtha", 10.0), ("industry_nonenergy", "naphtha", 10.0)) == {}


def test_motor_fuels_of_every_sector_are_mobile_sources() -> None:
    found = amounts(("other", "gasoline", 3.0), ("agriculture", "diesel", 2.0), ("other", "raw_coal", 1.0))
    assert found == {
        ("transport.road", "gasoline"): 3.0,
        ("transport.nonroad.agriculture", "diesel"): 2.0,
        ("building.other", "raw_coal"): 1.0,
    }


def test_the_residential_total_is_left_out_where_its_parts_are_given() -> None:
    found = amounts(
        ("residential", "lpg", 5.0),
        ("residential_urban", "lpg", 3.0),
        ("residential_rural", "lpg", 2.0),
        ("residential", "raw_coal", 4.0),
    )
    assert found == {
        ("building.residential.urban", "lpg"): 3.0,
        ("building.residential.rural", "lpg"): 2.0,
        ("building.residential", "raw_coal"): 4.0,
    }


def test_carbon_of_blast_furnace_gas_is_counted_in_the_coke() -> None:
    activity = activity_from_balance(balance(("industry", "blast_furnace_gas", 7.0))).activity
    assert activity["excluded"].to_list() == [["CO2"]]


def test_lubricants_are_left_out_and_said_so() -> None:
    result = activity_from_balance(balance(("transport", "lubricant", 2.0)))
    assert result.activity.is_empty()
    assert result.gap["kind"].to_list() == ["excluded"]


def test_every_mapped_process_and_item_is_on_its_shelf() -> None:
    rules = shelf("balance_process")
    processes = set(shelf("process")["process"])
    items = set(shelf("balance_item")["balance_item"])
    assert {p for p in rules["process"] if p} <= processes
    assert {i for i in rules["balance_item"] if i} <= items


FUELS = shelf("product").filter(pl.col("kind") == "fuel")["product"].to_list()
KEPT = [f for f in FUELS if f not in ("lubricant", "bitumen", "solvent_oil", "petroleum_wax")]


@given(
    cells=st.dictionaries(
        st.tuples(
            st.sampled_from(["agriculture", "construction", "transport", "trade", "other"]),
            st.sampled_from(KEPT),
        ),
        st.floats(0.01, 1e4),
        max_size=20,
    )
)
def test_no_fuel_of_the_final_sectors_is_lost_or_multiplied(cells: dict[tuple[str, str], float]) -> None:
    rows = [(item, product, value) for (item, product), value in cells.items()]
    activity = activity_from_balance(balance(*rows)).activity
    assert activity.height == len(rows)
    assert activity["value"].sum() == pytest.approx(sum(cells.values()))


def test_a_net_amount_says_what_it_was_made_of() -> None:
    rows = (("industry", "naphtha", 10.0), ("industry_nonenergy", "naphtha", 8.5), ("trade", "naphtha", 1.0))
    activity = activity_from_balance(balance(*rows)).activity
    notes = dict(zip(activity["process"], activity["note"], strict=True))
    assert "10.0" in notes["industry.combustion"]
    assert "8.5" in notes["industry.combustion"]
    assert notes["building.commercial"] is None


def test_coke_of_industry_is_a_reductant_that_yields_its_carbon_only() -> None:
    result = activity_from_balance(balance(("industry", "coke", 5.0)))
    assert result.activity.select("process", "excluded").rows() == [
        ("industry.steel.blast_furnace", ["only:", "CO2"])
    ]
    assert result.gap["kind"].to_list() == ["no_activity"]


def test_a_doubled_row_is_refused_and_not_burnt_twice() -> None:
    """4 of 10 are feedstock, listed twice: 10 − 4 twice would be 12."""
    rows = [("industry", "naphtha", 10.0), ("industry_nonenergy", "naphtha", 4.0)]
    assert activity_from_balance(balance(*rows)).activity["value"].sum() == pytest.approx(6.0)
    with pytest.raises(FindingError) as caught:
        activity_from_balance(balance(*rows, rows[1]))
    assert [f.check for f in caught.value.findings] == ["join_multiplied"]
