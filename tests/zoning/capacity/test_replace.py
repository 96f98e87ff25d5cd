"""Old capacity for new."""

from datetime import date

import pytest

from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.capacity.replace import capacity_ratio, usable


def ratio(*given, **more):
    found = capacity_ratio(*given, **more)
    return None if found is None else found.value


def test_dates_decide_which_measure_holds():
    assert ratio("steel", "370200", date(2021, 5, 31), key_region=True) is None
    assert ratio("steel", "370200", date(2021, 6, 1), key_region=True) == 1.5
    assert ratio("steel", "370200", date(2024, 8, 22), key_region=True) == 1.5
    stopped = capacity_ratio("steel", "370200", date(2024, 8, 23), key_region=True)
    assert stopped.value is None
    assert stopped.row["status"] == "official"


def test_a_province_goes_before_its_kind_of_region():
    assert ratio("steel", "630100", date(2023, 1, 1), key_region=False) == 1.0


def test_the_key_regions_of_a_document_are_its_own():
    assert ratio("steel", "370100", date(2023, 1, 1), lists=lists_of()) is None
    assert ratio("steel", "370100", date(2023, 1, 1)) is None


def test_drafts_and_consultation_texts_are_off():
    assert ratio("cement", "540100", date(2024, 12, 1), key_region=False) == 1.5
    assert ratio("cement", "540100", date(2024, 12, 1), key_region=False, include_unverified=True) == 1.0
    assert ratio("aluminium", "640100", date(2025, 1, 1)) == 1.25
    assert ratio("aluminium", "370100", date(2025, 1, 1)) is None
    assert ratio("aluminium", "370100", date(2025, 1, 1), include_unverified=True) == 1.0


WORKS = {"works": "A", "value": 5000.0, "permit": True, "eliminated": False, "product_energy": 110.0,
         "energy_baseline": 117.0, "region": "370200"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"permit": False}, "no_permit"),
        ({"eliminated": True}, "eliminated"),
        ({"product_energy": 117.1}, "below_baseline"),
        ({"region": "410100"}, "other_province"),
    ],
)
def test_worthless_capacity_is_left_out_with_its_reason(change, why):
    assert usable([WORKS], "3011", "370100", True) == (5000.0, ())
    assert usable([WORKS, WORKS | {"works": "B"} | change], "3011", "370100", True) == (5000.0, (("B", why),))


def test_capacity_of_another_province_serves_outside_key_regions():
    assert usable([WORKS | {"region": "410100"}], "3011", "370100", False)[0] == 5000.0
    assert usable([WORKS | {"product_energy": 200.0}], "3120", "370100", True)[0] == 5000.0
