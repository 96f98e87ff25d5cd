import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import TableBlock
from tongyuan.report.programme.document.goal import goals, settled, target_annex


def targets(*rows):
    names = ("target", "indicator", "year", "comparator", "value", "document")
    base = {"plan": "p", "region": "370000", "unit": "%"}
    frame = pl.DataFrame([base | dict(zip(names, row, strict=True)) for row in rows])
    titles = frame.select(pl.col("indicator").alias("title_zh"), pl.col("indicator").alias("title_en"))
    made = conform("programme_target", frame)
    return pl.concat([made, titles], how="horizontal").with_columns(lead=pl.lit("energy"))


TWO = targets(
    ("a", "能耗下降", 2025, "at_least", 14.5, "甲"),
    ("b", "能耗下降", 2025, "at_least", 15.5, "乙"),
    ("c", "重污染", 2025, "at_most", 0.9, "甲"),
    ("d", "重污染", 2025, "at_most", 0.8, "乙"),
    ("e", "非化石", 2030, "about", 20.0, "甲"),
    ("f", "非化石", 2030, "about", 20.0, "乙"),
)


def test_of_targets_that_contradict_the_strictest_is_taken_whatever_its_direction():
    made = settled(TWO)
    assert made["value"].to_list() == [15.5, 0.8, 20.0]
    assert made["others"].to_list() == [[14.5], [0.9], []]
    assert made["document"].to_list() == ["乙", "乙", "甲；乙"]


def test_goals_name_each_target_once_by_year():
    told = [b.text for b in goals(TWO.clear(), settled(TWO), None, "zh")]
    assert told == ["到 2025 年，能耗下降≥15.5%，重污染≤0.8%。", "到 2030 年，非化石≈20%。"]


def test_the_annex_says_what_other_documents_ask_for():
    _, table = target_annex(settled(TWO), "zh", "370000")
    assert isinstance(table, TableBlock)
    assert [row[-1] for row in table.rows] == ["从严；另有文件为 14.5", "从严；另有文件为 0.9", ""]
    assert table.rows[0][3] == "能源局"
    assert target_annex(settled(TWO.clear()), "zh", "") == []
