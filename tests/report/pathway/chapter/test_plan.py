import polars as pl
import pytest

from tongyuan.pathway.ask.diagnose import diagnose
from tongyuan.pathway.example import steel
from tongyuan.report.base.block import ChartBlock, Heading, Note, Paragraph, flat
from tongyuan.report.html.document import write_html
from tongyuan.report.pathway.chapter.plan import section


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter_is_whole_in_both_languages(planned, language, tmp_path):
    made = section(planned, language)
    assert made is not None
    charts = [b for b in flat(made.blocks) if isinstance(b, ChartBlock)]
    assert len(charts) >= 12
    assert all(c.table is not None and c.description for c in charts)
    headings = [b.text for b in made.blocks if isinstance(b, Heading)]
    assert len(headings) == len(set(headings)) == 9
    write_html(planned, tmp_path / "report.html", language)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert made.title in text
    assert "report_" not in "".join(b.text for b in made.blocks if isinstance(b, Paragraph | Note))


def test_conflicting_targets_are_all_there_is_to_say():
    case = steel()
    tight = case["target"].with_columns(
        pl.when(pl.col("target") == "CO2_cap").then(0.01).otherwise("bound").alias("bound")
    )
    conflict = diagnose(case.with_tables(target=tight))
    made = section({"conflict": conflict, "target": tight}, "zh")
    assert made is not None
    warnings = [b for b in made.blocks if isinstance(b, Note)]
    assert "CO2_cap" in "".join(w.text for w in warnings)


def test_no_plan_no_chapter():
    assert section({}, "zh") is None
