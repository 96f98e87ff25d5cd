"""What has to be freed elsewhere."""

from datetime import date

import polars as pl

from tongyuan.zoning.access.screen import Case
from tongyuan.zoning.capacity.substitute import case_of, needs


def of(frame, species=""):
    return {r["rule"]: r["need"] for r in frame.filter(pl.col("species") == species).iter_rows(named=True)}


def test_factors_end_on_their_day():
    before = needs(case_of("2614", "370100", date(2023, 6, 30), coal=100.0))
    after = needs(case_of("2614", "370100", date(2023, 7, 1), coal=100.0))
    assert of(before) == {"coal.shandong.industry": 120.0}
    assert after.is_empty()


def test_a_project_without_coal_needs_none():
    assert needs(case_of("2614", "370100", date(2023, 6, 30), coal=0.0)).is_empty()


def test_cities_have_their_own_laws():
    said = {"NOx": {"emission": 10.0}, "COD": {"emission": 4.0}}
    jining = needs(Case("", "370811", date(2026, 1, 1), species=said))
    assert jining.rows()[0][:4] == ("air.jining", "NOx", 20.0, "at_least")
    assert jining.height == 1
    ningbo = needs(Case("", "330203", date(2026, 1, 1), species=said))
    assert ningbo.rows()[0][:4] == ("air.ningbo", "NOx", 10.0, "more_than")
