import pytest

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.aluminium import (
    emission_from_aluminium_line,
    ets_anode_co2,
    ets_anode_effect,
    ets_anode_effect_co2e,
    ets_anode_net,
)
from tongyuan.ledger.finding import FindingError


def test_one_tonne_as_published() -> None:
    assert round(float(ets_anode_co2(0.411)), 4) == 1.4708
    assert round(float(ets_anode_effect_co2e(1.0)), 4) == 0.1448
    assert float(ets_anode_net(100)) == pytest.approx(84.82)
    assert float(ets_anode_effect(1000, 0.02)) == pytest.approx(0.02)


def test_adaptor(rows) -> None:
    result = emission_from_aluminium_line(rows({"line": "一", "output": 1e5}))
    by = dict(zip(result["species"], result["value"], strict=True))
    assert by["CO2"] == pytest.approx(147083.2)
    assert by["CF4"] * 6630 + by["C2F6"] * 11100 == pytest.approx(14481.0)
    gross = emission_from_aluminium_line(rows({"line": "一", "output": 1e5, "anode_consumption": 50000.0}))
    assert gross["value"][0] == pytest.approx(50000 * 0.8482 * 0.976 * 44 / 12)


def test_old_guide_only_when_asked(rows) -> None:
    frame = rows({"line": "一", "output": 1e5})
    with pytest.raises(FindingError, match="unverified"):
        emission_from_aluminium_line(frame, Settings(aluminium="guide_2013"))
    asked = emission_from_aluminium_line(frame, Settings(aluminium="guide_2013", include_unverified=True))
    assert asked["value"][1] == pytest.approx(3.4)
