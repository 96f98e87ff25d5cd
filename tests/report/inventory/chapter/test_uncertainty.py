import polars as pl
import pytest

from tongyuan.report.inventory.chapter.uncertainty import best_intervals, interval_chart, section


def test_best_interval_is_monte_carlo(tables):
    other = tables["uncertainty"].with_columns(
        pl.lit("approach_1").alias("method"), (pl.col("upper") * 9).alias("upper")
    )
    both = pl.concat([other, tables["uncertainty"]])
    assert set(best_intervals({"uncertainty": both})["method"]) == {"monte_carlo"}
    assert set(best_intervals({"uncertainty": other})["method"]) == {"approach_1"}


def test_spans_are_relative_to_the_estimate_and_cut_at_the_end(tables):
    option = interval_chart(best_intervals(tables), 2021, "en").option
    low, high = (one["data"] for one in option["series"])
    assert max(low) <= 0 <= min(high)
    assert max(high) == 400.0
    row = tables["uncertainty"].filter((pl.col("species") == "SO2") & (pl.col("year") == 2021)).to_dicts()[0]
    place = option["yAxis"]["data"].index("SO₂")
    assert high[place] == pytest.approx((row["upper"] / row["value"] - 1) * 100, rel=1e-5)


def test_species_without_an_interval_are_named(tables):
    none = pl.when(pl.col("species") != "SO2")
    some = tables["uncertainty"].with_columns(
        none.then("lower").alias("lower"), none.then("upper").alias("upper")
    )
    made = interval_chart(best_intervals({"uncertainty": some}), 2021, "en")
    assert "SO₂" in made.note
    assert "SO₂" not in made.option["yAxis"]["data"]
    dashes = [line for line in made.table.rows if line[4:6] == ["–", "–"]]
    assert len(dashes) == 1
    assert dashes[0][7] == "–"
    assert "SO₂" not in interval_chart(best_intervals(tables), 2021, "en").note


def test_where_nothing_is_known_the_values_stand_in_a_table(tables):
    gone = tables["uncertainty"].with_columns(pl.lit(None, pl.Float64).alias(c) for c in ("lower", "upper"))
    made = section({"uncertainty": gone}, "en")
    assert [type(block).__name__ for block in made.blocks] == ["Note", "TableBlock"]
    assert {line[4] for line in made.blocks[1].rows} == {"–"}


def test_sectors_get_a_table_of_their_own(tables):
    some = tables["uncertainty"].with_columns(pl.lit("energy").alias("group"))
    made = section({"uncertainty": pl.concat([tables["uncertainty"], some])}, "en")
    assert any(row[1].startswith("Energy") for row in made.blocks[-1].rows)
    assert section({"uncertainty": some}, "en") is not None
