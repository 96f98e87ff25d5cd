import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.synergy.method.coordinate import QUADRANTS, quadrant, slope_angle

PLANE = arrays(np.float64, (50, 2), elements=st.floats(-10, 10))


def test_four_quadrants_and_the_axes() -> None:
    x, y = [1, -1, -1, 1, 0, 1, 0], [1, 1, -1, -1, 1, 0, 0]
    assert [QUADRANTS[k] for k in quadrant(x, y)] == [
        "co_reduction", "carbon_only", "co_increase", "pollution_only", "axis", "axis", "axis",
    ]  # fmt: skip


@given(PLANE)
def test_quadrants_partition_the_plane(points: np.ndarray) -> None:
    x, y = points.T
    code = quadrant(x, y)
    holds = np.stack(
        [(x > 0) & (y > 0), (x < 0) & (y > 0), (x < 0) & (y < 0), (x > 0) & (y < 0), (x == 0) | (y == 0)]
    )
    assert (holds.sum(axis=0) == 1).all()
    assert holds[code, np.arange(len(x))].all()


def test_angle() -> None:
    assert slope_angle(1, 1)[()] == pytest.approx(45)
    assert np.isnan(slope_angle(0, 0))
