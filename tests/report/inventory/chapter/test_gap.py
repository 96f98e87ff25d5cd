import polars as pl

from tongyuan.report.inventory.chapter.gap import section


def test_gaps_that_say_the_same_are_one_line(tables):
    table = section(tables, "en").blocks[1]
    assert len(table.rows) == 5
    ships = next(row for row in table.rows if "Inland ships" in row[2])
    assert ships[1:4] == ["2014", "Ships · Inland ships", "SO₂, NOₓ"]


def test_places_with_the_same_years_and_species_share_a_line(tables):
    one = tables["gap"].filter(pl.col("process") == "industry.brick")
    two = one.with_columns(pl.lit("industry.lime").alias("process"))
    rows = section({"gap": pl.concat([one, two])}, "en").blocks[1].rows
    assert [row[2] for row in rows] == ["Bricks and tiles; Lime"]


def test_species_of_one_gap_are_listed(tables):
    joined = tables["gap"].head(1).with_columns(pl.lit(["NOx", "PM2.5"]).alias("species"))
    assert section({"gap": joined}, "en").blocks[1].rows[0][3] == "NOₓ, PM₂.₅"


def test_meaning_is_in_the_language_of_the_page(tables):
    assert section(tables, "zh").blocks[1].rows[0][-1].startswith("该源")
    assert section(tables, "en").blocks[1].rows[0][-1].startswith("No figures")
