"""The normal equations A D Aᵀ of a problem that falls apart into small blocks, factored block by block.

Rows are *local* to a block or *coupling* rows that several blocks touch. Every block is kept as a dense
front: its own rows, below them the coupling rows it touches, its columns across. The front of A D Aᵀ is
factored in its own rows only; what remains of it is added to the Schur complement of the coupling rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from tongyuan.pathway.problem.problem import Array, Index

LARGEST_FRONT = 400
LARGEST_FILL = 40
"""Most places of all fronts per entry of the matrix; beyond it the fronts are no longer small and dense."""
FEWEST_BLOCKS = 4
REASSOCIATED = {"reassoc", "nsz", "contract"}
"""Sums of products may be taken in any order, so that they use the vector units."""


class StructureError(ValueError):
    """Raised when a problem does not fall apart into small blocks; solve it with HiGHS."""


@dataclass(frozen=True)
class Structure:
    """Rows, columns and dense fronts of the blocks.

    `local` and `coupling` are the rows of the problem in both classes; block b has the local rows
    ``block_rows[b]:block_rows[b + 1]`` of `local`, the columns ``block_columns[b]:block_columns[b + 1]`` of
    `columns`, touches the coupling rows ``touched[touched_start[b]:touched_start[b + 1]]``, and its front
    begins at ``front_start[b]`` of `front`. The `loose` columns are in coupling rows only.
    """

    local: Index
    coupling: Index
    block_rows: Index
    block_columns: Index
    columns: Index
    touched_start: Index
    touched: Index
    front_start: Index
    front: Array
    loose: Index


def structure(matrix: sparse.csc_matrix, coupling: npt.NDArray[np.bool_]) -> Structure:
    """Split `matrix` into blocks given which rows couple them.

    Raises
    ------
    StructureError
        If the front of a block has more than ``LARGEST_FRONT`` rows, the fronts together more than
        ``LARGEST_FILL`` places per entry of the matrix, or there are fewer than ``FEWEST_BLOCKS`` blocks.
    """
    local, top = np.flatnonzero(~coupling), np.flatnonzero(coupling)
    m, n = local.size, matrix.shape[1]
    number = np.empty(coupling.size, dtype=np.int64)
    number[local], number[top] = np.arange(m), np.arange(top.size)
    inner = np.flatnonzero(~coupling[matrix.indices])
    column = np.repeat(np.arange(n), np.diff(matrix.indptr))[inner]
    row = number[matrix.indices[inner]]
    first = np.full(n, -1)
    first[column[::-1]] = row[::-1]
    # rows that meet in a column are of one block: join each to the first row of the column
    graph = sparse.coo_matrix((np.ones(row.size, dtype=np.int8), (row, first[column])), shape=(m, m))
    blocks, block_of = connected_components(graph, directed=False)
    sizes = np.bincount(block_of, minlength=blocks)
    order = np.argsort(block_of, kind="stable")
    block_rows = _starts(sizes)
    place = np.full(coupling.size, -1)
    place[local[order]] = np.arange(m) - np.repeat(block_rows[:-1], sizes)
    owner = np.where(first >= 0, block_of[first] if m else -1, -1)
    widths = np.bincount(owner[owner >= 0], minlength=blocks)
    columns = np.argsort(owner, kind="stable")[np.count_nonzero(owner < 0) :]
    block_columns = _starts(widths)
    entries = matrix.indptr, matrix.indices, matrix.data
    touched_start, touched = _touch(block_columns, columns, *entries[:2], place, number, top.size)
    heights = sizes + np.diff(touched_start)
    front_start = _starts(heights * widths)
    if (
        blocks < FEWEST_BLOCKS
        or heights.max(initial=0) > LARGEST_FRONT
        or front_start[-1] > LARGEST_FILL * matrix.nnz
    ):
        raise StructureError(f"{blocks} blocks, the largest front of {heights.max(initial=0)} rows")
    front = np.zeros(front_start[-1])
    _lay(block_columns, columns, *entries, place, number, sizes, touched_start, touched, front_start, front)
    return Structure(
        local=local[order],
        coupling=top,
        block_rows=block_rows,
        block_columns=block_columns,
        columns=columns,
        touched_start=touched_start,
        touched=touched,
        front_start=front_start,
        front=front,
        loose=np.flatnonzero(owner < 0),
    )


@njit(cache=True)
def _touch(
    block_columns: Any, columns: Any, start: Any, rows: Any, place: Any, number: Any, size: int
) -> tuple[Any, Any]:
    """Return the coupling rows that every block touches; `place` is negative for these rows."""
    last = np.full(size, -1)
    touched = np.empty(rows.size, dtype=np.int64)
    begin = np.zeros(block_columns.size, dtype=np.int64)
    count = 0
    for b in range(block_columns.size - 1):
        for c in range(block_columns[b], block_columns[b + 1]):
            for e in range(start[columns[c]], start[columns[c] + 1]):
                row = number[rows[e]]
                if place[rows[e]] < 0 and last[row] != b:
                    last[row] = b
                    touched[count] = row
                    count += 1
        begin[b + 1] = count
    return begin, touched[:count].copy()


@njit(cache=True)
def _lay(
    block_columns: Any, columns: Any, start: Any, rows: Any, values: Any, place: Any, number: Any, sizes: Any,
    touched_start: Any, touched: Any, front_start: Any, front: Any,
) -> None:  # fmt: skip
    """Lay the entries of every block into its front."""
    below = np.zeros(touched.max() + 1 if touched.size else 0, dtype=np.int64)
    for b in range(block_columns.size - 1):
        for i in range(touched_start[b], touched_start[b + 1]):
            below[touched[i]] = sizes[b] + i - touched_start[b]
        first = block_columns[b]
        width = block_columns[b + 1] - first
        for c in range(width):
            for e in range(start[columns[first + c]], start[columns[first + c] + 1]):
                down = place[rows[e]]
                if down < 0:
                    down = below[number[rows[e]]]
                front[front_start[b] + down * width + c] = values[e]


def _starts(sizes: npt.NDArray[Any]) -> Index:
    """Return where parts of these sizes begin when laid one after another, and the end."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATED)
