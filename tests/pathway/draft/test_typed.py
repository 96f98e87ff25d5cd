from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.typed import capacities, with_activity

NAME = "energy_power-raw_coal"


def said(ground, option: dict[str, object], stock: dict[str, object]) -> list[tuple[str, dict[str, object]]]:
    rows = pl.DataFrame([{"technology": NAME, "capacity_unit": "MW", "activity_unit": "GWh", **stock}])
    blank = {"capacity": "tracked", "capacity_unit": "MW", "unit": "GWh", "availability": 1.0,
             "yearly_output": None}  # fmt: skip
    made = {
        "stock": rows,
        "technology_option": pl.DataFrame(
            [{"technology": NAME, **blank, **option}], infer_schema_length=None
        ),
    }
    found = capacities(made, replace(ground, typed={"stock": rows}))
    assert all("{" not in f.message(lang) and f.next_step(lang) for f in found for lang in ("zh", "en"))
    return [(f.check, f.values) for f in found]


@pytest.mark.parametrize(
    ("option", "stock", "check"),
    [
        ({}, {"capacity": 1000.0, "activity": 8000.0}, None),  # 8,000 h
        ({}, {"capacity": 1000.0, "activity": 8760.0}, None),  # every hour of the year
        ({}, {"capacity": 1000.0, "activity": 8761.0}, "draft_stock_hours"),
        ({"availability": 0.5}, {"capacity": 1000.0, "activity": 4380.0}, None),
        ({"availability": 0.5}, {"capacity": 1000.0, "activity": 4400.0}, "draft_stock_hours"),
        ({"yearly_output": 5.0}, {"capacity": 1000.0, "activity": 5001.0}, "draft_stock_hours"),
        ({}, {"capacity": 1.0, "capacity_unit": "GW", "activity": 8760.0}, None),
        ({}, {"capacity": 1.0, "capacity_unit": "GW", "activity": 9000.0}, "draft_stock_hours"),
        ({"capacity_unit": "t/a", "unit": "t"},
         {"capacity": 5.0, "capacity_unit": "kt/a", "activity": 5.1, "activity_unit": "kt"},
         "draft_stock_hours"),
        ({"capacity": "free"}, {"capacity": 1000.0, "activity": 8000.0}, "draft_stock_free"),
        ({}, {"capacity": None, "activity": 8000.0}, None),
    ],
)  # fmt: skip
def test_a_capacity_acts_or_is_refused(ground, option, stock, check) -> None:
    assert [c for c, _ in said(ground, option, stock)] == ([check] if check else [])


def test_the_sentence_has_the_hours(ground) -> None:
    ((_, values),) = said(ground, {}, {"capacity": 100.0, "activity": 8000.0})
    assert values["hours"] == "80,000"
    assert values["capacity"] == "100 MW"
    assert values["activity"] == "8000 GWh"


def test_without_a_typed_stock_there_is_nothing_to_say(ground) -> None:
    assert capacities({}, ground) == []


def stock(*rows: tuple[int | None, float | None, float | None], unit: str = "MW") -> pl.DataFrame:
    return conform(
        "stock",
        pl.DataFrame(
            [
                {"node": "a", "technology": NAME, "year_built": y, "capacity": c, "capacity_unit": unit,
                 "activity": v, "activity_unit": "GWh"}
                for y, c, v in rows
            ],
            infer_schema_length=None,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "activity"),
    [
        (stock((2005, 300.0, None), (2015, 900.0, None)), [1000.0, 3000.0]),  # 4,000 GWh at 1 to 3
        (stock((2005, 300.0, 700.0), (2015, 900.0, None)), [700.0, None]),  # typed once: nothing is shared
        (stock((None, None, None)), [None]),
    ],
)
def test_capacities_by_age_share_the_activity_that_was_drafted(typed, activity) -> None:
    assert with_activity(typed, stock((None, None, 4000.0)))["activity"].to_list() == activity


def test_capacities_in_two_units_are_left_to_the_user() -> None:
    both = pl.concat([stock((2005, 300.0, None)), stock((2015, 0.9, None), unit="GW")])
    assert with_activity(both, stock((None, None, 4000.0)))["activity"].to_list() == [None, None]
