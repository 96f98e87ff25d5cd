import polars as pl
from tests.report.zoning_tables import screened

from tongyuan.report.base.block import ChartBlock, TableBlock
from tongyuan.report.zoning.chapter.zone import section


def test_headroom_contacts_and_faults_stand_together():
    made = section(screened(), "zh")
    text = str(made.blocks)
    assert "1 项预算中有 1 项" in text
    assert "重叠" in text
    assert "生态保护红线" in text
    assert section({}, "en") is None


def test_the_outlines_of_zones_carry_projects_by_verdict():
    made = section(screened(), "en")
    chart = next(b for b in made.blocks if isinstance(b, ChartBlock))
    assert chart.option["legend"]["data"][-1] in ("Admissible", "Conditional", "Refused", "Project")
    assert [len(s["data"]) for s in chart.option["series"] if s["type"] == "scatter"] in ([2], [1, 1], [])
    assert "3 zones" in chart.description


def test_budgets_are_of_coal_and_regions_in_words():
    tables = {"headroom": pl.DataFrame({
        "zone": ["370300", "ZH1"], "item": ["coal", "NOx"], "limit": [5.0, 4.0], "used": [1.0, 1.0],
        "reserved": [0.0, 0.0], "asked": [1.0, 9.0], "left": [3.0, -6.0], "unit": ["t", "tce"],
    })}  # fmt: skip
    block = next(b for b in section(tables, "zh").blocks if isinstance(b, TableBlock))
    assert [(row[0], row[1], row[-1]) for row in block.rows] == [
        ("淄博市", "煤炭", "吨"),
        ("ZH1", "氮氧化物 NOₓ", "吨标准煤"),
    ]
