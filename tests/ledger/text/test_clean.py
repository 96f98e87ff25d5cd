"""Cells as people type them become values."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import Column, table
from tongyuan.ledger.text.clean import Cells, Origin, clean, excused_rows, finish, parse_number


def column(kind: str, **changes: object) -> Column:
    fields: dict[str, object] = {
        "name": "x", "type": kind, "unit": "", "required": False, "key": False,
        "default": "",
        "minimum": None, "maximum": None, "refers_to": (), "choices": (),
        "title_zh": "列", "title_en": "Column",
        "description_zh": "", "description_en": "", "example": "",
    }  # fmt: skip
    return Column(**(fields | changes))  # type: ignore[arg-type]


def run(definition: Column, *text: str | None) -> tuple[list[object], list[str]]:
    origin = Origin("f", "s", {"x": "A"})
    rows = pl.Series(range(2, 2 + len(text)), dtype=pl.Int64)
    series = pl.Series(list(text), dtype=pl.String)
    values = clean(Cells(definition, rows, series, origin, excused_rows(rows, ())))
    return finish(definition, values).to_list(), [f.check for f in origin.findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), (" 1.5 ", 1.5), ("１２．５", 12.5), ("1,234.5", 1234.5), ("1，234", 1234.0),
     ("1 234", 1234.0), ("−3", -3.0), ("1e3", 1000.0), (".5", 0.5), ("+2", 2.0), ("5.", 5.0), ("1,23", None),
     ("1.2.3", None), ("0x10", None)],
)  # fmt: skip
def test_numbers_as_typed(text: str, value: float | None) -> None:
    number, _ = parse_number(pl.Series([text]))
    assert number.to_list() == [value]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_written_out_is_read_back(value: float) -> None:
    number, rewritten = parse_number(pl.Series([repr(value)]))
    assert number.to_list() == [value]
    assert rewritten.to_list() == [False]


@given(st.integers(0, 10**12))
def test_thousands_separators_change_nothing(value: int) -> None:
    number, _ = parse_number(pl.Series([f"{value:,}"]))
    assert number.to_list() == [float(value)]


def test_shares_may_be_written_as_per_cent() -> None:
    values, checks = run(column("share"), "95%", "0.95", "９５％", "95", "-0.1")
    assert values[:3] == [0.95, 0.95, 0.95]
    assert checks == ["share_range", "share_range", "number_rewritten"]


def test_years_may_carry_their_word() -> None:
    values, checks = run(column("year"), "2021年", "2021", "2021.0", "2021年8月", "twenty")
    assert values == [2021, 2021, 2021, None, None]
    assert checks == ["part_year", "not_a_year"]


def test_months_in_the_ways_they_are_written() -> None:
    written = ("2025-01", "2025年1月", "202501", "2025/1", "2025-01-31", "2025年1月5日", "2025-01-31 0:00")
    assert run(column("month"), *written, "2025年01月份") == (["2025-01"] * 8, [])
    assert run(column("month"), "2025.10", "2025.2") == (["2025-10", "2025-02"], [])
    values, checks = run(column("month"), "2025.1", "2025-13", "一月", "25-01", "2025")
    assert values == [None] * 5
    assert checks == ["not_a_month"] * 5


def test_times_of_day_in_the_ways_they_are_written() -> None:
    one = dt.datetime(2025, 1, 31, 13, 5)
    written = ("2025-01-31 13:05", "2025/1/31 13:05:00", "2025年1月31日13时5分", "202501311305")
    assert run(column("datetime"), *written, "2025-01-31T13:05:00", "20250131130500") == ([one] * 6, [])
    parts = ("2025-01-31 13:05:00.000000", "2025-01-31T13:05:00.5")
    assert run(column("datetime"), *parts) == ([one] * 2, [])
    values, checks = run(column("datetime"), "2025-12-31 24:00", "2025-12-31", "2025-02-28 7时")
    assert values == [dt.datetime(2026, 1, 1), dt.datetime(2025, 12, 31), dt.datetime(2025, 2, 28, 7)]
    wrong = ("2025-02-29 01:00", "2025-01-01 25:00", "2025-01-01 12:60", "13:05", "2025-01-01 24:01")
    values, checks = run(column("datetime"), *wrong)
    assert values == [None] * 5
    assert checks == ["not_a_datetime"] * 5


def test_dates_booleans_integers_and_choices() -> None:
    assert run(column("date"), "2021-6-30", "2021年6月30日", "30.6") == (
        [dt.date(2021, 6, 30), dt.date(2021, 6, 30), None],
        ["not_a_date"],
    )
    assert run(column("boolean"), "是", "No", "1", "也许") == ([True, False, True, None], ["not_a_boolean"])
    assert run(column("integer"), "3", "3.5") == ([3, None], ["not_an_integer"])
    assert run(column("choice", choices=("normal", "lognormal")), "正态", "Lognormal", "圆") == (
        ["normal", "lognormal", "圆"],
        ["unknown_choice"],
    )


def test_bounds_are_told() -> None:
    _, checks = run(column("number", minimum=1.0, maximum=5.0), "0", "3", "9")
    assert checks == ["below_minimum", "above_maximum"]


def test_defaults_and_blank_keys() -> None:
    assert run(column("number", default="1"), None, "2") == ([1.0, 2.0], [])
    assert run(column("text", key=True), None) == ([""], [])
    assert run(column("text"), None) == ([None], [])


def test_a_blank_word_that_is_a_choice_is_no_blank() -> None:
    assert run(column("choice", choices=("none", "all")), "none") == (["none"], [])


def test_units_keep_their_spelling() -> None:
    assert run(column("unit"), "万吨", "10^4 t", "勺子")[1] == ["unknown_unit"]


def test_an_excused_cell_is_not_reported_twice() -> None:
    origin = Origin("f", "s", {})
    rows = pl.Series([2], dtype=pl.Int64)
    value = next(c for c in table("activity").columns if c.name == "value")
    clean(Cells(value, rows, pl.Series([None], dtype=pl.String), origin, excused_rows(rows, [2])))
    assert origin.findings == []
