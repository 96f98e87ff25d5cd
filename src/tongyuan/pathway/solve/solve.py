"""Solving with HiGHS: scaling, the choice of method, warm starts, rays, and writing the problem out."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongyuan.ledger.write.atomic import replacing
from tongyuan.pathway.problem.problem import Array, Problem
from tongyuan.pathway.solve.solution import Solution, Status, clean, scaled, scales

NOTHING = (1e-7, 1e-10, 1e-13)
"""Reduced costs and dual values below these, in the scale of the solver, are none: its own tolerance, and
less where that would give away cost."""

SAME = 1e-10
"""Relative difference below which two costs are one."""

NONE: Array = np.empty(0)
"""Row activities and dual values that were not asked for."""

Method = Literal["auto", "simplex", "ipm", "block"]


def choose(problem: Problem) -> str:
    """Return the method by problem class.

    On the coupled national world the dual simplex needs 2.3-3.6 s, the interior point of HiGHS 9-27 s: with
    the total activity of a technology as a column of its own, presolve turns share rows into bounds.
    Integer problems go to branch and cut, which starts from it too. The structured interior point
    (``block``, 0.6-0.9 s there) is chosen by name: its optimum is no vertex and starts no sweep.
    """
    return "mip" if problem.integer.any() else "simplex"


class Solver:
    """A problem handed to HiGHS, kept so that changed bounds and costs are solved from the last basis."""

    def __init__(self, problem: Problem, *, time_limit: float | None = None, scale: bool = True) -> None:
        self.problem = problem
        self.integer = bool(problem.integer.any())
        rows, columns = problem.matrix.shape
        ones = np.ones(rows), np.ones(columns)
        self.r, self.c = _whole_scales(problem) if scale else ones
        largest = np.max(np.abs(problem.cost * self.c), initial=0.0)
        self.o = float(np.exp2(-np.round(np.log2(largest)) + 10)) if largest > 0 else 1.0
        self.cost = problem.cost.copy()
        self.row_lower, self.row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        self.lower, self.upper = problem.lower.copy(), problem.upper.copy()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = self.cost * self.c * self.o
        model.col_lower_, model.col_upper_ = self.lower / self.c, self.upper / self.c
        model.row_lower_, model.row_upper_ = self.row_lower * self.r, self.row_upper * self.r
        matrix = scaled(problem.matrix, self.r, self.c)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix.indptr, matrix.indices, matrix.data,
        )  # fmt: skip
        if self.integer:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger if i else kinds.kContinuous for i in problem.integer]
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.set("output_flag", False)
        if time_limit is not None:
            self.set("time_limit", float(time_limit))
        self.highs.passModel(model)

    def set(self, option: str, value: Any) -> None:
        """Set an option of HiGHS."""
        self.highs.setOptionValue(option, value)

    def set_rows(self, rows: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> None:
        """Change the limits of some rows."""
        index = np.atleast_1d(np.asarray(rows)).astype(np.int32)
        moved = (self.row_lower[index] != lower) | (self.row_upper[index] != upper)
        if not moved.any():
            return
        self.row_lower[index], self.row_upper[index] = lower, upper
        index = index[moved]
        low, high = self.row_lower[index] * self.r[index], self.row_upper[index] * self.r[index]
        self.highs.changeRowsBounds(index.size, index, low, high)

    def set_columns(self, columns: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> None:
        """Change the limits of some columns."""
        index = np.atleast_1d(np.asarray(columns)).astype(np.int32)
        if np.array_equal(self.lower[index], lower) and np.array_equal(self.upper[index], upper):
            return
        self.lower[index], self.upper[index] = lower, upper
        low, high = self.lower[index] / self.c[index], self.upper[index] / self.c[index]
        self.highs.changeColsBounds(index.size, index, low, high)

    def set_entries(self, row: int, columns: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Change entries of one row of the matrix."""
        index = np.asarray(columns)
        scaled_values = np.asarray(values) * self.r[row] * self.c[index]
        for j, v in zip(index.tolist(), scaled_values.tolist(), strict=True):
            self.highs.changeCoeff(int(row), j, v)

    def set_cost(self, cost: Array) -> None:
        """Change the whole objective."""
        if np.array_equal(self.cost, cost):
            return
        self.cost = cost.copy()
        largest = np.max(np.abs(cost * self.c), initial=0.0)
        self.o = float(np.exp2(-np.round(np.log2(largest)) + 10)) if largest > 0 else 1.0
        index = np.arange(cost.size, dtype=np.int32)
        self.highs.changeColsCost(index.size, index, cost * self.c * self.o)

    def solve(self, method: Method | str = "simplex", *, prices: bool = True) -> Solution:
        """Solve; simplex starts from the basis of the solve before.

        Without `prices` the activities of rows and the dual values are left empty, which saves their time
        where a small problem is solved thousands of times.
        """
        self.set("solver", "ipm" if method == "ipm" else "choose" if self.integer else "simplex")
        self.highs.run()
        status = self.highs.getModelStatus()
        kinds = highspy.HighsModelStatus
        if status == kinds.kUnboundedOrInfeasible:
            self.set("presolve", "off")
            self.highs.run()
            self.set("presolve", "choose")
            status = self.highs.getModelStatus()
        found: Status = {
            kinds.kOptimal: "optimal", kinds.kInfeasible: "infeasible", kinds.kUnbounded: "unbounded",
            kinds.kUnboundedOrInfeasible: "infeasible",
        }.get(status, "limit")  # type: ignore[assignment]  # fmt: skip
        if found == "optimal" and self.integer:
            return self._duals_at_integers()
        return self._collect(found, str(method), prices)

    def on_face(self, start: Solution, objective: Array) -> Solution:
        """Return the least of another objective among the optima of the present one, of which `start` is one.

        There every column with a reduced cost and every row with a dual value stays where it is
        (complementary slackness). A small reduced cost on a large amount is money all the same, so the cost
        is looked at; where nothing keeps it, `start` is returned. Limits are put back; the objective stays
        the other one. `objective` of the result is that of the problem's cost.
        """
        cost, scale = self.cost.copy(), self.o
        for nothing in NOTHING:
            found = self._on_face(start, objective, nothing, scale)
            worth = float(cost @ found.x)
            if found.status == "optimal" and worth - start.objective <= SAME * abs(start.objective):
                return replace(found, objective=float(self.problem.cost @ found.x))
        return start

    def _on_face(self, start: Solution, objective: Array, nothing: float, scale: float) -> Solution:
        columns = np.flatnonzero(np.abs(start.reduced * self.c * scale) > nothing)
        rows = np.flatnonzero(np.abs(start.dual / self.r * scale) > nothing)
        low, high = self.lower[columns].copy(), self.upper[columns].copy()
        row_low, row_high = self.row_lower[rows].copy(), self.row_upper[rows].copy()
        at = _nearest(start.x[columns], low, high)
        self.set_columns(columns, at, at)
        at = _nearest(start.row[rows], row_low, row_high)
        self.set_rows(rows, at, at)
        self.set_cost(objective)
        found = self.solve()
        self.set_columns(columns, low, high)
        self.set_rows(rows, row_low, row_high)
        return found

    def _collect(self, status: Status, method: str, prices: bool = True) -> Solution:
        rows, columns = self.problem.matrix.shape
        solution = self.highs.getSolution()
        if status in ("infeasible", "unbounded") or len(solution.col_value) != columns:
            ray = None
            if status == "unbounded":
                self.set("presolve", "off")
                self.set("solver", "simplex")
                self.highs.run()
                exists = self.highs.getPrimalRay()
                self.set("presolve", "choose")
                if exists[1]:
                    ray = np.asarray(exists[2]) * self.c
            blank = np.full(columns, np.nan)
            objective = -np.inf if status == "unbounded" else np.nan
            return Solution(
                status,
                objective,
                blank,
                np.full(rows, np.nan),
                np.full(rows, np.nan),
                blank,
                0.0,
                method,
                ray,
            )
        x = clean(np.asarray(solution.col_value) * self.c, self.c)
        if not prices:
            return Solution(status, float(self.cost @ x), x, NONE, NONE, NONE, 0.0, method)
        dual = (
            np.asarray(solution.row_dual) * self.r / self.o if solution.dual_valid else np.full(rows, np.nan)
        )
        reduced = (
            np.asarray(solution.col_dual) / self.c / self.o
            if solution.dual_valid
            else np.full(columns, np.nan)
        )
        gap = float(self.highs.getInfo().mip_gap) if self.integer else 0.0
        row = np.asarray(self.problem.matrix @ x)
        return Solution(status, float(self.cost @ x), x, row, dual, reduced, gap, method)

    def _duals_at_integers(self) -> Solution:
        """Duals of an integer problem are those of the linear problem with its integers fixed."""
        whole = self._collect("optimal", "mip")
        index = np.flatnonzero(self.problem.integer).astype(np.int32)
        fixed = np.round(whole.x[index])
        low, high = self.lower.copy(), self.upper.copy()
        self.set_columns(index, fixed, fixed)
        continuous = np.full(index.size, 0, dtype=np.uint8)
        self.highs.changeColsIntegrality(index.size, index, continuous)
        self.set("solver", "simplex")
        self.highs.run()
        solution = self.highs.getSolution()
        x = clean(np.asarray(solution.col_value) * self.c, self.c)
        dual = np.asarray(solution.row_dual) * self.r / self.o
        reduced = np.asarray(solution.col_dual) / self.c / self.o
        self.highs.changeColsIntegrality(index.size, index, np.full(index.size, 1, dtype=np.uint8))
        self.set_columns(index, low[index], high[index])
        return Solution(
            "optimal",
            float(self.cost @ x),
            x,
            np.asarray(self.problem.matrix @ x),
            dual,
            reduced,
            whole.gap,
            "mip",
        )


