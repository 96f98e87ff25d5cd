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


def test_sources_of_several_regions_are_summed_and_their_rows_name_the_region(tables):
    part = tables["key_category"].filter((pl.col("quantity") == "SO2") & (pl.col("year") == 2021))
    assert part["region"].n_unique() == 1
    two = pl.concat([part, part.with_columns(region=pl.lit("370200"))])
    share, cumulative = key_chart(two, "SO2", 2021, "zh").option["series"]
    alone, _ = key_chart(part, "SO2", 2021, "zh").option["series"]
    assert [round(v, 9) for v in share["data"]] == [round(v, 9) for v in alone["data"]]
    assert cumulative["data"] == sorted(cumulative["data"])
    assert cumulative["data"][-1] <= 100 + 1e-9
    rows = key_table(two, "SO2", 2021, "zh").rows
    assert {row[0].split(" · ")[0] for row in rows} == {"山东省", "青岛市"}
