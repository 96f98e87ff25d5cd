import polars as pl
import pytest

from tongyuan.pathway.diagnose import diagnose
from tongyuan.pathway.example import steel
from tongyuan.report.block import ChartBlock, Heading, Note, Paragraph
from tongyuan.report.html import write_html
from tongyuan.report.plan_words import Titles
from tongyuan.report.sections.plan import coordinate_chart, front_chart, quadrant, section


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter_is_whole_in_both_languages(planned, language, tmp_path):
    made = section(planned, language)
    assert made is not None
    charts = [b for b in made.blocks if isinstance(b, ChartBlock)]
    assert len(charts) >= 8
    assert all(c.table is not None and c.description for c in charts)
    headings = [b.text for b in made.blocks if isinstance(b, Heading)]
    assert len(headings) == len(set(headings)) == 8
    write_html(planned, tmp_path / "report.html", language)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert made.title in text
    assert "report_" not in "".join(b.text for b in made.blocks if isinstance(b, Paragraph | Note))


def test_coordinates_and_front_have_all_their_points(planned):
    drawn = coordinate_chart(planned, Titles(planned, "en"), "en")
    moving = planned["coordinate"].filter(pl.col("quadrant") != "no_effect").height
    assert sum(len(s["data"]) for s in drawn.option["series"]) == moving
    front = front_chart(planned, "en")
    assert front.table.rows[0][-1] == "0"


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


@pytest.mark.parametrize(
    ("pollution", "carbon", "shown"), [(1.0, 0.0, "只减污"), (0.0, 1.0, "只降碳"), (1.0, 1.0, "减污又降碳")]
)
def test_a_measure_that_leaves_carbon_alone_does_not_lower_it(pollution, carbon, shown):
    assert quadrant(pollution, carbon, "both_fall", "zh") == shown
