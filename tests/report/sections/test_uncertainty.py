import polars as pl
import pytest

from tongyuan.report.sections.uncertainty import best_intervals, interval_chart, section


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
    flat = tables["uncertainty"].with_columns(pl.col("value").alias("lower"), pl.col("value").alias("upper"))
    assert "SO₂" in interval_chart(best_intervals({"uncertainty": flat}), 2021, "en").note
    assert "SO₂" not in interval_chart(best_intervals(tables), 2021, "en").note


def test_sectors_get_a_table_of_their_own(tables):
    some = tables["uncertainty"].with_columns(pl.lit("energy").alias("group"))
    made = section({"uncertainty": pl.concat([tables["uncertainty"], some])}, "en")
    assert any(row[1].startswith("Energy") for row in made.blocks[-1].rows)
    assert section({"uncertainty": some}, "en") is not None
