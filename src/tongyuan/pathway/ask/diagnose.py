"""When targets conflict: the smallest conflicting sets and the cheapest relaxation of each, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.sweep import emission_names
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import reached
from tongyuan.pathway.problem.assemble import Aim, aim_vector, aims, assemble, with_aims
from tongyuan.pathway.problem.problem import Index, Problem
from tongyuan.pathway.solve.solve import Solver
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

LIMIT_ROWS = ("share_max", "share_min", "capacity", "growth", "decline", "potential", "balance")
LIMIT_COLUMNS = ("purchase", "sale", "link", "stock")
MOST_CONFLICTS = 8
LANGUAGES: tuple[Language, Language] = ("zh", "en")


@dataclass(frozen=True)
class Limit:
    """A group of limits that is no target: potential of a technology, demand of a flow …"""

    kind: str
    name: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]


class Elastic:
    """The problem with targets and limits that can be let go and put back."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.aims = aims(problem.case, problem.codes)
        kinds = problem.rows.with_row_index("row")
        self.aim_row = kinds.filter(pl.col("kind") == "target")["row"].to_numpy().astype(np.int64)
        self.solver = Solver(problem)
        self.blank = np.zeros(problem.columns.height)
        self.solver.set_cost(self.blank)
        self.limits = _limits(problem)

    def enforce(self, chosen: set[int]) -> None:
        """Keep only the aims of these numbers."""
        rows = self.aim_row
        keep = np.isin(np.arange(rows.size), list(chosen))
        low = np.where(keep, self.problem.row_lower[rows], -np.inf)
        high = np.where(keep, self.problem.row_upper[rows], np.inf)
        self.solver.set_rows(rows, low, high)

    def let_go(self, limits: list[Limit]) -> None:
        """Free these limits and put all others back."""
        rows = _join(limit.rows for limit in self.limits)
        columns = _join(limit.columns for limit in self.limits)
        free_rows, free_columns = set(_join(x.rows for x in limits)), set(_join(x.columns for x in limits))
        gone = np.isin(rows, list(free_rows))
        self.solver.set_rows(
            rows,
            np.where(gone, -np.inf, self.problem.row_lower[rows]),
            np.where(gone, np.inf, self.problem.row_upper[rows]),
        )
        if columns.size:
            gone = np.isin(columns, list(free_columns))
            self.solver.set_columns(
                columns, self.problem.lower[columns], np.where(gone, np.inf, self.problem.upper[columns])
            )

    def feasible(self, chosen: set[int]) -> bool:
        """Tell whether the aims of these numbers can be met together."""
        self.enforce(chosen)
        return self.solver.solve().status in ("optimal", "unbounded")

    def shrink(self, chosen: set[int]) -> set[int]:
        """Return a smallest conflicting subset of an infeasible set of aims (deletion filter)."""
        kept = set(chosen)
        for one in sorted(chosen):
            if not self.feasible(kept - {one}):
                kept -= {one}
        return kept

    def conflicts(self) -> list[set[int]]:
        """Return the smallest conflicting sets, at most ``MOST_CONFLICTS`` (hitting-set tree)."""
        found: list[set[int]] = []
        seen: set[frozenset[int]] = set()
        queue = [frozenset[int]()]
        every = set(range(len(self.aims)))
        while queue and len(found) < MOST_CONFLICTS:
            removed = queue.pop(0)
            if removed in seen:
                continue
            seen.add(removed)
            known = next((f for f in found if not f & removed), None)
            if known is None:
                rest = every - removed
                if self.feasible(rest):
                    continue
                known = self.shrink(rest)
                found.append(known)
            queue.extend(removed | {one} for one in sorted(known))
        return found

    def standing(self, chosen: set[int]) -> list[Limit]:
        """Return a smallest set of limits that, with these aims, leaves no way."""
        gone: list[Limit] = []
        for limit in sorted(self.limits, key=lambda g: (LIMIT_ROWS + LIMIT_COLUMNS).index(g.kind)):
            self.let_go([*gone, limit])
            if not self.feasible(chosen):
                gone.append(limit)
        self.let_go([])
        return [limit for limit in self.limits if limit not in gone]


