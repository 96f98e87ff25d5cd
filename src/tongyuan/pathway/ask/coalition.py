"""What a set of measures does: a plan's use of those measures, everything else answering at least cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import sparse

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.answered import Answered, Which, unmoved
from tongyuan.pathway.ask.level import levels, replaced
from tongyuan.pathway.ask.shapley import shapley
from tongyuan.pathway.ask.sweep import (
    HAIR,
    INFINITY,
    Objective,
    Ordered,
    dense,
    emission_names,
    total_vector,
)
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import assemble, with_rows
from tongyuan.pathway.problem.problem import Array, Problem
from tongyuan.pathway.solve.solution import Solution
from tongyuan.pathway.solve.solve import Solver

TIE = 1e-6
"""What the whole of a quantity is worth in the choice among equal answers, as a share of the cost."""


class Coalition:
    """Evaluates sets of measures between a baseline and a plan.

    The baseline is the least cost under the targets of the families `keep` alone. The use of a technology in
    a period is held at the plan's level when its measure is in the set, and kept from rising above the
    baseline's level when it is not; it may fall, as the use of a by-product that others no longer yield. A
    device is held in the same way as a *share* of the activity of the technology it stands on: a device does
    not make its plant run. Where the plan does not run that technology, its devices stand as in the baseline.
    All other activities answer at least cost, under the same targets.
    Where a level cannot be reached (a device without the plant it sits on) it is reached as far as possible.
    """

    def __init__(
        self, case: Case, plan: Plan, quantities: Sequence[Objective], by: str = "measure",
        keep: Sequence[str] = (), also: Sequence[Objective] = (),
    ) -> None:  # fmt: skip
        free = case.with_targets(tuple(keep))
        told = [*quantities, *also]
        problem = assemble(free, emission_names(case, told))
        self.vectors = [
            problem.cost if q == ("cost", "total") else dense(problem, total_vector(problem, q)) for q in told
        ]
        baseline = self.baseline = _baseline(problem, [q for q in quantities if q != ("cost", "total")])
        amount = plan["plan_activity"].rename({"value": "planned"})
        x = problem.named("columns").with_row_index("column")
        planned = np.zeros(problem.columns.height)
        joined = x.filter(pl.col("kind") == "activity").join(
            amount, on=["node", "technology", "control", "year"], how="inner"
        )
        planned[joined["column"].to_numpy()] = joined["planned"].to_numpy()
        self.levels, used = levels(problem, by, baseline.x, planned)
        self.replaced = replaced(problem, by, baseline.x, planned)
        self.players = case["measure"][by].unique(maintain_order=True).to_list()
        self.idle = frozenset(self.players) - used
        first = problem.rows.height
        rows = [
            *((one.player, one.year, one.weights) for one in self.levels),
            *(("", one.year, one.weights) for one in self.replaced),
        ]
        limited = with_rows(problem, [(*row, -INFINITY, INFINITY) for row in rows], "measure")
        count, size = len(rows), problem.columns.height
        short = sparse.coo_matrix(
            (np.ones(count), (np.arange(first, first + count), np.arange(count))),
            shape=(first + count, count),
        )
        labels = pl.DataFrame({"kind": ["short"] * count, "subject": [row[0] for row in rows]}).with_columns(
            pl.lit(0, dtype=pl.Int32).alias(c) for c in "nkcfst"
        )
        self.size = size
        self.problem = replace(
            limited,
            columns=pl.concat([limited.columns, labels.select(limited.columns.columns)]),
            matrix=sparse.hstack([limited.matrix, short], format="csc"),
            cost=np.concatenate([limited.cost, np.zeros(count)]),
            lower=np.concatenate([limited.lower, np.full(count, -INFINITY)]),
            upper=np.concatenate([limited.upper, np.full(count, INFINITY)]),
            integer=np.concatenate([limited.integer, np.zeros(count, dtype=bool)]),
        )
        self.cost = self.problem.cost + np.append(self._tie(quantities), np.zeros(count))
        self.solver = Solver(self.problem)
        self.short = np.arange(size, size + count)
        self.rows = np.arange(first, first + count)
        number = {player: i for i, player in enumerate(self.players)}
        self.owner = np.array([number[one.player] for one in self.levels], dtype=np.int64)
        self.inside, self.outside = (
            np.array([getattr(one, side) for one in self.levels], dtype=np.float64).reshape(-1, 2).T
            for side in ("inside", "outside")
        )
        self.brings = np.array(
            [[one.by.get(player, 0.0) != 0.0 for player in self.players] for one in self.replaced],
            dtype=np.bool_,
        ).reshape(len(self.replaced), len(self.players))
        self.least = np.array([one.least() for one in self.replaced], dtype=np.float64)
        self.answered = Answered(len(self.players))

    def _tie(self, quantities: Sequence[Objective]) -> Array:
        """Return the price that chooses among answers of equal cost the one with least of the quantities."""
        tie = np.zeros(self.size)
        worth = TIE * abs(float(self.baseline.objective))
        for asked, vector in zip(quantities, self.vectors, strict=False):
            if asked != ("cost", "total"):
                tie += worth * vector / max(abs(float(vector @ self.baseline.x)), 1e-300)
        return tie

    def solve(self, members: frozenset[str]) -> Solution:
        """Return the least-cost answer to the measures of `members`, of equal ones the cleanest."""
        low, high = self._limits(members)
        nothing = np.zeros(self.short.size)
        self.solver.set_rows(self.rows, low, high)
        self.solver.set_columns(self.short, nothing, nothing)
        self.solver.set_cost(self.cost)
        found = self.solver.solve()
        if found.status == "optimal":
            return found
        # some level cannot be reached: come as near as possible, then take the least cost
        away = np.zeros(self.problem.cost.size)
        shorts = self.short
        for level, column in zip(self.levels, shorts, strict=False):
            inside = level.player in members
            sign = 1.0 if inside and level.upward else -1.0
            away[column] = sign / max(abs(level.asked[0 if inside else 1]), 1.0)
        for old, column in zip(self.replaced, shorts[len(self.levels) :], strict=True):
            away[column] = -1.0 / max(old.base, 1.0)
        self.solver.set_columns(
            shorts, np.where(away[shorts] > 0, 0.0, -INFINITY), np.where(away[shorts] > 0, INFINITY, 0.0)
        )
        self.solver.set_cost(away)
        near = self.solver.solve(prices=False)
        reach = near.x[shorts]
        wide = 1e-9 * np.maximum(np.abs(reach), 1.0)
        self.solver.set_columns(
            shorts, np.minimum(reach, 0.0) - wide * (reach < 0), np.maximum(reach, 0.0) + wide * (reach > 0)
        )
        self.solver.set_cost(self.cost)
        return self.solver.solve(prices=False)

    def _which(self, members: frozenset[str]) -> Which:
        return np.array([player in members for player in self.players], dtype=np.bool_)

    def _limits(self, members: frozenset[str]) -> tuple[Array, Array]:
        """Return the lower and upper limits of every row under `members`."""
        low, high = np.where(self._which(members)[self.owner], self.inside, self.outside)
        most = np.array([one.most(members) for one in self.replaced], dtype=np.float64)
        return np.append(low, np.full(most.size, -INFINITY)), np.append(high, most)

    def _free(self, members: frozenset[str], found: Solution) -> Which:
        """Return the players who may join or leave `members` without another answer."""
        if self.solver.integer or not found.dual.size:
            return np.zeros(len(self.players), dtype=np.bool_)
        count = len(self.levels)
        low, high = self._limits(members)
        row, dual = found.row[self.rows], found.dual[self.rows]
        within = self._which(members)[self.owner]
        other = np.where(within, self.outside, self.inside)
        stays = unmoved(row[:count], dual[:count], (low[:count], high[:count]), (other[0], other[1]))
        held = np.bincount(self.owner[~stays], minlength=len(self.players)) > 0
        # what is brought moves a limit with every one who brings: it must not matter even at its least
        matters = (dual[count:] != 0.0) | (row[count:] > self.least)
        moves: Which = held | (self.brings & matters[:, None]).any(axis=0)
        return ~moves

    def worth(self, members: frozenset[str]) -> Array:
        """Return the quantities under `members`, shape (quantities,); what is answered is not solved anew."""
        inside = self._which(members)
        known = self.answered.find(inside)
        if known is None:
            found = self.solve(members)
            x = found.x[: self.size]
            known = np.array([float(v @ x) for v in self.vectors])
            self.answered.keep(inside, self._free(members, found), known)
        return known


def _baseline(problem: Problem, quantities: Sequence[Objective]) -> Solution:
    """Return the plan of least cost that of all of them has least of the quantities."""
    ask = Ordered(problem, quantities)
    return ask.pareto([ask.value(i, ask.least(i)) or 1.0 for i in range(len(quantities))])


def attribute(
    case: Case, plan: Plan, quantities: Sequence[Objective] = (("cost", "total"),), by: str = "measure",
    samples: int = 400, seed: int = 0, keep: Sequence[str] = (), also: Sequence[Objective] = (),
) -> pl.DataFrame:  # fmt: skip
    """Return who contributed what to the change from the baseline to `plan`.

    Parameters
    ----------
    quantities
        ``("emission", species or group)`` summed over the periods, or ``("cost", "total")`` discounted.
    by
        ``measure`` or ``department``.
    keep
        Families of targets that hold in the baseline too; none is the untargeted optimum.
    also
        Quantities that are told too and have no say in the choice among baselines of least cost.

    Returns
    -------
    polars.DataFrame
        Table ``attribution``. What no measure accounts for stands as player ``remainder``; the rows of a
        quantity sum to its whole change. Measures that neither baseline nor plan uses have 0.
    """
    game = Coalition(case, plan, quantities, by, keep, also)
    quantities = [*quantities, *also]
    players = [p for p in game.players if p not in game.idle]
    found = shapley(players, game.worth, samples, seed)
    actual = np.array([plan_total(case, plan, q) for q in quantities])
    start = np.array([float(v @ game.baseline.x) for v in game.vectors])
    rest = actual - start - found.value.sum(axis=0)
    method = "exact" if found.exact else "sampled"
    rows = (
        [
            {"player": p, "quantity": q[1], "value": v, "standard_error": e, "method": method}
            for p, values, errors in zip(players, found.value, found.standard_error, strict=True)
            for q, v, e in zip(quantities, values.tolist(), errors.tolist(), strict=True)
        ]
        + [
            {"player": p, "quantity": q[1], "value": 0.0, "standard_error": 0.0, "method": method}
            for p in game.players
            if p in game.idle
            for q in quantities
        ]
        + [
            {
                "player": "remainder",
                "quantity": q[1],
                "value": r,
                "standard_error": 0.0,
                "method": "remainder",
            }
            for q, r in zip(quantities, rest.tolist(), strict=True)
        ]
    )
    return conform("attribution", pl.DataFrame(rows, infer_schema_length=None))


def plan_total(case: Case, plan: Plan, objective: Objective) -> float:
    """Return a quantity of a plan summed over the periods with their years; total cost is discounted."""
    if objective == ("cost", "total"):
        return plan.cost
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    return float(sum(weights[y] * quantity.value(case, plan.tables, *objective, [y]) for y in case.years))


def coordinates(
    case: Case,
    plan: Plan,
    pollution: Objective = ("emission", "pollution_equivalent"),
    carbon: Objective = ("emission", "CO2e"),
    keep: Sequence[str] = (),
) -> pl.DataFrame:
    """Return the co-control coordinates of every measure of `plan`, each alone against the baseline.

    Positive values are abatement; a device that cleans at the price of carbon lies where pollution falls
    and carbon rises. The targets of the families `keep` hold in the baseline and with every measure.
    """
    game = Coalition(case, plan, [pollution, carbon, ("cost", "total")], keep=keep)
    base = game.worth(frozenset())
    rows = []
    for player in game.players:
        p, c, cost = (game.worth(frozenset({player})) - base).tolist()
        tiny = [1e-9 * max(abs(b), 1.0) for b in base[:2]]
        p, c = (0.0 if abs(v) <= t else v for v, t in zip((p, c), tiny, strict=True))
        quadrant = (
            "no_effect" if p == 0.0 and c == 0.0
            else "both_fall" if p <= 0 and c <= 0
            else "pollution_falls_carbon_rises" if p <= 0
            else "carbon_falls_pollution_rises" if c <= 0
            else "both_rise"
        )  # fmt: skip
        rows.append({"measure": player, "pollution": -p, "carbon": -c, "cost": cost, "quadrant": quadrant})
    return conform("coordinate", pl.DataFrame(rows)) if rows else empty("coordinate")


def macc_expert(
    case: Case, plan: Plan, objective: Objective = ("emission", "CO2e"), keep: Sequence[str] = ()
) -> pl.DataFrame:
    """Return the measure-by-measure curve: each measure of `plan` alone against the baseline, cheapest first.

    Interactions between measures are left out by construction; :func:`macc_system` has them. The targets of
    the families `keep` hold in the baseline and with every measure.
    """
    game = Coalition(case, plan, [objective, ("cost", "total")], keep=keep)
    base = game.worth(frozenset())
    rows = []
    for player in game.players:
        change, cost = (game.worth(frozenset({player})) - base).tolist()
        if -change > 1e-9 * max(abs(base[0]), 1.0):
            rows.append({"step": player, "abatement": -change, "cost": cost, "marginal_cost": cost / -change})
    if not rows:
        return empty("macc")
    frame = (
        pl.DataFrame(rows)
        .sort("marginal_cost")
        .with_columns(
            kind=pl.lit("expert"), quantity=pl.lit(objective[1]), cumulative=pl.col("abatement").cum_sum()
        )
    )
    return conform("macc", frame)


def macc_system(case: Case, objective: Objective = ("emission", "CO2e"), steps: int = 10) -> pl.DataFrame:
    """Return the system curve: the cap on a quantity tightened in `steps` to the least it can reach.

    The curve starts at the plan that of all of least cost has least of the quantity. The marginal cost is the
    dual value of the cap, with all interactions, in discounted money per unit.
    """
    ask = Ordered(assemble(case, emission_names(case, [objective])), [objective])
    start = ask.pareto([1.0])
    if start.status != "optimal":
        return empty("macc")
    most = ask.value(0, start)
    least = ask.value(0, ask.least(0))
    rows, before, size = [], 0.0, max(abs(most), abs(least)) or 1.0
    for step in range(1, steps + 1):
        cap = most + (least - most) * step / steps
        ask.hold(0, cap, HAIR * size)
        found = ask.least(ask.cost)
        if found.status != "optimal":
            break
        rows.append(
            {
                "kind": "system", "step": f"{100 * step / steps:g}%", "quantity": objective[1],
                "abatement": most - cap - before, "cumulative": most - cap,
                "cost": found.objective - ask.value(ask.cost, start),
                "marginal_cost": -float(found.dual[ask.first]),
            }
        )  # fmt: skip
        before = most - cap
    return conform("macc", pl.DataFrame(rows)) if rows else empty("macc")
