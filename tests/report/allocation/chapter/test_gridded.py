import polars as pl
import pytest
from tests.report.allocation_tables import allocated

from tongyuan.report.allocation.chapter.gridded import balance_table, map_of, section, told
from tongyuan.report.base.block import Choice


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return allocated()


def test_it_says_what_lies_where(tables: dict[str, pl.DataFrame]) -> None:
    made = section(tables, "en")
    assert made is not None
    assert "3 cells of grid g. Of NOₓ, part lies outside" in made.blocks[0].text
    rows = {row[0]: row[1:] for row in made.blocks[1].rows}
    assert rows["NOₓ"] == ["120 t", "100 t", "20 t", "0 t"]
    (maps,) = (b for b in made.blocks if isinstance(b, Choice))
    assert [name for name, _ in maps.charts] == ["SO₂", "NOₓ"]
    assert "117.25°, 36.25°) has 75 t, 69.4%" in maps.charts[0][1].description
    month, hour = made.blocks[3:5]
    assert (len(month.option["xAxis"]["data"]), len(hour.option["xAxis"]["data"])) == (12, 24)
    assert "Road transport" in str(made.blocks[5].rows)
    assert section({}, "zh") is None


def test_a_boundary_is_shown_with_its_number(tables: dict[str, pl.DataFrame]) -> None:
    with_it = map_of(tables, "SO2", "zh")
    assert "GS(0000)0000号" in with_it.note
    edged = [item["value"][:2] for item in with_it.option["series"][0]["data"] if "itemStyle" in item]
    assert edged == [[0, 1], [1, 1]]
    bare = map_of({n: f for n, f in tables.items() if n != "boundary_cell"}, "SO2", "zh")
    assert "不含任何行政界线" in bare.note


def test_many_cells_are_put_together(tables: dict[str, pl.DataFrame]) -> None:
    cells = pl.DataFrame({"column": range(1, 201), "row": [1] * 200, "value": [1.0] * 200}).with_columns(
        grid=pl.lit("g"), species=pl.lit("SO2"), longitude=pl.col("column") * 0.1, latitude=pl.lit(36.0)
    )
    made = map_of({"cell_emission": cells}, "SO2", "en")
    values = [item["value"][2] for item in made.option["series"][0]["data"]]
    assert values == [4.0] * 50
    assert "4 by 4 cells" in made.note


def test_what_is_whole_and_what_is_nowhere(tables: dict[str, pl.DataFrame]) -> None:
    only = {n: f.filter(pl.col("species") == "SO2") for n, f in tables.items() if "species" in f.columns}
    sums = (
        only["allocation_balance"].group_by("species").agg(pl.col("value", "inside", "outside", "left").sum())
    )
    assert "none lies outside" in told(only, sums, "en")
    assert "都没有分配" in told({"allocation_balance": only["allocation_balance"]}, sums, "zh")
    assert balance_table(sums, ["SO2"], "zh").rows[0][1:] == ["108吨", "108吨", "0吨", "0吨"]
