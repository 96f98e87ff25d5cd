"""Results are written whole, readable, and the same each time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import conform
from tongyuan.ledger.write import write as module
from tongyuan.ledger.write.write import worded, write_csv, write_excel, write_parquet
from tongyuan.reference.shelf import Language, shelf

EMISSION = conform(
    "emission",
    pl.DataFrame(
        {
            "region": ["x", "x"],
            "year": [2021, 2021],
            "process": ["energy.power"] * 2,
            "product": ["raw_coal", ""],
            "origin": ["combustion"] * 2,
            "scope": ["direct"] * 2,
            "medium": ["air"] * 2,
            "species": ["SO2", "NOx"],
            "value": [1.5, None],
            "unit": ["t"] * 2,
            "method": ["m"] * 2,
            "note": ["=1+1", "-3"],
        }
    ),
)


def test_excel_has_titles_formats_and_filters(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_excel(
        {"emission": EMISSION, "other": pl.DataFrame({"when": [dt.date(2021, 1, 2)], "ok": [True]})}, path
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["排放", "other"]
    page = book["排放"]
    heads = [cell.value for cell in page[1]]
    assert heads[:3] == ["地区", "年份", "工艺过程"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref is not None
    row = {head: cell.value for head, cell in zip(heads, page[2], strict=True)}
    assert row["工艺过程"] == "火力发电"
    assert row["物质"] == "二氧化硫"
    assert row["备注"] == "=1+1"
    assert page.cell(2, heads.index("备注") + 1).data_type == "s"
    assert page.cell(2, heads.index("年份") + 1).number_format == "0"
    assert book["other"]["A2"].value == dt.datetime(2021, 1, 2)
    assert book["other"]["B2"].value is True


def test_ids_stay_when_titles_are_not_wanted(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_excel({"emission": EMISSION}, path, "en", titles=False)
    page = openpyxl.load_workbook(path)["Emission"]
    assert page["C2"].value == "energy.power"


def test_nothing_to_write_is_still_a_workbook(tmp_path: Path) -> None:
    write_excel({}, tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames


def test_long_tables_go_on_in_a_next_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHEET_ROWS", 2)
    write_excel({"t": pl.DataFrame({"x": [1, 2, 3, 4, 5]})}, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [(s.title, s.max_row) for s in book] == [("t", 3), ("t 2", 3), ("t 3", 2)]


def test_csv_is_utf8_with_mark_and_without_formulas(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    write_csv(EMISSION, path, name="emission", language="zh")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.startswith("地区,年份,工艺过程")
    assert "'=1+1" in text
    assert "'-3" not in text


def test_the_same_tables_have_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_excel({"emission": EMISSION}, tmp_path / f"{name}.xlsx")
        write_parquet({"emission": EMISSION}, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    first, second = (tmp_path / name / "emission.parquet" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert pl.read_parquet(first).equals(EMISSION)


def test_worded_leaves_unknown_ids_alone() -> None:
    frame = EMISSION.with_columns(pl.lit("no.such.process").alias("process"))
    assert worded("emission", frame, "en")["process"].to_list() == ["no.such.process"] * 2


def test_infinity_and_nan_are_left_blank_in_excel(tmp_path: Path) -> None:
    write_excel({"t": pl.DataFrame({"x": [float("nan"), float("inf"), 1.0]})}, tmp_path / "r.xlsx")
    page = openpyxl.load_workbook(tmp_path / "r.xlsx")["t"]
    assert [page.cell(r, 1).value for r in (2, 3, 4)] == [None, None, 1]


SPECIES = st.lists(
    st.sampled_from(shelf("species")["species"].to_list()), min_size=1, max_size=4, unique=True
)


@settings(max_examples=20, deadline=None)
@given(st.lists(SPECIES, min_size=1, max_size=3), st.booleans(), st.sampled_from(["zh", "en", None]))
def test_lists_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, lists: list[list[str]], only: bool, language: Language | None
) -> None:
    cells = [[*["only:"] * only, *words] for words in lists]
    row = {"region": "370000", "year": 2021, "process": "energy.power", "product": "raw_coal"}
    row |= {"value": 1.0, "unit": "t", "source": "s"}
    rows = [row | {"excluded": words, "year": 2000 + n} for n, words in enumerate(cells)]
    frame = conform("activity", pl.DataFrame(rows))
    folder = tmp_path_factory.mktemp("lists")
    write_csv(frame, folder / "activity.csv", name="activity", language=language)
    write_parquet({"activity": frame}, folder)
    write_excel({"activity": frame}, folder / "activity.xlsx", language or "zh", titles=language is not None)
    for name in ("activity.csv", "activity.parquet", "activity.xlsx"):
        reading = read(folder / name)
        assert not [f for f in reading.findings if f.severity == "error"], name
        assert reading.tables["activity"]["excluded"].to_list() == cells, name


def test_a_list_of_another_writer_is_read_like_a_cell(tmp_path: Path) -> None:
    """A Parquet file may hold lists of titles; a word that names nothing is refused at its row."""
    row = {"region": "370000", "year": 2021, "process": "energy.power", "product": "raw_coal"}
    row |= {"value": 1.0, "unit": "t", "source": "s"}
    path = tmp_path / "activity.parquet"
    pl.DataFrame([row | {"excluded": ["二氧化碳", "NOx"]}]).write_parquet(path)
    assert read(path).tables["activity"]["excluded"].to_list() == [["CO2", "NOx"]]
    pl.DataFrame([row | {"excluded": ["月球"]}]).write_parquet(path)
    assert [f.check for f in read(path).findings if f.severity == "error"] == ["unknown_list_word"]


def test_numbers_show_the_decimals_their_size_calls_for(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "exact": [12.5, 0.25, None],
            "mixed": [0.016645951600523741, 278466411.2211319, 3.0],
            "small": [1.0, 1.5e-7, -1e-4 / 3],
            "at": [dt.datetime(2025, 1, 1, 8), None, None],
        }
    )
    write_excel({"t": frame}, tmp_path / "r.xlsx", hidden={"at"})
    page = openpyxl.load_workbook(tmp_path / "r.xlsx")["t"]
    shown = [[page.cell(row, column).number_format for row in (2, 3, 4)] for column in (2, 3)]
    assert shown == [["0.0000", "#,##0.00", "#,##0"], ["#,##0", "0.00E+00", "0.00E+00"]]
    assert page.column_dimensions["A"].width > 0
    assert page["B2"].value == 0.016645951600523741
    assert page["D2"].value == dt.datetime(2025, 1, 1, 8)
    assert page.column_dimensions["D"].hidden
    assert not page.column_dimensions["C"].hidden


def test_a_long_table_says_the_scale_of_its_pages(tmp_path: Path) -> None:
    for rows, scaled in ((module.LONG, False), (module.LONG + 1, True)):
        frame = pl.DataFrame({f"c{k}": ["x" * 30] * rows for k in range(8)})
        write_excel({"t": frame}, tmp_path / "r.xlsx")
        page = openpyxl.load_workbook(tmp_path / "r.xlsx")["t"]
        assert bool(page.sheet_properties.pageSetUpPr.fitToPage) is not scaled
        # 8 columns of 32 characters are 8 · 229 pixels at 96 an inch: 19.1 inches on 7.5
        assert (page.page_setup.scale == 39) is scaled