def _factor(
    d: Any, slack: Any, block_rows: Any, block_columns: Any, columns: Any, touched_start: Any, touched: Any,
    front_start: Any, front: Any, factor_start: Any, factors: Any, schur: Any, regular: float,
) -> None:  # fmt: skip
    """Factor the own rows of every front, keep these columns of it, add the rest to the Schur complement."""
    high, wide = 0, 0
    for b in range(block_rows.size - 1):
        high = max(high, block_rows[b + 1] - block_rows[b] + touched_start[b + 1] - touched_start[b])
        wide = max(wide, block_columns[b + 1] - block_columns[b])
    scaled, weight, product = np.empty(wide), np.empty(wide), np.empty((high, high))
    for b in range(block_rows.size - 1):
        m = block_rows[b + 1] - block_rows[b]
        t0 = touched_start[b]
        size = m + touched_start[b + 1] - t0
        width = block_columns[b + 1] - block_columns[b]
        values = front[front_start[b] : front_start[b + 1]].reshape(size, width)
        for c in range(width):
            weight[c] = d[columns[block_columns[b] + c]]
        for r in range(size):
            for c in range(width):
                scaled[c] = values[r, c] * weight[c]
            for q in range(r + 1):
                s = 0.0
                for c in range(width):
                    s += scaled[c] * values[q, c]
                product[r, q] = s
        for i in range(m):
            s = product[i, i] + slack[block_rows[b] + i]
            floor = regular * max(s, 1e-30)
            for q in range(i):
                s -= product[i, q] * product[i, q]
            pivot = np.sqrt(s) if s > floor else 1e64
            product[i, i] = pivot
            for r in range(i + 1, size):
                s = product[r, i]
                for q in range(i):
                    s -= product[r, q] * product[i, q]
                product[r, i] = s / pivot
        kept = factor_start[b]
        for r in range(size):
            for q in range(m):
                factors[kept] = product[r, q] if q <= r else 0.0
                kept += 1
        for r in range(m, size):
            row = touched[t0 + r - m]
            for q in range(m, r + 1):
                s = product[r, q]
                for i in range(m):
                    s -= product[r, i] * product[q, i]
                column = touched[t0 + q - m]
                schur[row, column] += s
                if row != column:
                    schur[column, row] += s


