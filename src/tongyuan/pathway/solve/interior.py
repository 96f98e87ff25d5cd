r"""Mehrotra's predictor-corrector for any normal equations.

.. math:: \min c^T v, \qquad A x - s = b, \qquad l \le v = (x, s) \le u,

with a slack :math:`s` in every row that is not an equality. Each pass over the vectors is one compiled loop.

S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J. Optimization 2 (1992)
575-601.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numba import njit
from scipy import sparse

from tongyuan.pathway.problem.problem import Array

REFINE = 2
FREE = 1e-8
"""Weight of a column without limits."""


class NormalEquations(Protocol):
    """What the iteration asks of the linear algebra: products, a factorisation and solves."""

    a: sparse.csr_matrix
    at: sparse.csr_matrix

    def factor(self, d: Array, slack: Array) -> None:
        """Factor A D Aᵀ plus the slack weights of the rows."""

    def solve(self, right: Array, refine: int) -> Array:
        """Return the solution for one right-hand side, refined up to `refine` times."""


@njit(cache=True)
def _weigh(state: Any, left: Any, dual: Any, d: Any) -> tuple[float, float]:
    """Fill dual residuals and column weights; return complementarity and the largest residual."""
    v, low, up, zl, zu = state
    total, most = 0.0, 0.0
    for j in range(v.size):
        weight = 0.0
        if zl[j] > 0.0:
            total += (v[j] - low[j]) * zl[j]
            weight += zl[j] / (v[j] - low[j])
        if zu[j] > 0.0:
            total += (up[j] - v[j]) * zu[j]
            weight += zu[j] / (up[j] - v[j])
        dual[j] = left[j] - zl[j] + zu[j]
        most = max(most, abs(dual[j]))
        d[j] = 1.0 / max(weight, 1e-18) if weight > 0.0 else 1.0 / FREE
    return total, most


@njit(cache=True)
def _aim(state: Any, mu: float, step: Any, tl: Any, tu: Any) -> None:
    """Fill what the products of distances and dual values shall change by; `step` gives second order."""
    v, low, up, zl, zu = state
    dv, dl, du = step
    for j in range(v.size):
        tl[j] = mu - (v[j] - low[j]) * zl[j] - dv[j] * dl[j] if zl[j] > 0.0 else 0.0
        tu[j] = mu - (up[j] - v[j]) * zu[j] + dv[j] * du[j] if zu[j] > 0.0 else 0.0


@njit(cache=True)
def _bend(state: Any, dual: Any, tl: Any, tu: Any, d: Any, h: Any, dh: Any) -> None:
    """Fill the reduced dual residual `h` and its product with the weights."""
    v, low, up, zl, zu = state
    for j in range(v.size):
        value = dual[j]
        if zl[j] > 0.0:
            value -= tl[j] / (v[j] - low[j])
        if zu[j] > 0.0:
            value += tu[j] / (up[j] - v[j])
        h[j] = value
        dh[j] = d[j] * value


@njit(cache=True)
def _move(state: Any, tl: Any, tu: Any, d: Any, h: Any, w: Any, step: Any) -> tuple[float, float]:
    """Fill the step of columns and dual values; return how far each may go to a limit, at most 1."""
    v, low, up, zl, zu = state
    dv, dl, du = step
    primal, dual = 1.0, 1.0
    for j in range(v.size):
        move = d[j] * (w[j] - h[j])
        dv[j] = move
        dl[j] = du[j] = 0.0
        if zl[j] > 0.0:
            distance = 1.0 / (v[j] - low[j])
            dl[j] = (tl[j] - zl[j] * move) * distance
            primal = max(primal, -move * distance)
            dual = max(dual, -dl[j] / zl[j])
        if zu[j] > 0.0:
            distance = 1.0 / (up[j] - v[j])
            du[j] = (tu[j] + zu[j] * move) * distance
            primal = max(primal, move * distance)
            dual = max(dual, -du[j] / zu[j])
    return 1.0 / primal, 1.0 / dual


@njit(cache=True)
def _after(state: Any, step: Any, primal: float, dual: float) -> float:
    """Return the complementarity after a step of these lengths."""
    v, low, up, zl, zu = state
    dv, dl, du = step
    total = 0.0
    for j in range(v.size):
        if zl[j] > 0.0:
            total += (v[j] + primal * dv[j] - low[j]) * (zl[j] + dual * dl[j])
        if zu[j] > 0.0:
            total += (up[j] - v[j] - primal * dv[j]) * (zu[j] + dual * du[j])
    return total


@njit(cache=True)
def _go(state: Any, step: Any, primal: float, dual: float) -> None:
    """Take the step in place; rounding never puts a column on its limit."""
    v, low, up, zl, zu = state
    dv, dl, du = step
    for j in range(v.size):
        v[j] += primal * dv[j]
        if zl[j] > 0.0:
            zl[j] += dual * dl[j]
            v[j] = max(v[j], low[j] + 1e-15 * (1.0 + abs(low[j])))
        if zu[j] > 0.0:
            zu[j] += dual * du[j]
            v[j] = min(v[j], up[j] - 1e-15 * (1.0 + abs(up[j])))


class Iterate:
    """Values of columns and slacks, dual values of rows and limits, and the steps between them.

    Parameters
    ----------
    normal
        The linear algebra of the matrix, shape (m, n).
    cost, lower, upper
        Of the columns, shape (n,); no column is fixed.
    row_lower, row_upper
        Of the rows, shape (m,).
    """

    def __init__(
        self, normal: NormalEquations, cost: Array, lower: Array, upper: Array, row_lower: Array,
        row_upper: Array,
    ) -> None:  # fmt: skip
        self.normal = normal
        self.a, self.at = normal.a, normal.at
        self.m, self.n = self.a.shape
        self.slack = np.flatnonzero(row_lower != row_upper)
        self.b = np.where(row_lower == row_upper, row_lower, 0.0)
        self.c = np.concatenate([cost, np.zeros(self.slack.size)])
        self.low = np.concatenate([lower, row_lower[self.slack]])
        self.up = np.concatenate([upper, row_upper[self.slack]])
        self.gap = np.inf
        self.iterations = 0
        self._start()

    def product(self, v: Array) -> Array:
        """Return A x - s."""
        result = np.asarray(self.a @ v[: self.n])
        result[self.slack] -= v[self.n :]
        return result

    def transposed(self, y: Array) -> Array:
        """Return the transposed product, for columns and slacks."""
        return np.concatenate([self.at @ y, -y[self.slack]])

    def _factor(self, d: Array) -> None:
        row = np.zeros(self.m)
        row[self.slack] = d[self.n :]
        self.normal.factor(d[: self.n], row)

    def _start(self) -> None:
        has_low, has_up = np.isfinite(self.low), np.isfinite(self.up)
        middle = np.where(has_low & has_up, 0.5, 1.0)
        v = middle * (np.where(has_low, self.low, 0.0) + np.where(has_up, self.up, 0.0))
        self._factor(np.ones(v.size))
        step = self.transposed(self.normal.solve(self.b - self.product(v), REFINE))
        v += step
        moved = np.abs(step[step != 0.0])
        reach = max(float(np.median(moved)) if moved.size else 1.0, 1e-2)
        margin = np.minimum(reach, 0.25 * (self.up - self.low))
        v = np.where(has_low, np.maximum(v, self.low + margin), v)
        self.v = np.where(has_up, np.minimum(v, self.up - margin), v)
        self.y = self.normal.solve(self.product(self.c), REFINE)
        z = self.c - self.transposed(self.y)
        level = max(float(np.mean(np.abs(z))), 1e-2)
        self.zl = np.where(has_low, np.maximum(z, 0.0) + level, 0.0)
        self.zu = np.where(has_up, np.maximum(-z, 0.0) + level, 0.0)

    def run(self, tolerance: float, most: int) -> bool:
        """Iterate until residuals and gap are below `tolerance`; tell whether they are."""
        size = self.c.size
        count = max(int(np.count_nonzero(self.zl) + np.count_nonzero(self.zu)), 1)
        b_size = 1.0 + float(np.max(np.abs(self.b), initial=0.0))
        c_size = 1.0 + float(np.max(np.abs(self.c), initial=0.0))
        dual, d, h, dh, tl, tu = (np.empty(size) for _ in range(6))
        step = np.zeros((3, size))
        state = self.v, self.low, self.up, self.zl, self.zu
        left = self.c - self.transposed(self.y)
        best, expected, refine = np.inf, np.inf, 0

        def direction() -> tuple[float, float, Array, Array]:
            _bend(state, dual, tl, tu, d, h, dh)
            dy = self.normal.solve(primal + self.product(dh), refine)
            across = self.transposed(dy)
            return (*_move(state, tl, tu, d, h, across, step), dy, across)

        for self.iterations in range(most):
            primal = self.b - self.product(self.v)
            total, dual_most = _weigh(state, left, dual, d)
            mu = total / count
            self.gap = total / (1e-3 + abs(float(np.einsum("i,i->", self.c, self.v))))
            short = float(np.max(np.abs(primal))) / b_size
            # solves are refined once the rows are not met as well as the step promised
            refine = REFINE if short > expected + 0.1 * tolerance else refine
            worst = max(short, dual_most / c_size, self.gap)
            if worst <= tolerance:
                return True
            if not np.isfinite(worst) or worst > 1e6 * best:
                return False
            best = min(best, worst)
            self._factor(d)
            step[:] = 0.0
            _aim(state, 0.0, step, tl, tu)
            primal_reach, dual_reach, *_ = direction()
            after = _after(state, step, primal_reach, dual_reach) / count
            sigma = max(min((after / max(mu, 1e-300)) ** 3, 1.0), 1e-8)
            _aim(state, sigma * mu, step, tl, tu)
            primal_reach, dual_reach, dy, across = direction()
            share = max(0.9, 1.0 - 10.0 * mu) if mu < 1e-2 else 0.95
            expected = (1.0 - share * primal_reach) * short
            _go(state, step, share * primal_reach, share * dual_reach)
            self.y += share * dual_reach * dy
            left -= share * dual_reach * across
        return False
