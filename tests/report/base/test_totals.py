import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tongyuan.ledger.finding import FindingError
from tongyuan.report.base.totals import has, headline, rows, sector_totals, unit_of, value_of, years


def test_sums_of_sectors_are_the_direct_emissions(tables):
    totals = sector_totals({"emission": tables["emission"]})
    direct = tables["emission"].filter(pl.col("scope") == "direct")
    for species in ("CO2", "SO2", "COD"):
        whole = direct.filter((pl.col("species") == species) & (pl.col("year") == 2021))["value"].sum()
        assert value_of(totals, 2021, species) == pytest.approx(whole, rel=1e-12)


def test_summary_adds_equivalents_and_does_not_double(tables):
    alone = sector_totals({"emission": tables["emission"]})
    both = sector_totals(tables)
    assert value_of(both, 2021, "SO2") == pytest.approx(value_of(alone, 2021, "SO2"), rel=1e-12)
    assert value_of(alone, 2021, "CO2e") is None
    assert value_of(both, 2021, "CO2e") > 0


def test_order_of_rows_makes_no_difference(tables):
    shuffled = {name: tables[name].reverse() for name in ("emission", "summary")}
    left, right = sector_totals(tables), sector_totals(shuffled)
    assert_frame_equal(left, right, rel_tol=1e-12)


def test_input_is_not_changed(tables):
    before = tables["emission"].clone()
    sector_totals(tables)
    assert_frame_equal(before, tables["emission"])


def test_two_units_of_one_species_are_refused(lone_year):
    twice = lone_year["emission"].with_columns(
        pl.when(pl.col("process") == "energy.power").then(pl.lit("kg")).otherwise("unit").alias("unit")
    )
    with pytest.raises(FindingError) as caught:
        sector_totals({"emission": twice})
    assert len(caught.value.findings) > 1
    assert "kg, t" in caught.value.findings[0].message("en")


def test_absent_and_empty_tables(no_tables):
    assert sector_totals({}).height == 0
    assert sector_totals(no_tables).height == 0
    assert not has({}, "emission")
    assert rows({}, "gap").height == 0
    assert rows({}, "no_such_table").height == 0


def test_headline_electricity_and_years(tables):
    totals = sector_totals(tables)
    assert headline(totals, 2) == ["CO2e", "CO2"]
    assert unit_of(totals, "electricity") == "electricity"
    assert unit_of(totals, "energy") == "TJ"
    assert years(totals) == [2014, 2021]


def test_a_view_of_the_same_tables_is_made_once_and_of_others_again(tables):
    first = sector_totals(tables)
    assert sector_totals(dict(tables)) is first
    less = {**tables, "emission": tables["emission"].head(1)}
    assert sector_totals({"emission": less["emission"]}).height == 1
    assert_frame_equal(sector_totals(tables), first)


def test_no_tables_are_not_those_that_are_gone(tables):
    gone = {"emission": tables["emission"].clone()}
    assert sector_totals(gone).height
    del gone
    assert sector_totals({}).height == 0
