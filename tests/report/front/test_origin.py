import polars as pl

from tongyuan.report.base.block import ChartBlock, Paragraph
from tongyuan.report.base.totals import sector_totals
from tongyuan.report.front.origin import largest, origin_blocks


def test_only_the_asked_species_are_drawn_and_shares_are_written(tables):
    text, drawn = origin_blocks(tables, sector_totals(tables), ["CO2e", "SO2"], 2021, "zh")
    assert isinstance(text, Paragraph)
    assert isinstance(drawn, ChartBlock)
    assert drawn.option["yAxis"]["data"] == ["CO₂e", "SO₂"]
    written = [v for one in drawn.option["series"] for v in one["data"] if isinstance(v, dict)]
    assert written
    assert all(v["value"] >= 7 and v["label"]["formatter"] == f"{v['value']:.0f}" for v in written)


def test_the_largest_source_is_that_of_the_key_categories(tables):
    top = tables["key_category"].sort("share", descending=True)
    species = top["quantity"][0]
    text = largest(tables, [species], int(top["year"][0]), "en")
    assert text.startswith("Largest single sources: ")
    assert largest({}, [species], 2021, "en") == ""


def test_a_source_that_leads_for_several_species_is_named_once():
    keys = {
        "year": 2021,
        "region": "p",
        "process": "industry.cement.clinker",
        "product": "clinker",
        "technology": "",
    }
    rows = [keys | {"quantity": s, "share": v} for s, v in (("CO2e", 0.7), ("SO2", 1.0), ("NOx", 0.98))]
    text = largest({"key_category": pl.DataFrame(rows)}, ["CO2e", "SO2", "NOx"], 2021, "zh")
    assert text == "各物质最大的单个来源：水泥 · 水泥熟料（CO₂e 70.0%、SO₂ 100%、NOₓ 98.0%）。"


def test_nothing_emitted_nothing_said(tables):
    assert origin_blocks(tables, sector_totals(tables), ["no_such_species"], 2021, "zh") == []
