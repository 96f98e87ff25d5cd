from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from tongyuan.facility.hour.points import PointError, points, quarter_after, quarter_of, with_flow


def test_parameters_of_an_outlet_stand_together_in_the_order_of_their_names(
    stack_points: pl.DataFrame,
) -> None:
    both = pl.concat([stack_points.with_columns(outlet=pl.lit("B")), stack_points])
    p = points(both)
    assert p.starts.tolist() == [0, 3, 6]
    assert p.frame["parameter"].to_list() == ["O2", "SO2", "flow"] * 2
    assert with_flow(p).tolist() == [False, True, False] * 2


def test_a_gas_without_a_flow_has_no_mass(stack_points: pl.DataFrame) -> None:
    assert not with_flow(points(stack_points.filter(pl.col("role") != "flow"))).any()


def test_no_points_are_no_outlets(stack_points: pl.DataFrame) -> None:
    assert points(stack_points.clear()).starts.tolist() == [0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": pl.lit("smell")}, "role smell"),
        ({"parameter": pl.lit("SO2")}, "stands twice"),
        ({"scale": pl.lit(0.0)}, "scale 0.0"),
        ({"role": pl.lit("flow")}, "two of role flow"),
        ({"part_of": pl.lit("NOx")}, "a part names"),
    ],
)
def test_points_that_cannot_be_worked_are_named(
    stack_points: pl.DataFrame, change: dict[str, pl.Expr], said: str
) -> None:
    with pytest.raises(PointError, match=said):
        points(stack_points.with_columns(**change))


def test_quarters_of_a_year() -> None:
    starts = [datetime(2025, 1, 1), datetime(2025, 4, 1), datetime(2025, 7, 1), datetime(2025, 10, 1)]
    assert [quarter_after(s) for s in starts] == [*starts[1:], datetime(2026, 1, 1)]
    assert quarter_of(datetime(2025, 12, 31, 23)) == starts[3]
    assert quarter_of(datetime(2025, 1, 1)) == starts[0]
