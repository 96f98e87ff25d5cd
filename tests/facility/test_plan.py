from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.plan import conformity, meant
from tongyuan.ledger.table import table


def rows(name: str, *given: dict[str, object]) -> pl.DataFrame:
    schema = table(name).dtypes
    return pl.DataFrame([{**dict.fromkeys(schema), "facility": "F", **r} for r in given], schema=schema)


PLAN = {"installation": "U1", "valid_from": "2025-01", "method": "measured"}
FUEL = {"installation": "U1", "month": "2025-03", "product": "raw_coal", "value": 100.0, "unit": "t"}


def found(plan: list[dict[str, object]], fuel: dict[str, object], *meters: str) -> list[tuple[str, str]]:
    got = conformity(
        rows("monitoring_plan", *plan), rows("fuel_use", fuel), rows("meter", *({"meter": m} for m in meters))
    )
    return [(d, p) for d, p in got.select("deviation", "parameter").iter_rows()]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("燃煤消耗量", "consumption"),
        ("收到基低位发热量", "ncv"),
        ("元素碳含量", "carbon"),
        ("供电量", ""),
        ("Carbon", "carbon"),
    ],
)
def test_words_of_a_plan(word: str, name: str) -> None:
    assert meant(word) == name


def test_a_month_that_keeps_the_plan_has_no_deviation() -> None:
    plan = [
        PLAN | {"parameter": "元素碳含量", "meter": "M1"},
        PLAN | {"parameter": "燃煤消耗量", "state": "fired"},
    ]
    assert found(plan, FUEL | {"carbon": 55.0, "state": "fired"}, "M1") == []


def test_each_deviation_is_named() -> None:
    carbon = PLAN | {"parameter": "元素碳含量"}
    assert found([carbon], FUEL) == [("not_measured", "元素碳含量")]
    assert found([carbon | {"method": "default_value"}], FUEL | {"carbon": 55.0}) == [
        ("measured_beside", "元素碳含量")
    ]
    typed = FUEL | {"carbon": 60.0, "carbon_source": "default_value"}
    assert found([carbon], typed) == [("not_measured", "元素碳含量")]
    assert found([carbon | {"meter": "M9"}], FUEL | {"carbon": 55.0}, "M1") == [
        ("meter_unknown", "元素碳含量")
    ]
    consumed = PLAN | {"parameter": "燃煤消耗量", "state": "fired"}
    assert found([consumed], FUEL | {"state": "received"}) == [("state_differs", "燃煤消耗量")]


def test_a_month_outside_the_plan_has_none() -> None:
    late = PLAN | {"parameter": "元素碳含量", "valid_from": "2025-04"}
    assert found([late], FUEL | {"carbon": 55.0}) == [("no_plan", "")]
    over = PLAN | {"parameter": "元素碳含量", "valid_to": "2025-02"}
    assert found([over], FUEL | {"carbon": 55.0}) == [("no_plan", "")]
    everywhere = PLAN | {"parameter": "元素碳含量", "installation": "全厂"}
    assert found([everywhere], FUEL | {"carbon": 55.0}) == []


def test_enterprises_without_any_plan_are_left_to_the_checks() -> None:
    assert found([PLAN | {"facility": "G", "parameter": "元素碳含量"}], FUEL) == []
