"""The normal equations A D Aᵀ of a problem that falls apart into small blocks, factored block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components

from tongyuan.pathway.problem import Array, Index

LARGEST_BLOCK = 400
FEWEST_BLOCKS = 4


class StructureError(ValueError):
    """Raised when a problem does not fall apart into small blocks; solve it with HiGHS."""


@dataclass(frozen=True)
class Structure:
    """Index arrays of the blocks: rows and columns of each block and the coupling rows it touches."""

    local: Index
    coupling: Index
    block_rows: Index
    block_columns: Index
    columns: Index
    touched_start: Index
    touched: Index
    row_place: Index
    a_start: Index
    a_row: Index
    a_value: Array
    k_start: Index
    k_place: Index
    k_value: Array
    loose: Index


def structure(matrix: sparse.csc_matrix, coupling: npt.NDArray[np.bool_]) -> Structure:
    """Split `matrix` into blocks given which rows couple them.

    Raises
    ------
    StructureError
        If a block has more than ``LARGEST_BLOCK`` rows or there are fewer than ``FEWEST_BLOCKS`` blocks.
    """
    local_rows, coupling_rows = np.flatnonzero(~coupling), np.flatnonzero(coupling)
    rows = matrix.tocsr()
    a, k = rows[local_rows].tocsc(), rows[coupling_rows].tocsc()
    a.sort_indices()
    k.sort_indices()
    m, n = a.shape
    parts: Any = [[None, abs(a)], [abs(a).T, None]]
    graph: Any = sparse.bmat(parts, format="csr")
    count, label = connected_components(graph, directed=False)
    row_label, column_label = label[:m], label[m:]
    used = np.unique(row_label)
    renumber = np.full(count, -1, dtype=np.int64)
    renumber[used] = np.arange(used.size)
    row_block, column_block = renumber[row_label], renumber[column_label]
    blocks = used.size
    sizes = np.bincount(row_block, minlength=blocks)
    if blocks < FEWEST_BLOCKS or sizes.max(initial=0) > LARGEST_BLOCK:
        raise StructureError(f"{blocks} blocks, the largest of {sizes.max(initial=0)} rows")
    order = np.argsort(row_block, kind="stable")
    block_rows = np.concatenate([[0], np.cumsum(sizes)])
    place = np.empty(m, dtype=np.int64)
    place[order] = np.arange(m) - np.repeat(block_rows[:-1], sizes)
    inside = column_block >= 0
    columns = np.flatnonzero(inside)[np.argsort(column_block[inside], kind="stable")]
    block_columns = np.concatenate([[0], np.cumsum(np.bincount(column_block[inside], minlength=blocks))])
    k_column = np.repeat(np.arange(n), np.diff(k.indptr))
    owner = column_block[k_column]
    size = coupling_rows.size
    code = owner * size + k.indices
    pairs = np.unique(code[owner >= 0]) if size else np.empty(0, dtype=np.int64)
    touched_start = np.searchsorted(pairs, np.arange(blocks + 1) * max(size, 1))
    first = touched_start[np.maximum(owner, 0)]
    k_place = np.where(owner >= 0, np.searchsorted(pairs, code) - first, k.indices)
    return Structure(
        local=local_rows[order],
        coupling=coupling_rows,
        block_rows=block_rows,
        block_columns=block_columns,
        columns=columns,
        touched_start=touched_start,
        touched=pairs % max(size, 1),
        row_place=place,
        a_start=a.indptr.astype(np.int64),
        a_row=place[a.indices],
        a_value=a.data,
        k_start=k.indptr.astype(np.int64),
        k_place=k_place.astype(np.int64),
        k_value=k.data,
        loose=np.flatnonzero(~inside),
    )


@njit(cache=True)
def _factor(
    d: Any, slack: Any, block_rows: Any, block_columns: Any, columns: Any, touched_start: Any, touched: Any,
    a_start: Any, a_row: Any, a_value: Any, k_start: Any, k_place: Any, k_value: Any,
    factor_start: Any, w_start: Any, factors: Any, w: Any, schur: Any, regular: float,
) -> None:  # fmt: skip
    """Factor every block, store L and L⁻¹Cᵀ, and subtract from the Schur complement (lower triangle)."""
    most = 0
    for b in range(touched_start.size - 1):
        most = max(most, touched_start[b + 1] - touched_start[b])
    scratch = np.zeros((most, most))
    for b in range(block_rows.size - 1):
        m = block_rows[b + 1] - block_rows[b]
        t0 = touched_start[b]
        p = touched_start[b + 1] - t0
        f = factors[factor_start[b] : factor_start[b + 1]].reshape(m, m)
        c = w[w_start[b] : w_start[b + 1]].reshape(p, m)
        f[:, :] = 0.0
        c[:, :] = 0.0
        own = scratch[:p, :p]
        own[:, :] = 0.0
        for i in range(m):
            f[i, i] = slack[block_rows[b] + i]
        for jj in range(block_columns[b], block_columns[b + 1]):
            j = columns[jj]
            dj = d[j]
            if dj == 0.0:
                continue
            for e in range(a_start[j], a_start[j + 1]):
                v = dj * a_value[e]
                r = a_row[e]
                for g in range(a_start[j], a_start[j + 1]):
                    f[r, a_row[g]] += v * a_value[g]
            for e in range(k_start[j], k_start[j + 1]):
                v = dj * k_value[e]
                r = k_place[e]
                for g in range(a_start[j], a_start[j + 1]):
                    c[r, a_row[g]] += v * a_value[g]
                for g in range(k_start[j], k_start[j + 1]):
                    own[r, k_place[g]] += v * k_value[g]
        for i in range(m):
            s = f[i, i]
            for q in range(i):
                s -= f[i, q] * f[i, q]
            floor = regular * max(f[i, i], 1e-30)
            f[i, i] = np.sqrt(s) if s > floor else 1e64
            for r in range(i + 1, m):
                s = f[r, i]
                for q in range(i):
                    s -= f[r, q] * f[i, q]
                f[r, i] = s / f[i, i]
        for r in range(p):
            for i in range(m):
                s = c[r, i]
                for q in range(i):
                    s -= f[i, q] * c[r, q]
                c[r, i] = s / f[i, i]
        for r in range(p):
            gr = touched[t0 + r]
            for q in range(r + 1):
                s = own[r, q]
                for i in range(m):
                    s -= c[r, i] * c[q, i]
                schur[gr, touched[t0 + q]] += s


@njit(cache=True)
def _forward(
    block_rows: Any,
    touched_start: Any,
    touched: Any,
    factor_start: Any,
    w_start: Any,
    factors: Any,
    w: Any,
    right: Any,
    top: Any,
) -> None:
    """Replace `right` by L⁻¹ right and subtract C M⁻¹ right from `top`."""
    for b in range(block_rows.size - 1):
        r0 = block_rows[b]
        m = block_rows[b + 1] - r0
        t0 = touched_start[b]
        p = touched_start[b + 1] - t0
        f = factors[factor_start[b] : factor_start[b + 1]].reshape(m, m)
        c = w[w_start[b] : w_start[b + 1]].reshape(p, m)
        for i in range(m):
            s = right[r0 + i]
            for q in range(i):
                s -= f[i, q] * right[r0 + q]
            right[r0 + i] = s / f[i, i]
        for r in range(p):
            s = 0.0
            for i in range(m):
                s += c[r, i] * right[r0 + i]
            top[touched[t0 + r]] -= s


@njit(cache=True)
def _backward(
    block_rows: Any,
    touched_start: Any,
    touched: Any,
    factor_start: Any,
    w_start: Any,
    factors: Any,
    w: Any,
    right: Any,
    top: Any,
) -> None:
    """Replace L⁻¹ right by M⁻¹ (right − Cᵀ top)."""
    for b in range(block_rows.size - 1):
        r0 = block_rows[b]
        m = block_rows[b + 1] - r0
        t0 = touched_start[b]
        p = touched_start[b + 1] - t0
        f = factors[factor_start[b] : factor_start[b + 1]].reshape(m, m)
        c = w[w_start[b] : w_start[b + 1]].reshape(p, m)
        for r in range(p):
            y = top[touched[t0 + r]]
            for i in range(m):
                right[r0 + i] -= c[r, i] * y
        for i in range(m - 1, -1, -1):
            s = right[r0 + i]
            for q in range(i + 1, m):
                s -= f[q, i] * right[r0 + q]
            right[r0 + i] = s / f[i, i]


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
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self.groups = [
            np.stack([order[starts[i] : starts[i + 1]] for i in np.flatnonzero(sizes == width)])
            for width in np.unique(sizes)
        ]

    def factor(self, schur: Array) -> None:
        """Factor the lower triangle `schur`; raise LinAlgError when it is not positive definite."""
        upper = self.upper
        low = np.tril(schur[np.ix_(upper, upper)])
        top = low + np.tril(low, -1).T
        self.parts = []
        for rows in self.groups:
            # an entry of two rows stands where the row number is the greater: add both triangles
            full = schur[rows[:, :, None], rows[:, None, :]] + schur[rows[:, None, :], rows[:, :, None]]
            index = np.arange(rows.shape[1])
            full[:, index, index] *= 0.5
            cross = (
                schur[rows[:, :, None], upper[None, None, :]] + schur[upper[None, None, :], rows[:, :, None]]
            )
            factor = np.linalg.cholesky(full)
            self.parts.append((rows, factor, cross))
            if upper.size:
                left = np.linalg.solve(full, cross)
                top -= np.einsum("gij,gik->jk", cross, left)
        self.top = linalg.cholesky(top, lower=True, check_finite=False) if upper.size else top

    def solve(self, right: Array) -> Array:
        """Solve for one right-hand side."""
        result = np.empty_like(right)
        top = right[self.upper].copy()
        held = []
        for rows, factor, cross in self.parts:
            x = np.linalg.solve(factor, right[rows][:, :, None])
            x = np.linalg.solve(factor.transpose(0, 2, 1), x)[:, :, 0]
            held.append(x)
            top -= np.einsum("gij,gi->j", cross, x)
        if top.size:
            top = linalg.cho_solve((self.top, True), top, check_finite=False)
            result[self.upper] = top
        for (rows, factor, cross), x in zip(self.parts, held, strict=True):
            y = np.linalg.solve(factor, (cross @ top)[:, :, None])
            result[rows] = x - np.linalg.solve(factor.transpose(0, 2, 1), y)[:, :, 0]
        return result


class Normal:
    """The normal equations A D Aᵀ, factored block by block."""

    def __init__(
        self,
        matrix: sparse.csc_matrix,
        coupling: npt.NDArray[np.bool_],
        upper: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self.s = structure(matrix, coupling)
        self.a = matrix.tocsr()
        self.at = self.a.T.tocsr()
        m = np.diff(self.s.block_rows)
        p = np.diff(self.s.touched_start)
        self.factor_start = np.concatenate([[0], np.cumsum(m * m)])
        self.w_start = np.concatenate([[0], np.cumsum(m * p)])
        self.factors = np.empty(self.factor_start[-1])
        self.w = np.empty(self.w_start[-1])
        self.loose = self.a[self.s.coupling][:, self.s.loose]
        above = np.ones(self.s.coupling.size, dtype=bool) if upper is None else upper[self.s.coupling]
        self.top = Top(self.s, self.loose, above)

    def factor(self, d: Array, slack: Array, regular: float = 1e-13) -> None:
        """Factor for column weights `d` and slack weights `slack` (per row, 0 for equalities)."""
        s = self.s
        size = s.coupling.size
        schur = np.zeros((size, size))
        loose = self.loose @ sparse.diags(d[s.loose]) @ self.loose.T
        coo = sparse.tril(loose).tocoo()
        schur[coo.row, coo.col] += coo.data
        schur[np.arange(size), np.arange(size)] += slack[s.coupling]
        _factor(
            d, slack[s.local], s.block_rows, s.block_columns, s.columns, s.touched_start, s.touched,
            s.a_start, s.a_row, s.a_value, s.k_start, s.k_place, s.k_value,
            self.factor_start, self.w_start, self.factors, self.w, schur, regular,
        )  # fmt: skip
        diagonal = np.abs(np.diag(schur))
        shift = 1e-14
        self.d, self.slack = d, slack
        for _ in range(8):
            schur[np.arange(size), np.arange(size)] += shift * np.maximum(diagonal, 1e-30)
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
        low, top = right[s.local].copy(), right[s.coupling].copy()
        shape = (
            s.block_rows,
            s.touched_start,
            s.touched,
            self.factor_start,
            self.w_start,
            self.factors,
            self.w,
        )
        _forward(*shape, low, top)
        if top.size:
            top = self.top.solve(top)
        _backward(*shape, low, top)
        result = np.empty_like(right)
        result[s.local], result[s.coupling] = low, top
        return result

    def solve(self, right: Array, refine: int = 2) -> Array:
        """Return y with A D Aᵀ y = right, refined."""
        y = self._once(right)
        for _ in range(refine):
            left = right - self.multiply(y)
            if np.max(np.abs(left)) <= 1e-12 * np.max(np.abs(right), initial=1e-300):
                break
            y = y + self._once(left)
        return y
