"""A plan of many regions solved region by region and coordinated by prices, with a bound on the gap.

Regions are joined only by what they send to each other and by targets they share. Each answers on its own
what it would do at given prices of these (Dantzig-Wolfe decomposition); a small master problem mixes the
answers into a plan that holds together and makes new prices. Its cost is an upper bound, what the answers
cost at their prices a lower one (Lagrange). The regions are independent tasks: they may be solved in this
process or on a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongyuan.pathway.problem.problem import Array, Index, Problem
from tongyuan.pathway.solve.solution import Solution, clean, scales

PENALTY = 1e3
"""Price of missing a shared row, times the largest price the regions have answered."""

LEVELS = (0.03, 0.3, 3.0, 30.0)
"""Prices of shared targets the regions are asked about first, in parts of cost over amount."""

TRUST = 0.3
"""How far new prices may be from the best so far, in parts of them; it grows while the bound improves."""

GAP = 1e-3
ROUNDS = 60


@dataclass(frozen=True)
class Region:
    """One region's own problem; `columns` are numbers in the whole problem (copies of links repeat them).

    `shared` are its entries in the shared rows, shape (shared rows, columns).
    """

    matrix: sparse.csc_matrix
    shared: sparse.csc_matrix
    cost: Array
    lower: Array
    upper: Array
    row_lower: Array
    row_upper: Array
    columns: Index
    rows: Index
    own: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """A problem cut into regions; shared rows have limits, their first ones are those of the problem."""

    regions: list[Region]
    lower: Array
    upper: Array
    rows: Index


@dataclass(frozen=True)
class Answer:
    """What a region would do at given prices."""

    status: str
    objective: float
    x: Array
    dual: Array


Ask = Callable[[Sequence[tuple[Region, Array]]], list[Answer]]
"""Asks regions, each with its costs at the prices; answers in their order."""


@dataclass
class _Master:
    """Answers of the regions so far, by region: cost and what they put into the shared rows."""

    cost: list[list[float]] = field(default_factory=list)
    put: list[list[Array]] = field(default_factory=list)
    x: list[list[Array]] = field(default_factory=list)


def split(problem: Problem) -> Split:
    """Cut a problem into its nodes.

    A column that stands in rows of another node (what is sent) has a copy there; that both are equal is a
    shared row, as is every row that several nodes stand in.

    Raises
    ------
    ValueError
        If there are integer columns, or something is sent without a limit: at a price, a region alone would
        then send without end.
    """
    if problem.integer.any():
        raise ValueError("whole units have no prices; solve the problem as one")
    coo = problem.matrix.tocoo()
    place_of_row = problem.rows["n"].to_numpy().astype(np.int64)
    home = problem.columns["n"].to_numpy().astype(np.int64)
    nodes = np.unique(home)
    several = np.zeros(place_of_row.size, dtype=bool)
    several[place_of_row == 0] = True
    at = np.where(several[coo.row], home[coo.col], place_of_row[coo.row])
    away = (~several[coo.row]) & (at != home[coo.col])
    # every pair of column and foreign node is a copy
    pairs = np.unique(np.stack([coo.col[away], at[away]]), axis=1)
    if not np.isfinite(problem.upper[pairs[0]]).all():
        raise ValueError("what regions send to each other needs a limit")
    whole = np.flatnonzero(several)
    number = np.full(place_of_row.size, -1)
    number[whole] = np.arange(whole.size)
    copies = pairs.shape[1]
    lower = np.concatenate([problem.row_lower[whole], np.zeros(copies)])
    upper = np.concatenate([problem.row_upper[whole], np.zeros(copies)])
    regions = []
    for node in nodes:
        own = np.flatnonzero(home == node)
        here = np.flatnonzero(pairs[1] == node)
        columns = np.concatenate([own, pairs[0][here]]).astype(np.int64)
        rows = np.flatnonzero((place_of_row == node) & ~several)
        # of a link the sender has only its own rows, the receiver's copy only those of the receiver
        matrix = sparse.csc_matrix(problem.matrix[rows][:, columns])
        size = (whole.size + copies, columns.size)
        blank = sparse.csc_matrix((copies, own.size))
        top = sparse.csc_matrix(sparse.vstack([problem.matrix[whole][:, own], blank]))
        sends = np.flatnonzero(np.isin(pairs[0], own))
        position = {int(c): i for i, c in enumerate(own)}
        i = [*(whole.size + sends), *(whole.size + here)]
        j = [*(position[int(c)] for c in pairs[0][sends]), *(own.size + np.arange(here.size))]
        v = [*np.ones(sends.size), *-np.ones(here.size)]
        ties = sparse.csc_matrix((v, (i, j)), shape=size)
        shared = sparse.csc_matrix(sparse.hstack([top, sparse.csc_matrix((size[0], here.size))]) + ties)
        cost = np.concatenate([problem.cost[own], np.zeros(here.size)])
        regions.append(
            Region(
                matrix, shared, cost, problem.lower[columns], problem.upper[columns], problem.row_lower[rows],
                problem.row_upper[rows], columns, rows, np.arange(columns.size) < own.size,
            )
        )  # fmt: skip
    return Split(regions, lower, upper, whole)


def _alone(region: Region, common: int) -> Region:
    """Return a region that neither sends nor receives: its answers hold together without a price."""
    tied = np.diff(region.shared[common:].tocsc().indptr) > 0
    return replace(region, upper=np.where(tied, 0.0, region.upper))


def answer(task: tuple[Region, Array]) -> Answer:
    """Return what a region would do at costs that have the prices in them; a task for any worker."""
    return answers([task])[0]


def answers(tasks: Sequence[tuple[Region, Array]]) -> list[Answer]:
    """Return the answers of regions one after the other in this process."""
    found = []
    for region, cost in tasks:
        solver = _solver(region.matrix, cost, region.lower, region.upper, region.row_lower, region.row_upper)
        found.append(_collected(solver))
    return found


def solve_by_region(
    problem: Problem, ask: Ask = answers, gap: float = GAP, rounds: int = ROUNDS
) -> tuple[Solution, float]:
    """Solve a problem region by region.

    Parameters
    ----------
    ask
        What asks the regions: in this process, or on a cluster (:func:`on_spark`).
    gap
        Relative distance of the bounds at which to stop.

    Returns
    -------
    tuple
        The solution, whose `gap` is the distance of the bounds beside its cost, and the lower bound. Its
        status is ``limit`` where the rounds did not bring the gap below `gap`, ``infeasible`` where a region
        has no plan at all.
    """
    cut = split(problem)
    master = _Master([[] for _ in cut.regions], [[] for _ in cut.regions], [[] for _ in cut.regions])
    alone = [_alone(r, cut.rows.size) for r in cut.regions]
    first = ask([(r, r.cost) for r in alone])
    if any(a.status != "optimal" for a in first):
        return _nothing(problem), -np.inf
    _take(master, cut, first)
    base = _scale(cut, master)
    for level in LEVELS:
        _take(master, cut, ask([(r, r.cost + np.asarray(r.shared.T @ (level * base))) for r in alone]))
    best = _mixed(cut, master)[0]
    best[cut.rows.size :] = 0.0
    priced = ask([(r, r.cost - np.asarray(r.shared.T @ best)) for r in alone])
    _take(master, cut, priced)
    best[cut.rows.size :] = _between(cut, priced, best)
    duals = ask(_priced(cut, best))
    _take(master, cut, duals)
    low, high, mix, trust = sum(a.objective for a in duals) + _worth(cut, best), np.inf, list[Array](), TRUST
    for _ in range(rounds):
        _, bound, weights, missed = _mixed(cut, master)
        if not missed and bound < high:
            high, mix = bound, weights
        if high - low <= gap * abs(high):
            break
        near = (best, trust * np.maximum(np.abs(best), _typical(cut, best)))
        price, _, rough, _ = _mixed(cut, master, near)
        _take(master, cut, ask(_held_together(cut, master, rough)))
        found = ask(_priced(cut, price))
        _take(master, cut, found)
        under = sum(a.objective for a in found) + _worth(cut, price)
        if under > low:
            low, best, duals, trust = under, price, found, trust * 1.5
        else:
            trust *= 0.6
    if not mix:
        return _nothing(problem), low
    return _whole(problem, cut, master, mix, best, duals, low, gap), low


def _held_together(cut: Split, master: _Master, mix: list[Array]) -> list[tuple[Region, Array]]:
    """Return the regions with what is sent, and their parts of the shared rows, held at those of a mix.

    What a sender and a receiver have in mind is met halfway, and what is left of a shared row is divided
    evenly: the answers hold together and are a plan.
    """
    common = cut.rows.size
    put = [
        np.sum([w * one for w, one in zip(ws, ps, strict=True)], axis=0)
        for ws, ps in zip(mix, master.put, strict=True)
    ]
    left = sum(put, np.zeros(cut.lower.size))[:common]
    tied = sum((np.abs(p[common:]) for p in put), np.zeros(cut.lower.size - common)) / 2.0
    tasks = []
    for region, mine in zip(cut.regions, put, strict=True):
        ties = region.shared[common:].tocoo()
        lower, upper = region.lower.copy(), region.upper.copy()
        at = np.clip(tied[ties.row], lower[ties.col], upper[ties.col])
        lower[ties.col] = upper[ties.col] = at
        parts = 1.0 / len(cut.regions)
        low = np.where(
            np.isfinite(cut.lower[:common]), mine[:common] + parts * (cut.lower[:common] - left), -np.inf
        )
        high = np.where(
            np.isfinite(cut.upper[:common]), mine[:common] + parts * (cut.upper[:common] - left), np.inf
        )
        held = replace(
            region, lower=lower, upper=upper,
            matrix=sparse.csc_matrix(sparse.vstack([region.matrix, region.shared[:common]])),
            row_lower=np.concatenate([region.row_lower, low]),
            row_upper=np.concatenate([region.row_upper, high]),
        )  # fmt: skip
        tasks.append((held, region.cost))
    return tasks


def _between(cut: Split, found: list[Answer], price: Array) -> Array:
    """Return prices of what is sent halfway between its cost to the sender and its worth to the receiver."""
    common = cut.rows.size
    total, count = np.zeros(cut.lower.size - common), np.zeros(cut.lower.size - common)
    for region, one in zip(cut.regions, found, strict=True):
        left = region.cost - np.asarray(region.matrix.T @ one.dual) - np.asarray(region.shared.T @ price)
        ties = region.shared[common:].tocoo()
        # for the sender its reduced cost is what a unit costs, for the receiver less what it is worth
        np.add.at(total, ties.row, left[ties.col] * np.sign(ties.data))
        np.add.at(count, ties.row, 1.0)
    return total / np.maximum(count, 1.0)


def _typical(cut: Split, price: Array) -> Array:
    """Return the size a price may have that is nothing yet: the median of the others of its kind."""
    found = np.zeros(price.size)
    for part in (slice(0, cut.rows.size), slice(cut.rows.size, None)):
        size = np.abs(price[part])
        found[part] = 0.2 * float(np.median(size[size > 0.0])) if (size > 0.0).any() else 1.0
    return found


def _priced(cut: Split, price: Array) -> list[tuple[Region, Array]]:
    return [(r, r.cost - np.asarray(r.shared.T @ price)) for r in cut.regions]


def _take(master: _Master, cut: Split, found: list[Answer]) -> None:
    for i, (region, one) in enumerate(zip(cut.regions, found, strict=True)):
        if one.status == "optimal":
            master.cost[i].append(float(region.cost @ one.x))
            master.put[i].append(np.asarray(region.shared @ one.x))
            master.x[i].append(one.x)


def _scale(cut: Split, master: _Master) -> Array:
    """Return prices of likely size for the shared rows of the problem; what is sent has none yet."""
    cost = sum(c[0] for c in master.cost)
    put = sum((p[0] for p in master.put), np.zeros(cut.lower.size))
    found = np.zeros(cut.lower.size)
    count = cut.rows.size
    found[:count] = np.where(put[:count] != 0.0, cost / np.where(put[:count] != 0.0, put[:count], 1.0), 0.0)
    return np.where(np.isfinite(cut.upper), found, -found)


def _worth(cut: Split, price: Array) -> float:
    """Return what the limits of the shared rows are worth at prices; minus infinity where one has none."""
    limit = np.where(price > 0.0, cut.lower, cut.upper)
    used = price != 0.0
    return float(np.sum(price[used] * limit[used]))


def _mixed(
    cut: Split, master: _Master, near: tuple[Array, Array] | None = None
) -> tuple[Array, float, list[Array], bool]:
    """Return prices, cost and weights of the best mix of answers, and whether shared rows are still missed.

    With `near`, prices stay within a distance of those given (du Merle's stabilisation); the cost of such a
    mix is none of a plan.
    """
    count, sizes = cut.lower.size, [len(c) for c in master.cost]
    put = sparse.csc_matrix(np.stack([p for ps in master.put for p in ps], axis=1))
    member: Any = sparse.block_diag([np.ones((1, s)) for s in sizes])
    cost = np.concatenate(list(master.cost))
    size = np.maximum(abs(put).max(axis=1).toarray().ravel(), 1e-9)
    most = PENALTY * np.abs(cost).sum() / len(cost) / size
    above, below = (most, most) if near is None else (near[0] + near[1], near[1] - near[0])
    # a slack is counted in parts of its row
    slack = sparse.diags(size)
    matrix = sparse.vstack(
        [
            sparse.hstack([put, slack, -slack]),
            sparse.hstack([member, sparse.csc_matrix((len(sizes), 2 * count))]),
        ],
        format="csc",
    )
    scale = 1.0 / np.concatenate([size, np.ones(len(sizes))])
    unit = 1.0 / max(float(np.abs(cost).max()), 1e-300)
    every = np.concatenate([cost, above * size, below * size]) * unit
    blank = np.zeros(every.size)
    row_lower = np.concatenate([cut.lower, np.ones(len(sizes))]) * scale
    row_upper = np.concatenate([cut.upper, np.ones(len(sizes))]) * scale
    scaled = sparse.csc_matrix(sparse.diags(scale) @ matrix)
    found = _collected(_solver(scaled, every, blank, blank + np.inf, row_lower, row_upper))
    weights, at = [], 0
    for s in sizes:
        weights.append(found.x[at : at + s])
        at += s
    missed = bool((found.x[at:] > 1e-7).any())
    dual = found.dual[:count] * scale[:count] / unit
    return dual, float(cost @ found.x[: cost.size]), weights, missed


def _whole(
    problem: Problem, cut: Split, master: _Master, mix: list[Array], price: Array, duals: list[Answer],
    low: float, wanted: float,
) -> Solution:  # fmt: skip
    """Put the regions' plans together; dual values are those of the best prices."""
    x, dual = np.zeros(problem.cost.size), np.zeros(problem.row_lower.size)
    dual[cut.rows] = price[: cut.rows.size]
    for i, region in enumerate(cut.regions):
        own = sum((w * one[: region.own.sum()] for w, one in zip(mix[i], master.x[i], strict=False)), 0.0)
        x[region.columns[region.own]] = own
        dual[region.rows] = duals[i].dual
    # sums of answers leave dust where each has nothing
    x = clean(x, scales(problem.matrix, problem.integer)[1])
    cost = float(problem.cost @ x)
    gap = max(cost - low, 0.0) / abs(cost)
    reduced = problem.cost - np.asarray(problem.matrix.T @ dual)
    row = np.asarray(problem.matrix @ x)
    return Solution("optimal" if gap <= wanted else "limit", cost, x, row, dual, reduced, gap, "region")


def _nothing(problem: Problem) -> Solution:
    columns, rows = np.full(problem.cost.size, np.nan), np.full(problem.row_lower.size, np.nan)
    return Solution("infeasible", np.nan, columns, rows, rows, columns, np.inf, "region")


def _solver(
    matrix: sparse.csc_matrix, cost: Array, lower: Array, upper: Array, row_lower: Array, row_upper: Array
) -> Any:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    largest = max(float(np.abs(cost).max(initial=0.0)), 1e-300)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost / largest * 1e3, lower, upper
    model.row_lower_, model.row_upper_ = row_lower, row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        matrix.indptr, matrix.indices, matrix.data,
    )  # fmt: skip
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    return solver, largest / 1e3, cost


def _collected(held: Any) -> Answer:
    solver, unit, cost = held
    kinds = highspy.HighsModelStatus
    status = {kinds.kOptimal: "optimal", kinds.kInfeasible: "infeasible"}.get(
        solver.getModelStatus(), "limit"
    )
    found = solver.getSolution()
    x = np.asarray(found.col_value)
    return Answer(
        status, float(cost @ x) if x.size == cost.size else np.nan, x, np.asarray(found.row_dual) * unit
    )


def on_spark(session: Any) -> Ask:
    """Return what asks the regions as independent tasks of a Spark session."""

    def ask(tasks: Sequence[tuple[Region, Array]]) -> list[Answer]:
        rows = session.sparkContext.parallelize(list(tasks), max(len(tasks), 1))
        found: list[Answer] = rows.map(answer).collect()
        return found

    return ask
