"""Which words mark a sum, and which rows it is the sum of."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.read.sheet import ROW
from tongyuan.ledger.read.total_row import find_totals, kind_of
from tongyuan.ledger.table import table


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计", "sum"),
        ("合 计", "sum"),
        ("总计（万吨）", "sum"),
        ("一、合计", "sum"),
        ("Total", "sum"),
        ("Grand total", "sum"),
        ("Total of cities", "sum"),
        ("cities total", "sum"),
        ("全省", "whole"),
        ("全市", "whole"),
        ("Whole province", "whole"),
        ("其中", "part"),
        ("其中：济南", "part"),
        ("of which: power", "part"),
        ("济南市", ""),
        ("全椒县", ""),
        ("总部", ""),
        ("Totalville", ""),
        ("设计院", ""),
    ],
)
def test_words_that_mark_a_sum(text: str, kind: str) -> None:
    assert kind_of(text, True) == kind


def test_own_names_are_sums_only_as_the_bare_word() -> None:
    assert kind_of("Total Energies works", False) == ""
    assert kind_of("total", False) == "sum"


def grid(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    names = ["A", "B", "C", "D", "E"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.Series(ROW, range(2, 2 + len(rows)), dtype=pl.Int64))


LETTERS = {"region": "A", "year": "B", "process": "C", "product": "D", "value": "E"}


def test_parts_have_the_names_the_total_has() -> None:
    found = find_totals(
        table("activity"),
        LETTERS,
        grid(
            ("济南", "2020", "energy.power", "coal", "1"),
            ("青岛", "2020", "energy.power", "coal", "2"),
            ("青岛", "2021", "energy.power", "coal", "3"),
            ("合计", "2020", "energy.power", "coal", "3"),
            ("合计", None, None, "coal", "6"),
            ("合计", "2022", "energy.power", "coal", "6"),
        ),
    )
    assert [(t.position, t.parts) for t in found] == [(3, (0, 1)), (4, (0, 1, 2)), (5, ())]


def test_a_subtotal_sums_what_stands_since_the_one_before() -> None:
    row = ("2020", "energy.power", "coal", "1")
    found = find_totals(
        table("activity"),
        LETTERS,
        grid(("济南", *row), ("青岛", *row), ("小计", *row), ("德州", *row), ("小计", *row), ("合计", *row)),
    )
    assert [t.parts for t in found] == [(0, 1), (3,), (0, 1, 3)]


def test_subtotals_of_several_columns_are_taken_in_order() -> None:
    found = find_totals(
        table("activity"),
        LETTERS,
        grid(
            ("济南", "2020", "energy.power", "coal", "1"),
            ("济南", "2020", "小计", "coal", "1"),
            ("青岛", "2020", "energy.power", "coal", "1"),
            ("小计", "2020", "energy.power", "coal", "1"),
            ("济南", "2020", "energy.power", "coal", "1"),
            ("济南", "2020", "小计", "coal", "1"),
        ),
    )
    assert [(t.position, t.parts) for t in found] == [(1, (0,)), (3, (2,)), (5, (4,))]


def test_names_of_the_shelf_are_never_sums() -> None:
    row = ("济南", "2020", "energy.power")
    frame = grid((*row, "煤合计", "1"), (*row, "raw_coal", "1"))
    letters = {"region": "A", "year": "B", "item": "C", "product": "D", "value": "E"}
    assert find_totals(table("energy_balance"), letters, frame) == []