def _nearest(value: Array, low: Array, high: Array) -> Array:
    """Return the bound each value stands at."""
    return np.where(np.abs(value - low) <= np.abs(high - value), low, high)


def _whole_scales(problem: Problem) -> tuple[Array, Array]:
    """Return scales of rows and columns that look at the limits of rows and at costs beside the entries.

    A flow of a thousand million kWh at a tenth of a fen would else be nothing beside a works of as many yuan.
    """
    bounds = (problem.row_lower, problem.row_upper)
    limit = np.maximum(*(np.where(np.isfinite(b), np.abs(b), 0.0) for b in bounds))
    whole = sparse.vstack(
        [
            sparse.hstack([problem.matrix, sparse.csc_matrix(limit[:, None])]),
            sparse.hstack([sparse.csc_matrix(problem.cost[None, :]), sparse.csc_matrix((1, 1))]),
        ],
        format="csc",
    )
    row, column = scales(whole, np.append(problem.integer, False))
    common = 1.0 if problem.integer.any() else column[-1]
    return row[:-1] * common, column[:-1] / common


def least_emission(solver: Solver, start: Solution) -> Solution:
    """Return of all optima of the cost the one with the least emissions, with the dual values of `start`.

    The emissions of every species count in parts of their sum in `start`. Among plans of equal cost the
    choice then does not hang on the order of rows or the units of a table.
    """
    emission = solver.problem.columns["kind"] == "emission"
    if start.status != "optimal" or solver.integer or not emission.any():
        return start
    column = np.flatnonzero(emission.to_numpy())
    species = solver.problem.columns["s"].to_numpy()[column]
    total = np.bincount(species, weights=np.abs(start.x[column]))[species]
    objective = np.zeros(start.x.size)
    objective[column] = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
    found = solver.on_face(start, objective)
    if found.status != "optimal":
        return start
    return replace(found, dual=start.dual, reduced=start.reduced, method=start.method)


