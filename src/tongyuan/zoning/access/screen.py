"""Verdicts: every rule that applies to a project, with fact, limit, clause and document."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.figure.formula import Formula, evaluate, parse
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import Lists, within
from tongyuan.zoning.access.rule import EVERY, Rule

Array = npt.NDArray[np.float64]
NEAR = 1e-9
"""Share of a limit within which a fact meets it."""
REFUSED, CONDITIONAL, ADMITTED = "refused", "conditional", "admitted"


@dataclass(frozen=True)
class Case:
    """A project as the rules see it.

    `facts` are numbers by name (1 and 0 for yes and no), `species` those of one substance. What is not
    there is missing, unless the shelf ``access_fact`` says what its absence means.
    """

    project: str
    region: str
    day: date
    industry: str = ""
    product: str = ""
    kind: str = ""
    basin: str = ""
    zones: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    species: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ratios: tuple[tuple[date, float | None], ...] = ()
    """Ratio of capacity replacement from a day on; not a number where its list of regions is not known."""


@dataclass(frozen=True)
class Judged:
    """What a rule says of a project: its state, the fact and the limit, and what is missing to tell."""

    rule: Rule
    species: str
    state: str
    fact: float | None = None
    limit: float | None = None
    lacks: tuple[str, ...] = ()


@cache
def absent() -> Mapping[str, float]:
    """Return what the absence of a fact means, of those where it means something."""
    rows = shelf("access_fact").select("fact", "absent").iter_rows()
    return MappingProxyType({fact: float(value) for fact, value in rows if value})


def environment(case: Case, species: str = "") -> dict[str, float]:
    """Return every fact of a project, and of a substance, by name."""
    ratio = next((value for begin, value in reversed(case.ratios) if begin <= case.day), None)
    known = {**absent(), **case.facts, **case.species.get(species, {})}
    if ratio is not None:
        known["capacity_ratio"] = ratio
    if ratio is not None and np.isnan(ratio):
        # it hangs on a list of regions that nobody gave
        del known["capacity_ratio"]
    return known


def concerns(rule: Rule, case: Case, lists: Lists) -> bool | None:
    """Return whether a rule concerns a project; None where its list of regions is not known."""
    if not rule.holds_on(case.day) or not of_its_kind(rule, case):
        return False
    return lists.holds(rule.region_list, case.region, case.day) if rule.region_list else True


def of_its_kind(rule: Rule, case: Case) -> bool:
    """Return whether a rule is about such a project in such a place, whatever the day."""
    if rule.industry and not any(case.industry.startswith(code) for code in rule.industry):
        return False
    if rule.product and case.product not in rule.product:
        return False
    if rule.kind and case.kind not in rule.kind:
        return False
    if rule.basin and case.basin != rule.basin:
        return False
    if rule.region and rule.region not in within(case.region):
        return False
    if rule.zone and rule.zone not in case.zones:
        return False
    return not rule.zone_class or rule.zone_class in case.classes


def true(formula: Formula, facts: Mapping[str, float]) -> bool | None:
    """Return whether a condition holds; None where a fact is missing and nothing else rules it out."""
    known = value(formula, facts)
    if not np.isnan(known):
        return bool(known > 0)
    return False if any(value(part, facts) == 0 for part in _factors(formula)) else None


@cache
def _factors(formula: Formula) -> tuple[Formula, ...]:
    """Return the factors of a product: one that is nought makes it nought whatever the others are."""

    def split(node: ast.expr) -> Iterator[ast.expr]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield from split(node.left)
            yield from split(node.right)
        else:
            yield node

    return tuple(parse(ast.unparse(part)) for part in split(formula.tree))


def value(formula: Formula, facts: Mapping[str, float]) -> float:
    """Return what a formula yields; not a number where a fact is missing."""
    if any(name not in facts for name in formula.columns):
        return float("nan")
    return float(evaluate(formula, {n: np.asarray(facts[n]) for n in formula.columns}, {}))


def meets(relation: str, fact: Array, limit: Array) -> npt.NDArray[np.bool_]:
    """Return whether facts stand to limits as asked, within :data:`NEAR` of them."""
    room = NEAR * np.maximum(np.abs(fact), np.abs(limit))
    match relation:
        case "at_least":
            return np.asarray(fact >= limit - room)
        case "at_most":
            return np.asarray(fact <= limit + room)
        case "more_than":
            return np.asarray(fact > limit + room)
        case _:
            return np.asarray(fact < limit - room)


def judge(rule: Rule, case: Case, lists: Lists, species: str = "") -> Judged | None:
    """Return what a rule says of a project, or of one of its substances; None where it does not apply."""
    held = concerns(rule, case, lists)
    if held is False:
        return None
    facts = environment(case, species)
    lacks = [f"list:{rule.region_list}"] if held is None else []
    if rule.applies is not None:
        applies = true(rule.applies, facts)
        if applies is False:
            return None
        if applies is None:
            lacks += [n for n in rule.applies.columns if n not in facts]
    if rule.fact is None or rule.limit is None:
        return Judged(rule, species, "open_rule" if lacks else "due", lacks=tuple(lacks))
    fact, limit = value(rule.fact, facts), value(rule.limit, facts)
    if np.isnan(fact) or np.isnan(limit):
        lacks += [n for n in (*rule.fact.columns, *rule.limit.columns) if n not in facts]
    told = (None if np.isnan(fact) else fact, None if np.isnan(limit) else limit)
    whole = not (np.isnan(fact) or np.isnan(limit))
    if whole and bool(meets(rule.relation, np.asarray(fact), np.asarray(limit))):
        # whatever is still open about its scope, what it asks is met
        return Judged(rule, species, "rule_met", *told)
    if lacks or not whole:
        return Judged(rule, species, "open_rule", *told, tuple(dict.fromkeys(lacks)))
    return Judged(rule, species, "due" if rule.effect == "duty" else "failed_rule", *told)


def judge_all(rules: Sequence[Rule], case: Case, lists: Lists) -> list[Judged]:
    """Return what every rule says of a project, substance by substance where it looks at each."""
    made = []
    for rule in rules:
        names = [s for s in case.species if s in rule.each or EVERY in rule.each] if rule.each else [""]
        made += [one for name in names if (one := judge(rule, case, lists, name)) is not None]
    return made


def verdict(judged: Sequence[Judged]) -> str:
    """Return the verdict: refused by a ban not met, conditional by a condition or a question left open."""
    states = {(one.rule.effect, one.state) for one in judged}
    if ("forbid", "failed_rule") in states:
        return REFUSED
    if states & {("condition", "failed_rule"), ("condition", "open_rule"), ("forbid", "open_rule")}:
        return CONDITIONAL
    return ADMITTED


def screen(
    cases: Sequence[Case], rules: Sequence[Rule], lists: Lists, titles: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return tables ``verdict`` and ``verdict_rule`` of projects.

    Parameters
    ----------
    cases
        Projects with their facts.
    titles
        Their names, by project.
    """
    verdicts, lines = [], []
    for case in cases:
        judged = judge_all(rules, case, lists)
        states = [one.state for one in judged]
        failed = [one for one in judged if one.state == "failed_rule"]
        first = sorted(failed, key=lambda one: one.rule.effect != "forbid")
        verdicts.append({
            "project": case.project, "title": (titles or {}).get(case.project), "region": case.region,
            "verdict": verdict(judged), "rules": len(judged), "failed": len(failed),
            "open": sum(o.state == "open_rule" and o.rule.effect != "duty" for o in judged),
            "duties": states.count("due"),
            "reason": "|".join(dict.fromkeys(one.rule.rule for one in first)) or None,
        })  # fmt: skip
        lines += [row(case.project, one) for one in judged]
    return from_rows("verdict", verdicts), from_rows("verdict_rule", lines)


def row(project: str, one: Judged) -> dict[str, object]:
    """Return a line of table ``verdict_rule``."""
    rule = one.rule
    return {
        "project": project, "rule": rule.rule, "species": one.species or None, "title_zh": rule.title_zh,
        "title_en": rule.title_en, "effect": rule.effect, "state": one.state, "fact": one.fact,
        "relation": rule.relation or None, "limit": one.limit, "unit": rule.unit or None,
        "lacks": list(one.lacks), "document": rule.document, "article": rule.article or None,
        "status": rule.status,
    }  # fmt: skip
