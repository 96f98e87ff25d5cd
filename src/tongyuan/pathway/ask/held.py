"""A problem kept in the solver, which is solved again after a change of a target, a price, any number."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.finding import finding, require
from tongyuan.pathway.ask.least_cost import finish
from tongyuan.pathway.audit import Evaluate
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.money import in_one_money
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.solve.solution import Solution
from tongyuan.pathway.solve.solve import Solver, choose, least_emission

FEW = 0.05
"""Share of the entries of a matrix that may differ for it to be changed in place."""


class Held:
    """A case whose problem stays in the solver.

    Every change of its numbers is solved from the basis of the solve before, so that a slider is answered at
    once. The tables are read anew each time and nothing is taken from the last answer but the basis: a plan
    is the same as one made from nothing.
    """

    def __init__(self, case: Case, *, species: list[str] | None = None, evaluate: Evaluate | None = None):
        self.start = self.case = case
        self.species, self.evaluate = species, evaluate
        self.problem = self.first = assemble(case, species)
        self.solver = Solver(self.problem)
        self.warm = False

    def plan(self, scenario: str = "", *, explain: bool = True) -> Plan:
        """Return the plan of least cost of the case as it is now; audited like any other.

        Raises
        ------
        FindingError
            If the targets conflict and `explain` is set.
        """
        return finish(self.problem, self.solution(), scenario, self.evaluate, explain)

    def solution(self) -> Solution:
        """Return the least cost of the case as it is now: no tables and no audit, for what only compares."""
        self.solver.set_cost(self.problem.cost)
        found = least_emission(self.solver, self.solver.solve(choose(self.problem)))
        self.warm = True
        return found

    def bound(self, target: str, bound: float, year: int | None = None) -> None:
        """Set the bound of a target (of its row of one year when `year` is given), in its own unit."""
        rows = self.case["target"]
        here = pl.col("target") == target
        if year is not None:
            here &= pl.col("year") == year
        self._known("target", target, rows.filter(here))
        self.change(target=rows.with_columns(bound=pl.when(here).then(bound).otherwise("bound")))

    def price(self, flow: str, times: float, direction: str = "purchase", node: str = "") -> None:
        """Multiply the price of a flow as it was at the start by `times`."""
        self._times("price", "flow", flow, ("value",), times, direction=direction, node=node)

    def tax(self, tax: str, times: float) -> None:
        """Multiply a tax or carbon price as it was at the start by `times`."""
        self._times("tax", "tax", tax, ("value",), times)

    def cost(self, technology: str, times: float) -> None:
        """Multiply capital and fixed cost of a technology as they were at the start by `times`."""
        self._times("technology_option", "technology", technology, ("cost_capital", "cost_fixed"), times)

    def demand(self, flow: str, times: float) -> None:
        """Multiply the demand of a flow as it was at the start by `times`."""
        self._times("demand", "flow", flow, ("value",), times)

    def back(self) -> None:
        """Take back every change."""
        self._bring(self.start, self.first)

    def change(self, **tables: pl.DataFrame) -> None:
        """Put other tables in place of those of the same name; their costs are brought to the one money."""
        self._take(in_one_money(self.case.with_tables(**tables))[0])

    def _times(
        self, table: str, column: str, name: str, columns: tuple[str, ...], times: float, **at: str
    ) -> None:
        rows, first = self.case[table], self.start[table]
        here = pl.col(column) == name
        for key, value in at.items():
            here &= (pl.col(key) == value) if value else pl.lit(True)
        self._known(table, name, first.filter(here))
        if first.height != rows.height:
            first = rows
        self.change(
            **{table: rows.with_columns(
                pl.when(first.select(here).to_series()).then(first[c] * times).otherwise(rows[c]).alias(c)
                for c in columns
            )}
        )  # fmt: skip

    def _known(self, table: str, name: str, rows: pl.DataFrame) -> None:
        if rows.is_empty():
            require([finding("pathway", "held_unknown", sheet=table, name=name, table=table)])

    def _take(self, case: Case) -> None:
        self._bring(case, assemble(case, self.species))

    def _bring(self, case: Case, problem: Problem) -> None:
        """Bring the solver to another case; where too much of it differs, it starts anew."""
        old = self.problem
        self.case, self.problem = case, problem
        entries = _entries(old, problem)
        if entries is None:
            self.solver, self.warm = Solver(problem), False
            return
        solver = self.solver
        rows = np.flatnonzero((old.row_lower != problem.row_lower) | (old.row_upper != problem.row_upper))
        solver.set_rows(rows, problem.row_lower[rows], problem.row_upper[rows])
        columns = np.flatnonzero((old.lower != problem.lower) | (old.upper != problem.upper))
        solver.set_columns(columns, problem.lower[columns], problem.upper[columns])
        place = np.repeat(np.arange(problem.matrix.shape[1]), np.diff(problem.matrix.indptr))
        for i in entries:
            row = int(problem.matrix.indices[i])
            solver.set_entries(row, [int(place[i])], [float(problem.matrix.data[i])])
        solver.problem = problem


def _entries(old: Problem, new: Problem) -> Any:
    """Return which entries of the matrix differ; None where rows, columns or too many entries do."""
    a, b = old.matrix, new.matrix
    same = (
        a.shape == b.shape
        and a.nnz == b.nnz
        and old.columns.equals(new.columns)
        and old.rows.equals(new.rows)
    )
    if not same or not np.array_equal(old.integer, new.integer):
        return None
    if not (np.array_equal(a.indptr, b.indptr) and np.array_equal(a.indices, b.indices)):
        return None
    found = np.flatnonzero(a.data != b.data)
    return found if found.size <= FEW * a.nnz else None
