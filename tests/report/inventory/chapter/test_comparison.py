import polars as pl

from tongyuan.report.inventory.chapter.comparison import comparison_chart, comparison_table, section


def test_no_comparison_is_hidden(tables):
    frame = tables["comparison"]
    assert len(comparison_table(frame, "en").rows) == frame.height
    assert len(comparison_chart(frame, "en").option["series"][0]["data"]) == frame.height


def test_explanation_is_in_the_language_of_the_page(tables):
    for language in ("zh", "en"):
        rows = comparison_table(tables["comparison"], language).rows
        assert {row[-2] for row in rows} == set(tables["comparison"][f"explanation_{language}"])


def test_same_species_and_year_twice_keep_two_points(tables):
    twice = pl.concat([tables["comparison"].head(1)] * 2)
    assert len(set(comparison_chart(twice, "en").option["yAxis"]["data"])) == 2
    assert section({"comparison": twice}, "zh").blocks


def test_a_species_the_inventory_does_not_hold_is_listed_without_a_ratio(tables):
    absent = (
        tables["comparison"]
        .head(1)
        .with_columns(pl.lit(None, pl.Float64).alias("computed"), pl.lit(None, pl.Float64).alias("ratio"))
    )
    row = comparison_table(absent, "en").rows[0]
    assert row[3] == row[6] == "–"
    assert row[4] != "–"
