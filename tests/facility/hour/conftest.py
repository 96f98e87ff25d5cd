from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest


@pytest.fixture
def stack_points() -> pl.DataFrame:
    """One stack with a gas at 6 % oxygen and a limit, its flow and its oxygen."""
    return pl.DataFrame(
        {
            "facility": ["F"] * 3,
            "outlet": ["A"] * 3,
            "parameter": ["SO2", "flow", "O2"],
            "role": ["gas", "flow", "oxygen"],
            "oxygen_reference": [6.0, None, None],
            "limit": [35.0, None, None],
        }
    )


def series(
    parameter: str, values: list[Any], mark: str = "", outlet: str = "A", start: str = "2025-01-01"
) -> pl.DataFrame:
    """Return hourly readings from `start`; `mark` has one letter for each hour, N where it is short."""
    first = datetime.fromisoformat(start)
    marks = list(mark.ljust(len(values), "N"))
    return pl.DataFrame(
        {
            "facility": ["F"] * len(values),
            "outlet": [outlet] * len(values),
            "parameter": [parameter] * len(values),
            "hour": [first + timedelta(hours=k) for k in range(len(values))],
            "value": pl.Series(values, dtype=pl.Float64, strict=False),
            "flag": marks,
        },
        schema_overrides={"hour": pl.Datetime("us")},
    )
