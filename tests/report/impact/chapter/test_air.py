from datetime import date

import polars as pl
import pytest
from tests.report.impact_tables import air as tables

from tongyuan.ledger.table import from_rows
from tongyuan.report.base.block import ChartBlock, Note, Paragraph, TableBlock
from tongyuan.report.impact.chapter.air import section


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_trends_at_average_weather_and_quadrants_are_told_with_their_skill(language: str) -> None:
    head = {"place": "370100", "kind": "region", "pollutant": "PM2.5"}
    told = {"from": date(2023, 1, 1), "until": date(2024, 12, 31), "days": 700, "skill": 0.62}
    trend = head | told | {"slope": -0.081, "lower": -0.1, "upper": -0.05}
    carbon = {
        "region": "370100", "year": 2021, "base_year": 2015, "pollutant": "PM2.5", "value": 36.0,
        "limit": 35.0, "unit": "µg/m3", "over": 0.0286, "carbon": -0.1,
        "quadrant": "falls_only", "comparable": False,
    }  # fmt: skip
    more = {
        "weather_trend": from_rows("weather_trend", [trend]),
        "air_carbon": from_rows("air_carbon", [carbon]),
    }
    made = section({**tables(), **more}, language)  # type: ignore[arg-type]
    assert made is not None
    rows = [row for block in made.blocks if isinstance(block, TableBlock) for row in block.rows]
    text = "\n".join(" ".join(map(str, row)) for row in rows)
    assert "62" in text
    assert "8.10%" in text
    assert ("只有碳下降" if language == "zh" else "Only carbon falls") in text
    assert any("273" in b.text and b.kind == "warning" for b in made.blocks[-1:] if isinstance(b, Note))


def test_cities_without_data_are_shown_as_missing() -> None:
    made = section(tables(), "zh")
    assert made is not None
    (note,) = [b.text for b in made.blocks if isinstance(b, Note) and "没有插补" in b.text]
    assert "16 个市" in note
    assert "济南市" in note
    given = tables()
    jinan = given["air_statistic"].with_columns(place=pl.lit("370100"))
    more = {**given, "air_statistic": pl.concat([given["air_statistic"], jinan])}
    made = section(more, "en")
    assert made is not None
    (note,) = [b.text for b in made.blocks if isinstance(b, Note) and "stands in" in b.text]
    assert note.startswith("15 cities of Shandong")
    assert "Jinan" not in note
