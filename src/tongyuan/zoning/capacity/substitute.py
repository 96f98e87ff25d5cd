"""What has to be freed elsewhere for what a project adds: coal, energy, carbon and pollutants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import EVERY, shelf_rules
from tongyuan.zoning.access.screen import Case, concerns, environment, true, value

SCHEMA = {"rule": pl.String, "species": pl.String, "need": pl.Float64, "relation": pl.String,
          "document": pl.String}  # fmt: skip


def needs(case: Case, *, include_unverified: bool = False) -> pl.DataFrame:
    """Return ``rule, species, need, relation, document``: what every ratio in force asks a project to free.

    Parameters
    ----------
    case
        The project with its facts; need is in the unit of what is added.
    """
    ratios = set(shelf("replacement_ratio")["id"])
    rows = []
    for rule in shelf_rules(include_unverified):
        if rule.rule not in ratios or not concerns(rule, case, lists_of()):
            continue
        assert rule.limit is not None
        for species in _species(rule.each, case.species):
            facts = environment(case, species)
            if rule.applies is not None and not true(rule.applies, facts):
                continue
            need = value(rule.limit, facts)
            rows.append((rule.rule, species, need, rule.relation, rule.document))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _species(each: tuple[str, ...], held: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    if not each:
        return ("",)
    return tuple(s for s in held if s in each or EVERY in each)


def case_of(industry: str, region: str, day: date, **facts: float) -> Case:
    """Return a project of an industry with the facts given, for a question about one ratio."""
    return Case("", region, day, industry=industry, facts=facts)
