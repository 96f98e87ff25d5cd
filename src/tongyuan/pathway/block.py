r"""An interior point method that uses the structure of a plan.

Given prices of emissions, every source chooses among its options on its own. So the rows fall into
*coupling* rows (emissions, targets) and *local* rows, and without the coupling rows the problem falls
apart into many small blocks. Of the normal equations

.. math::
    \begin{pmatrix} M & C^T \\ C & K \end{pmatrix} \begin{pmatrix} \Delta y_l \\ \Delta y_c \end{pmatrix},
    \qquad M = \mathrm{diag}(M_1, M_2, \dots)

each small :math:`M_i` is factored by itself and only the Schur complement
:math:`K - \sum_i C_i M_i^{-1} C_i^T`, no larger than the coupling rows, is factored further: rows of a node
and year by themselves, then the rows of the targets they share. The iteration is Mehrotra's
predictor-corrector
(S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J. Optimization 2 (1992)
575-601). It checks itself by its own duality gap; HiGHS remains the default and the reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongyuan.pathway.normal import Normal, StructureError
from tongyuan.pathway.problem import Array, Index, Problem
from tongyuan.pathway.solution import Solution, scales

COUPLING = ("emission", "target", "objective", "budget", "measure")
UPPER = ("target", "objective", "budget", "measure")


@dataclass(frozen=True)
class Reduced:
    """What is left when rows with one open entry have become bounds, and how to undo that."""

    lower: Array
    upper: Array
    stay: npt.NDArray[np.bool_]
    fixed: npt.NDArray[np.bool_]
    passes: list[tuple[Index, Index, Array, Array, Array]]


def reduce_singletons(problem: Problem, passes: int = 8) -> Reduced:
    """Turn rows with one entry among the columns not yet fixed into bounds, again and again.

    A demand met by one technology fixes its activity; its share limits then are bounds. Each pass is kept as
    ``rows, columns, coefficients, implied lower, implied upper`` for the way back.
    """
    rows = problem.matrix.tocsr()
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lower, upper = problem.lower.copy(), problem.upper.copy()
    stay = np.ones(rows.shape[0], dtype=bool)
    kept: list[Any] = []
    for _ in range(passes):
        fixed = lower == upper
        open_entry = ~fixed[rows.indices] & (rows.data != 0.0)
        count = np.bincount(row_of[open_entry], minlength=rows.shape[0])
        single = open_entry & (count == 1)[row_of] & stay[row_of]
        entries = np.flatnonzero(single)
        if not entries.size:
            break
        row, column, value = row_of[entries], rows.indices[entries], rows.data[entries]
        rest = (rows @ np.where(fixed, lower, 0.0))[row]
        low, high = (problem.row_lower[row] - rest) / value, (problem.row_upper[row] - rest) / value
        low, high = np.where(value > 0.0, low, high), np.where(value > 0.0, high, low)
        np.maximum.at(lower, column, low)
        np.minimum.at(upper, column, high)
        stay[row] = False
        kept.append((row, column, value, low, high))
    fixed = lower == upper
    open_entry = ~fixed[rows.indices]
    stay &= np.bincount(row_of[open_entry], minlength=rows.shape[0]) > 0
    return Reduced(lower, upper, stay, fixed, kept)


def _duals_back(problem: Problem, reduced: Reduced, dual: Array, x: Array) -> Array:
    """Give rows that had become bounds the dual of the bound, last pass first."""
    for row, column, value, low, high in reversed(reduced.passes):
        left = problem.cost - problem.matrix.T @ dual
        bound = np.where(left[column] >= 0.0, low, high)
        binding = np.isfinite(bound) & (np.abs(bound - x[column]) <= 1e-6 * (1.0 + np.abs(x[column])))
        # where several rows bind one column, the first bears the price
        first = np.unique(np.where(binding, column, -1 - np.arange(column.size)), return_index=True)[1]
        chosen = first[binding[first]]
        inside = (left[column] >= 0.0) & (problem.lower[column] >= low) & (low != high)
        inside |= (left[column] < 0.0) & (problem.upper[column] <= high) & (low != high)
        chosen = chosen[~inside[chosen]]
        dual[row[chosen]] = (left[column] / value)[chosen]
    return dual


def solve_block(problem: Problem, tolerance: float = 1e-9, iterations: int = 200) -> Solution:
    """Solve `problem` by the structured interior point.

    Parameters
    ----------
    tolerance
        Relative primal and dual infeasibility and duality gap at which to stop.

    Returns
    -------
    Solution
        Its ``gap`` is the relative duality gap reached. Status ``limit`` when the tolerance was not reached
        (as for infeasible problems): then ask HiGHS.

    Raises
    ------
    StructureError
        If the problem does not fall apart into small blocks or has integer columns.
    """
    if problem.integer.any():
        raise StructureError("integer columns")
    reduced = reduce_singletons(problem)
    stay, go = reduced.stay, ~reduced.fixed
    blank = np.full(problem.matrix.shape[1], np.nan)
    if np.any(reduced.lower > reduced.upper + 1e-9 * (1.0 + np.abs(reduced.upper))):
        none = np.full(stay.size, np.nan)
        return Solution("infeasible", np.nan, blank, none, none, blank, np.inf, "block")
    upper = np.maximum(reduced.upper, reduced.lower)
    rows = problem.matrix.tocsr()[stay]
    matrix = rows.tocsc()[:, np.flatnonzero(go)]
    held = rows @ np.where(go, 0.0, reduced.lower)
    kinds = problem.rows["kind"].to_numpy()[stay]
    r, c = scales(matrix, problem.integer[go])
    a = sparse.csc_matrix(sparse.diags(r) @ matrix @ sparse.diags(c))
    low, high = (problem.row_lower[stay] - held) * r, (problem.row_upper[stay] - held) * r
    equal = low == high
    size = float(np.median(np.abs(low[equal & (low != 0.0)]))) if (equal & (low != 0.0)).any() else 1.0
    price = problem.cost[go] * c
    unit = float(np.max(np.abs(price), initial=0.0)) or 1.0
    state = _Iterate(
        a, price / unit, reduced.lower[go] / c / size, upper[go] / c / size, low / size, high / size,
        np.isin(kinds, COUPLING), np.isin(kinds, UPPER),
    )  # fmt: skip
    done = state.run(tolerance, iterations)
    x = reduced.lower.copy()
    x[go] = state.v[: a.shape[1]] * c * size
    dual = np.zeros(stay.size)
    dual[stay] = state.y * r * unit
    dual = _duals_back(problem, reduced, dual, x)
    return Solution(
        "optimal" if done else "limit", float(problem.cost @ x), x, np.asarray(problem.matrix @ x), dual,
        problem.cost - problem.matrix.T @ dual, state.gap, "block",
    )  # fmt: skip


def _dot(a: Array, b: Array) -> float:
    """Return the inner product without the threads of BLAS, which wait for each other on busy machines."""
    return float(np.einsum("i,i->", a, b))


class _Iterate:
    """Primal and dual values of columns and slacks, and the steps between them."""

    def __init__(
        self, a: sparse.csc_matrix, cost: Array, lower: Array, upper: Array, row_lower: Array,
        row_upper: Array,
        coupling: npt.NDArray[np.bool_], upper_rows: npt.NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.normal = Normal(a, coupling, upper_rows)
        self.a, self.at = self.normal.a, self.normal.at
        self.m, self.n = a.shape
        self.slack = np.flatnonzero(row_lower != row_upper)
        self.b = np.where(row_lower == row_upper, row_lower, 0.0)
        self.c = np.concatenate([cost, np.zeros(self.slack.size)])
        self.l = np.concatenate([lower, row_lower[self.slack]])
        self.u = np.concatenate([upper, row_upper[self.slack]])
        self.has_l, self.has_u = np.isfinite(self.l), np.isfinite(self.u)
        self.fixed = self.l == self.u
        self.free = ~self.has_l & ~self.has_u
        self.gap = np.inf
        self.start()

    def product(self, v: Array) -> Array:
        result = np.asarray(self.a @ v[: self.n])
        result[self.slack] -= v[self.n :]
        return result

    def transposed(self, y: Array) -> Array:
        return np.concatenate([self.at @ y, -y[self.slack]])

    def weigh(self, d: Array) -> None:
        row = np.zeros(self.m)
        row[self.slack] = d[self.n :]
        self.normal.factor(d[: self.n], row)

    def start(self) -> None:
        self.v = np.where(self.has_l, self.l, np.where(self.has_u, self.u, 0.0))
        free = np.where(self.fixed, 0.0, 1.0)
        self.weigh(free)
        step = self.transposed(self.normal.solve(self.b - self.product(self.v))) * free
        v = self.v + step
        width = np.where(self.has_l & self.has_u, self.u - self.l, np.inf)
        reach = np.maximum(np.median(np.abs(step[step != 0.0])) if (step != 0.0).any() else 1.0, 1e-2)
        margin = np.minimum(reach, 0.25 * width)
        v = np.where(self.has_l, np.maximum(v, self.l + margin), v)
        v = np.where(self.has_u, np.minimum(v, self.u - margin), v)
        self.v = np.where(self.fixed, self.l, v)
        self.y = self.normal.solve(self.product(self.c * free))
        z = self.c - self.transposed(self.y)
        level = max(float(np.mean(np.abs(z))), 1e-2)
        self.zl = np.where(self.has_l & ~self.fixed, np.maximum(z, 0.0) + level, 0.0)
        self.zu = np.where(self.has_u & ~self.fixed, np.maximum(-z, 0.0) + level, 0.0)

    def run(self, tolerance: float, iterations: int) -> bool:
        """Iterate until the tolerance is reached; tell whether it was."""
        lows, highs = self.has_l & ~self.fixed, self.has_u & ~self.fixed
        count = max(int(lows.sum() + highs.sum()), 1)
        b_size = 1.0 + float(np.max(np.abs(self.b), initial=0.0))
        c_size = 1.0 + float(np.max(np.abs(self.c), initial=0.0))
        best = np.inf
        for _ in range(iterations):
            p = np.where(lows, self.v - self.l, 1.0)
            q = np.where(highs, self.u - self.v, 1.0)
            primal = self.b - self.product(self.v)
            dual = np.where(self.fixed, 0.0, self.c - self.transposed(self.y) - self.zl + self.zu)
            mu = (_dot(p[lows], self.zl[lows]) + _dot(q[highs], self.zu[highs])) / count
            value = _dot(self.c, self.v)
            self.gap = mu * count / (1e-12 + abs(value))
            worst = max(
                float(np.max(np.abs(primal))) / b_size, float(np.max(np.abs(dual))) / c_size, self.gap
            )
            if worst <= tolerance:
                return True
            if not np.isfinite(worst) or worst > 1e6 * best:
                return False
            best = min(best, worst)
            theta = self.zl / p + self.zu / q
            theta = np.where(self.free, 1e-8, np.maximum(theta, 1e-18))
            d = np.where(self.fixed, 0.0, 1.0 / theta)
            self.weigh(d)
            affine = self._direction(primal, dual, -p * self.zl, -q * self.zu, p, q, d, lows, highs)
            ap, ad = self._lengths(affine, p, q, lows, highs, 1.0)
            dv, _, dl, du = affine
            after = _dot((p + ap * dv)[lows], (self.zl + ad * dl)[lows])
            after += _dot((q - ap * dv)[highs], (self.zu + ad * du)[highs])
            sigma = max(min((float(after) / count / max(mu, 1e-300)) ** 3, 1.0), 1e-8)
            center_l = sigma * mu - p * self.zl - dv * dl
            center_u = sigma * mu - q * self.zu + dv * du
            step = self._direction(primal, dual, center_l, center_u, p, q, d, lows, highs)
            ap, ad = self._lengths(step, p, q, lows, highs, max(0.9, 1.0 - 10.0 * mu) if mu < 1e-2 else 0.95)
            dv, dy, dl, du = step
            self.v = self.v + ap * dv
            self.y = self.y + ad * dy
            self.zl = np.where(lows, self.zl + ad * dl, 0.0)
            self.zu = np.where(highs, self.zu + ad * du, 0.0)
        return False

    def _direction(
        self, primal: Array, dual: Array, rl: Array, ru: Array, p: Array, q: Array, d: Array,
        lows: npt.NDArray[np.bool_], highs: npt.NDArray[np.bool_],
    ) -> tuple[Array, Array, Array, Array]:  # fmt: skip
        h = dual - np.where(lows, rl / p, 0.0) + np.where(highs, ru / q, 0.0)
        dy = self.normal.solve(primal + self.product(d * h))
        dv = d * (self.transposed(dy) - h)
        dl = np.where(lows, (rl - self.zl * dv) / p, 0.0)
        du = np.where(highs, (ru + self.zu * dv) / q, 0.0)
        return dv, dy, dl, du

    def _lengths(
        self, step: tuple[Array, Array, Array, Array], p: Array, q: Array,
        lows: npt.NDArray[np.bool_], highs: npt.NDArray[np.bool_], share: float,
    ) -> tuple[float, float]:  # fmt: skip
        dv, _, dl, du = step

        def reach(value: Array, change: Array) -> float:
            falling = change < 0.0
            return float(np.min(-value[falling] / change[falling], initial=np.inf))

        primal = min(reach(p[lows], dv[lows]), reach(q[highs], -dv[highs]))
        dual = min(reach(self.zl[lows], dl[lows]), reach(self.zu[highs], du[highs]))
        return min(1.0, share * primal), min(1.0, share * dual)
