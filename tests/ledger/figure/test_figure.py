from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.figure.figure import Figure, figures, known, named, unit_of
from tongyuan.ledger.table import PLACE

GDP = {"gdp": named("gdp", "CNY")}
Row = tuple[str, str, float | None, str, str | None]


def observed(*rows: Row) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows,
        schema={
            "period": pl.String,
            "indicator": pl.String,
            "value": pl.Float64,
            "unit": pl.String,
            "confidence": pl.String,
        },
        orient="row",
    )
    return frame.with_columns(
        pl.lit("370000").alias("region"),
        pl.lit("年鉴").alias("source"),
        pl.format("obs.xlsx|观测|{}", pl.int_range(2, frame.height + 2)).alias(PLACE),
    )


def test_a_whole_year_is_read_in_the_unit_wanted_with_source_status_and_place() -> None:
    frame, found = figures(observed(("2021", "地区生产总值", 8.0, "亿元", "derived")), GDP)
    assert frame.row(0, named=True) == {
        "region": "370000",
        "year": 2021,
        "column": "gdp",
        "value": 8e8,
        "error": 0.0,
        "status": "derived",
        "source": "年鉴",
        "place": "obs.xlsx|观测|2",
    }
    assert found == []


def test_a_part_of_a_year_does_not_count_and_is_named() -> None:
    rows = observed(("2021", "GDP", 8.0, "亿元", None), ("2021-08", "GDP", 5.0, "亿元", None))
    frame, found = figures(rows, GDP)
    assert frame["value"].to_list() == [8e8]
    assert [(f.check, f.values["count"]) for f in found] == [("figure_part_year", 1)]


def test_a_revised_figure_goes_before_the_first_one_unless_it_may_not_act() -> None:
    """Shandong 2014: 59 426.6 first, 50 774.8 revised (亿元)."""
    first = ("2014", "地区生产总值", 59_426.6, "亿元", "read")
    for confidence, value in (("read", 50_774.8), ("derived", 50_774.8), ("unverified", 59_426.6)):
        revised = ("2014", "地区生产总值（修订）", 50_774.8, "亿元", confidence)
        frame, found = figures(observed(first, revised), GDP)
        assert frame["value"].to_list() == [pytest.approx(value * 1e8)]
        assert [f.check for f in found] == (["figure_unverified"] if confidence == "unverified" else [])


def test_two_different_figures_of_one_confidence_are_a_gap_at_their_place() -> None:
    rows = observed(("2021", "GDP", 8.0, "亿元", "read"), ("2021", "地区生产总值", 9.0, "亿元", "read"))
    frame, found = figures(rows, GDP)
    assert frame.is_empty()
    assert [f.check for f in found] == ["figure_double"]
    assert (found[0].file, found[0].sheet, found[0].row) == ("obs.xlsx", "观测", 3)
    assert "地区生产总值" in found[0].message("zh")


def test_one_figure_said_twice_is_one_and_the_better_confidence_counts() -> None:
    same = observed(("2021", "GDP", 8.0, "亿元", "read"), ("2021", "GDP", 80_000.0, "万元", "read"))
    assert figures(same, GDP)[0]["value"].to_list() == [8e8]
    better = observed(("2021", "GDP", 9.0, "亿元", "derived"), ("2021", "GDP", 8.0, "亿元", "read"))
    frame, found = figures(better, GDP)
    assert (frame["value"].to_list(), frame["status"].to_list(), found) == ([8e8], ["secondary"], [])


def test_an_unverified_figure_acts_only_when_asked_and_carries_its_status() -> None:
    rows = observed(("2021", "GDP", 8.0, "亿元", "unverified"))
    frame, found = figures(rows, GDP)
    assert frame.is_empty()
    assert found[0].check == "figure_unverified"
    asked, told = figures(rows, GDP, include_unverified=True)
    assert (asked["status"].to_list(), told) == (["unverified"], [])


def test_a_unit_that_does_not_convert_is_named_at_its_place() -> None:
    rows = observed(("2021", "GDP", 8.0, "亿元", None), ("2022", "GDP", 8.0, "t", None))
    frame, found = figures(rows, GDP)
    assert frame["year"].to_list() == [2021]
    assert (found[0].check, found[0].row) == ("figure_unit", 3)


def test_names_and_units_of_ones_own() -> None:
    own, name = named("港口吞吐量"), "港口吞吐量"
    rows = observed(("2021", name, 3.0, "万吨", None), ("2022", f"{name}（修订）", 40_000.0, "t", None))
    assert figures(rows, {"x": own})[0]["value"].to_list() == [3.0, 4.0]
    assert unit_of(rows, own) == "万吨"
    assert unit_of(rows, GDP["gdp"]) == "CNY"
    assert named("GDP").title_en == "Gross regional product"
    assert "gdp" in known()


def test_a_table_without_optional_columns_is_read() -> None:
    bare = observed(("2021", "GDP", 8.0, "亿元", None)).drop("source", "confidence", PLACE)
    frame, _ = figures(bare, GDP)
    assert frame.select("value", "status", "source", "place").row(0) == (8e8, "secondary", None, None)
    assert figures(bare.clear(), GDP)[0].is_empty()


@given(st.permutations(range(6)))
def test_the_order_of_rows_makes_no_difference(order: list[int]) -> None:
    rows = observed(
        ("2021", "GDP", 8.0, "亿元", "derived"),
        ("2021", "GDP", 9.0, "亿元", "read"),
        ("2022", "地区生产总值（修订）", 7.0, "亿元", None),
        ("2022", "GDP", 6.0, "亿元", "read"),
        ("2023", "GDP", 1.0, "亿元", "read"),
        ("2023", "GDP", 2.0, "亿元", "read"),
    )
    frame, found = figures(rows[order], GDP)
    assert frame.sort("year").select("year", "value").rows() == [(2021, 9e8), (2022, 7e8)]
    assert [f.check for f in found] == ["figure_double"]


def test_a_figure_is_titled_by_its_first_name_without_a_title() -> None:
    assert Figure(("港口吞吐量",)).title.en == "港口吞吐量"


def test_a_title_goes_before_the_names() -> None:
    title = Figure(("港口吞吐量", "吞吐量"), title_zh="吞吐", title_en="Throughput").title
    assert (title.zh, title.en) == ("吞吐", "Throughput")
    assert Figure(("港口吞吐量",)).title.zh == "港口吞吐量"


def test_what_was_read_goes_before_what_is_not_said() -> None:
    rows = observed(("2021", "GDP", 9.0, "亿元", None), ("2021", "GDP", 8.0, "亿元", "read"))
    frame, found = figures(rows, GDP)
    assert (frame["value"].to_list(), found) == ([8e8], [])


@pytest.mark.parametrize(("other", "checks"), [(8.000_000_001, []), (8.000_000_1, ["figure_double"])])
def test_figures_are_one_up_to_a_billionth(other: float, checks: list[str]) -> None:
    """Two sums of the same parts differ by 1e-10 of themselves; by 1e-8 they are two figures."""
    rows = observed(("2021", "GDP", 8.0, "亿元", "read"), ("2021", "GDP", other, "亿元", "read"))
    _, found = figures(rows, GDP)
    assert [f.check for f in found] == checks
