from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.facility.tax.conftest import own_rates

from tongyuan.facility.tax.rate import bounds, places, rate, shelf_rates

DAY = date(2025, 3, 1)


def test_hebei_has_tiers_and_the_zone_decides() -> None:
    assert rate("130100", "air", "SO2", DAY) == (None, "several_zones")
    assert rate("130100", "air", "SO2", DAY, zone="二档")[0] == 6.0
    assert rate("130100", "air", "SO2", DAY, zone="tier 1")[0] == 9.6
    assert rate("130100", "air", "HCl", DAY, zone="tier 3")[0] == 4.8
    assert rate("130100", "water", "COD", DAY, zone="三档")[0] == 5.6


def test_the_rate_is_that_of_the_day() -> None:
    place = "150100"  # Inner Mongolia raised its rates year by year
    got = [rate(place, "air", "SO2", date(y, 6, 1), unverified=True)[0] for y in (2018, 2019, 2020, 2026)]
    assert got == [1.2, 1.8, 2.4, 2.4]
    assert rate(place, "air", "SO2", date(2017, 12, 1), unverified=True) == (None, "no_rate")


def test_own_rates_go_before_the_shelf_and_the_nearest_place_before_the_province() -> None:
    own = pl.concat([own_rates(("air", "", 3.0)), own_rates(("air", "", 4.0), region="370100")])
    assert rate("370100", "air", "SO2", DAY, own=own)[0] == 4.0
    assert rate("370200", "air", "SO2", DAY, own=own)[0] == 3.0
    assert rate("370100", "water", "COD", DAY, own=own)[1] != "own"


def test_unverified_rates_act_only_when_asked_for() -> None:
    assert rate("110000", "air", "SO2", DAY) == (None, "only_unverified")
    assert rate("110000", "air", "SO2", DAY, unverified=True)[0] == 12.0
    assert bool((shelf_rates()["status"] != "unverified").all())


def test_metals_named_as_a_group() -> None:
    assert rate("350100", "water", "Pb_water", DAY, unverified=True)[0] == 1.5
    assert rate("350100", "water", "SS", DAY, unverified=True)[0] == 1.4


@pytest.mark.parametrize("medium", ["air", "water"])
def test_every_rate_of_the_shelf_lies_within_the_law(medium: str) -> None:
    low, high = bounds(medium)
    values = shelf_rates(True).filter(pl.col("medium") == medium)["value"]
    assert values.is_between(low, high).all()


def test_a_city_lies_in_its_province() -> None:
    assert places("370100")[:2] == ["370100", "370000"]