def _join(parts: Any) -> Index:
    return np.array([i for part in parts for i in part], dtype=np.int64)


def _limits(problem: Problem) -> list[Limit]:
    groups: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    bounded = np.isfinite(problem.row_lower) | np.isfinite(problem.row_upper)
    rows = (
        problem.named("rows")
        .with_row_index("row")
        .filter(pl.Series(bounded) & pl.col("kind").is_in(LIMIT_ROWS))
    )
    buildable = set(problem.named("columns").filter(pl.col("kind") == "build")["technology"])
    demanded = (problem.row_lower != 0.0) & np.isfinite(problem.row_lower)
    for r in rows.to_dicts():
        if r["kind"] == "balance" and not demanded[r["row"]]:
            continue
        if r["kind"] == "capacity" and r["technology"] in buildable:
            continue
        name = (
            r["flow"] if r["kind"] == "balance" else "/".join(x for x in (r["technology"], r["control"]) if x)
        )
        groups.setdefault((r["kind"], name), ([], []))[0].append(r["row"])
    columns = (
        problem.named("columns")
        .with_row_index("column")
        .filter(pl.Series(np.isfinite(problem.upper)) & pl.col("kind").is_in(LIMIT_COLUMNS))
    )
    for r in columns.to_dicts():
        name = r["flow"] or r["technology"]
        groups.setdefault((r["kind"], name), ([], []))[1].append(r["column"])
    return [Limit(kind, name, tuple(a), tuple(b)) for (kind, name), (a, b) in groups.items()]


def attainable(elastic: Elastic, chosen: set[int], one: int) -> float | None:
    """Return the bound aim `one` needs when the other chosen aims hold: the best value it can reach.

    A ratio is brought to its best by Dinkelbach's iteration (a linear problem each).
    """
    problem, aim = elastic.problem, elastic.aims[one]
    others = chosen - {one}
    if not elastic.feasible(others):
        return None
    top, below = aim_vector(problem, aim)
    sign = -1.0 if aim.comparator == "at_least" else 1.0
    if aim.comparator == "equal":
        solution = elastic.solver.solve()
        sign = 1.0 if reached(problem, solution, aim) > aim.bound else -1.0
    ratio, best = aim.bound, None
    for _ in range(30):
        cost = np.zeros(problem.columns.height)
        np.add.at(cost, top["column"].to_numpy(), sign * top["weight"].to_numpy())
        if below is not None:
            np.add.at(cost, below["column"].to_numpy(), -sign * ratio * below["weight"].to_numpy())
        elastic.solver.set_cost(cost)
        solution = elastic.solver.solve()
        if solution.status != "optimal":
            break
        best = reached(problem, solution, aim)
        if below is None or abs(best - ratio) <= 1e-12 * max(abs(best), 1.0):
            break
        ratio = best
    elastic.solver.set_cost(elastic.blank)
    return best


def _cost_when(elastic: Elastic, one: int, bound: float) -> float | None:
    """Re-solve the whole problem with aim `one` at `bound` (a hair looser); None if still no way."""
    case, aim = elastic.problem.case, elastic.aims[one]
    hair = 1e-7 * max(abs(bound), 1e-9)
    loose = bound + (hair if aim.comparator == "at_most" else -hair)
    solved = Solver(relaxed_problem(case, {one: loose})).solve()
    return solved.objective if solved.status == "optimal" else None


def relaxed_problem(case: Case, bounds: dict[int, float]) -> Problem:
    """Assemble `case` with other bounds for the aims of these numbers."""
    every = aims(case)
    problem = assemble(case.with_targets(names=[]), species=_emission_names(case, every))
    moved = [replace(a, bound=bounds[i]) if i in bounds else a for i, a in enumerate(every)]
    return with_aims(replace(problem, case=case), moved)


