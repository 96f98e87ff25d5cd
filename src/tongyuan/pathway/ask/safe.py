"""Plans that meet targets with a stated probability: the cheapest one found, and a bound on every one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.pathway.ask.least_cost import finish
from tongyuan.pathway.ask.robust import Doubt
from tongyuan.pathway.audit import Evaluate
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.assemble import with_aims, with_rows
from tongyuan.pathway.problem.problem import Array, Index
from tongyuan.pathway.problem.variable import INFINITY
from tongyuan.pathway.solve.solution import Solution
from tongyuan.pathway.solve.solve import Solver

NEAR = 0.01
"""How far above the probability asked for the one achieved may lie."""

GROUPS = 500
"""Most problems solved for the lower bound of a target; more make it tighter."""

CLIMBS, SLIDES, SWEEPS, EXCHANGED = 40, 10, 4, 4
"""Rounds of tightening; halvings of one; rounds over the targets; targets that exchange their risk."""

Reason = Literal["near", "enough", "few_draws", "jump"]
"""Why the probability is what it is: within :data:`NEAR` of the one asked for; the least-cost plan has more
of itself; one draw is more than :data:`NEAR`; or cheaper plans are unsafe and nothing lies between."""


@dataclass(frozen=True)
class Safe:
    """A plan that meets its targets with a stated probability.

    Parameters
    ----------
    achieved
        Lowest probability of a target, or the one of meeting all at once when that was asked for.
    bound
        Lower bound of the discounted cost of every plan that meets the targets as safely on the same draws,
        and at the factors' own values.
    reason
        See :data:`Reason`.
    """

    plan: Plan
    level: float
    achieved: float
    bound: float
    reason: Reason

    @property
    def gap(self) -> float:
        """Most that another plan as safe could save [discounted money]."""
        return max(self.plan.cost - self.bound, 0.0)


@dataclass(frozen=True)
class _Trial:
    """The least-cost plan under tightened bounds, and how it fares in the draws."""

    tighten: Array
    solution: Solution
    activity: Array
    excess: Array
    chance: Array
    joint: float
    nominal: Array
    price: Array
    safe: bool

    @property
    def cost(self) -> float:
        return self.solution.objective


def robust(
    doubt: Doubt, level: float, scenario: str = "robust", evaluate: Evaluate | None = None,
    together: bool = False,
) -> Safe:  # fmt: skip
    """Return the cheapest plan found that meets the emission targets with probability `level`.

    The bound of every target is tightened by a margin of its own; a target is never loosened, so it also
    holds at the factors' own values. Margins start from the quantiles of the excess under the plan, climb
    until the plan is safe on the given draws, and are then given back: all in proportion first, then one by
    one, dearest first, until a little less would be unsafe. When all targets are to be met `together`,
    margins of dear and cheap targets are also exchanged.

    The lower bound needs no search. A safe plan may fail in (1 − level) of the draws; so in any larger set
    of draws there is one in which it meets the target. The least cost of meeting the target in one draw, over
    the worst such set under the plan found, is therefore a bound for all. More than :data:`GROUPS` draws are
    taken in groups of similar excess, each with its most lenient coefficients.

    Parameters
    ----------
    level
        Probability asked for, of every target on its own, or of all at once when `together`.
    evaluate
        The inventory's evaluation of an activity table, for the audit.

    Raises
    ------
    FindingError
        If no target depends on uncertain factors, no plan can be as safe (proved by the bound), or none was
        found.
    """
    if not doubt.amount:
        raise FindingError([finding("pathway", "robust_nothing_uncertain")])
    search = _Search(doubt, level, together)
    start = search.at(np.zeros(len(search.kept)))
    found = None if start is None else search.climb(start)
    if start is None or found is None:
        worst = start is None or not np.isfinite(search.bound(start))
        check = "robust_infeasible" if worst else "robust_not_found"
        raise FindingError([finding("pathway", check, level=f"{100 * level:g}")])
    best = found if found is start else search.give_back(found)
    least = start.cost if best is start else search.bound(best)
    achieved = best.joint if together else float(best.chance.min(initial=1.0))
    plan = finish(search.problem, best.solution, scenario, evaluate)
    return Safe(plan, level, achieved, min(least, plan.cost), search.reason(best, achieved, start))


class _Search:
    """The problem with its targets, of which those in doubt can be tightened."""

    def __init__(self, doubt: Doubt, level: float, together: bool) -> None:
        self.doubt, self.level, self.together = doubt, level, together
        self.kept = list(doubt.amount)
        self.problem = with_aims(doubt.problem, doubt.every)
        self.solver = Solver(self.problem)
        first = self.problem.matrix.shape[0] - len(doubt.every)
        self.rows = np.array([first + i for i in self.kept], dtype=np.int64)
        self.column: Index = doubt.problem.parts["x"]["column"].to_numpy().astype(np.int64)
        self.bounds = np.array([doubt.every[i].bound for i in self.kept])
        self.up = np.array([doubt.every[i].comparator == "at_least" for i in self.kept], dtype=np.bool_)
        self.draws = doubt.factor.shape[1]

    def at(self, tighten: Array) -> _Trial | None:
        """Return the least-cost plan under bounds tightened by these margins, None where there is none."""
        limit = np.where(self.up, self.bounds + tighten, self.bounds - tighten)
        self.solver.set_rows(
            self.rows, np.where(self.up, limit, -INFINITY), np.where(self.up, INFINITY, limit)
        )
        solution = self.solver.solve()
        if solution.status != "optimal":
            return None
        activity = np.maximum(solution.x[self.column], 0.0)
        excess = np.array([self.doubt.excess(i, activity) for i in self.kept])
        met = np.array([self.doubt.met(i, activity) for i in self.kept])
        chance, joint = met.mean(axis=1), float(met.all(axis=0).mean())
        amount = np.array([float((self.doubt.amount[i] @ activity).sum()) for i in self.kept])
        safe = joint >= self.level if self.together else bool((chance >= self.level).all())
        room = np.where(self.up, amount - self.bounds, self.bounds - amount)
        price = np.abs(solution.dual[self.rows])
        return _Trial(tighten, solution, activity, excess, chance, joint, room, price, safe)

    def climb(self, trial: _Trial) -> _Trial | None:
        """Return a safe trial: margins follow the quantiles of the excess, half-way where they go too far."""
        each = 1.0 - (1.0 - self.level) / len(self.kept) if self.together else self.level
        for _ in range(CLIMBS):
            if trial.safe:
                return trial
            missing = 1.02 * np.quantile(trial.excess, each, axis=1, method="higher")
            wanted = np.where(
                trial.chance < each, np.maximum(trial.tighten, trial.nominal) + missing, trial.tighten
            )
            after = None
            for _ in range(SLIDES):
                after = self.at(wanted)
                if after is not None:
                    break
                wanted = (wanted + trial.tighten) / 2.0
            if after is None:
                return None
            trial = after
        return None

    def give_back(self, best: _Trial) -> _Trial:
        """Return the cheapest safe trial on the way to smaller margins."""
        best = self.slide(best, np.zeros(len(self.kept)))
        for _ in range(SWEEPS):
            before = best.cost
            for i in np.argsort(-best.price * best.tighten):
                loose = best.chance[i] > self.level + NEAR / 4
                if best.tighten[i] > 0.0 and best.price[i] > 0.0 and (self.together or loose):
                    goal = best.tighten.copy()
                    goal[i] = 0.0
                    best = self.slide(best, goal)
            if self.together:
                best = self.exchange(best)
            if before - best.cost <= 1e-7 * abs(before):
                break
        return best

    def slide(self, best: _Trial, goal: Array) -> _Trial:
        """Return the cheapest safe trial between the margins of `best` and `goal`, by halving."""
        safe, unsafe, start = 0.0, 1.0, best.tighten
        for step in range(SLIDES):
            share = 1.0 if step == 0 else (safe + unsafe) / 2.0
            trial = self.at(start + share * (goal - start))
            if trial is not None and trial.safe:
                if trial.cost <= best.cost:
                    best = trial
                if step == 0:
                    break
                safe = share
            else:
                unsafe = share
        return best

    def exchange(self, best: _Trial) -> _Trial:
        """Return a cheaper trial that takes more risk in one target and less in another, or `best`."""
        dear = [i for i in np.argsort(-best.price * best.tighten) if best.tighten[i] > 0.0][:EXCHANGED]
        for i in dear:
            for j in (k for k in dear if k != i):
                for more in (1.1, 1.3, 2.0):
                    start = best.tighten.copy()
                    start[j] *= more
                    trial = self.at(start)
                    if trial is None or not trial.safe:
                        continue
                    goal = trial.tighten.copy()
                    goal[i] = 0.0
                    found = self.slide(trial, goal)
                    if found.cost < best.cost:
                        best = found
                        break
        return best

    def reason(self, best: _Trial, achieved: float, start: _Trial) -> Reason:
        """Return why the probability is what it is."""
        stuck = (best.tighten > 0.0) & (best.price > 0.0) & (best.chance > self.level + NEAR)
        if achieved <= self.level + NEAR and (self.together or not stuck.any()):
            return "near"
        if best is start:
            return "enough"
        return "few_draws" if self.draws * NEAR < 1.0 else "jump"

    def bound(self, best: _Trial) -> float:
        """Return a lower bound of the cost of every safe plan; infinite when there is none."""
        count = min(int(np.floor((1.0 - self.level) * self.draws + 1e-9)) + 1, self.draws)
        if self.together:
            size = np.maximum(np.abs(self.bounds), 1e-12)
            worst = np.argsort((best.excess / size[:, None]).max(axis=0))[-count:]
            every = list(range(len(self.kept)))
            return _Lenient(self, every).least([[g] * len(every) for g in _groups(worst)])
        wanted = [i for i in range(len(self.kept)) if best.tighten[i] > 0.0 or best.chance[i] < self.level]
        if not wanted:
            return -INFINITY
        whole = [np.argsort(best.excess[i])[-count:] for i in wanted]
        lenient, most = _Lenient(self, wanted), -INFINITY
        for at in range(len(wanted)):
            choices = [[*whole[:at], g, *whole[at + 1 :]] for g in _groups(whole[at])]
            most = max(most, lenient.least(choices, most))
        return most


class _Lenient:
    """The problem with a row for each target in doubt that is met in the most lenient draw of a set of draws.

    Of a set the most lenient coefficients and bound are taken, which no draw of it can be short of.
    """

    def __init__(self, search: _Search, wanted: list[int]) -> None:
        doubt = search.doubt
        matrices = [doubt.amount[search.kept[i]].tocsc() for i in wanted]
        self.used = [np.flatnonzero(np.diff(m.indptr)) for m in matrices]
        self.columns = [search.column[u] for u in self.used]
        self.rated = [
            np.asfortranarray(m[:, u].T @ doubt.factor) for m, u in zip(matrices, self.used, strict=True)
        ]
        self.bound = [doubt.bound[search.kept[i]] for i in wanted]
        self.up = [bool(search.up[i]) for i in wanted]
        self.rates: list[Array | None] = [None] * len(wanted)
        self.held: list[Index | None] = [None] * len(wanted)
        blank = [
            ("", 0, pl.DataFrame({"column": c, "weight": np.ones(c.size)}), -INFINITY, INFINITY)
            for c in self.columns
        ]
        self.first = search.problem.matrix.shape[0]
        self.solver = Solver(with_rows(search.problem, blank))

    def least(self, choices: list[list[Index]], enough: float = -INFINITY) -> float:
        """Return the least cost of meeting every target in one draw of its set, over choices of the sets.

        What is at or below `enough` is not looked at any closer.
        """
        least = INFINITY
        for sets in choices:
            for at, draws in enumerate(sets):
                if self.held[at] is not draws:
                    self._hold(at, draws)
            solution = self.solver.solve(prices=False)
            if solution.status == "optimal":
                least = min(least, solution.objective)
            if least <= enough:
                break
        return least

    def _hold(self, at: int, draws: Index) -> None:
        """Set the row of one target to the most lenient of some draws."""
        self.held[at] = draws
        rates, bound, last = self.rated[at][:, draws], self.bound[at][draws], self.rates[at]
        lenient = rates.max(axis=1) if self.up[at] else rates.min(axis=1)
        moved = np.arange(lenient.size) if last is None else np.flatnonzero(lenient != last)
        self.rates[at] = lenient
        self.solver.set_entries(self.first + at, self.columns[at][moved], lenient[moved])
        low, high = (bound.min(), INFINITY) if self.up[at] else (-INFINITY, bound.max())
        self.solver.set_rows(self.first + at, low, high)


def _groups(draws: Index) -> list[Index]:
    """Return the draws in groups of neighbours."""
    return np.array_split(draws, min(GROUPS, draws.size))
