"""Regret by hand: a device bought for the air alone is not needed once carbon counts too."""

from __future__ import annotations

import pytest
from tests.pathway.slices import flow, made

from tongyuan.pathway.example import steel
from tongyuan.pathway.tell.regret import regret


def world():
    """Return two periods of 10 years; power from coal, from gas (clean air, half the carbon), from wind.

    A MW of gas costs 100,000 a year for both periods, a MW of wind 600,000; coal stands and costs 50 a MWh.
    """
    size = {"unit": "MWh", "capacity_unit": "MW", "lifetime": 20.0, "availability": 1.0}
    rate = (("coal", 1.0, 1.0), ("gas", 0.5, 0.0), ("wind", 0.0, 0.0))
    return {
        "node": [{"node": "n"}],
        "period": [{"year": 2025, "weight": 10.0}, {"year": 2035, "weight": 10.0}],
        "flow": [{"flow": "power", "unit": "MWh"}],
        "technology_option": [
            {"technology": "coal", "cost_variable": 50.0, **size},
            {"technology": "gas", "cost_capital": 2e6, "cost_variable": 60.0, "last_year": 2030, **size},
            {"technology": "wind", "cost_capital": 1.2e7, "cost_variable": 0.0, **size},
        ],
        "technology_flow": [flow(k, "power", "output") for k in ("coal", "gas", "wind")],
        "stock": [{"node": "n", "technology": "coal", "capacity": 1.0}],
        "demand": [
            {"node": "n", "flow": "power", "year": y, "value": 8760.0, "unit": "MWh"} for y in (2025, 2035)
        ],
        "emission_coefficient": [
            {"technology": k, "species": s, "value": v, "unit": "t/MWh"}
            for k, carbon, sulphur in rate
            for s, v in (("CO2", carbon), ("SO2", sulphur))
        ],
        "target": [
            {
                "target": "air",
                "family": "pollution",
                "quantity_kind": "emission",
                "quantity": "SO2",
                "comparator": "at_most",
                "bound": 0.0,
                "unit": "t",
                "year": 2025,
            },
            {
                "target": "climate",
                "family": "carbon",
                "quantity_kind": "emission",
                "quantity": "CO2",
                "comparator": "at_most",
                "bound": 0.0,
                "unit": "t",
                "year": 2035,
            },
        ],
    }


def test_gas_for_the_air_alone_is_regretted():
    table = regret(made(world())).sort("alone")
    carbon, pollution = table.to_dicts()
    # both: 1 MW of wind in 2025, for 20 years: 12 million
    assert pollution["cost"] == pytest.approx(1.2e7, rel=1e-9)
    # air alone: gas in 2025 (1 million in ten years, 5.256 million of fuel), which is still paid for in 2035
    # (1 million) when coal would be cheaper; for the climate wind comes on top (6 million)
    assert pollution["bound_cost"] == pytest.approx(2e6 + 5.256e6 + 6e6, rel=1e-6)
    assert pollution["regret"] == pytest.approx(1.256e6, rel=1e-6)
    # climate alone builds nothing before 2035: in 2025 the air cannot be met any more
    assert carbon["regret"] is None
    assert carbon["status"] == "infeasible"
    assert "no longer" in carbon["sentence_en"]


def test_what_is_decided_for_all_is_never_regretted():
    case = steel()
    table = regret(case)
    assert set(table["alone"]) == {"pollution", "carbon"}
    assert all(r is None or r >= 0.0 for r in table["regret"])
