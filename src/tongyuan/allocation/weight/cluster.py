"""The same shares on Spark, tile by tile: each group of features goes through the same compiled passes.

Needs the extra ``tongyuan[spark]``. A feature meets no other one, so its shares are those of
:func:`tongyuan.allocation.weight.source.geometry_shares` to the last bit, whatever the tiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.proxy.library import library
from tongyuan.allocation.weight.source import geometry_shares, in_order

Index = npt.NDArray[np.int64]


def tiles_of(geometries: Any, grid: Grid, side: int) -> list[Index]:
    """Return the features of each tile of `side` × `side` cells, by the middle of their box.

    Features beyond the grid go with the tile at its edge.
    """
    shapely = library("shapely", "geometry")
    west, south, east, north = shapely.bounds(geometries).T
    x, y = grid.project(0.5 * (west + east), 0.5 * (south + north))
    column = np.clip((x - grid.x_origin) // (side * grid.x_step), 0, (grid.columns - 1) // side)
    row = np.clip((y - grid.y_origin) // (side * grid.y_step), 0, (grid.rows - 1) // side)
    tile = row * grid.columns + column
    order = np.argsort(tile, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(tile[order])) + 1)


def shares_on_spark(
    spark: Any, geometries: Any, grid: Grid, *, side: int = 100, plane: bool = False
) -> sp.csr_array:
    """Do on a Spark session what :func:`~tongyuan.allocation.weight.source.geometry_shares` does here.

    Parameters
    ----------
    spark
        The session; its workers have this package.
    geometries : array of shapely geometries, shape (n,)
    grid, plane
        As in :func:`~tongyuan.allocation.weight.source.geometry_shares`.
    side
        Cells along the side of a tile; the features of a tile must fit into one worker.

    Raises
    ------
    Exception
        What a worker raised, as Spark hands it on.
    """
    shapely = library("shapely", "geometry")

    def work(part: tuple[Index, Any]) -> tuple[Index, Any, Any, Any]:
        made = geometry_shares(library("shapely", "geometry").from_wkb(part[1]), grid, plane=plane)
        return part[0], made.data, made.indices, made.indptr

    parts = [(at, shapely.to_wkb(geometries[at])) for at in tiles_of(geometries, grid, side)]
    told = spark.sparkContext.parallelize(parts, len(parts)).map(work).collect()
    made = [
        (at, sp.csr_array((share, cell, first), shape=(len(at), grid.size)))
        for at, share, cell, first in told
    ]
    return in_order(made, len(geometries), grid)
