"""Rows of the input tables, as a clerk would fill them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

Rows = Callable[..., pl.DataFrame]


@pytest.fixture
def rows() -> Rows:
    """Return a maker of input rows: keyword = column; region, year and source are filled in."""

    def make(*cells: dict[str, Any]) -> pl.DataFrame:
        full = [{"region": "山东省", "year": 2021, "source": "测试", **row} for row in cells]
        return pl.DataFrame(full, infer_schema_length=None)

    return make
