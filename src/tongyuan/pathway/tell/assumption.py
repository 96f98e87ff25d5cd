"""Which assumptions would change the plan: how far a price, cost, demand or bound may go before it does.

The range of an assumption is that of the optimal basis along its direction (parametric programming): all
prices of a flow move together, all vintages of a technology. The assumptions that are near their range and
weigh most are proved by solving the plan anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.diagnose import LANGUAGES
from tongyuan.pathway.ask.held import Held
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.money import told
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.assemble import aims
from tongyuan.pathway.problem.problem import Array, Problem
from tongyuan.pathway.solve.solution import scaled
from tongyuan.pathway.solve.solve import Solver
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

COUNT = 3
"""Assumptions that are told."""

CHANGE = 0.2
"""Relative change at which an assumption is proved by solving anew."""

TRIED = 12
"""Assumptions that are solved anew; the nearest to their range, weighed by the money they move."""

NOTHING = 1e-7
"""Reduced costs and distances below this, in the scale of the solver, are none."""

ANY = 5e-4
"""Relative change below which any change is said to change the plan."""

MOVED = 1e-4
"""Share of spending that must go elsewhere for the plan to count as changed."""

SHOWN = 2
"""Technologies named that rise or fall most."""


@dataclass(frozen=True)
class Assumption:
    """A number of the tables that may turn out otherwise, with its direction in the problem.

    `cost` is d cost / d ln(assumption) by column, `limit` d row limit / d ln(assumption) by row; one of them
    is None. `stake` is the money that moves with it.
    """

    kind: str
    name: str
    cost: Array | None = None
    limit: Array | None = None
    stake: float = 0.0
    up: float = field(default=np.inf)
    down: float = field(default=np.inf)

    @property
    def nearest(self) -> float:
        """The lesser of both ranges."""
        return min(self.up, self.down)


def assumptions(case: Case, change: float = CHANGE, count: int = COUNT) -> pl.DataFrame:
    """Return the assumptions that would change the plan most, proved by solving it anew.

    Parameters
    ----------
    change
        Relative change, up and down, at which each is tried.
    count
        Assumptions that are told.

    Returns
    -------
    polars.DataFrame
        Table ``assumption``: for each the relative change at which the optimal basis changes (`range_up`,
        `range_down`), the direction in which more of the plan changes, the share of spending that goes
        elsewhere there (`moved`), what the plan then costs more, the technologies that rise and fall, and a
        sentence. Fewer rows where fewer assumptions matter.
    """
    held = Held(case)
    start = held.solution()
    if start.status != "optimal":
        return empty("assumption")
    base = Plan("base", start.status, start.objective, start.gap, {}, held.problem, start)
    every = ranged(held.problem, _candidates(held.problem, base))
    near = [a for a in every if a.nearest <= change]
    used = sorted((a for a in near if a.stake > 0.0), key=lambda a: -a.stake / max(a.nearest, 0.01))
    # what the plan does not use yet has no money at stake: the nearest to being used are tried
    unused = sorted((a for a in near if a.stake <= 0.0), key=lambda a: a.nearest)
    reach = [*used[: TRIED - min(len(unused), TRIED // 2)], *unused[: TRIED // 2]]
    rows = []
    for one in reach:
        found = [_tried(held, base, one, sign * change) for sign in (1.0, -1.0)]
        rows.append(max(found, key=lambda r: float(str(r["moved"]))))
    rows = sorted(
        (r for r in rows if float(str(r["moved"])) > MOVED),
        key=lambda r: (-float(str(r["moved"])), -float(str(r["stake"]))),
    )
    ranked = [{"rank": i, **r} for i, r in enumerate(rows[:count], start=1)]
    return conform("assumption", pl.DataFrame(ranked)) if ranked else empty("assumption")


def _candidates(problem: Problem, plan: Plan) -> list[Assumption]:
    """Return every price, tax, cost of a technology, demand and target with its direction."""
    found = [*_costs(problem, plan.solution.x), *_limits(problem, plan)]
    return [a for a in found if a.kind != "cost" or a.name]


def _costs(problem: Problem, x: Array) -> list[Assumption]:
    case, codes = problem.case, problem.codes
    terms = (
        problem.terms if case.settings.include_damage else problem.terms.filter(pl.col("item") != "damage")
    )
    weight = terms["cost"].to_numpy() * problem.factor[terms["t"].to_numpy() - 1]
    column = terms["column"].to_numpy()
    labels = problem.columns[column]
    flows = pl.Series(codes.flow, dtype=pl.String).gather(labels["f"])
    technologies = pl.Series(codes.technology, dtype=pl.String).gather(labels["k"])
    kind = terms["item"].replace_strict(
        {"purchase": "price", "sale": "sale", "tax": "tax", "capital": "cost", "fixed": "cost"},
        default="",
        return_dtype=pl.String,
    )
    name = pl.select(
        pl.when(kind.is_in(["price", "sale"]))
        .then(flows)
        .when(kind == "cost")
        .then(technologies)
        .otherwise(pl.lit(""))
    ).to_series()
    found = []
    keys = pl.DataFrame({"kind": kind, "name": name, "i": np.arange(terms.height)}).filter(
        pl.col("kind") != ""
    )
    taxes = case["tax"].filter(pl.col("item") == "tax")["tax"].unique(maintain_order=True).to_list()
    for part in keys.partition_by("kind", "name", maintain_order=True):
        which, who = part["kind"][0], part["name"][0]
        if which == "tax":
            if len(taxes) != 1:
                continue  # terms of several taxes are not told apart
            who = taxes[0]
        at = part["i"].to_numpy()
        direction = np.bincount(column[at], weights=weight[at], minlength=x.size).astype(np.float64)
        # what cannot be used has no direction; a price that nothing pays may still open a way
        found.append(Assumption(which, who, cost=direction, stake=float(abs(direction) @ x)))
    return found


def _limits(problem: Problem, plan: Plan) -> list[Assumption]:
    dual = plan.solution.dual
    rows = problem.rows.with_row_index("row")
    size = rows.height
    found = []
    flow = pl.Series(problem.codes.flow, dtype=pl.String)
    balance = rows.filter(pl.col("kind") == "balance")
    balance = balance.with_columns(name=flow.gather(balance["f"]))
    reserve = rows.filter(pl.col("kind") == "reserve")
    reserve = reserve.with_columns(name=flow.gather(reserve["f"]))
    asked = set(problem.case["demand"].filter(pl.col("value") > 0.0)["flow"])
    for part in pl.concat([balance, reserve]).partition_by("name", maintain_order=True):
        if part["name"][0] in asked:
            at = part["row"].to_numpy()
            limit = np.zeros(size)
            limit[at] = problem.row_lower[at]
            found.append(Assumption("demand", part["name"][0], limit=limit, stake=float(abs(limit @ dual))))
    targets = rows.filter(pl.col("kind") == "target")
    numbers: dict[str, list[int]] = {}
    for aim, at in zip(aims(problem.case, problem.codes), targets["row"].to_list(), strict=True):
        if not aim.denominator_kind:
            numbers.setdefault(aim.target, []).append(at)
    for target, places in numbers.items():
        limit = np.zeros(size)
        finite = np.where(np.isfinite(problem.row_upper), problem.row_upper, problem.row_lower)
        limit[places] = finite[places]
        found.append(Assumption("target", target, limit=limit, stake=float(abs(limit @ dual))))
    return found


def ranged(problem: Problem, every: list[Assumption]) -> list[Assumption]:
    """Return the assumptions with the relative change, up and down, at which the optimal basis changes.

    The basis is that of the least cost. Of a change of costs the reduced costs move along its direction until
    one has no longer its sign; of a change of limits the basic variables move until one meets a bound.
    """
    basis = _Basis(problem)
    return [
        Assumption(a.kind, a.name, a.cost, a.limit, a.stake, basis.range(a, 1.0), basis.range(a, -1.0))
        for a in every
    ]


class _Basis:
    """The optimal basis of a problem, factored, in the scale of the solver."""

    def __init__(self, problem: Problem) -> None:
        solver = Solver(problem)
        solver.solve()
        self.solver = solver
        self.matrix = scaled(problem.matrix, solver.r, solver.c)
        self.rows, self.columns = self.matrix.shape
        basic = np.asarray(solver.highs.getBasicVariables()[1], dtype=np.int64)
        # a row i stands as -(i + 1): its activity is a variable of its own, with -1 in its row
        self.basic = np.where(basic >= 0, basic, self.columns - basic - 1)
        self.whole = _with_rows(self.matrix)
        self.factor: SuperLU = splu(self.whole[:, self.basic].tocsc())
        lower = np.concatenate([solver.lower / solver.c, solver.row_lower * solver.r])
        upper = np.concatenate([solver.upper / solver.c, solver.row_upper * solver.r])
        found = solver.highs.getSolution()
        self.x = np.concatenate([np.asarray(found.col_value), np.asarray(found.row_value)])
        self.lower, self.upper = lower, upper
        cost = np.concatenate([solver.cost * solver.c * solver.o, np.zeros(self.rows)])
        self.reduced = self._reduced(cost)
        self.free = np.ones(self.columns + self.rows, dtype=bool)
        self.free[self.basic] = False

    def _reduced(self, cost: Array) -> Array:
        y = self.factor.solve(cost[self.basic], trans="T")  # type: ignore[call-overload]
        return np.asarray(cost - self.whole.T @ y)

    def range(self, one: Assumption, sign: float) -> float:
        """Return how far an assumption may change one way with the basis as it is."""
        if one.cost is not None:
            return self._cost_range(sign * one.cost * self.solver.c * self.solver.o)
        assert one.limit is not None
        return self._limit_range(sign * one.limit * self.solver.r)

    def _cost_range(self, direction: Array) -> float:
        moved = self._reduced(np.concatenate([direction, np.zeros(self.rows)]))
        at_low = (
            self.free
            & (np.abs(self.x - self.lower) <= np.abs(self.x - self.upper))
            & (self.lower < self.upper)
        )
        at_high = self.free & ~at_low & (self.lower < self.upper)
        # at its lower end a reduced cost is positive, at its upper end negative
        falls = (at_low & (moved < -NOTHING)) | (at_high & (moved > NOTHING))
        room = np.abs(self.reduced[falls] / moved[falls])
        return float(room.min(initial=np.inf))

    def _limit_range(self, direction: Array) -> float:
        size = self.columns + self.rows
        shift = np.zeros(size)
        shift[self.columns :] = direction
        moving = np.where(self.free, shift, 0.0)
        moved = np.zeros(size)
        moved[self.basic] = -self.factor.solve(np.asarray(self.whole @ moving))
        # a limit that does not bind moves itself towards what stands
        own = np.where(self.free, 0.0, shift)
        down, up = moved - own, moved - own
        falls = ~self.free & (down < -NOTHING) & np.isfinite(self.lower)
        rises = ~self.free & (up > NOTHING) & np.isfinite(self.upper)
        room = np.concatenate(
            [
                np.maximum(self.x - self.lower, 0.0)[falls] / -down[falls],
                np.maximum(self.upper - self.x, 0.0)[rises] / up[rises],
            ]
        )
        return float(room.min(initial=np.inf))


def _with_rows(matrix: sparse.csc_matrix) -> sparse.csc_matrix:
    return sparse.csc_matrix(sparse.hstack([matrix, -sparse.identity(matrix.shape[0])]))


def _tried(held: Held, base: Plan, one: Assumption, change: float) -> dict[str, object]:
    """Return what becomes of the plan when an assumption changes."""
    set_to(held, one, 1.0 + change)
    found = held.solution()
    held.back()
    words: dict[str, object] = {
        "kind": one.kind,
        "name": one.name,
        "range_up": _shown(one.up),
        "range_down": _shown(one.down),
        "change": change,
        "stake": one.stake,
    }
    if found.status != "optimal":
        sentence = {f"sentence_{g}": _said(one, change, "assumption_infeasible", g, base) for g in LANGUAGES}
        return {**words, "moved": 1.0, "cost": None, "rises": "", "falls": "", **sentence}
    moved, rises, falls = _difference(base, found.x)
    more = found.objective - base.cost
    sentence = {
        f"sentence_{g}": _said(
            one,
            change,
            "assumption_changes",
            g,
            base,
            moved=f"{100 * moved:.3g}",
            more=told(more, base.problem.case.settings.currency, g, signed=True),
            rises=_joined(base, rises, g),
            falls=_joined(base, falls, g),
        )
        for g in LANGUAGES
    }
    return {
        **words,
        "moved": moved,
        "cost": more,
        "rises": ", ".join(rises),
        "falls": ", ".join(falls),
        **sentence,
    }


def set_to(held: Held, one: Assumption, times: float) -> None:
    """Set an assumption of a held plan to a multiple of what it was at the start."""
    if one.kind in ("price", "sale"):
        held.price(one.name, times, "purchase" if one.kind == "price" else "sale")
    elif one.kind == "target":
        rows = held.start["target"]
        here = pl.col("target") == one.name
        held.change(
            target=rows.with_columns(bound=pl.when(here).then(pl.col("bound") * times).otherwise("bound"))
        )
    else:
        {"tax": held.tax, "cost": held.cost, "demand": held.demand}[one.kind](one.name, times)


def _shown(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _said(one: Assumption, change: float, key: str, language: Language, base: Plan, **words: object) -> str:
    table = {"target": "target", "cost": "technology_option", "tax": "tax"}.get(one.kind, "flow")
    name = _titles(base, table, language).get(one.name, one.name)
    what = say("pathway", f"assumption_{one.kind}", language, name=name)
    way = say("pathway", "assumption_up" if change > 0 else "assumption_down", language)
    nearest = one.up if change > 0 else one.down
    return say(
        "pathway",
        key,
        language,
        what=what,
        way=way,
        change=f"{100 * abs(change):.3g}",
        range=_range(nearest, language),
        **words,
    )


def _range(nearest: float, language: Language) -> str:
    """Return from what change on the basis is another one; what would round to nought is any change."""
    if nearest < ANY:
        return say("pathway", "assumption_range_any", language)
    size = f"{100 * nearest:.3g}" if np.isfinite(nearest) else "—"
    return say("pathway", "assumption_range", language, range=size)


def _titles(base: Plan, table: str, language: Language) -> dict[str, str]:
    """Return the titles of a table of the case by name."""
    key, rows = table.removesuffix("_option"), base.problem.case[table]
    title = f"title_{language}"
    if title not in rows.columns:
        return {}
    return {k: t for k, t in rows.select(key, title).iter_rows() if t}


def _joined(base: Plan, names: list[str], language: Language) -> str:
    titles = _titles(base, "technology_option", language)
    return ("、" if language == "zh" else ", ").join(titles.get(n, n) for n in names) or "—"


def _difference(base: Plan, x: Array) -> tuple[float, list[str], list[str]]:
    """Return the share of spending that goes elsewhere, at the prices of `base`, and who rises and falls.

    `x` are the values of the columns of the problem of `base` after the change.
    """
    price, start, activity = np.abs(base.problem.cost), base.solution.x, base.problem.parts["x"]
    apart = float(price @ np.abs(x - start))
    spent = float(price @ (np.abs(start) + np.abs(x)))
    column = activity["column"].to_numpy()
    both = activity.select(
        "t",
        technology=pl.Series(base.problem.codes.technology, dtype=pl.String).gather(activity["k"]),
        value=pl.Series(np.maximum(start[column], 0.0)),
        value_new=pl.Series(np.maximum(x[column], 0.0)),
    )
    both = both.group_by("technology", "t", maintain_order=True).agg(pl.col("value", "value_new").sum())
    both = both.group_by("technology", maintain_order=True).agg(
        change=(pl.col("value_new") - pl.col("value")).sum(),
        size=pl.max_horizontal("value_new", "value").sum(),
    )
    # what changes most beside its own size comes first
    rows = both.filter(pl.col("change").abs() > 0.01 * pl.col("size")).with_columns(
        share=pl.col("change") / pl.col("size")
    )
    rises = (
        rows.filter(pl.col("share") > 0).sort("share", descending=True)["technology"].head(SHOWN).to_list()
    )
    falls = rows.filter(pl.col("share") < 0).sort("share")["technology"].head(SHOWN).to_list()
    return apart / max(spent, 1e-300), rises, falls
