"""What would change a verdict: the smallest change of each input, found by solving."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.figure.formula import Formula, evaluate, parse
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import Lists
from tongyuan.zoning.access.rule import EVERY, SPECIES_FACTS, Rule
from tongyuan.zoning.access.screen import (
    Case,
    Judged,
    concerns,
    environment,
    judge,
    judge_all,
    of_its_kind,
    verdict,
)

Array = npt.NDArray[np.float64]
BESIDE = (1e-8, 1e-7, 1e-6, 1e-5)
"""Shares by which a value lies beside a threshold; the first that is beyond what counts as meeting it."""
FILED = "filed"
_GRID = np.concatenate([[0.0], np.geomspace(1e-6, 1e12, 181)])


@cache
def _known() -> dict[str, dict[str, str]]:
    return {row["fact"]: row for row in shelf("access_fact").to_dicts()}


def flips(cases: Sequence[Case], rules: Sequence[Rule], lists: Lists) -> pl.DataFrame:
    """Return table ``verdict_flip``: each input's smallest change, of verdict and rules not met.

    An input is changed alone, all others as they are. Where no value of it changes anything it has no row.
    Facts that are yes or no are turned over; a date of filing moves by whole days.
    """
    lines = []
    for case in cases:
        lines += list(_of_case(case, rules, lists))
    return from_rows("verdict_flip", lines)


def _of_case(case: Case, rules: Sequence[Rule], lists: Lists) -> Iterator[dict[str, object]]:
    rules = [r for r in rules if of_its_kind(r, case)]
    judged = judge_all(rules, case, lists)
    before = verdict(judged)
    scope = [r for r in rules if concerns(r, case, lists) is not False]
    for species, name in _inputs(case, scope):
        touched = [r for r in scope if name in r.names and (not species or _looks(r, species))]
        rest = [o for o in judged if not (o.rule in touched and (not species or o.species == species))]

        def outcome(
            value: float,
            species: str = species,
            name: str = name,
            touched: Sequence[Rule] = touched,
            rest: Sequence[Judged] = rest,
        ) -> str:
            other = changed(case, species, name, value)
            return verdict([*rest, *_judged(touched, other, lists, species)])

        now = _now(case, species, name)
        candidates = _candidates(case, touched, species, name, now)
        yield from _lines(case, "", species, name, now, before, candidates, outcome)
        for one in judged:
            if one.state not in ("failed_rule", "due") or name not in one.rule.names:
                continue
            if species and one.species != species:
                continue

            def state(value: float, one: Judged = one, species: str = species, name: str = name) -> str:
                other = changed(case, species, name, value)
                again = judge(one.rule, other, lists, one.species)
                return again.state if again else "rule_met"

            places = _candidates(case, [one.rule], species or one.species, name, now)
            yield from _lines(case, one.rule.rule, one.species, name, now, one.state, places, state)
    yield from _of_day(case, rules, lists, before)


def _looks(rule: Rule, species: str) -> bool:
    return species in rule.each or EVERY in rule.each


def _judged(rules: Sequence[Rule], case: Case, lists: Lists, species: str) -> list[Judged]:
    if not species:
        return judge_all(rules, case, lists)
    return [one for rule in rules if (one := judge(rule, case, lists, species)) is not None]


def _inputs(case: Case, rules: Sequence[Rule]) -> list[tuple[str, str]]:
    names = sorted({n for r in rules for n in r.names} - {"capacity_ratio"})
    plain = [("", n) for n in names if n not in SPECIES_FACTS]
    return plain + [(s, n) for s in case.species for n in names if n in SPECIES_FACTS and n != "budget_set"]


def _now(case: Case, species: str, name: str) -> float | None:
    value = environment(case, species).get(name)
    return value


def changed(case: Case, species: str, name: str, value: float) -> Case:
    """Return a project with one fact changed, of itself or of a substance."""
    if name == FILED:
        return replace(case, day=date.fromordinal(int(value)))
    if species and name in SPECIES_FACTS:
        return replace(case, species={**case.species, species: {**case.species[species], name: value}})
    return replace(case, facts={**case.facts, name: value})


def _lines(
    case: Case, rule: str, species: str, name: str, now: float | None, before: str,
    candidates: Sequence[float], outcome: Callable[[float], str],
) -> Iterator[dict[str, object]]:  # fmt: skip
    start = 0.0 if now is None else now
    for value in sorted(candidates, key=lambda v: abs(v - start)):
        if now is not None and value == now:
            continue
        after = outcome(value)
        if after != before:
            row = _known().get(name, {})
            yield {
                "project": case.project, "rule": rule or None, "species": species or None, "input": name,
                "title_zh": row.get("title_zh") or name, "title_en": row.get("title_en") or name,
                "value": now, "needed": value, "change": value - start, "unit": row.get("unit") or None,
                "after": after,
            }  # fmt: skip
            return


def _candidates(case: Case, rules: Sequence[Rule], species: str, name: str, now: float | None) -> list[float]:
    """Return every value of an input at and beside which a rule can change its mind."""
    if _known().get(name, {}).get("flag") == "yes" or name in ("fails", "goal_missed"):
        return [0.0, 1.0]
    facts = environment(case, species)
    found: set[float] = {0.0}
    for rule in rules:
        for difference in _differences(rule):
            for root in _roots(difference, facts, name, now):
                found.update((root, *(root * (1 + b) for b in BESIDE), *(root * (1 - b) for b in BESIDE)))
                if root == 0:
                    found.update((1e-6, -1e-6) if now is not None and now < 0 else (1e-6,))
    return [v for v in found if v >= 0 or (now is not None and now < 0)]


def _differences(rule: Rule) -> list[Formula]:
    """Return what a rule compares, as differences that are nought where it changes."""
    made = [f"({rule.fact.text}) - ({rule.limit.text})"] if rule.fact and rule.limit else []
    if rule.applies is not None:
        nodes = [n for n in ast.walk(rule.applies.tree) if isinstance(n, ast.Compare)]
        made += [f"({ast.unparse(n.left)}) - ({ast.unparse(n.comparators[0])})" for n in nodes]
    return [parse(text) for text in made]


def _roots(formula: Formula, facts: dict[str, float], name: str, now: float | None) -> list[float]:
    if name not in formula.columns or any(n not in facts and n != name for n in formula.columns):
        return []
    grid = _GRID if now is None else np.unique(np.concatenate([_GRID, [max(now, 0.0)]]))

    given = {n: np.asarray(facts[n]) for n in formula.columns if n != name}

    def value(x: float) -> float:
        return float(evaluate(formula, {**given, name: np.asarray(x)}, {}))

    values = evaluate(formula, {**given, name: grid}, {})
    values = np.broadcast_to(values, grid.shape)
    sign = np.sign(values)
    roots = []
    for k in np.flatnonzero(sign[:-1] != sign[1:]):
        a, b, fa, fb = (float(v) for v in (grid[k], grid[k + 1], values[k], values[k + 1]))
        straight = _short(a - fa * (b - a) / (fb - fa))
        if sign[k] * sign[k + 1] < 0 and abs(value(straight)) <= 1e-12 * max(abs(fa), abs(fb)):
            roots.append(straight)
        else:
            roots.append(_edge(value, a, b))
    return roots


def _edge(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where the sign of a function leaves what it is at `low`, by halving."""
    begun = np.sign(value(low))
    for _ in range(80):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if np.sign(value(middle)) == begun else (low, middle)
    return _short(high)


