import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Cards, TableBlock
from tongyuan.report.programme.chapter.programme import computed_table, contradictions, section
from tongyuan.report.programme.words import distinct


def status(**columns):
    base = {
        "plan": ["national", "national", "sd", "sd", "sd", "sd"],
        "target": ["a", "b", "c", "d", "e", "f"],
        "indicator": ["short_process_steel", "coal_growth", "pm25", "pm25", "heavy_days", "heavy_days"],
        "title_zh": [
            "短流程炼钢占比",
            "煤炭消费控制",
            "PM2.5年均浓度",
            "PM2.5年均浓度",
            "重污染天数",
            "重污染天数",
        ],
        "title_en": ["Short-process steel", "Coal", "PM2.5", "PM2.5", "Heavy days", "Heavy days"],
        "region": ["100000", "100000", "370000", "370000", "370000", "370000"],
        "year": [2025] * 6,
        "comparator": ["at_least", "qualitative", "at_most", "at_most", "at_most", "at_most"],
        "value": [15.0, None, 38.0, 38.0, 0.9, 0.8],
        "unit": ["%", None, "µg/m3", "µg/m3", "%", "%"],
        "printed": ["15%以上", "逐步减少", "38", "38", "0.9", "0.8"],
        "document": ["42号", "42号", "文件甲", "文件乙", "文件甲", "文件乙"],
        "observed_year": [2024, None, 2024, 2024, None, None],
        "observed": [10.0, None, 35.5, 35.5, None, None],
        "observed_source": ["worldsteel", None, "公报", "公报", None, None],
        "part_year": ["2025-H1: 9.8", None, None, None, None, None],
        "count": [3, 0, 1, 1, 0, 0],
        "state": ["behind", "no_data", "on_track", "on_track", "no_data", "no_data"],
        "forecast": [9.9, None, None, None, None, None],
        "lower": [7.3, None, None, None, None, None],
        "upper": [12.5, None, None, None, None, None],
        "probability": [0.003, None, None, None, None, None],
    }
    return conform("target_status", pl.DataFrame(base | columns))


SERIES = conform(
    "indicator_observation",
    pl.DataFrame(
        {
            "indicator": ["short_process_steel"] * 5 + ["co2_intensity"],
            "region": ["100000"] * 5 + ["370000"],
            "period": ["2019", "2020", "2021", "2024", "2025-H1", "2021"],
            "value": [10.4, 9.0, None, 10.0, 9.8, 1.03],
            "lower": [None, None, 10.6, None, None, None],
            "upper": [None, None, 11.0, None, None, None],
            "unit": ["%"] * 5 + ["t/10^4 CNY"],
            "comparable": [True] * 6,
            "citation": ["worldsteel"] * 5 + ["inventory；公报"],
            "status": ["secondary"] * 6,
        }
    ),
)
TABLES = {"target_status": status(), "indicator_observation": SERIES}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter_says_where_every_target_stands(language):
    made = section(TABLES, language)
    assert made is not None
    tables = [b for b in made.blocks if isinstance(b, TableBlock)]
    national = next(row for table in tables for row in table.rows if row[-1] == "worldsteel")
    assert national[1:4] == [
        "2025",
        "≥15%",
        "10% (2024)" + ("；" if language == "zh" else "; ") + "2025-H1: 9.8",
    ]
    assert national[4] == {"zh": "滞后", "en": "Behind"}[language]
    assert national[5:] == ["9.9% (7.3–12.5)", "0.30%", "worldsteel"]
    cards = [b for b in made.blocks if isinstance(b, Cards)]
    assert [c.value for c in cards[1].cards] == ["1"]
    assert all("None" not in cell for table in tables for row in table.rows for cell in row)


def test_nothing_tracked_no_chapter():
    assert section({}, "zh") is None
    assert section({"target_status": status().clear()}, "zh") is None


def test_targets_stated_alike_are_shown_once_and_contradictions_side_by_side():
    measured = status().filter(pl.col("comparator") != "qualitative")
    assert distinct(measured).height == 4
    made = contradictions(measured, "zh")
    assert made is not None
    assert [row[2:] for row in made.rows] == [["≤0.9%", "文件甲"], ["≤0.8%", "文件乙"]]
    assert contradictions(measured.head(2), "zh") is None


def test_computed_indicators_name_the_inventory_as_their_source():
    made = computed_table(TABLES, "zh")
    assert made is not None
    assert made.rows[0][-1] == "本清单; 公报"
    assert made.rows[0][3] == "吨/万元"
