from __future__ import annotations

import io

import polars as pl
import pytest

from tongyuan.ledger.read.read import read_frame
from tongyuan.web.console.grid import View, as_csv, as_excel, chosen, grid

FRAME = pl.DataFrame(
    {
        "species": ["CO2", "SO2", "NOx", None],
        "value": [3.0, 1.0, 2.0, None],
        "year": [2021, 2020, 2021, 2019],
        "note": ["=1+1", "年鉴 2022", "", None],
        "ids": [["a"], ["b", "c"], [], None],
    }
)


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (("value>=2",), ["CO2", "NOx"]),
        (("value>2",), ["CO2"]),
        (("value!=2",), ["CO2", "SO2"]),
        (("year=2021", "value<3"), ["NOx"]),
        (("note~年鉴",), ["SO2"]),
        (("note=",), ["NOx", None]),
        (("note!=",), ["CO2", "SO2"]),
        (("ids~c",), ["SO2"]),
        (("species=CO2",), ["CO2"]),
    ],
)
def test_filters_hold_together(where: tuple[str, ...], kept: list[str | None]) -> None:
    rows, refused = chosen(FRAME, View(where))
    assert (rows["species"].to_list(), refused) == (kept, ())


@pytest.mark.parametrize("one", ["value>=many", "nothing=1", "value", "", "value=1; drop table"])
def test_a_filter_that_cannot_be_used_is_told_and_changes_nothing(one: str) -> None:
    rows, refused = chosen(FRAME, View((one,)))
    assert (rows.height, refused) == (4, (one,))


def test_rows_come_in_order_page_by_page() -> None:
    seen = [
        grid(FRAME, View(sort="-value", offset=offset, limit=2), "zh").frame["species"].to_list()
        for offset in (0, 2, 4)
    ]
    assert seen == [["CO2", "NOx"], ["SO2", None], []]


def test_an_address_is_the_view_it_came_from() -> None:
    view = View(("a=1", "b~&=?"), "-value", 50, 10)
    from urllib.parse import parse_qsl

    assert View.of(parse_qsl(view.address())) == view
    assert View.of([]) == View()
    assert View().address() == ""
    added = View.of([("where", "a=1"), ("filter_column", "b"), ("filter_sign", "~"), ("filter_value", "x")])
    assert added.where == ("a=1", "b~x")
    assert View.of([("offset", "-5"), ("limit", "99999999")]) == View(offset=0, limit=500)


def test_no_text_leaves_as_a_formula() -> None:
    text = as_csv(FRAME, "", "zh").decode("utf-8-sig")
    assert "'=1+1" in text
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(as_excel(FRAME, "", "zh"))).worksheets[0]
    assert [sheet.cell(2, 4).value, sheet.cell(2, 4).data_type] == ["=1+1", "s"]
    assert sheet.cell(2, 2).value == 3.0


def test_a_table_of_the_ledger_is_shown_in_words() -> None:
    given = pl.DataFrame({"region": ["370000"], "year": [2021], "process": ["energy.power"], "value": [1.5]})
    frame, _ = read_frame("activity", given.with_columns(product=pl.lit("raw_coal"), unit=pl.lit("t")))
    made = grid(frame.drop("_place"), View(), "zh", "activity")
    assert made.frame["product"].to_list() == ["原煤"]
    assert made.titles["value"] == "数值"


def test_ids_stand_behind_what_they_are_called_and_filters_keep_them() -> None:
    frame = pl.DataFrame({"facility": ["F1", "F2"], "value": [1.0, 2.0]})
    names = {"facility": {"F1": "一厂"}, "measure": {"x": "y"}}
    shown = grid(frame, View(where=("facility=F1",)), "zh", names=names)
    assert shown.frame["facility"].to_list() == ["一厂（F1）"]
    assert grid(frame, View(), "en", names=names).frame["facility"].to_list() == ["一厂 (F1)", "F2"]
