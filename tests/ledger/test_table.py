"""Tables are what their schema says."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import (
    PLACE,
    conform,
    empty,
    from_rows,
    join_list,
    names,
    read_lists,
    read_resource,
    table,
)
from tongyuan.reference.shelf import shelf


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


DEVICES = st.lists(st.sampled_from(shelf("control")["control"].to_list()), unique=True, max_size=5)


@given(st.lists(DEVICES | st.none(), max_size=6))
def test_devices_are_a_list_as_this_version_and_those_before_it_wrote_them(
    rows: list[list[str] | None],
) -> None:
    lists = pl.DataFrame({"control": rows}, schema={"control": pl.List(pl.String)})
    assert read_lists("emission", lists).equals(lists)
    for sign in ("|", "+"):  # Parquet of version 3, and of version 2
        text = lists.with_columns(pl.col("control").list.join(sign))
        assert read_lists("emission", text).equals(lists)
        assert read_lists("emission", text.cast(pl.Categorical)).equals(lists)
    assert read_lists("emission", lists.select(join_list(pl.col("control")))).equals(lists)


def test_a_plus_in_another_list_is_part_of_a_word() -> None:
    frame = pl.DataFrame({"factor_id": ["a+b|c"]})
    assert read_lists("emission", frame)["factor_id"].to_list() == [["a+b", "c"]]


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
