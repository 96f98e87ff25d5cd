import polars as pl

from tongyuan.report.run.chapter.finding import section


def test_findings_are_counted_and_the_worst_come_first(tables):
    text, table = section(tables, "en").blocks
    assert text.text == "The checks found: 2 × Warning, 1 × Notice."
    assert [row[0] for row in table.rows] == ["Warning", "Warning", "Notice"]


def test_no_column_of_places_where_no_finding_has_one():
    row = {"severity": "warning", "place": "", "message": "m", "next_step": "n"}
    made = section({"finding": pl.DataFrame([row])}, "zh")
    assert [c.title for c in made.blocks[1].columns] == ["级别", "内容", "下一步"]
    made = section({"finding": pl.DataFrame([row, row | {"place": "A1"}])}, "zh")
    assert [r[1] for r in made.blocks[1].rows] == ["–", "A1"]
