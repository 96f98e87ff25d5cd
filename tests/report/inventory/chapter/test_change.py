import polars as pl
import pytest

from tongyuan.report.base.totals import sector_totals, value_of
from tongyuan.report.inventory.chapter.change import section, waterfall_chart


def test_steps_lead_from_the_first_year_to_the_last(tables):
    totals = sector_totals(tables)
    hidden, shown = waterfall_chart(totals, "SO2", "en").option["series"]
    assert shown["data"][0]["value"] == pytest.approx(value_of(totals, 2014, "SO2") / 1e6, rel=1e-4)
    assert shown["data"][-1]["value"] == pytest.approx(value_of(totals, 2021, "SO2") / 1e6, rel=1e-4)
    assert len(hidden["data"]) == len(shown["data"])


def test_a_sector_with_figures_for_one_year_only_is_named(tables):
    gone = (pl.col("year") == 2014) & pl.col("process").str.starts_with("transport")
    made = waterfall_chart(sector_totals({"emission": tables["emission"].filter(~gone)}), "NOx", "en")
    assert "Transport" in made.note
    assert not any(row[0] == "Transport" for row in made.table.rows)
    assert waterfall_chart(sector_totals(tables), "NOx", "en").note == ""


def test_no_bar_is_drawn_from_a_scope_that_the_other_year_lacks():
    """Power 10 → 16 t is drawn; the 41 t of manure that only 2021 has stand in the note."""
    frame = pl.DataFrame(
        {
            "region": ["370000"] * 3,
            "year": [2014, 2021, 2021],
            "process": ["energy.power", "energy.power", "agriculture.manure"],
            "species": ["NH3"] * 3,
            "value": [10.0, 16.0, 41.0],
            "scope": ["direct"] * 3,
            "medium": ["air"] * 3,
            "unit": ["t"] * 3,
        }
    )
    totals = sector_totals({"emission": frame})
    made = waterfall_chart(totals, "NH3", "en")
    assert [bar["value"] for bar in made.option["series"][1]["data"]] == [10.0, 6.0, 16.0]
    assert made.note == "Like for like; left out: 2021: Agriculture 41 t."
    assert made.table.rows[-1][-1] == "+60.0%"


def test_last_row_of_the_table_is_the_total(tables):
    table = waterfall_chart(sector_totals(tables), "NMVOC", "zh").table
    assert table.rows[-1][0] == "合计"
    assert table.strong == {len(table.rows) - 1}


def test_one_year_is_no_change(lone_year):
    assert section(lone_year, "en") is None
