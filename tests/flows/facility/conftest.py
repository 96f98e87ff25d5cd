"""A coal unit of one enterprise by month, typed in the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.flows.source import Inputs
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import table

Make = Callable[..., pl.DataFrame]


@pytest.fixture
def make() -> Make:
    """Return a function from the name of a table and rows to the table; what is left out is empty."""

    def made(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
        schema = table(name).dtypes
        usual = {"facility": "E1", "installation": "U1", "source": "x"}
        base = {key: value for key, value in usual.items() if key in schema}
        defaults = {c.name: c.default for c in table(name).columns if c.default and c.type != "boolean"}
        frame = pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)
        return frame.with_columns(pl.col(k).fill_null(pl.lit(v).cast(schema[k])) for k, v in defaults.items())

    return made


@pytest.fixture
def plant(make: Make) -> Callable[..., Inputs]:
    """Return a function to a workspace with a unit that burns 50,000 t a month in 2026, and other tables."""

    def made(*others: tuple[str, pl.DataFrame], **settings: Any) -> Inputs:
        fuel = [
            {"month": f"2026-{m:02d}", "product": "raw_coal", "value": 50_000.0, "unit": "t", "carbon": 55.0}
            for m in range(1, 13)
        ]
        tables = {
            "facility": make("facility", {"kind": "power", "region": "370100", "name": "示例热电"}),
            "installation": make("installation", {"kind": "power_unit"}),
            "fuel_use": make("fuel_use", *fuel),
        }
        chosen = {"name": "x", "kind": "province", "region": "370000", **settings}
        return Inputs(Settings(**chosen), {**tables, **dict(others)})

    return made