def _emission_names(case: Case, every: Sequence[Aim]) -> list[str]:
    told = {(a.kind, a.quantity) for a in every} | {(a.denominator_kind, a.denominator) for a in every}
    return sorted(set(emission_names(case, sorted(told))))


def diagnose(case: Case) -> pl.DataFrame:
    """Return table ``conflict``: empty when all targets can be met together.

    Every conflict is a smallest set: leaving out any one of its targets resolves it. Limits named with it
    (potential, growth, share, stock, import limit, demand) are a smallest set that stands in the way.
    """
    problem = assemble(case)
    elastic = Elastic(problem)
    if elastic.feasible(set(range(len(elastic.aims)))):
        return empty("conflict")
    rows: list[dict[str, Any]] = []
    if not elastic.feasible(set()):
        limits = elastic.standing(set())
        rows = _limit_rows(1, limits)
        words = {
            f"sentence_{g}": say("pathway", "conflict_limits", g, limits=_names(limits, g)) for g in LANGUAGES
        }
        return conform("conflict", pl.DataFrame([{**r, **words} for r in rows], infer_schema_length=None))
    for number, chosen in enumerate(elastic.conflicts(), start=1):
        limits = elastic.standing(chosen)
        rows.extend(_conflict_rows(elastic, number, chosen, limits))
    return conform("conflict", pl.DataFrame(rows, infer_schema_length=None))


def _limit_rows(number: int, limits: list[Limit]) -> list[dict[str, Any]]:
    return [{"conflict": number, "role": "limit", "member": f"{x.kind}:{x.name}"} for x in limits]


def _names(limits: list[Limit], language: Language) -> str:
    items = [say("pathway", f"limit_{x.kind}", language, name=x.name) for x in limits]
    return ("、" if language == "zh" else ", ").join(items) or "—"


def _conflict_rows(
    elastic: Elastic, number: int, chosen: set[int], limits: list[Limit]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in sorted(chosen):
        aim = elastic.aims[one]
        best = attainable(elastic, chosen, one)
        amount = abs(best - aim.bound) if best is not None else None
        found.append(
            {
                "conflict": number, "role": "target", "member": aim.target, "year": aim.year,
                "bound": aim.bound / aim.scale,
                "relaxed": best / aim.scale if best is not None else None,
                "amount": amount / aim.scale if amount is not None else None,
                "relative": amount / max(abs(aim.bound), 1e-300) if amount is not None else None,
                "cost": _cost_when(elastic, one, best) if best is not None else None,
                "unit": aim.unit,
            }
        )  # fmt: skip
    usable = [f for f in found if f["relative"] is not None]
    least = min(usable, key=lambda f: f["relative"]) if usable else None
    words: dict[str, str] = {}
    for language in LANGUAGES:
        comma = "、" if language == "zh" else ", "
        names = comma.join(f"{f['member']} ({f['year']})" for f in found)
        if least is None:
            words[f"sentence_{language}"] = say(
                "pathway", "conflict_no_relaxation", language, targets=names, limits=_names(limits, language)
            )
            continue
        cost = least["cost"]
        words[f"sentence_{language}"] = say(
            "pathway", "conflict_sentence", language, targets=names, limits=_names(limits, language),
            target=least["member"], year=least["year"], bound=f"{least['bound']:,.6g}",
            relaxed=f"{least['relaxed']:,.6g}", unit=least["unit"] or "",
            percent=f"{100 * least['relative']:.3g}",
            then=say("pathway", "conflict_remains", language)
            if cost is None
            else say("pathway", "conflict_cost", language, cost=f"{cost:,.6g}",
                     currency=elastic.problem.case.settings.currency),
        )  # fmt: skip
    rows = [{**{k: v for k, v in f.items() if k != "unit"}, "cheapest": f is least, **words} for f in found]
    return rows + [{**r, **words} for r in _limit_rows(number, limits)]
