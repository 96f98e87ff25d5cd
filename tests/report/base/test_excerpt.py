"""What a document shows of a table with any number of rows: the largest, the sum of the rest, never more."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import conform
from tongyuan.report.base import excerpt as module
from tongyuan.report.base.block import Column, TableBlock
from tongyuan.report.base.excerpt import ROWS, cut, excerpt
from tongyuan.report.excel.full import write_tables


def emissions(values: list[float], species: list[str]) -> pl.DataFrame:
    """Return rows of table emission, one region each."""
    count = len(values)
    return conform(
        "emission",
        pl.DataFrame(
            {
                "region": [f"企业{i}" for i in range(count)],
                "year": [2020] * count,
                "process": ["energy.power"] * count,
                "species": species,
                "medium": ["air"] * count,
                "origin": ["combustion"] * count,
                "scope": ["direct"] * count,
                "value": values,
                "unit": ["t"] * count,
                "uncontrolled": values,
                "method": ["factor_tier_1"] * count,
            }
        ),
    )


def test_the_largest_of_each_species_stay_and_the_rest_is_its_sum() -> None:
    """SO2 has 5 + 4 + 3 + 2 + 1; two of four rows are its share, 3 + 2 + 1 is left: 6 t in 3 rows."""
    frame = emissions([1.0, 2.0, 3.0, 4.0, 5.0, -0.3, 0.2, 0.1], ["SO2"] * 5 + ["Hg"] * 3)
    found = excerpt("emission", frame, 4)
    assert found.frame["value"].to_list() == [4.0, 5.0, -0.3, 0.2]
    rest = {row["species"]: (row["value"], row["rows"]) for row in found.rest.to_dicts()}
    assert rest == {"SO2": (6.0, 3), "Hg": (0.1, 1)}


def test_a_table_of_the_limit_is_whole_and_one_row_more_is_not() -> None:
    frame = emissions([1.0] * 5, ["SO2"] * 5)
    assert excerpt("emission", frame, 5).frame.equals(frame)
    found = excerpt("emission", frame, 4)
    assert (found.shown, found.rest["value"].to_list()) == (4, [1.0])


@pytest.mark.parametrize("name", ["finding", "uncertainty"])
def test_rows_that_are_no_parts_of_a_whole_are_never_added(name: str) -> None:
    frame = emissions([1.0] * 9, ["SO2"] * 9).select("species", "unit", "value")
    shown = frame if name == "uncertainty" else frame.select("species")
    found = excerpt(name, shown, 4)
    assert found.shown == 4
    assert found.rest.is_empty()


@given(
    st.lists(
        st.tuples(st.sampled_from(["SO2", "NOx", "CO2"]), st.floats(-1e6, 1e6)), min_size=1, max_size=60
    ),
    st.integers(1, 40),
)
def test_what_is_shown_and_the_rest_add_up_to_the_table(rows: list[tuple[str, float]], most: int) -> None:
    frame = emissions([value for _, value in rows], [species for species, _ in rows])
    found = excerpt("emission", frame, most)
    assert found.frame.height == found.shown <= most
    for species, members in groupby(sorted(rows), key=lambda row: row[0]):
        parts = [found.frame.filter(pl.col("species") == species)["value"].sum()]
        if found.rest.height:
            parts.append(found.rest.filter(pl.col("species") == species)["value"].sum())
        assert sum(parts) == pytest.approx(sum(value for _, value in members), abs=1e-6)


@given(
    st.lists(
        st.tuples(st.sampled_from(["SO2", "NOx"]), st.sampled_from([-2.0, 0.0, 1.0, 2.0])),
        min_size=8, max_size=40,
    ),
    st.integers(1, 7),
    st.integers(1, 9),
)  # fmt: skip
def test_a_table_that_is_gone_through_in_pieces_shows_the_same(
    rows: list[tuple[str, float]], most: int, piece: int
) -> None:
    """Also where rows of one size lie in several pieces."""
    values, species = [value for _, value in rows], [species for species, _ in rows]
    whole = excerpt("emission", emissions(values, species), most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        pieces = excerpt("emission", emissions(values, species), most)
    assert pieces.frame.equals(whole.frame)
    assert pieces.rest.equals(whole.rest)


def test_a_workbook_of_fifty_thousand_rows_has_a_thousand_and_their_rest(tmp_path: Path) -> None:
    count = 50_000
    frame = emissions([float(i) for i in range(count)], ["SO2"] * count)
    sheet = openpyxl.load_workbook(write_tables({"emission": frame}, tmp_path / "x.xlsx", "en"))["Emission"]
    assert sheet.max_row == 4 + ROWS + 1
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[0] == f"Sum of the other {count - ROWS} rows"
    left = count - ROWS
    assert last[frame.columns.index("value")] == left * (left - 1) / 2
    assert "emission.parquet" in sheet["A2"].value


def test_a_table_of_a_page_is_cut_with_a_word_on_it() -> None:
    block = TableBlock("caption", [Column("a")], [[str(i)] for i in range(ROWS + 3)], note="own note.")
    shown = cut(block, "en")
    assert len(shown.rows) == ROWS
    assert shown.note.startswith("own note. The table has 1003 rows")
    assert cut(shown, "zh") is shown


def test_each_table_has_its_own_excerpt_however_often_it_is_asked_for() -> None:
    first, second = (emissions([float(i + shift) for i in range(40)], ["CO2"] * 40) for shift in (0, 500))
    for _ in range(2):
        assert excerpt("emission", first, 3).frame["value"].to_list() == [37.0, 38.0, 39.0]
        assert excerpt("emission", second, 3).frame["value"].to_list() == [537.0, 538.0, 539.0]
        assert excerpt("emission", first, 2).frame["value"].to_list() == [38.0, 39.0]
    assert excerpt("emission", first, 2) is excerpt("emission", first, 2)
    assert excerpt("emission", first, 3).rest["value"].to_list() == [sum(range(37))]
