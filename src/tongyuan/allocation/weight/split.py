"""Segments cut at the lines of a grid, and areas of polygons in its cells: compiled, every feature alone.

A feature meets no other one in these passes, so that its shares are the same to the bit wherever and beside
whatever else they are computed.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def split(x0: Any, y0: Any, x1: Any, y1: Any, xe: Any, ye: Any, room: int) -> Any:
    """Cut straight segments at the edges of columns and rows.

    Parameters
    ----------
    x0, y0, x1, y1 : array, shape (n,)
        Ends of the segments.
    xe, ye : array, shape (columns + 1,), (rows + 1,)
        Edges, rising.
    room : int
        At least how many pieces there are.

    Returns
    -------
    tuple of array, shape (pieces,)
        Segment, column and row (−1 below the first edge, `columns` and `rows` above the last), and the part
        of the segment the piece begins and ends at.
    """
    segment = np.empty(room, np.int64)
    column = np.empty(room, np.int64)
    row = np.empty(room, np.int64)
    begin = np.empty(room)
    end = np.empty(room)
    nx, ny = xe.size - 1, ye.size - 1
    count = 0
    for s in range(x0.size):
        dx, dy = x1[s] - x0[s], y1[s] - y0[s]
        i = np.searchsorted(xe, x0[s], side="right") - 1
        j = np.searchsorted(ye, y0[s], side="right") - 1
        t = 0.0
        while t < 1.0:
            tx = ty = 2.0
            if dx > 0 and i < nx:
                tx = (xe[i + 1] - x0[s]) / dx
            elif dx < 0 and i >= 0:
                tx = (xe[i] - x0[s]) / dx
            if dy > 0 and j < ny:
                ty = (ye[j + 1] - y0[s]) / dy
            elif dy < 0 and j >= 0:
                ty = (ye[j] - y0[s]) / dy
            until = min(tx, ty, 1.0)
            if until > t:
                segment[count], column[count], row[count] = s, i, j
                begin[count], end[count] = t, until
                count += 1
                t = until
            if tx <= until:
                i += 1 if dx > 0 else -1
            if ty <= until:
                j += 1 if dy > 0 else -1
    return segment[:count], column[:count], row[:count], begin[:count], end[:count]


@numba.njit(cache=True, nogil=True)
def cover(
    first: Any, column: Any, row: Any, xa: Any, ya: Any, xb: Any, yb: Any, xe: Any, ye: Any, bound: Any,
    start: Any, least: Any,
) -> Any:  # fmt: skip
    """Return the area of polygons in cells from the pieces of their rings, by Green's theorem.

    A piece bounds what lies between it and the right edge of its cell, and a strip across every cell
    further right in its row.

    Parameters
    ----------
    first : array, shape (features + 1,)
        Where the pieces of each feature begin.
    column, row, xa, ya, xb, yb : array, shape (pieces,)
        Cell and ends of each piece; rings run anticlockwise, holes clockwise.
    xe, ye : array
        Edges.
    bound : array, shape (features, 4)
        First column, last column + 1, first row, last row + 1 that a feature reaches inside the grid.
    start : array, shape (features + 1,)
        Where the cells of each feature are written.
    least : array, shape (features,)
        Areas up to this one are rounding.

    Returns
    -------
    tuple of array
        Area and cell number, as many as ``start[-1]``, and how many each feature fills.
    """
    nx, ny = xe.size - 1, ye.size - 1
    area = np.empty(start[-1])
    cell = np.empty(start[-1], np.int64)
    filled = np.zeros(first.size - 1, np.int64)
    for f in range(first.size - 1):
        c0, c1, r0, r1 = bound[f, 0], bound[f, 1], bound[f, 2], bound[f, 3]
        if c1 <= c0 or r1 <= r0:
            continue
        own = np.zeros((r1 - r0, c1 - c0))
        over = np.zeros((r1 - r0, c1 - c0 + 1))
        for p in range(first[f], first[f + 1]):
            i, j = column[p], row[p]
            if j < 0 or j >= ny or i >= nx:
                continue
            rise = ya[p] - yb[p]
            if i < c0:
                over[j - r0, 0] += rise
                continue
            own[j - r0, i - c0] += rise * (xe[i + 1] - 0.5 * (xa[p] + xb[p]))
            over[j - r0, i - c0 + 1] += rise
        at = start[f]
        for r in range(r1 - r0):
            running = 0.0
            for c in range(c1 - c0):
                running += over[r, c]
                value = own[r, c] + running * (xe[c0 + c + 1] - xe[c0 + c])
                if value > least[f]:
                    area[at] = value
                    cell[at] = (r0 + r) * nx + c0 + c
                    at += 1
        filled[f] = at - start[f]
    return area, cell, filled
