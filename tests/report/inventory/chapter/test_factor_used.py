import polars as pl

from tongyuan.report.base.block import Note
from tongyuan.report.inventory.chapter.factor_used import factor_table, section, status_chart


def test_unverified_factors_are_warned_of(tables):
    assert any(isinstance(b, Note) and b.kind == "warning" for b in section(tables, "en").blocks)
    clean = tables["factor_used"].filter(pl.col("status") != "unverified")
    assert not any(isinstance(b, Note) for b in section({"factor_used": clean}, "en").blocks)


def test_every_record_is_counted_once(tables):
    table = status_chart(tables["factor_used"], "en").table
    assert sum(int(row[-1]) for row in table.rows) == tables["factor_used"].height


def test_heaviest_records_come_first_with_their_citation(tables):
    table = factor_table(tables["factor_used"], "en")
    shares = [float(row[7].rstrip("%")) for row in table.rows]
    assert shares == sorted(shares, reverse=True)
    assert len(table.rows) == 120
    assert all("表" in row[-1] for row in table.rows)


def test_tier_and_share_may_be_missing(tables):
    bare = tables["factor_used"].with_columns(
        pl.lit(None, dtype=pl.String).alias("tier"), pl.lit(None, dtype=pl.Float64).alias("share")
    )
    made = section({"factor_used": bare}, "zh")
    assert {row[5] for row in made.blocks[-1].rows} == {"–"}
