r"""An interior point method that uses the structure of a plan.

Given prices of emissions, every source chooses among its options on its own. So the rows fall into
*coupling* rows (emissions, targets) and *local* rows, and without the coupling rows the problem falls
apart into many small blocks. Where a node is one block (time slices, a flow that many technologies use) its
balances and reserves couple as well. Of the normal equations

.. math::
    \begin{pmatrix} M & C^T \\ C & K \end{pmatrix} \begin{pmatrix} \Delta y_l \\ \Delta y_c \end{pmatrix},
    \qquad M = \mathrm{diag}(M_1, M_2, \dots)

each small :math:`M_i` is factored by itself and only the Schur complement
:math:`K - \sum_i C_i M_i^{-1} C_i^T`, no larger than the coupling rows, is factored further: rows of a node
and year by themselves, then the rows of the targets they share (:mod:`tongyuan.pathway.solve.normal`). The
method checks itself by its own duality gap; HiGHS remains the default and the reference.
"""

from __future__ import annotations

import numpy as np

from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.solve.interior import Iterate
from tongyuan.pathway.solve.normal import Normal, StructureError
from tongyuan.pathway.solve.reduce import duals_back, reduce
from tongyuan.pathway.solve.solution import Solution, clean, scaled, scales

COUPLING = ("emission", "target", "objective", "budget", "measure")
UPPER = ("target", "objective", "budget", "measure")
SHARED = ("balance", "reserve")
"""Rows that many technologies of a node meet: they couple too where blocks are too large without."""


def solve_block(problem: Problem, tolerance: float = 1e-8, iterations: int = 200) -> Solution:
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
    left = reduce(problem)
    rows, columns = problem.matrix.shape
    if not left.feasible:
        none, blank = np.full(rows, np.nan), np.full(columns, np.nan)
        return Solution("infeasible", np.nan, blank, none, none, blank, np.inf, "block")
    kind = problem.rows["kind"]
    few, many, upper = (
        kind.is_in(names).to_numpy()[left.rows] for names in (COUPLING, (*COUPLING, *SHARED), UPPER)
    )
    r, c = scales(left.matrix, problem.integer[left.columns], rounds=1)
    a = scaled(left.matrix, r, c)
    low, high = left.row_lower * r, left.row_upper * r
    equal = (low == high) & (low != 0.0)
    bounds = np.abs(low[equal] if equal.any() else np.concatenate([low, high]))
    bounds = bounds[np.isfinite(bounds) & (bounds > 0.0)]
    size = float(np.median(bounds)) if bounds.size else 1.0
    price = problem.cost[left.columns] * c
    unit = float(np.max(np.abs(price), initial=0.0)) or 1.0
    try:
        normal = Normal(a, few, upper)
    except StructureError:
        normal = Normal(a, many, upper)
    state = Iterate(
        normal,
        price / unit, left.lower / c / size, left.upper / c / size, low / size, high / size,
    )  # fmt: skip
    done = state.run(tolerance, iterations)
    x = left.value.copy()
    x[left.columns] = clean(state.v[: state.n] * c * size, c)
    dual = duals_back(problem, left, state.y * r * unit, x)
    return Solution(
        "optimal" if done else "limit", float(problem.cost @ x), x, np.asarray(problem.matrix @ x), dual,
        problem.cost - problem.matrix.T @ dual, state.gap, "block",
    )  # fmt: skip
