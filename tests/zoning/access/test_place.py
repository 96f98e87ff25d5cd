"""Codes and lists of regions."""

from datetime import date

import polars as pl
import pytest

from tongyuan.reference.region import key_region
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import MUNICIPALITIES, lists_of, unit_code, within


def test_a_county_lies_in_its_city_and_province_and_a_municipality_has_no_city():
    assert within("370811") == ("370811", "370800", "370000")
    assert within("370800") == ("370800", "370000")
    assert within("120116") == ("120116", "120000")


@pytest.mark.parametrize("text", ["ZH4406062000", "ZH44060640002", "zh44060620002", "44060620002", ""])
def test_what_is_no_code_of_a_unit_is_refused(text):
    with pytest.raises(ValueError, match="no code"):
        unit_code(text)


def test_the_list_of_2023_begins_on_its_day_and_holds_for_counties():
    lists = lists_of()
    assert lists.holds("guofa_2023_24", "370811", date(2023, 11, 30)) is True
    assert lists.holds("guofa_2023_24", "370811", date(2023, 11, 29)) is False
    assert lists.holds("guofa_2023_24", "440100", date(2024, 1, 1)) is False
    assert lists.holds("miit_steel_46", "370100", date(2023, 1, 1)) is None


def test_places_beside_the_cities_have_codes_from_memory_and_are_off():
    assert lists_of().holds("guofa_2023_24", "419001", date(2024, 1, 1)) is False
    assert lists_of(include_unverified=True).holds("guofa_2023_24", "419001", date(2024, 1, 1)) is True


def test_an_own_list_holds_beside_those_of_the_shelf():
    own = pl.DataFrame(
        {"list": ["mine"], "region": ["370200"], "valid_from": [None], "valid_to": [date(2025, 1, 1)]}
    )
    lists = lists_of(own)
    assert lists.holds("mine", "370202", date(2024, 5, 1)) is True
    assert lists.holds("mine", "370202", date(2025, 1, 2)) is False
    assert lists.holds("guofa_2023_24", "370100", date(2024, 1, 1)) is True


def test_the_list_agrees_with_the_shelf_of_regions():
    cities = shelf("key_region_city").filter(pl.col("kind") == "city")
    for (area,), part in cities.group_by(["area"]):
        whole = {c for c in part["region"] if not c.endswith("0000")}
        assert whole == {c for c in key_region(area) if within(c)[-1][:2] not in MUNICIPALITIES}
