"""The step of enterprises writes what it declares."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.flows.step.facility import STEP
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import empty


def test_enterprises_without_rows_have_empty_tables() -> None:
    facility = pl.DataFrame(
        [{"facility": "E1", "name": "x", "kind": "power", "region": "370100"}],
        schema=empty("facility").schema,
    )
    made = STEP.run(Inputs(Settings(name="x", kind="enterprise"), {"facility": facility}), print)
    assert set(made.tables) <= STEP.writes
    assert all(frame.is_empty() for frame in made.tables.values())
