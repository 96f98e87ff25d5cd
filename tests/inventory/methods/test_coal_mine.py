import polars as pl
import pytest

from tongyuan.inventory.methods.coal_mine import (
    emission_from_coal_mine,
    guide_coal_ch4,
    guide_mine_ch4,
    ipcc_coal_ch4,
)
from tongyuan.ledger.finding import FindingError

MINE = {
    "mine": "甲",
    "kind": "井工高瓦斯矿",
    "output": 1e6,
    "ventilation": 1000.0,
    "drainage": 500.0,
    "flared": 100.0,
    "used": 300.0,
}


def test_equations() -> None:
    assert float(guide_mine_ch4(1, 0, 0, 0)) == pytest.approx(7.17)
    assert float(guide_coal_ch4(1000, 1.34)) == pytest.approx(1.34)
    assert float(ipcc_coal_ch4(1000, 2.0)) == pytest.approx(1.34)
    assert float(ipcc_coal_ch4(1000, 0.5)) == pytest.approx(0.335)


def test_monitored_mine(rows) -> None:
    result = emission_from_coal_mine(rows(MINE))
    by = {(r["process"], r["species"]): r["value"] for r in result.to_dicts()}
    assert by["energy.coal_mining.underground", "CH4_fossil"] == pytest.approx(1100 * 7.17)
    assert by["energy.coal_mining.post", "CH4_fossil"] == pytest.approx(2010)
    assert by["energy.coal_mining.underground", "CO2"] == pytest.approx(717 * 2.75)


def test_open_pit_and_depth_class(rows) -> None:
    result = emission_from_coal_mine(rows({"mine": "乙", "kind": "露天矿", "output": 1e6}))
    assert result["value"].to_list() == [pytest.approx(1340), pytest.approx(340)]
    deep = emission_from_coal_mine(rows({"mine": "丙", "kind": "underground_deep", "output": 1e6}))
    assert deep["value"].sum() == pytest.approx(29 * 0.67 * 1000)
    assert set(deep.select(pl.col("species").unique())["species"]) == {"CH4_fossil"}


def test_findings(rows) -> None:
    with pytest.raises(FindingError, match="than drained"):
        emission_from_coal_mine(rows({**MINE, "used": 450.0}))
    with pytest.raises(FindingError, match="Methane ventilated"):
        emission_from_coal_mine(rows({**MINE, "ventilation": None}))
