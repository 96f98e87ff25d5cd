"""Small inputs of one enterprise, typed in the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.ledger.table import table

Make = Callable[..., pl.DataFrame]


@pytest.fixture
def make() -> Make:
    """Return a function from the name of a table and rows to the table; what is left out is empty."""

    def made(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
        schema = table(name).dtypes
        usual = {"facility": "E1", "month": "2026-01", "installation": "U1"}
        base = {key: value for key, value in usual.items() if key in schema}
        defaults = {c.name: c.default for c in table(name).columns if c.default and c.type != "boolean"}
        frame = pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)
        filled = [pl.col(k).fill_null(pl.lit(v).cast(schema[k])) for k, v in defaults.items()]
        return frame.with_columns(filled)

    return made
