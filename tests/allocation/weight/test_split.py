"""Segments cut at the lines of a grid."""

import numpy as np
import pytest

from tongyuan.allocation.weight.split import cover, split

EDGES = np.array([0.0, 1.0, 2.0])


def cut(x0: float, y0: float, x1: float, y1: float) -> list[tuple[int, int, float, float]]:
    one = (np.array([float(v)]) for v in (x0, y0, x1, y1))
    _, column, row, begin, end = split(*one, EDGES, EDGES, 20)
    return list(zip(column.tolist(), row.tolist(), begin.tolist(), end.tolist(), strict=True))


def test_a_slanting_segment_crosses_three_cells() -> None:
    assert cut(0.5, 0.5, 1.5, 1.0 + 1 / 6) == [
        (0, 0, 0, 0.5),
        (1, 0, 0.5, pytest.approx(0.75)),
        (1, 1, pytest.approx(0.75), 1),
    ]


@pytest.mark.parametrize(
    ("ends", "cells"),
    [
        ((-1, 0.5, 3, 0.5), [(-1, 0), (0, 0), (1, 0), (2, 0)]),
        ((3, 0.5, -1, 0.5), [(2, 0), (1, 0), (0, 0), (-1, 0)]),
        ((0.5, 3, 0.5, -1), [(0, 2), (0, 1), (0, 0), (0, -1)]),
        ((0, 0, 2, 2), [(0, 0), (1, 1)]),
        ((2, 2, 0, 0), [(1, 1), (0, 0)]),
        ((1, 0, 1, 2), [(1, 0), (1, 1)]),
        ((5, 5, 6, 7), [(2, 2)]),
    ],
)
def test_cells_in_their_order_inside_and_beyond(
    ends: tuple[float, ...], cells: list[tuple[int, int]]
) -> None:
    pieces = cut(*ends)
    assert [p[:2] for p in pieces] == cells
    assert [p[2] for p in pieces] == [0.0, *(p[3] for p in pieces[:-1])]
    assert pieces[-1][3] == 1.0


def test_a_segment_without_length_is_one_piece() -> None:
    assert cut(0.5, 0.5, 0.5, 0.5) == [(0, 0, 0.0, 1.0)]


def test_a_triangle_covers_half_a_cell() -> None:
    x, y = np.array([0.0, 1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0])
    _, column, row, begin, end = split(x[:-1], y[:-1], x[1:], y[1:], EDGES, EDGES, 20)
    assert (begin == 0).all()
    assert (end == 1).all()
    bound, start = np.array([[0, 2, 0, 2]]), np.array([0, 4])
    pieces = (column, row, x[:-1], y[:-1], x[1:], y[1:])
    area, cell, filled = cover(np.array([0, 3]), *pieces, EDGES, EDGES, bound, start, np.array([1e-13]))
    assert filled.tolist() == [1]
    assert (area[0], cell[0]) == (0.5, 0)
