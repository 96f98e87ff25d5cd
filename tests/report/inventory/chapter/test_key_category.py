import polars as pl

from tongyuan.report.inventory.chapter.key_category import key_chart, key_table, section


def test_bars_fall_and_the_line_rises(tables):
    part = tables["key_category"].filter(pl.col("quantity") == "SO2")
    share, cumulative = key_chart(part, "SO2", 2021, "en").option["series"]
    assert share["data"] == sorted(share["data"], reverse=True)
    assert cumulative["data"] == sorted(cumulative["data"])


def test_only_key_sources_are_listed_with_the_reason(tables):
    part = tables["key_category"].filter(pl.col("quantity") == "SO2")
    rows = key_table(part, "SO2", 2021, "en").rows
    assert 0 < len(rows) <= 25
    assert {row[-1] for row in rows} <= {"level", "trend", "level, trend"}


def test_trend_may_be_unknown(tables):
    nothing = tables["key_category"].with_columns(
        pl.lit(None, dtype=pl.Boolean).alias("key_trend"), pl.lit(None, dtype=pl.Float64).alias("trend")
    )
    made = section({"key_category": nothing}, "zh")
    assert {row[-1] for row in made.blocks[0].charts[0][1].table.rows} == {"水平"}


def test_many_quantities_are_left_to_the_workbook(tables):
    many = pl.concat(
        [tables["key_category"].with_columns(pl.lit(f"q{i}").alias("quantity")) for i in range(15)]
    )
    blocks = section({"key_category": many}, "en").blocks
    assert len(blocks[0].charts) == 12
    assert blocks[-1].text.startswith("Key categories of 3 more")


def test_carbon_comes_before_other_quantities(tables):
    made = section(tables, "zh")
    assert "CO₂" in made.blocks[0].charts[0][0]
