"""What is left of a problem when rows with one open entry have become bounds, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongyuan.pathway.problem.problem import Array, Index, Problem

PASSES = 8
CLOSE = 1e-9
"""Relative distance below which a value is taken to be at its limit."""


@dataclass(frozen=True)
class Reduced:
    """A smaller problem: ``row_lower ≤ matrix·x ≤ row_upper``, ``lower ≤ x ≤ upper``, and how it came about.

    `rows` and `columns` are the numbers, in the whole problem, of what is left; `value` holds the bounds'
    lower ends of the whole problem, which are the values of the columns left out. Each pass is kept as
    ``rows, columns, coefficients, implied lower, implied upper``.
    """

    matrix: sparse.csc_matrix
    rows: Index
    columns: Index
    row_lower: Array
    row_upper: Array
    lower: Array
    upper: Array
    value: Array
    feasible: bool
    passes: list[tuple[Index, Index, Array, Array, Array]]


def reduce(problem: Problem) -> Reduced:
    """Turn rows with one entry among the columns not yet fixed into bounds, again and again.

    A demand met by one technology fixes its activity; its share limits then are bounds; the cap of one
    emission is a bound. Without an error a problem without a solution may come back not `feasible`.
    """
    matrix = problem.matrix
    count, size = matrix.shape
    row = matrix.indices.astype(np.int64)
    column = np.repeat(np.arange(size), np.diff(matrix.indptr))
    value = matrix.data
    lower, upper = problem.lower.copy(), problem.upper.copy()
    held = np.zeros(count)
    fixed = np.zeros(size, dtype=bool)
    stay = np.ones(count, dtype=bool)
    passes: list[tuple[Index, Index, Array, Array, Array]] = []
    for _ in range(PASSES):
        fixed = _fixed(lower, upper)
        out = fixed[column]
        held += np.bincount(row[out], weights=value[out] * lower[column[out]], minlength=count)
        single = (np.bincount(row[~out], minlength=count) == 1)[row] & ~out
        at = np.flatnonzero(single)
        r, c, v = row[at], column[at], value[at]
        keep = ~(out | single)
        row, column, value = row[keep], column[keep], value[keep]
        if not at.size:
            break
        low, high = (problem.row_lower[r] - held[r]) / v, (problem.row_upper[r] - held[r]) / v
        low, high = np.where(v > 0.0, low, high), np.where(v > 0.0, high, low)
        np.maximum.at(lower, c, low)
        np.minimum.at(upper, c, high)
        stay[r] = False
        passes.append((r, c, v, low, high))
    fixed = _fixed(lower, upper)
    out = fixed[column]
    held += np.bincount(row[out], weights=value[out] * lower[column[out]], minlength=count)
    row, column, value = row[~out], column[~out], value[~out]
    filled = np.zeros(count, dtype=bool)
    filled[row] = True
    rows, columns = np.flatnonzero(stay & filled), np.flatnonzero(~fixed)
    slack = CLOSE * (1.0 + np.abs(held))
    bare = stay & ~filled
    kept = (problem.row_lower - slack <= held) & (held <= problem.row_upper + slack)
    apart = lower > upper + CLOSE * (1.0 + np.abs(upper))
    return Reduced(
        matrix=_matrix(row, column, value, rows, columns),
        rows=rows,
        columns=columns,
        row_lower=(problem.row_lower - held)[rows],
        row_upper=(problem.row_upper - held)[rows],
        lower=lower[columns],
        upper=upper[columns],
        value=lower,
        feasible=bool(kept[bare].all() and not apart.any()),
        passes=passes,
    )


def _fixed(lower: Array, upper: Array) -> npt.NDArray[np.bool_]:
    return np.asarray(upper - lower <= 1e-12 * (1.0 + np.abs(lower)))


def _matrix(row: Index, column: Index, value: Array, rows: Index, columns: Index) -> sparse.csc_matrix:
    """Return the matrix of `rows` and `columns` from its entries, which stand column by column."""
    number = np.zeros(rows.max(initial=-1) + 1, dtype=np.int32)
    number[rows] = np.arange(rows.size)
    pointer = np.searchsorted(column, np.append(columns, np.iinfo(np.int64).max))
    return sparse.csc_matrix((value, number[row], pointer), shape=(rows.size, columns.size))


def duals_back(problem: Problem, reduced: Reduced, dual: Array, x: Array) -> Array:
    """Return duals of the whole problem: rows that had become bounds take that of the bound, last pass first.

    Parameters
    ----------
    dual
        Duals of the rows left, shape (rows left,).
    x
        Values of all columns.
    """
    every = np.zeros(problem.matrix.shape[0])
    every[reduced.rows] = dual
    for row, column, value, low, high in reversed(reduced.passes):
        left = problem.cost - problem.matrix.T @ every
        bound = np.where(left[column] >= 0.0, low, high)
        binding = np.isfinite(bound) & (np.abs(bound - x[column]) <= 1e-6 * (1.0 + np.abs(x[column])))
        # where several rows bind one column, the first bears the price
        last, at = np.full(x.size, -1), np.flatnonzero(binding)[::-1]
        last[column[at]] = at
        chosen = last[last >= 0]
        inside = (left[column] >= 0.0) & (problem.lower[column] >= low) & (low != high)
        inside |= (left[column] < 0.0) & (problem.upper[column] <= high) & (low != high)
        chosen = chosen[~inside[chosen]]
        every[row[chosen]] = (left[column] / value)[chosen]
    return every
