"""Sheets keep the place of their cells, and only cells that exist take memory."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.read.grid import CELL, ROW, Budget, Builder, TooMuch, column_index, grid_of, letter


@given(st.integers(0, 16_383))
def test_letters_and_positions_are_inverse(index: int) -> None:
    assert column_index(letter(index)) == index


@pytest.mark.parametrize(("index", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")])
def test_letters_as_excel_has_them(index: int, text: str) -> None:
    assert letter(index) == text


def test_a_frame_becomes_a_sheet_with_its_header() -> None:
    sheet = grid_of(pl.DataFrame({"x": [0.1, None], "y": ["a", "b"], "z": [[1], [2]]}))
    assert sheet.grid[ROW].to_list() == [0, 1, 2]
    assert sheet.grid["A"].to_list() == ["x", "0.1", None]
    assert sheet.grid["C"].to_list() == ["z", "[1]", "[2]"]


def test_far_cells_cost_one_row_and_one_column() -> None:
    budget = Budget(10_000)
    grid = Builder(budget)
    grid.add(1, {0: "a"})
    grid.add(1_048_576, {16_383: "b"})
    frame = grid.frame()
    assert frame.rows() == [("a", None, 1), (None, "b", 1_048_576)]
    assert frame.columns == ["A", "XFD", ROW]
    assert budget.left == 10_000 - 2 - 2 * 3 * CELL


def test_rows_come_out_in_order() -> None:
    grid = Builder(Budget())
    for row in (5, 2, 9):
        grid.add(row, {1: str(row)})
    assert grid.frame().rows() == [("2", 2), ("5", 5), ("9", 9)]


def test_a_diagonal_takes_the_memory_of_its_rectangle() -> None:
    grid = Builder(Budget(100 * 101 * CELL))
    for i in range(100):
        grid.add(i + 1, {i: "x"})
    with pytest.raises(TooMuch):
        grid.frame()


def test_one_long_text_in_many_cells_counts_in_each() -> None:
    grid = Builder(Budget(50_000))
    text = "x" * 10_000
    for row in range(5):
        grid.add(row + 1, {0: text})
    with pytest.raises(TooMuch):
        grid.add(6, {0: text})
