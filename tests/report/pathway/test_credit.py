import polars as pl
import pytest

from tongyuan.report.base.block import ChartBlock, Paragraph
from tongyuan.report.pathway.credit import choice_blocks, credit_blocks
from tongyuan.report.pathway.words import Titles


def chart_of(blocks) -> ChartBlock:
    return next(b for b in blocks if isinstance(b, ChartBlock))


def test_shares_of_every_quantity_add_up_to_the_whole(planned):
    made = chart_of(credit_blocks(planned, Titles(planned, "en"), "en"))
    assert [one["name"] for one in made.option["series"]] == ["CO₂e", "Pollution equivalents", "Cost"]
    for one in made.option["series"]:
        assert sum(v or 0.0 for v in one["data"]) == pytest.approx(100.0, abs=1.0)
    assert made.table.rows[-1][0] == "Total"
    assert not any(row[0] == "fgd" for row in made.table.rows)


def test_a_device_that_raises_carbon_has_a_negative_share(planned):
    made = chart_of(credit_blocks(planned, Titles(planned, "zh"), "zh"))
    at = made.option["yAxis"]["data"].index("scr")
    assert made.option["series"][0]["data"][at] < 0.0
    assert made.option["series"][1]["data"][at] > 0.0


def test_nothing_changed_nobody_contributed(planned):
    still = planned["attribution"].with_columns(value=pl.lit(0.0))
    assert credit_blocks({**planned, "attribution": still}, Titles(planned, "en"), "en") == []


def test_musts_and_choices_are_named_and_ranged(planned):
    blocks = choice_blocks(planned, Titles(planned, "en"), "en")
    last = planned["alternative"].filter(pl.col("year") == pl.col("year").max())
    said = " ".join(b.text for b in blocks if isinstance(b, Paragraph))
    for row in last.to_dicts():
        assert (row["measure"] in said) == (row["verdict"] != "never")
    made = chart_of(blocks)
    assert len(made.table.rows) == last.filter(pl.col("verdict") != "never").height
    for point in made.option["series"][2]["data"]:
        assert 0.0 <= point[0] <= 100.0 + 1e-6
