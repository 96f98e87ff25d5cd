"""A day of a real gas turbine: UCI gas turbine CO and NOx emission data, 2011, first 24 rows (CC BY 4.0)."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from tests.facility.hour.conftest import series

from tongyuan.facility.hour.rules import with_own
from tongyuan.facility.hour.stream import hourly

NOX = [
    81.952, 82.377, 83.776, 82.505, 82.028, 81.748, 84.592, 84.193, 83.978, 82.654, 81.952, 73.286,
    70.558, 71.115, 70.107, 67.415, 67.490, 66.863, 67.361, 82.137, 84.908, 82.951, 82.624, 84.050,
]  # fmt: skip
FLOW = 200_000.0
"""The set has no flow; this one is made up and constant."""


@pytest.fixture
def turbine() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "facility": ["F"] * 2,
            "outlet": ["A"] * 2,
            "parameter": ["NOx", "flow"],
            "role": ["gas", "flow"],
            "limit": [84.0, None],
        }
    )


def test_a_day_without_gaps(turbine: pl.DataFrame) -> None:
    row = hourly(pl.concat([series("NOx", NOX), series("flow", [FLOW] * 24)]), turbine).month.row(
        0, named=True
    )
    assert row["mean"] == pytest.approx(sum(NOX) / 24)
    assert row["highest"] == 84.908
    assert row["over"] == 4
    assert row["mass_after"] == pytest.approx(sum(NOX) * FLOW * 1e-6)


@pytest.mark.parametrize("begin", range(1, 22))
def test_three_planted_hours_take_the_greatest_before_them_and_the_rest_is_as_measured(
    turbine: pl.DataFrame, begin: int
) -> None:
    flags = "N" * begin + "DDD" + "N" * (21 - begin)
    rows = pl.concat([series("NOx", NOX, flags), series("flow", [FLOW] * 24)])
    result = hourly(rows, turbine, rule=with_own(capture_high=0.8))
    kept = [x for k, x in enumerate(NOX) if not begin <= k < begin + 3]
    row = result.month.row(0, named=True)
    assert row["mass_before"] == pytest.approx(sum(kept) * FLOW * 1e-6)
    assert row["mass_after"] - row["mass_before"] == pytest.approx(3 * max(NOX[:begin]) * FLOW * 1e-6)
    assert result.gap["begin"].to_list() == [datetime(2025, 1, 1, begin)]
