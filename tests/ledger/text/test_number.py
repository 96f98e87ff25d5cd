"""Numbers as written: what is read, how it is told, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.read.grid import ROW, Sheet
from tongyuan.ledger.text.number import both_readings, hint, parse_number, readings, rewritten_as


def read(text: str, reading: str = "point") -> float | None:
    return parse_number(pl.Series([text]), reading)[0][0]  # type: ignore[arg-type, no-any-return]


@pytest.mark.parametrize(
    "text",
    ["12.5①", "12.5²", "100②③", "①12", "12.5₁", "12⑴", "12⒈", "3㉑", "7⓪", "8❶", "¹", "10⁻³", "12.5*", "1½",
     "0,123", "012,345", "1,234 567", "1 23", "12 3456", "12 345.6 78", "100, 200", "1,23", "1_000", "١٢"],
)  # fmt: skip
def test_marks_and_odd_groups_are_no_numbers(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "value", "kinds"),
    [
        ("１，２３４．５", 1234.5, {"full_width", "separator"}), ("1'234", 1234.0, {"separator"}),
        ("1\u00a0234", 1234.0, {"separator"}), ("1\u202f234.5", 1234.5, {"separator"}),
        ("100 200", 100200.0, {"blank"}), ("1 234 567.8", 1234567.8, {"blank"}), ("−3", -3.0, {"minus"}),
        ("－３", -3.0, {"full_width"}), ("12.5", 12.5, set()), ("1e-10", 1e-10, set()),
    ],
)  # fmt: skip
def test_each_rewriting_has_its_kind(text: str, value: float, kinds: set[str]) -> None:
    assert read(text) == value
    assert set(rewritten_as(pl.Series([text]))) == kinds


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,5", 1.5), ("1.234", 1234.0), ("1.234.567,8", 1234567.8), ("12", 12.0), ("-0,25", -0.25),
     ("1.5", None), ("1,234,567", None), ("1,5e-3", 0.0015)],
)  # fmt: skip
def test_decimal_commas(text: str, value: float | None) -> None:
    assert read(text, "comma") == value


@pytest.mark.parametrize(
    ("text", "mark", "two"),
    [("12.5①", True, False), ("5₁", True, False), ("12*", True, False), ("①", False, False),
     ("100 20", False, True), ("12.5;13", False, True), ("100~200", False, True), ("约一百", False, False)],
)  # fmt: skip
def test_an_unreadable_number_says_what_it_looks_like(text: str, mark: bool, two: bool) -> None:
    assert ("footnote" in hint(text).en, "two numbers" in hint(text).en) == (mark, two)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,5", "1,234"], "comma"), (["1,234", "5"], "unclear"), (["1,234,567", "1,234"], "point"),
        (["1,234", "2.5"], "point"), (["1,5", "2.5"], "conflict"), (["1.234", "5"], "point"),
        (["0,123"], "comma"), (["12345,678"], "comma"), (["1.234.567"], "comma"), (["5", "x"], "point"),
        (["1,5 %"], "comma"),
    ],
)  # fmt: skip
def test_the_whole_column_says_what_its_commas_are(cells: list[str], expected: str) -> None:
    grid = pl.DataFrame({"A": ["值", *cells], ROW: range(1, len(cells) + 2)})
    assert readings(Sheet("", grid, delimiter=";"), ["A"], 1) == {"A": expected}
    assert readings(Sheet("", grid, delimiter=","), ["A"], 1) == {"A": "point"}


def test_points_beside_decimal_commas_are_unclear() -> None:
    grid = pl.DataFrame({"A": ["1,5", "2,5"], "B": ["1.234", "2"], ROW: [1, 2]})
    assert readings(Sheet("", grid, delimiter=";"), ["A", "B"], 0) == {"A": "comma", "B": "unclear"}
    assert both_readings("1.234") == both_readings("1,234") == ("1.234", "1234")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_with_decimal_comma_is_read_back(value: float) -> None:
    assert read(repr(value).replace(".", ","), "comma") == value
