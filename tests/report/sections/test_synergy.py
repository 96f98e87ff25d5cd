import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.sections.synergy import coordinate_chart, coordinate_table, score_table, section

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
