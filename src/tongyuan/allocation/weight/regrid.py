"""One regular grid onto another, conservatively; separable where both are of longitude and latitude."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.weight.feature import boxes


def grid_conservative(source: Grid, target: Grid, *, plane: bool = False) -> sp.csr_array:
    """Return shares of every cell of `source` in the cells of `target`, shape (source cells, cells).

    A mass per cell goes over as ``shares.T @ mass``; what lies outside `target` is in no cell.

    Parameters
    ----------
    source
        Grid of longitude and latitude.
    target
        Any grid.
    plane
        Whether a degree of latitude counts alike everywhere, not the area on the sphere.

    Raises
    ------
    ValueError
        If `source` is not of longitude and latitude.
    """
    if not source.geographic:
        raise ValueError("the source grid must be of longitude and latitude")
    x, y = source.x_edges, source.y_edges
    west, south = np.meshgrid(x[:-1], y[:-1])
    east, north = np.meshgrid(x[1:], y[1:])
    return boxes(west.ravel(), south.ravel(), east.ravel(), north.ravel(), target, plane=plane)
