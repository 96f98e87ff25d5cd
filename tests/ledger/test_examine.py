from __future__ import annotations

import polars as pl

from tongyuan.ledger.examine import examine
from tongyuan.ledger.read.read import read_frame


def test_own_factors_and_own_values_are_looked_at() -> None:
    factor, _ = read_frame(
        "factor",
        pl.DataFrame(
            [
                {
                    "record_id": "m1",
                    "kind": "removal_efficiency",
                    "control": "wet_fgd",
                    "region": "CN",
                    "species": "SO2",
                    "value": 95.0,
                    "unit": "fraction",
                    "status": "measured",
                    "source": "x",
                    "locator": "x",
                }
            ]
        ),
    )
    power, _ = read_frame(
        "purchased_energy",
        pl.DataFrame(
            [{"region": "370000", "year": 2021, "electricity": 1.0, "factor": 556.8, "source": "x"}]
        ),
    )
    found = examine({"factor": factor, "purchased_energy": power}, {})
    assert [f.check for f in found] == ["fraction_percent", "own_value_absurd"]
    assert examine({}, {}) == []