@njit(cache=True, error_model="numpy")
def _forward(
    block_rows: Any, touched_start: Any, touched: Any, factor_start: Any, factors: Any, right: Any, top: Any
) -> None:
    """Replace `right` by L⁻¹ right and subtract C M⁻¹ right from `top`."""
    for b in range(block_rows.size - 1):
        r0 = block_rows[b]
        m = block_rows[b + 1] - r0
        f = factor_start[b]
        for i in range(m):
            s = right[r0 + i]
            for q in range(i):
                s -= factors[f + q] * right[r0 + q]
            right[r0 + i] = s / factors[f + i]
            f += m
        for r in range(touched_start[b], touched_start[b + 1]):
            s = 0.0
            for i in range(m):
                s += factors[f + i] * right[r0 + i]
            top[touched[r]] -= s
            f += m


@njit(cache=True, error_model="numpy")
def _backward(
    block_rows: Any, touched_start: Any, touched: Any, factor_start: Any, factors: Any, right: Any, top: Any
) -> None:
    """Replace L⁻¹ right by M⁻¹ (right − Cᵀ top)."""
    for b in range(block_rows.size - 1):
        r0 = block_rows[b]
        m = block_rows[b + 1] - r0
        f = factor_start[b]
        c = f + m * m
        for r in range(touched_start[b], touched_start[b + 1]):
            y = top[touched[r]]
            for i in range(m):
                right[r0 + i] -= factors[c + i] * y
            c += m
        for i in range(m - 1, -1, -1):
            s = right[r0 + i]
            for q in range(i + 1, m):
                s -= factors[f + q * m + i] * right[r0 + q]
            right[r0 + i] = s / factors[f + i * m + i]


class Top:
    """The Schur complement: rows of a node and year form groups that meet only in the rows of targets."""

    def __init__(self, s: Structure, loose: sparse.csr_matrix, upper: npt.NDArray[np.bool_]) -> None:
        size = s.coupling.size
        counts = np.diff(s.touched_start)
        joined = sparse.coo_matrix(loose @ loose.T)
        pairs = np.column_stack([joined.row, joined.col])
        # an edge through an upper row joins nothing; blocks that touch an upper row join their lower rows
        lower_first = np.full(s.touched_start.size - 1, -1)
        lower = ~upper[s.touched] if size else np.empty(0, dtype=bool)
        owner = np.repeat(np.arange(counts.size), counts)
        lower_first[owner[lower][::-1]] = s.touched[lower][::-1]
        chain = np.column_stack([lower_first[owner[lower]], s.touched[lower]])
        pairs = np.concatenate([chain, pairs[~upper[pairs].any(axis=1)]]) if size else pairs
        graph = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
        _, label = connected_components(graph, directed=False)
        self.upper = np.flatnonzero(upper)
        rows = np.flatnonzero(~upper)
        order = rows[np.argsort(label[rows], kind="stable")]
        sizes = np.unique(label[rows], return_counts=True)[1]
        starts = _starts(sizes)
        self.groups = [
            np.stack([order[starts[i] : starts[i + 1]] for i in np.flatnonzero(sizes == width)])
            for width in np.unique(sizes)
        ]

    def factor(self, schur: Array) -> None:
        """Factor `schur`; raise LinAlgError when it is not positive definite."""
        upper = self.upper
        top = schur[np.ix_(upper, upper)]
        self.parts = []
        for rows in self.groups:
            full = schur[rows[:, :, None], rows[:, None, :]]
            inverse = np.linalg.inv(np.linalg.cholesky(full))
            left = np.empty((*rows.shape, 0))
            if upper.size:
                left = inverse @ schur[rows[:, :, None], upper]
                # many small products: one large one would wait for threads on a busy machine
                top -= (left.transpose(0, 2, 1) @ left).sum(axis=0)
            self.parts.append((rows, inverse, left))
        self.top = linalg.cholesky(top, lower=True, check_finite=False) if upper.size else top

    def solve(self, right: Array) -> Array:
        """Solve for one right-hand side."""
        result = np.empty_like(right)
        top = right[self.upper].copy()
        held = []
        for rows, inverse, left in self.parts:
            x = np.einsum("gij,gj->gi", inverse, right[rows])
            held.append(x)
            top -= np.einsum("gij,gi->j", left, x)
        if top.size:
            top = linalg.cho_solve((self.top, True), top, check_finite=False)
            result[self.upper] = top
        for (rows, inverse, left), x in zip(self.parts, held, strict=True):
            result[rows] = np.einsum("gij,gi->gj", inverse, x - np.einsum("gij,j->gi", left, top))
        return result


