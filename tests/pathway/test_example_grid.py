"""The generated world is a sound plan, and each province of it is as large as it is asked for."""

from __future__ import annotations

import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.check import check
from tongyuan.pathway.example_grid import grid


def test_a_generated_province_is_sound_and_meets_its_targets():
    case = grid(1, 40)
    assert not [f for f in check(case) if f.severity == "error"]
    plan = least_cost(case)
    assert plan["shadow_price"]["binding"].any()
    assert set(plan["plan_slice"]["slice"]) == set(case["slice"]["slice"])
    assert case["slice"]["hours"].sum() == pytest.approx(8760.0)


def test_provinces_send_power_around():
    case = grid(3, 2)
    assert case["link"].select("from_node", "to_node").rows() == [
        ("p00", "p01"),
        ("p01", "p02"),
        ("p02", "p00"),
    ]
    assert grid(2, 2)["link"].height == 1
    assert least_cost(case)["plan_link"]["sent"].sum() > 0.0