def _short(value: float) -> float:
    """Return a value with the digits that carry meaning, so that a threshold is met as it is printed."""
    return float(f"{value:.12g}")


def _of_day(case: Case, rules: Sequence[Rule], lists: Lists, before: str) -> Iterator[dict[str, object]]:
    """Return the next day of filing on which the verdict is another; nobody files in the past."""
    days: set[date] = set()
    for rule in rules:
        spans = [(rule.valid_from, rule.valid_to)]
        spans += {(begin, end) for _, begin, end in lists.rows.get(rule.region_list, ())}
        for begin, end in spans:
            days.update(() if begin is None else (begin, begin - timedelta(days=1)))
            days.update(() if end is None else (end, end + timedelta(days=1)))
    begun = [begin for begin, _ in case.ratios if begin > date.min]
    days.update(d for begin in begun for d in (begin, begin - timedelta(days=1)))
    for day in sorted(d for d in days if d > case.day):
        after = verdict(judge_all(rules, replace(case, day=day), lists))
        if after != before:
            yield {
                "project": case.project, "input": FILED, "title_zh": "申报日期", "title_en": "Day of filing",
                "value": _number(case.day), "needed": _number(day), "change": float((day - case.day).days),
                "unit": "d", "after": after,
            }  # fmt: skip
            return


def _number(day: date) -> float:
    return float(day.year * 10_000 + day.month * 100 + day.day)
