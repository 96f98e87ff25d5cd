"""Many solves of one problem: Pareto front, budget and near-optimal plans, each from the basis before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.least_cost import finish
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan, measure_rows
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import assemble, with_rows
from tongyuan.pathway.problem.problem import Array, Problem
from tongyuan.pathway.solve.solution import Solution
from tongyuan.pathway.solve.solve import Solver

INFINITY = np.inf
Objective = tuple[str, str]
"""Kind and name of a quantity, such as ``("emission", "CO2e")``; summed over the periods with their years."""


def total_vector(problem: Problem, objective: Objective, scope: str = "") -> pl.DataFrame:
    """Return a quantity summed over all periods (with the years they represent) as ``column, weight``."""
    case = problem.case
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    parts = []
    for year in case.years:
        rows = quantity.vector(problem, objective[0], objective[1], [year], scope)
        parts.append(rows.with_columns(pl.col("weight") * weights[year]))
    return pl.concat(parts).group_by("column", maintain_order=True).agg(pl.col("weight").sum())


def dense(problem: Problem, rows: pl.DataFrame) -> Array:
    """Return ``column, weight`` rows as a full vector."""
    full = np.zeros(problem.columns.height)
    np.add.at(full, rows["column"].to_numpy(), rows["weight"].to_numpy())
    return full


HAIR = 1e-9
"""Share by which a bound on a quantity may be missed."""


def cost_row(problem: Problem) -> pl.DataFrame:
    """Return the discounted cost as ``column, weight``."""
    return pl.DataFrame({"column": np.arange(problem.cost.size), "weight": problem.cost}).filter(
        pl.col("weight") != 0.0
    )


class Ordered:
    """One solver for questions with an order: make one thing least, and of all that is least then another.

    Every quantity, and the cost as the last of them, is a free row at the end of the problem that holds what
    has been reached.
    """

    def __init__(self, problem: Problem, objectives: Sequence[Objective]) -> None:
        self.vectors = [total_vector(problem, o) for o in objectives]
        rows = [(f"{k}:{n}", v) for (k, n), v in zip(objectives, self.vectors, strict=True)]
        rows.append(("cost", cost_row(problem)))
        self.first = problem.rows.height
        self.problem = with_rows(problem, [(n, 0, v, -INFINITY, INFINITY) for n, v in rows], "objective")
        self.full = [*(dense(problem, v) for v in self.vectors), problem.cost]
        self.solver = Solver(self.problem)
        self.cost = len(objectives)

    def hold(self, number: int, most: float, hair: float = 0.0) -> None:
        """Keep quantity `number` at or below `most`."""
        self.solver.set_rows(self.first + number, -INFINITY, most + hair)

    def least(self, number: int) -> Solution:
        """Make quantity `number` least under what is held."""
        self.solver.set_cost(self.full[number])
        return self.solver.solve()

    def value(self, number: int, solution: Solution) -> float:
        """Return quantity `number` of a solution."""
        return float(self.full[number] @ solution.x)

    def pareto(self, sizes: Sequence[float]) -> Solution:
        """Return the least cost, and of the plans of least cost the one least in the quantities.

        The second objective is the sum of the quantities, each in parts of its size.
        """
        start = self.least(self.cost)
        if start.status != "optimal":
            return start
        together = np.zeros(self.problem.cost.size)
        for vector, size in zip(self.full[:-1], sizes, strict=True):
            together += vector / max(abs(size), 1e-300)
        if self.solver.integer:
            self.hold(self.cost, start.objective, HAIR * max(abs(start.objective), 1e-12))
            self.solver.set_cost(together)
            found = self.solver.solve()
            self.hold(self.cost, INFINITY)
        else:
            found = self.solver.on_face(start, together)
        return found if found.status == "optimal" else start


def emission_names(case: Case, objectives: Sequence[Objective]) -> list[str]:
    """Return the quantities that need emission columns for `objectives`."""
    acting = case["response"].filter(
        pl.col("receptor").is_in([name for kind, name in objectives if kind == "concentration"])
    )
    return [name for kind, name in objectives if kind == "emission"] + acting["species"].unique(
        maintain_order=True
    ).to_list()


def pareto(case: Case, objectives: Sequence[Objective], points: int = 20) -> pl.DataFrame:
    """Return the front of cost against one or two quantities by the ε-constraint method.

    Every point is Pareto-optimal: of the plans of least cost under its bounds it is the one least in the
    quantities, also the first (the least cost of all) and the last (the least the quantity can be).

    Parameters
    ----------
    objectives
        One or two quantities to be made small beside cost; the targets of `case` hold throughout.
    points
        Points per quantity, evenly from its value at least cost to the least it can reach.

    Returns
    -------
    polars.DataFrame
        Table ``front``: for every point its cost (objective ``cost``) and the value of every quantity.
    """
    ask = Ordered(assemble(case, emission_names(case, objectives)), objectives)
    count = len(objectives)
    start = ask.pareto([1.0] * count)
    if start.status != "optimal":
        return empty("front")
    ends = [(ask.value(i, start), ask.value(i, ask.least(i))) for i in range(count)]
    grids = [np.linspace(most, least, points) for most, least in ends]
    years = tuple(case.years)
    fixed = [0.0, *(quantity.constant(case, kind, name, years, "", True) for kind, name in objectives)]
    size = [max(map(abs, end)) or 1.0 for end in ends]
    rows = []
    for point, bounds in enumerate(product(*grids), start=1):
        for i, bound in enumerate(bounds):
            ask.hold(i, bound, HAIR * size[i])
        solution = start if point == 1 else ask.pareto(size)
        good = solution.status == "optimal"
        values = [ask.value(i, solution) if good else None for i in (count, *range(count))]
        names = ["cost", *[name for _, name in objectives]]
        for name, value, bound, more in zip(names, values, [None, *bounds], fixed, strict=True):
            shown = {"value": value, "bound": bound}
            shown = {c: None if v is None else v + more for c, v in shown.items()}
            rows.append({"point": point, "objective": name, **shown, "status": solution.status})
    return conform("front", pl.DataFrame(rows, infer_schema_length=None))


def budget(case: Case, money: float, benefit: dict[Objective, float], scenario: str = "") -> Plan:
    """Return the plan of most benefit that costs at most `money` more than least cost; of those the cheapest.

    Parameters
    ----------
    money
        Discounted money beyond the least cost under the targets of `case`.
    benefit
        Worth of one unit less of every quantity, for example ``{("emission", "CO2e"): 1.0}``.
    """
    problem = assemble(case, emission_names(case, list(benefit)))
    solver = Solver(problem)
    start = solver.solve()
    if start.status != "optimal":
        return finish(problem, start, scenario)
    vector = sum(
        (w * dense(problem, total_vector(problem, o)) for o, w in benefit.items()),
        np.zeros(problem.cost.size),
    )
    harm = pl.DataFrame({"column": np.arange(vector.size), "weight": vector}).filter(pl.col("weight") != 0.0)
    limited = with_rows(
        problem,
        [
            ("budget", 0, cost_row(problem), -INFINITY, start.objective + money),
            ("benefit", 0, harm, -INFINITY, INFINITY),
        ],
        "budget",
    )
    solver = Solver(limited)
    solver.set_cost(vector)
    best = solver.solve()
    if best.status == "optimal":
        # of the plans of most benefit the cheapest
        least = float(vector @ best.x)
        solver.set_rows(limited.rows.height - 1, -INFINITY, least + 1e-9 * max(abs(least), 1e-12))
        solver.set_cost(problem.cost)
        best = solver.solve()
    return finish(limited, best, scenario)


def measure_hits(problem: Problem, measure: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of activity that rows of table ``measure`` name: ``measure, o, k, t, column``."""
    names = problem.codes
    x = problem.parts["x"]
    present = x.with_columns(
        technology=pl.Series(names.technology, dtype=pl.String).gather(x["k"]),
        control=pl.Series(names.control, dtype=pl.String).gather(x["c"]),
    )
    rows = measure_rows(measure, present.select("technology", "control").unique(maintain_order=True))
    hit = present.join(rows, on=["technology", "control"], maintain_order="left_right")
    return hit.select("measure", "o", "k", "t", "column")


