import pytest

from tongyuan.inventory.methods.steel import (
    emission_from_steel_works,
    ets_steel_step_co2,
    guide_steel_process_co2,
)
from tongyuan.ledger.finding import FindingError


def test_equations() -> None:
    assert guide_steel_process_co2([100], [0.44], 10, 3.663, [50], [0.172], [1000], [0.037]) == pytest.approx(
        44 + 36.63 + 8.6 - 37
    )
    total, intensity = ets_steel_step_co2([100, -20], 10, 5, 50)
    assert (total, intensity) == (95, 1.9)


def test_works(rows) -> None:
    def flow(name: str, direction: str, amount: float, **more: object) -> dict[str, object]:
        return {"works": "甲", "flow": name, "direction": direction, "amount": amount, **more}

    frame = rows(
        flow("石灰石熔剂", "输入", 1000.0),
        flow("电极", "in", 10.0),
        flow("废钢", "in", 100.0),
        flow("粗钢", "输出", 5000.0, carbon=0.002),
    )
    result = emission_from_steel_works(frame)
    expected = 440 + 36.63 + 3.7 - 5000 * 0.002 * 44 / 12
    assert result["value"].to_list() == [pytest.approx(expected)]
    assert "steel_works:4.carbon" in result["factor_id"][0]
    with pytest.raises(FindingError, match="only go into"):
        emission_from_steel_works(rows(flow("电极", "out", 1.0)))


def test_parts_add_up(rows) -> None:
    one = {"works": "甲", "flow": "scrap", "direction": "in", "amount": 100.0}
    two = {"works": "甲", "flow": "pig_iron", "direction": "in", "amount": 50.0}
    both = emission_from_steel_works(rows(one, two))["value"].sum()
    apart = (
        emission_from_steel_works(rows(one))["value"].sum()
        + emission_from_steel_works(rows(two))["value"].sum()
    )
    assert both == pytest.approx(apart)
