import polars as pl
from tests.report.synergy_tables import many, one

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Heading, Paragraph
from tongyuan.report.synergy.chapter.synergy import (
    cause_chart,
    chart_blocks,
    coordinate_chart,
    coordinate_table,
    decoupling_table,
    figure_blocks,
    quadrant_chart,
    reduction_chart,
    section,
)


def test_every_pollutant_is_a_point_and_a_line(tables):
    frame = tables["co_control"]
    made = coordinate_chart(frame, "zh")
    assert sum(len(s["data"]) for s in made.option["series"]) == frame.height
    first = made.option["series"][0]["data"][0]["value"]
    assert first == [40.0, -2.0]
    assert "减污增碳" in [row[-1] for row in coordinate_table(frame, "zh").rows]
    assert "Both fall" in [row[-1] for row in coordinate_table(frame, "en").rows]


def test_scores_follow_the_change_under_a_heading_of_their_own(tables):
    made = section(_change(tables) | one(), "en")
    assert made is not None
    heading = next(k for k, b in enumerate(made.blocks) if isinstance(b, Heading))
    assert sum(isinstance(b, Paragraph) for b in made.blocks[: made.shown]) == 2
    assert len(made.blocks) > heading + 4


def test_no_score_no_chapter(tables):
    assert section({"score": one()["score"].with_columns(pl.lit(None).alias("score"))}, "zh") is None


def test_charts_for_workbooks_and_publications(tables):
    held = _change(tables) | one()
    assert len(chart_blocks(held, "zh")) == 4
    assert len(figure_blocks(held, "score", "en")) == 1
    assert len(figure_blocks(held, "co_control", "en")) == 1
    assert [b.caption for b in figure_blocks(held, "lmdi", "en")] == ["What changed CO₂, 2014 to 2021"]
    assert figure_blocks(held, "decoupling", "en") == []
    assert "ank" in figure_blocks(many(), "score", "en")[0].caption


def test_quadrants_are_counted_over_regions(tables):
    frame = tables["co_control"]
    assert quadrant_chart(frame, "en") is None
    regions = pl.concat([frame.with_columns(pl.lit(r).alias("region")) for r in ("a", "b", "c")])
    made = quadrant_chart(regions, "en")
    assert made is not None
    counts = [
        sum(v or 0 for v in place) for place in zip(*[s["data"] for s in made.option["series"]], strict=True)
    ]
    assert set(counts) == {3}


def _change(tables):
    year = {"region": "370000", "year": 2021, "base_year": 2014}
    decoupling = conform(
        "decoupling",
        pl.DataFrame(
            [
                {**year, "species": "SO2", "driver": "GDP", "emission_change": -0.47, "driver_change": 0.4}
                | {"elasticity": -1.2, "state": "strong_decoupling"}
            ]
        ),
    )
    effects = {"activity": 60.0, "intensity": -20.0, "control": 0.0}
    lmdi = conform(
        "lmdi",
        pl.DataFrame(
            [
                {**year, "species": "CO2", "group": "", "effect": e, "value": v, "unit": "t"}
                for e, v in effects.items()
            ]
        ),
    )
    return {"co_control": tables["co_control"], "decoupling": decoupling, "lmdi": lmdi}


def test_change_is_told_in_words_decoupling_and_causes(tables):
    for language, told in (("zh", "减污增碳"), ("en", "Pollution falls")):
        made = section(_change(tables), language)
        assert made is not None
        assert told in made.blocks[0].text
    rows = decoupling_table(_change(tables)["decoupling"], "en").rows
    assert rows == [["SO₂", "−47.0%", "+40.0%", "−1.2", "Strong decoupling"]]


def test_causes_sum_to_the_change_and_empty_ones_are_left_out(tables):
    made = cause_chart(_change(tables)["lmdi"], "CO2", "en")
    assert made is not None
    above = [item["value"] for item in made.option["series"][1]["data"]]
    assert above == [60.0, 20.0, 40.0]
    assert made.option["yAxis"]["data"] == ["Activity", "Intensity", "Total change"]
    assert made.table is not None
    assert [row[1] for row in made.table.rows] == ["60", "−20", "40"]
    assert cause_chart(_change(tables)["lmdi"], "SO2", "en") is None


def test_reductions_stand_beside_that_of_carbon(tables):
    made = reduction_chart(tables["co_control"], "en")
    assert made.option["yAxis"]["data"][-1] == "CO₂e"
