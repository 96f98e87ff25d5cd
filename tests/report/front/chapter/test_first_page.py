import polars as pl
import pytest

from tongyuan.report.base.block import Cards, Heading
from tongyuan.report.base.totals import sector_totals
from tongyuan.report.front.chapter.first_page import main_species, section, verdict


def summary(carbon, pollution):
    rows = [
        {
            "region": "370000",
            "sector": "energy",
            "species": s,
            "year": y,
            "value": v,
            "comparable": v,
            "unit": "t",
        }
        for s, pair in (("CO2e", carbon), ("SO2", pollution))
        for y, v in zip((2014, 2021), pair, strict=True)
    ]
    return {"summary": pl.DataFrame(rows)}


@pytest.mark.parametrize(
    ("carbon", "pollution", "words"),
    [
        ((10.0, 9.0), (10.0, 5.0), "正在减污降碳"),
        ((10.0, 11.0), (10.0, 5.0), "污染物下降而碳上升"),
        ((10.0, 9.0), (10.0, 15.0), "碳下降而污染物上升"),
        ((10.0, 11.0), (10.0, 15.0), "都在上升"),
    ],
)
def test_the_verdict_follows_both_signs(carbon, pollution, words):
    text = verdict(summary(carbon, pollution), ["CO2e", "SO2"], "zh")
    assert words in text
    assert "CO₂e" in text


def test_five_species_with_carbon_counted_once(tables):
    found = main_species(sector_totals(tables))
    assert found[0] == "CO2e"
    assert "CO2" not in found
    assert len(found) == 5


def test_the_page_answers_every_question_in_order(tables, planned):
    made = section({**tables, **planned}, "zh")
    assert isinstance(made.blocks[0], Cards)
    heads = [b.text for b in made.blocks if isinstance(b, Heading)]
    assert heads == ["从哪里来", "目标完成得怎样", "下一步做什么", "这些数据还不能说明什么"]
    assert made.shown is None
    assert section({}, "zh") is None


def test_targets_without_activity_have_a_page_that_says_what_to_fill_in(tables, planned):
    told = {name: frame for name, frame in {**tables, **planned}.items() if name == "target_status"}
    made = section(told, "zh")
    assert "没有活动水平" in made.blocks[0].text
    heads = [b.text for b in made.blocks if isinstance(b, Heading)]
    assert heads[0] == "目标完成得怎样"
    assert "从哪里来" not in heads
    assert "plan draft" not in "".join(getattr(block, "text", "") for block in made.blocks)
