import polars as pl
from tests.report.impact_tables import benefit as tables

from tongyuan.report.base.block import Note, Paragraph, TableBlock
from tongyuan.report.impact.chapter.plan_benefit import section


def test_it_says_air_deaths_and_temperature() -> None:
    made = section(tables(), "zh")
    assert made is not None
    texts = [b.text for b in made.blocks if isinstance(b, Paragraph)]
    assert "变化 −10.0%" in texts[0]
    assert "由 39 变为 35.1 微克/立方米" in texts[0]
    assert "减少 3.0%" in texts[0]
    assert "低 0.6 毫开" in texts[1]
    assert any(isinstance(b, Note) for b in made.blocks)
    air, warm = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert [row[0] for row in air.rows] == ["2035", "2035"]
    assert warm.rows == [["2035", "−0.1", "−0.5", "−0.6"]]


def test_without_an_observation_only_the_ratio_is_told() -> None:
    made = section(tables(before=None, after=None, share=None), "en")
    assert made is not None
    assert "no concentration was observed" in made.blocks[0].text  # type: ignore[union-attr]


def test_number_of_people_and_no_plan() -> None:
    made = section(tables(deaths=21_345.0), "en")
    assert made is not None
    assert "about 21,300 people" in made.blocks[0].text  # type: ignore[union-attr]
    assert section({}, "zh") is None


def test_a_warming_too_small_to_tell_has_no_digits() -> None:
    small = tables()
    small["temperature"] = small["temperature"].with_columns(pl.col("value") * 1e-4)
    made = section(small, "zh")
    assert made is not None
    assert "低 不到 0.001 毫开" in " ".join(getattr(block, "text", "") for block in made.blocks)
