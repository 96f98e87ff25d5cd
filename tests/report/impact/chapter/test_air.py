import polars as pl
import pytest

from tongyuan.impact.health.tables import burden_table as burden_of
from tongyuan.impact.station.tables import index_table, statistic_row
from tongyuan.ledger.table import empty, table
from tongyuan.report.base.block import ChartBlock, Note, Paragraph, TableBlock
from tongyuan.report.impact.chapter.air import section

SHANDONG = [
    (2014, "PM2.5", "mean", 82.0, "year"),
    (2021, "PM2.5", "mean", 39.0, "year"),
    (2021, "SO2", "mean", 11.0, "year"),
    (2021, "NO2", "mean", 29.0, "year"),
    (2021, "PM10", "mean", 72.0, "year"),
    (2021, "CO", "p95", 1.2, "day"),
    (2021, "O3", "p90", 166.0, "max_8h"),
]


def tables(deaths: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    rows = [statistic_row("370000", "region", y, p, s, v, of) for y, p, s, v, of in SHANDONG]
    columns = {c: [r.get(c) for r in rows] for c in table("air_statistic").dtypes}
    frame = pl.DataFrame(columns, schema=table("air_statistic").dtypes)
    fine = pl.DataFrame({"region": ["370000"] * 2, "year": [2014, 2021], "value": [82.0, 39.0]})
    index = index_table(frame, empty("aqi_day"))
    return {"air_statistic": frame, "air_index": index, "burden": burden_of(fine, deaths)}


def words(language: str) -> str:
    made = section(tables(), language)  # type: ignore[arg-type]
    assert made is not None
    return " ".join(b.text for b in made.blocks if isinstance(b, Paragraph))


def test_it_says_what_was_met_and_what_was_not() -> None:
    zh, en = words("zh"), words("en")
    assert "PM₂.₅ 年均值 39（限值 35）微克/立方米" in zh
    assert "O₃ 第90百分位数 166（限值 160）" in zh
    assert "综合指数为 4.39" in zh
    assert "25.2%" in zh
    assert "17.1%" in zh
    assert "The comprehensive index was 4.39." in en
    assert "17.1% fewer" in en


def test_numbers_of_people_need_a_baseline() -> None:
    assert "people" not in words("en")
    deaths = pl.DataFrame(
        {"region": ["370000"], "year": [2021], "endpoint": ["ncd_lri"], "deaths": [722_141.0]}
    )
    made = section(tables(deaths), "en")
    assert made is not None
    assert any("182,000 people" in b.text for b in made.blocks if isinstance(b, Paragraph))


def test_chart_table_and_the_change_of_state() -> None:
    made = section(tables(), "zh")
    assert made is not None
    (chart,) = [b for b in made.blocks if isinstance(b, ChartBlock)]
    values = {s["name"]: s["data"] for s in chart.option["series"]}
    assert chart.option["xAxis"]["data"][0] == "2014"
    assert [d["value"] if isinstance(d, dict) else d for d in values["山东省"]] == [82.0, *[None] * 6, 39.0]
    assert any("273 K" in b.text for b in made.blocks if isinstance(b, Note))
    statistics, burden = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert len(statistics.rows) == 6
    assert {row[7] for row in statistics.rows} == {"达标", "超标"}
    assert len(burden.rows) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_air_no_chapter(language: str) -> None:
    assert section({}, language) is None  # type: ignore[arg-type]
    stations = tables()["air_statistic"].with_columns(pl.lit("station").alias("kind"))
    assert section({"air_statistic": stations}, language) is None  # type: ignore[arg-type]