def measure_vectors(problem: Problem) -> dict[str, pl.DataFrame]:
    """Return for every measure its activity by year: ``t, column, weight``."""
    measure = problem.case["measure"]
    hit = measure_hits(problem, measure).select("measure", "t", "column", weight=pl.lit(1.0))
    order = measure["measure"].unique(maintain_order=True).to_list()
    return {m: hit.filter(pl.col("measure") == m).drop("measure") for m in order}


def alternatives(case: Case, slack: float) -> pl.DataFrame:
    """Return the least and greatest use of every measure in plans within `slack` of the least cost.

    A measure whose least use is not zero is a must; one that may be zero or not is a choice; one that is
    never used at this slack is named so.
    """
    problem = assemble(case)
    start = Solver(problem).solve()
    if start.status != "optimal":
        finish(problem, start, "")
    room = start.objective + slack * abs(start.objective)
    solver = Solver(with_rows(problem, [("slack", 0, cost_row(problem), -INFINITY, room)], "budget"))
    rows = []
    # plans within the slack that were met on the way: where one does without a measure, so can be done
    met = [start.x]
    for measure, hit in measure_vectors(problem).items():
        for t, part in sorted(hit.group_by("t", maintain_order=True), key=lambda g: g[0]):
            vector = dense(problem, part)
            ends = []
            for sign in (1.0, -1.0):
                if sign > 0.0 and any(float(vector @ x) == 0.0 for x in met):
                    ends.append(0.0)
                    continue
                solver.set_cost(sign * vector)
                solution = solver.solve(prices=False)
                ends.append(float(vector @ solution.x) if solution.status == "optimal" else INFINITY)
                if solution.status == "optimal":
                    met.append(solution.x)
            small = 1e-7 * max(abs(ends[1]), 1.0) if np.isfinite(ends[1]) else 1e-7
            at = float(vector @ start.x)
            least = max(min(ends[0], at), 0.0)
            verdict = "never" if ends[1] <= small else "must" if least > small else "choice"
            rows.append(
                {
                    "measure": measure, "year": problem.codes.year[int(t[0]) - 1], "slack": slack,
                    "least": least, "optimum": at, "most": max(ends[1], at),
                    "verdict": verdict,
                }
            )  # fmt: skip
    return conform("alternative", pl.DataFrame(rows)) if rows else empty("alternative")
