"""Files and frames become tables; what was written is read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongyuan.ledger.read.read import read, read_frame
from tongyuan.ledger.table import PLACE, conform, table
from tongyuan.ledger.write.write import write_csv, write_excel, write_parquet

ROWS = {
    "region": ["山东省", "青岛市园区"],
    "year": [2021, 2021],
    "process": ["energy.power", "energy.heat"],
    "product": ["raw_coal", ""],
    "technology": ["", ""],
    "value": [1.5, 0.0],
    "unit": ["万吨", "t"],
    "source": ["年鉴", "报表"],
}

text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"]),
    min_size=1,
    max_size=20,
)
value = st.floats(0, 1e15, allow_nan=False).map(lambda x: float(f"{x:.12g}"))
row = st.fixed_dictionaries(
    {
        "region": st.sampled_from(["自编甲", "自编乙", "自编丙"]),
        "year": st.integers(1990, 2060),
        "process": st.sampled_from(["energy.power", "energy.heat", "industry.lime"]),
        "product": st.sampled_from(["raw_coal", "diesel", ""]),
        "technology": st.just(""),
        "value": value,
        "unit": st.sampled_from(["t", "万吨", "TJ"]),
        "uncertainty": st.one_of(st.none(), st.floats(0, 500).map(lambda x: float(f"{x:.12g}"))),
        "source": text.filter(lambda t: t.strip() != ""),
        "note": st.one_of(st.none(), text.filter(lambda t: t.strip() != "")),
    }
)
KEYS = ("region", "year", "process", "product")


def one_of_each(rows: list[dict[str, object]]) -> pl.DataFrame:
    distinct = {tuple(r[k] for k in KEYS): r for r in rows}
    frame = pl.DataFrame(
        list(distinct.values()), schema_overrides={"uncertainty": pl.Float64, "note": pl.String}
    )
    numbered = frame.with_columns(pl.Series("activity_id", [f"id{i}" for i in range(frame.height)]))
    return conform("activity", numbered)


@given(st.lists(row, min_size=1, max_size=8).map(one_of_each))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip_through_excel_csv_and_parquet(tmp_path: Path, frame: pl.DataFrame) -> None:
    cleaned = frame.with_columns(pl.col("source", "note").str.strip_chars(" \t\r\n\u00a0\u3000\ufeff"))
    write_parquet({"activity": frame}, tmp_path)
    write_excel({"activity": frame}, tmp_path / "out.xlsx", "zh")
    write_excel({"activity": frame}, tmp_path / "out_en.xlsx", "en", titles=False)
    for name in ("activity.parquet", "out.xlsx", "out_en.xlsx"):
        reading = read(tmp_path / name)
        assert {f.check for f in reading.findings} <= {"unknown_region"}, name
        back = reading.tables["activity"].drop(PLACE)
        assert back.equals(cleaned.with_columns(technology=pl.lit(""))), name


@given(st.lists(row, min_size=1, max_size=8).map(one_of_each))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip_through_csv_neutralises_formulas_only(tmp_path: Path, frame: pl.DataFrame) -> None:
    path = tmp_path / "activity.csv"
    write_csv(frame, path)
    back = read(path).tables["activity"].drop(PLACE)
    for column in ("region", "year", "process", "product", "value", "unit", "uncertainty"):
        assert back[column].equals(frame[column].fill_null("") if column == "product" else frame[column])
    for ours, theirs in zip(frame["source"], back["source"], strict=True):
        assert theirs in (ours.strip(), "'" + ours.strip(), ours)


@pytest.mark.parametrize("convert", [lambda f: f, lambda f: f.to_pandas(), lambda f: f.to_arrow()])
def test_any_frame_is_read(convert: object) -> None:
    frame, findings = read_frame("activity", convert(pl.DataFrame(ROWS)))  # type: ignore[operator]
    assert [f.check for f in findings] == ["unknown_region"]
    assert frame["value"].to_list() == [1.5, 0.0]
    assert frame["activity_id"].to_list() == ["A1", "A2"]


def test_titles_are_columns_too() -> None:
    frame, findings = read_frame("activity", pd.DataFrame({"地区": ["x"], "年份": [2021], "单位": ["勺"]}))
    assert {f.check for f in findings} >= {"missing_column", "unknown_unit"}
    assert frame.height == 1


def test_nan_from_pandas_is_missing_and_infinity_is_told() -> None:
    data = pd.DataFrame(ROWS | {"value": [float("nan"), float("inf")]})
    _, findings = read_frame("activity", data)
    assert [f.check for f in findings if f.severity == "error"] in (
        ["missing_required", "not_finite"],
        ["not_finite", "not_finite"],
    )


anything = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats().map(repr),
    st.sampled_from(
        ["1e300", "-1e300", "9" * 400, "{title}", "%", "100%", "#N/A", "2021-13-45", "0000-00-00", "是"]
    ),
)


@given(st.data(), st.sampled_from(["activity", "factor", "observation", "energy_balance", "key_category"]))
@settings(max_examples=60, deadline=None)
def test_any_text_in_any_cell_is_read_or_told(data: st.DataObject, name: str) -> None:
    columns = [c.name for c in table(name).columns]
    height = data.draw(st.integers(1, 4))
    cells = {c: data.draw(st.lists(anything, min_size=height, max_size=height)) for c in columns}
    frame, findings = read_frame(name, pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String)))
    assert frame.columns[:-1] == columns
    for f in findings:
        assert f.message("zh")
        assert f.message("en")


def test_something_else_is_no_frame() -> None:
    with pytest.raises((TypeError, ValueError)):
        read_frame("activity", pa.array([1, 2]))


def test_every_row_knows_its_place_and_every_sheet_its_letters(tmp_path: Path) -> None:
    write_excel({"activity": pl.DataFrame(ROWS)}, tmp_path / "a.xlsx", "zh")
    reading = read(tmp_path / "a.xlsx")
    assert reading.tables["activity"][PLACE].to_list() == ["a.xlsx|活动水平|2", "a.xlsx|活动水平|3"]
    assert reading.letters["a.xlsx|活动水平"]["value"] == "F"


def test_a_place_given_is_kept() -> None:
    frame, _ = read_frame("activity", pl.DataFrame(ROWS | {PLACE: ["b|s|7", "b|s|8"]}))
    assert frame[PLACE].to_list() == ["b|s|7", "b|s|8"]


def test_the_same_key_in_two_files_is_found(tmp_path: Path) -> None:
    first = pl.DataFrame(ROWS).head(1)
    write_csv(first, tmp_path / "activity_1.csv")
    write_csv(first, tmp_path / "activity_2.csv")
    repeated = [
        f
        for f in read(tmp_path / "activity_1.csv", tmp_path / "activity_2.csv").findings
        if f.check == "duplicate_key"
    ]
    assert [f.file for f in repeated] == ["activity_2.csv"]
    assert "activity_1.csv" in repeated[0].message("en")


def test_a_unit_in_the_header_serves_the_whole_column() -> None:
    data = pl.DataFrame(ROWS).drop("unit").rename({"value": "数值（万吨）"})
    frame, findings = read_frame("activity", data)
    assert {f.check for f in findings} == {"unknown_region"}
    assert frame["unit"].to_list() == ["万吨", "万吨"]


def test_the_order_of_columns_does_not_matter() -> None:
    straight, _ = read_frame("activity", pl.DataFrame(ROWS))
    turned, _ = read_frame("activity", pl.DataFrame(ROWS).select(list(ROWS)[::-1]))
    assert straight.equals(turned)
