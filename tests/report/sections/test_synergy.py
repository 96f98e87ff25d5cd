import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.sections.synergy import (
    cause_chart,
    coordinate_chart,
    coordinate_table,
    decoupling_table,
    reduction_chart,
    score_table,
    section,
)

SCORE = conform(
    "score",
    pl.DataFrame(
        {
            "index": ["city", "city"],
            "region": ["370000", "370000"],
            "year": [2014, 2021],
            "level": ["index", "index"],
            "node": ["city", "city"],
            "score": [None, 0.63],
            "lower": [None, 0.617],
            "upper": [None, 0.635],
            "coverage": [0.35, 0.52],
            "normalise": ["bounds"] * 2,
            "weight": ["given"] * 2,
            "aggregate": ["weighted_sum"] * 2,
        }
    ),
)


def test_every_pollutant_is_a_point_and_a_line(tables):
    frame = tables["co_control"]
    made = coordinate_chart(frame, "zh")
    assert sum(len(s["data"]) for s in made.option["series"]) == frame.height
    first = made.option["series"][0]["data"][0]["value"]
    assert first == [40.0, -2.0]
    assert "减污增碳" in [row[-1] for row in coordinate_table(frame, "zh").rows]
    assert "Both fall" in [row[-1] for row in coordinate_table(frame, "en").rows]


def test_scores_come_with_interval_coverage_and_the_warning(tables):
    made = section({"score": SCORE}, "en")
    assert made is not None
    table, note = made.blocks
    assert len(table.rows) == 1
    assert "0.617" in table.rows[0]
    assert "No official" in note.text
    assert len(score_table(SCORE, "zh").rows) == 2


def test_no_score_no_chapter(tables):
    assert section({"score": SCORE.filter(pl.col("score").is_null())}, "zh") is None


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
    assert made.option["series"][0]["data"] == [60.0, -20.0, 40.0]
    assert made.option["yAxis"]["data"] == ["Activity", "Intensity", "Total change"]
    assert cause_chart(_change(tables)["lmdi"], "SO2", "en") is None


def test_reductions_stand_beside_that_of_carbon(tables):
    made = reduction_chart(tables["co_control"], "en")
    assert made.option["yAxis"]["data"][-1] == "CO₂e"
