"""One grid onto another."""

import numpy as np
import pytest
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.weight.regrid import grid_conservative

COARSE = Grid("a", "longlat", 5, 45, 0.5, 0.5, 9, 5)
FINE = Grid("b", "longlat", 5.13, 45.21, 0.17, 0.29, 23, 14)


def test_a_grid_onto_itself_is_the_identity() -> None:
    assert abs(grid_conservative(COARSE, COARSE) - sp.eye_array(COARSE.size)).max() < 1e-14


@pytest.mark.parametrize("plane", [True, False])
def test_it_is_the_outer_product_of_both_overlaps(plane: bool) -> None:
    made = grid_conservative(COARSE, FINE, plane=plane).toarray().reshape(5, 9, 14, 23)

    def part(low: float, high: float, edges: np.ndarray) -> np.ndarray:
        return np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) / (high - low)

    def up(degree: np.ndarray) -> np.ndarray:
        return degree if plane else np.sin(np.radians(degree))

    for row, column in ((0, 0), (2, 4), (4, 8), (1, 7)):
        x = part(*COARSE.x_edges[[column, column + 1]], FINE.x_edges)
        y = part(*up(COARSE.y_edges[[row, row + 1]]), up(FINE.y_edges))
        assert np.allclose(made[row, column], y[:, None] * x, rtol=0, atol=1e-14)


def test_there_and_back_conserves_and_what_lies_beyond_is_told() -> None:
    mass = np.random.default_rng(3).uniform(0, 10, COARSE.size)
    wide = Grid("w", "longlat", 4, 44, 0.3, 0.3, 30, 20)
    shares = grid_conservative(COARSE, wide)
    assert (shares.T @ mass).sum() == pytest.approx(mass.sum(), rel=1e-12)
    inside = grid_conservative(COARSE, FINE)
    lost = (1 - inside.sum(axis=1)) @ mass
    assert (inside.T @ mass).sum() + lost == pytest.approx(mass.sum(), rel=1e-12)
    assert 0 < lost < mass.sum()


def test_onto_a_lambert_plane() -> None:
    plane = Grid("l", "lambert", -4e5, -3e5, 20_000, 20_000, 40, 30, 40, 50, 7.25, 46.25)
    shares = grid_conservative(COARSE, plane)
    assert abs(shares.sum(axis=1) - 1).max() < 1e-12
    with pytest.raises(ValueError, match="longitude"):
        grid_conservative(plane, COARSE)
