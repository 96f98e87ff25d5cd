import polars as pl

from tongyuan.report.base.totals import sector_totals
from tongyuan.report.front.limit import limit_blocks


def told(tables, species, year=2021):
    return [b.text for b in limit_blocks(tables, sector_totals(tables), species, year, "zh")]


def test_a_total_far_from_the_published_one_is_named_with_its_ratio(tables):
    summary = pl.DataFrame(
        {"region": ["370000"], "year": [2021], "species": ["SO2"], "value": [4e5], "unit": ["t"],
         "sector": ["industry"], "comparable": [4e5]}
    )  # fmt: skip
    comparison = pl.DataFrame({"species": ["SO2"], "year": [2021], "computed": [4e5], "ratio": [2.5]})
    text = told({"summary": summary, "comparison": comparison}, ["SO2"])
    assert text[0].startswith("SO₂为公布值的 2.50 倍")
    near = comparison.with_columns(pl.lit(1.2).alias("ratio"))
    assert not any("公布值的" in t for t in told({"summary": summary, "comparison": near}, ["SO2"]))
    assert any("没有公布值可以对照" in t for t in told({"summary": summary}, ["SO2"]))
    assert any("只有 2021 年一年" in t for t in told({"summary": summary}, ["SO2"]))


def test_known_missing_sources_make_a_partial_sum(tables):
    gap = pl.DataFrame(
        {"kind": ["no_activity"], "year": [2021], "species": [["SO2"]], "process": ["industry.cement"]}
    )
    assert any("SO₂缺水泥" in t for t in told({**tables, "gap": gap}, ["SO2"]))
