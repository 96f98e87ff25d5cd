"""The road map by hand: start, amount in the unit people use, owner."""

from __future__ import annotations

import pytest
from tests.pathway.slices import made, world

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.tell.road_map import road_map, said


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("MW", (0.1, "万千瓦"), (1e-3, "GW")),
        ("MWh", (1e-5, "亿千瓦时"), (1e-6, "TWh")),
        ("t/a", (1e-4, "万吨/年"), (1e-6, "Mt/a")),
        ("10^8 m3", (1.0, "亿立方米"), (100.0, "million m³")),
        ("m3/a", (1e-4, "万立方米/年"), (1.0, "m³/a")),
        ("台", (1.0, "台"), (1.0, "台")),
    ],
)
def test_amounts_are_in_units_people_use(unit, zh, en):
    for language, expected in (("zh", zh), ("en", en)):
        size, word = said(5.0, unit, language)
        assert (size, word) == (pytest.approx(expected[0]), expected[1])


def test_what_is_built_adds_up_over_the_years():
    tables = world(
        measure=[{"measure": "plants", "technology": "coal", "department": "energy", "title_zh": "煤电"}]
    )
    tables["period"] = [{"year": 2025}, {"year": 2030}]
    tables["demand"] = [
        {**tables["demand"][0], "year": y, "value": v} for y, v in ((2025, 8760.0), (2030, 17520.0))
    ]
    rows = road_map(made(tables), least_cost(made(tables))).sort("year").to_dicts()
    # 1.2 MW, then twice as much: 0.12 and 0.24 万千瓦
    assert [r["amount_zh"] for r in rows] == pytest.approx([0.12, 0.24])
    assert {(r["start"], r["department"], r["unit_zh"]) for r in rows} == {(2025, "energy", "万千瓦")}
    assert "煤电" in rows[0]["indicator_zh"]
    assert "2025" in rows[0]["indicator_en"]


def test_measures_of_the_teaching_plan_have_owner_and_start():
    case = steel()
    plan, free = least_cost(case), least_cost(case.with_targets(()))
    table = road_map(case, plan, free)
    assert set(table["measure"]) <= set(case["measure"]["measure"])
    assert table["beyond"].null_count() == 0
    assert (table["amount"] > 0.0).all()