def solve(problem: Problem, method: Method = "auto", time_limit: float | None = None) -> Solution:
    """Solve `problem` once; of the plans of least cost return the one with the least emissions.

    Parameters
    ----------
    method
        ``auto`` chooses by problem class (:func:`choose`); ``block`` is the structured interior point of
        :mod:`tongyuan.pathway.solve.block`, checked by its own duality gap.
    """
    if method == "block":
        from tongyuan.pathway.solve.block import solve_block

        return solve_block(problem)
    solver = Solver(problem, time_limit=time_limit)
    found = solver.solve(choose(problem) if method == "auto" else method)
    return found if method == "ipm" else least_emission(solver, found)


def write(problem: Problem, path: Path) -> None:
    """Write the problem with its names as MPS or LP (by the suffix of `path`) for any other solver."""
    solver = Solver(problem, scale=False)
    solver.o = 1.0
    index = np.arange(problem.cost.size, dtype=np.int32)
    solver.highs.changeColsCost(index.size, index, problem.cost)
    for row, label in enumerate(problem.rows.to_dicts()):
        solver.highs.passRowName(row, _plain(f"r{row}_{problem.label(label)}"))
    for column, label in enumerate(problem.columns.to_dicts()):
        solver.highs.passColName(column, _plain(f"c{column}_{problem.label(label)}"))
    with replacing(path) as temporary:
        written = solver.highs.writeModel(str(temporary))
        if written == highspy.HighsStatus.kError:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def _plain(name: str) -> str:
    """Return a name every file format takes: letters, digits, dot and underscore."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", name)
