from __future__ import annotations

import pytest

from tongyuan.facility.diagnosis.level import Levels, cement, find, levels


def test_vector_eff_01_cement_at_2000_metres() -> None:
    of = find("energy_limit", "水泥")
    assert of is not None
    got = cement(of, 76, 2000, 80_000)
    assert got.first == pytest.approx(81.10)
    assert got.second == pytest.approx(88.15)
    assert round(got.third or 0, 4) == 96.3812


def test_at_1500_metres_and_75_per_cent_nothing_is_corrected() -> None:
    of = find("energy_limit", "水泥")
    assert of is not None
    got = cement(of, 75, 1500, 80_000)
    assert (got.first, got.second, got.third) == (80, 87, 94)


def test_vector_eff_03_a_level_that_is_not_set_is_skipped() -> None:
    eaf = Levels("x", "energy_limit", "GB 21256-2025", "电弧炉", "kgce/t", 61, None, 86, "", "secondary")
    assert eaf.of(70) == "3"
    assert [eaf.of(v) for v in (61, 61.01, 86, 86.01)] == ["1", "3", "3", "above"]


def test_levels_are_asked_in_their_order_and_not_sorted() -> None:
    odd = Levels("x", "energy_limit", "GB 21258-2024", "小机组", "gce/kWh", 300, 285, 310, "", "secondary")
    assert [odd.of(v) for v in (280, 290, 305, 311)] == ["1", "1", "3", "above"]
    assert odd.best() == 300


def test_unverified_levels_are_off() -> None:
    assert find("energy_level", "顶装焦炉") is None
    shown = find("energy_level", "顶装焦炉", unverified=True)
    assert shown is not None
    assert (shown.first, shown.third, shown.status) == (110, 135, "unverified")
    known = find("energy_level", "转炉工序")
    assert known is not None
    assert known.of(-20) == "3"
    assert len(levels("energy_level")) == 3


def test_a_name_of_several_products_is_no_answer() -> None:
    assert find("energy_limit", "没有的产品") is None
