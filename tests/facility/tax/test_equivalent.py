from __future__ import annotations

import polars as pl
import pytest
from tests.facility.tax.conftest import emissions

from tongyuan.facility.tax.equivalent import items, ranked


def taxed(frame: pl.DataFrame) -> list[str]:
    return frame.filter("taxed").sort("class", "rank")["item"].to_list()


def test_vector_tax_05_first_five_of_class_one_water() -> None:
    frame = ranked(
        emissions("DW001", water_Hg=10, water_Cd=10, water_Cr=10, water_As=10, water_Pb=10, water_Ag=10)
    )
    by = dict(zip(frame["item"], frame["equivalent"], strict=True))
    assert [by[f"water.{m}"] for m in ("Hg", "Cd", "Cr", "As", "Pb", "Ag")] == pytest.approx(
        [20000, 2000, 250, 500, 400, 500]
    )
    assert set(taxed(frame)) == {"water.Hg", "water.Cd", "water.As", "water.Ag", "water.Pb"}


def test_oxygen_demand_is_counted_once_by_the_greatest() -> None:
    # 100 COD, 60/0.5 = 120 BOD5, 49/0.49 = 100 TOC: BOD5 is taxed
    frame = ranked(emissions("DW001", water_COD=100, water_BOD5=60, water_TOC=49, water_SS=4))
    assert taxed(frame) == ["water.BOD5", "water.SS"]
    assert set(frame.filter(pl.col("why") == "counted_once")["item"]) == {"water.COD", "water.TOC"}


def test_class_one_and_the_others_are_ordered_apart() -> None:
    frame = ranked(
        emissions("DW001", water_Hg=1, water_COD=10, water_SS=10, water_TP=10, **{"water_NH3-N": 10})
    )
    assert taxed(frame) == ["water.Hg", "water.TP", "water.NH3-N", "water.COD"]


def test_every_outlet_has_its_own_order() -> None:
    one = emissions("DA001", air_SO2=1, air_NOx=2, air_HCl=3, air_CO=4)
    two = emissions("DA002", air_CO=0.001)
    frame = ranked(pl.concat([one, two]))
    assert frame.filter("taxed").height == 4


def test_soot_is_of_combustion_and_dust_of_processes() -> None:
    rows = pl.DataFrame(
        {
            "facility": "F",
            "month": "2025-01",
            "outlet": ["A", "B"],
            "species": "TSP",
            "origin": ["combustion", "process"],
            "mass": [2.18, 4.0],
        }
    )
    frame = ranked(rows)
    assert frame["item"].to_list() == ["air.soot", "air.dust"]
    assert frame["equivalent"].to_list() == pytest.approx([1.0, 1.0])


def test_what_the_law_does_not_tax_is_left_out() -> None:
    rows = emissions(air_SO2=1).drop("item")
    assert ranked(pl.concat([rows, rows.with_columns(species=pl.lit("CO2"))])).height == 1


def test_ties_are_broken_by_name_and_not_by_the_order_of_rows() -> None:
    rows = emissions(air_SO2=95, air_NOx=95, air_fluoride=87, air_HCl=1075)
    assert taxed(ranked(rows)) == taxed(ranked(rows.reverse())) == ["air.HCl", "air.NOx", "air.SO2"]


def test_every_taxed_pollutant_has_an_equivalent_above_zero() -> None:
    assert bool((items()["equivalent_kg"] > 0).all())
