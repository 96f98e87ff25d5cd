"""Rows times terms: every row with the terms of its class, each in its order."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.account.emission import cross, emission_rows
from tongyuan.ledger.coding import coded_types, plain
from tongyuan.ledger.table import LIST


def codes(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_every_row_meets_the_terms_of_its_class() -> None:
    row, place = cross(codes([1, 0, 1]), codes([0, 1, 1]), 2)
    assert list(zip(row.tolist(), place.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 0), (2, 1), (2, 2)]


def test_a_class_without_terms_yields_nothing() -> None:
    row, place = cross(codes([0, 1, 0]), codes([1]), 2)
    assert (row.tolist(), place.tolist()) == ([1], [0])
    assert [len(part) for part in cross(codes([]), codes([]), 0)] == [0, 0]


@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30))
def test_the_cross_is_the_join(of: list[int], term: list[int]) -> None:
    term = sorted(term)
    row, place = cross(codes(of), codes(term), 6)
    expected = [(i, j) for i, a in enumerate(of) for j, b in enumerate(term) if a == b]
    assert list(zip(row.tolist(), place.tolist(), strict=True)) == expected


def made(value: float, uncertainty: float | None, excluded: list[str]) -> pl.DataFrame:
    rows = pl.DataFrame(
        {"key": [0], "value": [value], "uncertainty": [uncertainty], "activity_id": ["A1"]},
        schema_overrides={"key": pl.UInt32, "uncertainty": pl.Float64},
    ).with_columns(excluded=pl.lit(excluded, dtype=LIST))
    keys = pl.DataFrame({"key": [0], "region": ["370000"], "year": [2021]})
    return emission_rows(rows, keys, codes([0]), terms())


def terms() -> pl.DataFrame:
    text = dict.fromkeys(("process", "product", "technology", "origin", "scope", "method", "tier"), ["x"] * 2)
    return pl.DataFrame(
        text
        | {"key": [0, 0], "species": ["NOx", "SO2"], "medium": ["air"] * 2, "factor": [2.0, 3.0]}
        | {"factor_lower": [1.0, None], "factor_upper": [4.0, None], "penetration": [1.0, 0.5]}
        | {"amount_unit": ["t"] * 2, "record_id": ["a", "b"], "controls": [None, ["fgd"]]}
        | {"control_basis": [None, "before_control"], "origin": ["process"] * 2, "scope": ["direct"] * 2}
    )


def test_a_row_is_activity_times_factor_times_what_passes() -> None:
    """10 × 2 with 10 × (1 … 4), and 10 × 3 × 0.5 without limits of its own."""
    frame = made(10.0, None, [])
    assert frame.schema == coded_types("emission")
    assert frame["value"].to_list() == [20.0, 15.0]
    assert frame["uncontrolled"].to_list() == [20.0, 30.0]
    assert frame["lower"].to_list() == [10.0, None]
    assert frame["upper"].to_list() == [40.0, None]
    assert plain(frame)["control"].to_list() == [None, ["fgd"]]
    assert plain(frame)["factor_id"].to_list() == [["a"], ["b"]]


def test_a_row_below_zero_has_its_limits_in_order() -> None:
    frame = made(-10.0, None, [])
    assert (frame["lower"][0], frame["upper"][0]) == (-40.0, -10.0)


def test_what_a_row_leaves_out_is_not_there() -> None:
    assert plain(made(10.0, None, ["SO2"]))["species"].to_list() == ["NOx"]
    assert plain(made(10.0, None, ["only:", "SO2"]))["species"].to_list() == ["SO2"]


def test_rows_are_put_together_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.DataFrame(
        {"key": [0, 1, 0, 1, 1], "value": [1.0, 2.0, 3.0, 4.0, 5.0], "activity_id": list("abcde")},
        schema_overrides={"key": pl.UInt32},
    ).with_columns(uncertainty=pl.lit(5.0), excluded=pl.Series([[], ["SO2"], [], [], ["NOx"]], dtype=LIST))
    keys = pl.DataFrame({"key": [0, 1], "region": ["370000", "110000"], "year": [2021, 2022]})
    whole = emission_rows(rows, keys, codes([0, 0]), terms())
    assert whole["value"].to_list() == [2.0, 1.5, 4.0, 6.0, 4.5, 8.0, 6.0, 7.5]
    monkeypatch.setattr("tongyuan.inventory.account.emission.BLOCK", 1)
    parts = emission_rows(rows, keys, codes([0, 0]), terms())
    assert parts.n_chunks() > whole.n_chunks()
    assert parts.equals(whole)
