"""Every unit of fuel once, products for processes, devices on their share of a source."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.flows.account.account import emitted
from tongyuan.flows.facility.cause import causes, controls
from tongyuan.flows.source import Inputs
from tongyuan.ledger.table import empty

Make = Callable[..., pl.DataFrame]
Plant = Callable[..., Inputs]


def test_a_works_keeps_what_its_processes_leave_of_its_fuel(make: Make) -> None:
    at = {"month": "2026-01", "product": "coke", "unit": "t"}
    made = carbon(
        {
            "facility": make("facility", {"kind": "steel", "region": "370600"}),
            "installation": make("installation", {"installation": "炼铁", "kind": "blast_furnace"}),
            "fuel_use": make(
                "fuel_use",
                {**at, "installation": "全厂", "state": "net_bought", "value": 100.0},
                {**at, "installation": "炼铁", "value": 90.0},
            ),
            "output": make("output", {**at, "installation": "炼铁", "product": "pig_iron", "value": 200.0}),
        }
    )
    rows = {(r["installation"], r["product"]): r for r in causes(made).to_dicts()}
    assert rows["全厂", "coke"]["amount"] == pytest.approx(10.0)
    assert rows["全厂", "coke"]["acts"]
    assert not rows["炼铁", "coke"]["acts"]
    assert rows["炼铁", "pig_iron"]["acts"]


def test_a_device_acts_on_the_share_of_its_source(make: Make) -> None:
    rows = pl.DataFrame(
        {"facility": ["A", "B"], "installation": ["U", "U"], "region": ["370000"] * 2, "year": [2026] * 2,
         "month": ["2026-01"] * 2,
         "process": ["energy.power"] * 2, "product": ["raw_coal"] * 2, "amount": [75.0, 25.0]}
    )  # fmt: skip
    device = make("device", {"facility": "A", "installation": "U", "device": "D", "control": "wet_fgd"})
    hours = {"hours": 700.0, "production_hours": 720.0}
    run = make("device_run", {"facility": "A", "device": "D", "month": "2026-01", **hours})
    got = controls(rows, device, run, empty("control"))
    assert got["applied"].to_list() == [0.75]
    assert got["operation"].to_list() == [pytest.approx(700 / 720)]
    own = make("control", {"region": "370000", "year": 2026, "process": "energy.power", "control": "wet_fgd",
                           "applied": 1.0})  # fmt: skip
    assert controls(rows, device, run, own).is_empty()


def test_a_desulphuriser_acts_on_the_plant_that_has_it(plant: Plant, make: Make) -> None:
    def devices(installation: str) -> set[str]:
        device = make("device", {"installation": installation, "device": "D", "control": "wet_fgd"})
        rows = emitted(plant(("device", device), account={"basis": "before_control"})).emission
        so2 = rows.filter(pl.col("species") == "SO2", pl.col("origin") != "control")
        return {name for devices in so2["control"].drop_nulls() for name in devices}

    assert devices("U1") == {"wet_fgd"}
    assert devices("U9") == set()
