import polars as pl
import pytest

from tongyuan.pathway.ask.diagnose import diagnose
from tongyuan.pathway.example import steel
from tongyuan.report.base.block import ChartBlock, Heading, Note, Paragraph, flat
from tongyuan.report.html.document import write_html
from tongyuan.report.pathway.chapter.plan import section
from tongyuan.report.pathway.price import dividend_blocks
from tongyuan.report.pathway.words import words


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plan_without_targets_is_drawn_too(planned, language):
    """What pays by itself is a plan; there is no price of a target, and no dividend of doing two together."""
    free = {
        **planned, "target": planned["target"].clear(), "shadow_price": planned["shadow_price"].clear(),
    }  # fmt: skip
    made = section(free, language)
    assert made is not None
    whole = section(planned, language)
    drawn = [
        [b.caption for b in flat(one.blocks[: one.shown]) if isinstance(b, ChartBlock)]
        for one in (made, whole)
    ]
    assert drawn[0] == drawn[1]
    assert drawn[0]
    headings = {b.text for b in made.blocks if isinstance(b, Heading)}
    assert words("measure_title", language) in headings
    assert words("dividend_title", language) not in headings


def test_one_kind_of_target_has_no_dividend(planned):
    pollution = planned["target"].filter(pl.col("family") != "carbon")
    assert dividend_blocks({**planned, "target": pollution}, "en") == []
    assert dividend_blocks(planned, "en")


def test_no_plan_no_chapter():
    assert section({}, "zh") is None
