"""The unit of every group is read, whether a target has the group or a question asks about it first."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.case.check import check
from tongyuan.pathway.example import steel


def checks(**row: object) -> list[tuple[str, int | None, str]]:
    """Return what is found when the group of row `row` stands beside those of the example."""
    case = steel()
    members = case["quantity_member"]
    more = pl.DataFrame([{"quantity": "own", "weight": 1.0, **row}])
    case = case.with_tables(quantity_member=pl.concat([members, more], how="diagonal_relaxed"))
    return [(f.check, f.row, f.column) for f in check(case) if f.sheet == "quantity_member"]


LAST = steel()["quantity_member"].height + 2


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"member": "NOx", "unit": "pollutant_equivutant_equivalent/t"}, "unit_unknown"),
        ({"member": "coal", "unit": "wagons/t"}, "unit_unknown"),
        ({"member": "wind", "unit": "t"}, "group_unfit"),
    ],
)
def test_a_group_no_target_has_is_looked_at(row: dict[str, object], name: str) -> None:
    assert checks(**row) == [(name, LAST, "unit")]


@pytest.mark.parametrize(
    "row", [{"member": "NOx", "unit": "pollutant_equivalent/t"}, {"member": "coal"}, {"member": "wind"}]
)
def test_a_group_that_can_be_counted_is_none(row: dict[str, object]) -> None:
    assert checks(**row) == []


def signs(table: str, **row: object) -> list[tuple[str, str]]:
    """Return what is found in the example with one more row, or with one changed."""
    case = steel()
    more = pl.concat([case[table], pl.DataFrame([row])], how="diagonal_relaxed")
    found = check(case.with_tables(**{table: more}))
    return [(f.check, f.column) for f in found if f.sheet == table and f.column == "value"]


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("price", {"flow": "electricity", "direction": "purchase", "value": -5.0, "unit": "CNY/MWh"},
         [("price_negative", "value")]),
        ("price", {"flow": "electricity", "direction": "purchase", "value": -5.0, "unit": "CNY/MWh",
                   "limit": 10.0}, []),
        ("price", {"flow": "electricity", "direction": "purchase", "value": 0.0, "unit": "CNY/MWh"}, []),
        # a fee for what is given away
        ("price", {"flow": "electricity", "direction": "sale", "value": -5.0, "unit": "CNY/MWh"}, []),
        ("demand", {"node": "north", "flow": "coal", "year": 2025, "value": -7.0, "unit": "GJ"},
         [("demand_negative", "value")]),
        ("demand", {"node": "north", "flow": "coal", "year": 2025, "value": 0.0, "unit": "GJ"}, []),
        # scrap arises
        ("demand", {"node": "north", "flow": "scrap", "year": 2025, "value": -7.0, "unit": "t"}, []),
    ],
)  # fmt: skip
def test_amounts_below_zero_that_would_be_free_are_refused(table, row, said) -> None:
    assert signs(table, **row) == said
