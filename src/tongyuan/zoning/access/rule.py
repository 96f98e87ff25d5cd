"""Rules of access: read from the shelf and from a place's own table, each with its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.figure.formula import Formula, parse
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.reference.shelf import shelf

ROOM = "zoning"
EVERY = "*"
SPECIES_FACTS = ("emission", "offset", "fails", "goal_missed", "budget_set", "budget_left")
"""Facts of one substance, for rules that look at several one by one."""
_OBJECTS = {"coal": "coal_source", "energy": "energy_source", "carbon": "carbon_source"}


@dataclass(frozen=True)
class Rule:
    """A rule: whom it concerns, what it asks, and where it stands.

    `applies`, `fact` and `limit` are formulas over the facts of a project; a rule without `fact` names a duty
    that holds wherever it applies. Lists and texts that are empty leave nobody out.
    """

    rule: str
    clause: str
    title_zh: str
    title_en: str
    effect: str
    document: str
    article: str
    status: str
    industry: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    basin: str = ""
    region: str = ""
    region_list: str = ""
    zone: str = ""
    zone_class: str = ""
    each: tuple[str, ...] = ()
    applies: Formula | None = None
    fact: Formula | None = None
    relation: str = ""
    limit: Formula | None = None
    unit: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    names: frozenset[str] = field(default_factory=frozenset)
    """Facts that its formulas read."""

    def holds_on(self, day: date) -> bool:
        """Return whether the rule is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split("|")
    return tuple(v.strip() for v in value or () if v and v.strip())


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def make(row: Mapping[str, Any], document: str) -> Rule:
    """Return the rule of a row of the shelf or of table ``zone_rule``.

    Raises
    ------
    FindingError
        If it has no document, asks without a relation or limit, ends before it begins, or a formula is none.
    """
    name = row["rule"]
    if not document.strip():
        raise FindingError([finding(ROOM, "rule_without_document", rule=name)])
    parts = {c: parse(row[c]) if row.get(c) else None for c in ("applies", "fact", "limit")}
    asked = (parts["fact"] is not None, bool(row.get("relation")), parts["limit"] is not None)
    if len(set(asked)) > 1:
        raise FindingError([finding(ROOM, "rule_half", rule=name)])
    if row["effect"] != "duty" and not asked[0]:
        raise FindingError([finding(ROOM, "rule_asks_nothing", rule=name)])
    begin, end = _day(row.get("valid_from")), _day(row.get("valid_to"))
    if begin and end and end < begin:
        raise FindingError([finding(ROOM, "rule_turned", rule=name, begin=begin, end=end)])
    each = _words(row.get("each"))
    names = frozenset(n for f in parts.values() if f for n in f.columns)
    lost = sorted(names & set(SPECIES_FACTS)) if not each else []
    if lost:
        raise FindingError([finding(ROOM, "rule_needs_species", rule=name, fact=lost[0])])
    return Rule(
        rule=name,
        clause=row.get("clause") or name,
        title_zh=row.get("title_zh") or row.get("title") or "",
        title_en=row.get("title_en") or row.get("title") or "",
        effect=row["effect"],
        document=document,
        article=row.get("article") or "",
        status=row.get("status") or "official",
        industry=_words(row.get("industry")),
        product=_words(row.get("product")),
        kind=_words(row.get("kind")),
        basin=row.get("basin") or "",
        region=row.get("region") or "",
        region_list=row.get("region_list") or "",
        zone=row.get("zone") or "",
        zone_class=row.get("zone_class") or "",
        each=each,
        applies=parts["applies"],
        fact=parts["fact"],
        relation=row.get("relation") or "",
        limit=parts["limit"],
        unit=row.get("unit") or "",
        valid_from=begin,
        valid_to=end,
        names=names,
    )


def _documents(source: str) -> str:
    """Return the titles of the documents of a shelf row; empty where it names none."""
    titles = dict(shelf("source").select("id", "title").iter_rows())
    return "；".join(titles[one] for one in _words(source))


def replacement_rule(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of shelf ``replacement_ratio`` as a rule: so much freed elsewhere for what is added."""
    freed = _OBJECTS.get(row["object"], "offset")
    limit = f"{row['ratio']} * {row['need']}"
    applies = f"({row['applies']}) * ({row['need']} > 0)" if row["applies"] else f"{row['need']} > 0"
    return {
        **row, "rule": row["id"], "clause": row["id"], "fact": freed, "limit": limit, "applies": applies,
        "effect": "condition", "unit": "tce" if row["object"] == "energy" else "t",
    }  # fmt: skip


@cache
def shelf_rules(include_unverified: bool = False) -> tuple[Rule, ...]:
    """Return the rules of the shelves that can be looked at by formula.

    Rows that a person reads (effect ``text``) and ratios without a number are left out; so are unverified
    ones unless asked for.
    """
    rows: list[Mapping[str, Any]] = [r for r in shelf("access_rule").to_dicts() if r["effect"] != "text"]
    rows += [replacement_rule(r) for r in shelf("replacement_ratio").to_dicts() if r["ratio"]]
    return tuple(
        make(row, _documents(row["source"]))
        for row in rows
        if include_unverified or row["status"] != "unverified"
    )


def rules_of(
    own: pl.DataFrame | None = None, *, include_unverified: bool = False
) -> tuple[tuple[Rule, ...], tuple[Finding, ...]]:
    """Return the rules of the shelves and of table ``zone_rule``, and what is wrong with the latter's.

    A row that is wrong is told and left out; an unverified one is left out unless asked for.
    """
    found: list[Finding] = []
    made = list(shelf_rules(include_unverified))
    taken = {rule.rule for rule in made}
    for row in _rows(own):
        if row["status"] == "unverified" and not include_unverified:
            found.append(finding(ROOM, "rule_unverified", rule=row["rule"]))
            continue
        try:
            rule = make(row, row["document"] or "")
        except FindingError as wrong:
            found += wrong.findings
            continue
        if rule.rule in taken:
            found.append(finding(ROOM, "rule_twice", rule=rule.rule))
            continue
        taken.add(rule.rule)
        made.append(rule)
    return tuple(made), tuple(found)


def _rows(own: pl.DataFrame | None) -> Iterable[dict[str, Any]]:
    return [] if own is None else own.iter_rows(named=True)
