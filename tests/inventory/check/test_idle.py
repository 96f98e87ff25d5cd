from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tongyuan.inventory.check.idle import idle
from tongyuan.ledger.table import empty

KEYS = pl.DataFrame(
    {
        "process": ["energy.power", "industry.combustion.boiler"],
        "product": ["raw_coal", "natural_gas"],
        "technology": ["", ""],
        "region": ["370100", "园区"],
        "year": [2021, 2022],
        "unit": ["t", "m3"],
    }
)


def reasons(parents: dict[str, str] | None = None, **cells: Any) -> list[str]:
    row = {
        "record_id": "m1",
        "kind": "emission_factor",
        "process": "energy.power",
        "product": "raw_coal",
        "region": "370000",
        "species": "SO2",
        "value": 10.0,
        "unit": "kg/t",
        "status": "measured",
    }
    own = pl.DataFrame([row | cells], schema=empty("factor").schema)
    found = idle(
        own,
        pl.Series("record_id", [], dtype=pl.String),
        KEYS,
        empty("control"),
        parents=parents or {},
        fuel_set="C",
        letters={},
    )
    return [f.check for f in found]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({}, "idle_other"),
        ({"valid_to": 2020}, "idle_years"),
        ({"valid_from": 2022}, "idle_years"),
        ({"region": "370200"}, "idle_region"),
        ({"region": "US"}, "idle_region"),
        ({"product": "natural_gas"}, "idle_product"),
        ({"process": "industry.combustion.boiler"}, "idle_process"),
        ({"process": "transport", "product": "diesel", "valid_to": 2000}, "idle_nothing"),
        ({"unit": "kg/head"}, "idle_unit"),
    ],
)
def test_the_reason_is_what_stands_in_the_way(cells: dict[str, Any], reason: str) -> None:
    assert reasons(**cells) == [reason]


def test_a_parent_brings_a_province_to_a_park() -> None:
    gas = {"process": "industry.combustion", "product": "natural_gas", "unit": "g/m3"}
    assert reasons(**gas) == ["idle_region"]
    assert reasons({"园区": "370100"}, **gas) == ["idle_other"]
    assert reasons({"园区": "110000"}, **gas) == ["idle_region"]


def test_a_record_that_acted_is_not_named() -> None:
    own = pl.DataFrame([{"record_id": "m1"}], schema=empty("factor").schema)
    none = idle(own, own["record_id"], KEYS, empty("control"), parents={}, fuel_set="C", letters={})
    assert none == []
