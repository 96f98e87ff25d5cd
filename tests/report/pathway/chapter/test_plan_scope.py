import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import ChartBlock, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.pathway.chapter.plan_scope import section

COVERAGE = [
    {"species": "CO2", "value": 2e6, "unit": "t", "changeable": 0.9, "constant": 0.1, "outside": 0.0},
    {"species": "NH3", "value": 3e3, "unit": "t", "changeable": 0.0, "constant": 0.75, "outside": 0.25},
]  # fmt: skip
LEFT = [
    {"item": f"x{i}", "subject": "", "reason": "no_cost", "title_zh": f"设施{i}", "title_en": f"device {i}"}
    for i in range(7)
] + [{"item": "y", "subject": "", "reason": "chain", "title_zh": "氢", "title_en": "hydrogen"}]  # fmt: skip
BESIDE = [
    {"quantity": "coal_price", "subject": "coal", "year": 2021, "value": 30.0, "lower": 20.0, "upper": 28.0,
     "verdict": "above", "unit": "CNY/GJ", "sentence_zh": "煤价高", "sentence_en": "Coal is dear"},
    {"quantity": "coal_rate", "subject": "", "value": 300.0, "verdict": "no_band", "unit": "g/kWh",
     "sentence_zh": "无区间", "sentence_en": "No band"},
]  # fmt: skip


def tables() -> dict[str, pl.DataFrame]:
    held = {"plan_coverage": COVERAGE, "not_offered": LEFT, "plan_plausible": BESIDE}
    return {name: conform(name, pl.DataFrame(rows)) for name, rows in held.items()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter_is_whole_in_both_languages(language) -> None:
    made = section(tables(), language)
    assert made is not None
    drawn = next(b for b in made.blocks if isinstance(b, ChartBlock))
    assert drawn.table is not None
    assert [row[3:] for row in drawn.table.rows] == [["90.0%", "10.0%", "0%"], ["0%", "75.0%", "25.0%"]]
    assert made.shown == 1
    assert len([b for b in made.blocks if isinstance(b, Paragraph)]) == 3


def test_reasons_are_counted_and_named_by_their_first() -> None:
    made = section(tables(), "en")
    left = [b for b in made.blocks if isinstance(b, TableBlock)][-1]
    assert [row[:2] for row in left.rows] == [
        ["No cost can be cited", "7"],
        ["It needs chains of hydrogen, storage or chemicals", "1"],
    ]
    assert left.rows[0][2] == "device 0; device 1; device 2; device 3; device 4"


def test_a_figure_without_a_band_is_said_to_have_none() -> None:
    made = section(tables(), "en")
    beside = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [(row[4], row[6]) for row in beside.rows] == [("20–28", "above"), (MISSING, "no band")]


def test_no_plan_no_chapter() -> None:
    assert section({}, "zh") is None
