import polars as pl
import pytest

from tongyuan.ledger.table import conform, empty
from tongyuan.report.base.block import ChartBlock, Heading, Paragraph, TableBlock
from tongyuan.report.programme.document.progress import progress_bulletin, sources

STATUS = conform(
    "target_status",
    pl.DataFrame(
        {
            "plan": ["p"] * 4,
            "target": ["t1", "t2", "t3", "t4"],
            "indicator": ["steel", "nev", "coal", "pm25"],
            "title_zh": ["短流程炼钢占比", "新能源汽车", "煤耗", "PM2.5"],
            "title_en": ["Short process", "New-energy vehicles", "Coal", "PM2.5"],
            "region": ["370000"] * 4,
            "year": [2025, 2030, 2020, 2025],
            "comparator": ["at_least", "at_least", "at_most", "at_most"],
            "value": [15.0, 50.0, 300.0, 38.0],
            "unit": ["%", "%", "10^4 t", "µg/m3"],
            "document": ["42号"] * 4,
            "observed_year": [2024, None, None, 2024],
            "observed": [10.0, None, None, 35.5],
            "observed_source": ["worldsteel", None, None, "公报"],
            "count": [3, 0, 0, 2],
            "state": ["behind", "no_data", "no_data", "on_track"],
            "probability": [0.01, None, None, 0.97],
            "lead": ["industry", None, "energy", "environment"],
        }
    ),
)
PROGRESS = conform(
    "progress",
    pl.DataFrame(
        {
            "plan": ["p"] * 3,
            "task": ["04.01", "05.01", "06.01"],
            "department": ["environment", "environment", "energy"],
            "year": [2025] * 3,
            "completion": [0.5, 1.0, None],
            "state": ["delayed", "completed", None],
            "problem": ["资金不足", None, "资金不足"],
            "evidence": ["E1", None, None],
        }
    ),
)


def tables_of(blocks):
    return {b.caption: b for b in blocks if isinstance(b, TableBlock)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_urgent_comes_first_with_value_probability_and_record(language):
    blocks = progress_bulletin({"target_status": STATUS}, "R", 2024, language)
    judged = next(b for b in blocks if isinstance(b, TableBlock))
    assert [row[1] for row in judged.rows] == ["2025", "2025"]
    assert judged.rows[0][2] == "≥15%"
    assert judged.rows[0][5].value == 0.01
    assert judged.sources[0] == "target_status · t1 · worldsteel"
    picture = next(b for b in blocks if isinstance(b, ChartBlock))
    values = [item["value"] for item in picture.option["series"][0]["data"]]
    assert values == [1, 1, 2]


def test_targets_without_data_are_an_annex_by_department_and_past_ones_are_counted():
    blocks = progress_bulletin({"target_status": STATUS}, "山东省", 2024, "zh")
    annex = blocks[-1]
    assert isinstance(annex, TableBlock)
    assert annex.wide
    assert [row[1] for row in annex.rows] == ["新能源汽车"]
    assert isinstance(blocks[-2], Heading)
    assert not blocks[-2].numbered
    told = "\n".join(b.text for b in blocks if isinstance(b, Paragraph))
    assert "1 个没有任何数据" in told
    assert "此前到期的另有 1 个没有数据" in told
    assert "没有收到部门填报" in told


def test_reports_are_summed_by_department_and_a_problem_is_told_once():
    made = tables_of(progress_bulletin({"target_status": STATUS, "progress": PROGRESS}, "R", 2025, "zh"))
    reported = made["2 个部门的填报"]
    assert reported.rows[0] == ["生态环境部门", "2", "75.0%", "1", "1", "1"]
    assert reported.rows[1][2] == "–"
    assert made["存在问题"].rows == [["资金不足", "04.01, 06.01", "生态环境部门、能源部门"]]


def test_change_of_emissions_is_like_for_like():
    control = pl.DataFrame(
        {
            "region": ["370000"] * 2,
            "year": [2021] * 2,
            "base_year": [2014] * 2,
            "pollutant": ["SO2", "APeq"],
            "pollution_change": [-0.6, None],
            "carbon_change": [-0.01, -0.01],
            "elasticity": [60.0, None],
            "quadrant": ["both_fall", "both_fall"],
        }
    )
    blocks = progress_bulletin({"target_status": STATUS, "co_control": control}, "山东省", 2024, "zh")
    table = tables_of(blocks)["2014 年到 2021 年污染物与碳的变化"]
    assert table.rows[0] == ["二氧化硫 SO₂", "−60.0%", "−1.00%", "60", "减污又降碳"]
    assert table.rows[1][1] == "–"
    assert table.sources == ["co_control · 370000 · 2021 · SO2", "co_control · 370000 · 2021 · APeq"]


def test_nothing_to_tell_is_said():
    assert len(progress_bulletin({"target_status": empty("target_status")}, "x", 2025, "zh")) == 2
    assert sources(STATUS.filter(pl.col("observed").is_null()), "zh") == []


def test_too_few_data_and_none_are_told_apart():
    mixed = STATUS.with_columns(
        pl.when(pl.col("target") == "t2").then(pl.lit("insufficient")).otherwise("state").alias("state")
    )
    blocks = progress_bulletin({"target_status": mixed}, "山东省", 2018, "zh")
    made = tables_of(blocks)
    assert [r[1] for r in made["数据不足以判断的 1 个目标"].rows] == ["新能源汽车"]
    assert [r[1] for r in made["暂无数据的 1 个目标"].rows] == ["煤耗"]
    told = "\n".join(b.text for b in blocks if isinstance(b, Paragraph))
    assert "数据不足以判断 1 个" in told
    assert "无数据 1 个" in told
