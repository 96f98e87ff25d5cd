"""Tables are what their schema says."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.table import (
    PLACE,
    conform,
    empty,
    from_rows,
    join_list,
    names,
    read_resource,
    table,
)


@pytest.mark.parametrize("name", names())
def test_every_table_can_be_made_empty(name: str) -> None:
    frame = empty(name)
    assert frame.schema == table(name).dtypes
    assert conform(name, frame).schema == frame.schema


def test_conform_adds_optional_columns_and_keeps_the_place() -> None:
    frame = pl.DataFrame(
        {
            "region": ["x"],
            "year": [2021],
            "process": ["p"],
            "value": [1],
            "unit": ["t"],
            "source": ["s"],
            PLACE: ["f|s|2"],
        }
    )
    formed = conform("activity", frame)
    assert formed.columns[-1] == PLACE
    assert formed["note"].to_list() == [None]
    assert formed.schema["value"] == pl.Float64


def test_lists_that_are_canonical_text_become_lists() -> None:
    row = {"region": "x", "year": 2021, "process": "p", "value": 1.0, "unit": "t", "source": "s"}
    cells = ["only:CO2|NOx", "SO2", "", None]
    rows = pl.DataFrame(
        [row | {"excluded": cell} for cell in cells], schema_overrides={"excluded": pl.String}
    )
    formed = conform("activity", rows)
    assert formed["excluded"].to_list() == [["only:", "CO2", "NOx"], ["SO2"], [], None]
    assert formed.select(join_list(pl.col("excluded")))["excluded"].to_list() == cells


def test_conform_refuses_unknown_and_missing_columns() -> None:
    with pytest.raises(ValueError, match="unknown columns \\['colour'\\], missing columns"):
        conform("activity", pl.DataFrame({"colour": ["red"]}))


def test_an_unknown_table_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="activity"):
        table("nonsense")


def test_resources_are_read_as_text() -> None:
    assert set(read_resource("table.csv")["table"]) == set(names())


def test_every_table_is_named_once() -> None:
    names_of_rows = read_resource("table.csv")["table"].to_list()
    assert len(names_of_rows) == len(set(names_of_rows))


def test_rows_become_a_table() -> None:
    made = from_rows("air_index", [{"place": "X", "kind": "region", "year": 2025, "index": 4.2, "more": 1}])
    assert made.select("place", "year", "index").row(0) == ("X", 2025, 4.2)
    assert made.select("rank", "days").row(0) == (None, None)
    assert made.schema == empty("air_index").schema
    assert from_rows("air_index", []).equals(empty("air_index"))