class Normal:
    """The normal equations A D Aᵀ, factored block by block.

    Parameters
    ----------
    matrix
        Shape (rows, columns).
    coupling
        Which rows may be touched by several blocks.
    upper
        Which of them tie the groups of the others together; all when None.
    """

    def __init__(
        self,
        matrix: sparse.csc_matrix,
        coupling: npt.NDArray[np.bool_],
        upper: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self.s = structure(matrix, coupling)
        self.a = matrix.tocsr()
        self.at = sparse.csr_matrix(matrix.T)
        m, p = np.diff(self.s.block_rows), np.diff(self.s.touched_start)
        self.factor_start = _starts((m + p) * m)
        self.factors = np.empty(self.factor_start[-1])
        size = self.s.coupling.size
        self.schur = np.zeros((size, size))
        loose = sparse.csr_matrix(self.a[self.s.coupling][:, self.s.loose])
        self.loose = _outer(loose.tocsc())
        above = np.ones(size, dtype=bool) if upper is None else upper[self.s.coupling]
        self.top = Top(self.s, loose, above)

    def factor(self, d: Array, slack: Array, regular: float = 1e-13) -> None:
        """Factor for column weights `d` and slack weights `slack` (per row, 0 for equalities).

        Raises
        ------
        StructureError
            If the coupling rows stay singular however they are regularised.
        """
        s, schur = self.s, self.schur
        schur.fill(0.0)
        place, value, column = self.loose
        np.add.at(schur.reshape(-1), place, value * d[s.loose[column]])
        index = np.arange(s.coupling.size)
        schur[index, index] += slack[s.coupling]
        _factor(
            d, slack[s.local], s.block_rows, s.block_columns, s.columns, s.touched_start, s.touched,
            s.front_start, s.front, self.factor_start, self.factors, schur, regular,
        )  # fmt: skip
        diagonal = np.maximum(np.abs(schur[index, index]), 1e-30)
        shift = 1e-14
        self.d, self.slack = d, slack
        for _ in range(8):
            schur[index, index] += shift * diagonal
            try:
                self.top.factor(schur)
                return
            except linalg.LinAlgError:
                shift *= 100.0
        raise StructureError("the coupling system is singular")

    def multiply(self, y: Array) -> Array:
        """Return A D Aᵀ y."""
        return np.asarray(self.a @ (self.d * (self.at @ y)) + self.slack * y)

    def _once(self, right: Array) -> Array:
        s = self.s
        low, top = right[s.local], right[s.coupling]
        shape = s.block_rows, s.touched_start, s.touched, self.factor_start, self.factors
        _forward(*shape, low, top)
        if top.size:
            top = self.top.solve(top)
        _backward(*shape, low, top)
        result = np.empty_like(right)
        result[s.local], result[s.coupling] = low, top
        return result

    def solve(self, right: Array, refine: int = 2) -> Array:
        """Return y with A D Aᵀ y = right, refined up to `refine` times."""
        y = self._once(right)
        for _ in range(refine):
            left = right - self.multiply(y)
            if np.max(np.abs(left)) <= 1e-12 * np.max(np.abs(right), initial=1e-300):
                break
            y = y + self._once(left)
        return y


def _outer(loose: sparse.csc_matrix) -> tuple[Index, Array, Index]:
    """Return every column times itself: flat place, product, column."""
    parts = []
    size = loose.shape[0]
    lengths = np.diff(loose.indptr)
    for length in np.unique(lengths[lengths > 0]):
        column = np.flatnonzero(lengths == length)
        at = loose.indptr[column][:, None] + np.arange(length)
        row, value = loose.indices[at].astype(np.int64), loose.data[at]
        for i in range(length):
            for j in range(length):
                parts.append((row[:, i] * size + row[:, j], value[:, i] * value[:, j], column))
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64)
    place, product, column = (np.concatenate(x) for x in zip(*parts, strict=True))
    return place, product, column
