"""Roles, and the scope that the grants of an account make for an operation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

from tongyuan.ledger.finding import Bilingual
from tongyuan.reference.shelf import read_text_csv
from tongyuan.store.people import Grant
from tongyuan.store.scope import Scope

Reach = Literal["none", "own", "children", "region"]


@dataclass(frozen=True)
class Role:
    """One role: whose rows it sees and writes, and what it is called."""

    role: str
    reads: Reach
    writes: Reach
    title: Bilingual
    description: Bilingual


@cache
def roles() -> dict[str, Role]:
    """Return every role by its name."""
    rows = read_text_csv(files("tongyuan.office").joinpath("role.csv")).to_dicts()
    return {
        row["role"]: Role(
            row["role"],
            row["reads"],
            row["writes"],
            Bilingual(row["title_zh"], row["title_en"]),
            Bilingual(row["description_zh"], row["description_en"]),
        )
        for row in rows
    }


def reach(role: Role, what: Reach, grant: Grant, organisations: pl.DataFrame) -> frozenset[str]:
    """Return the organisations that a grant reaches.

    Parameters
    ----------
    organisations : columns organisation, region, parent
        All organisations.

    Notes
    -----
    A region reaches those below it: codes of GB/T 2260 without the zeros at their end are its beginning.
    """
    name, parent, region = pl.col("organisation"), pl.col("parent"), pl.col("region")
    if what == "none":
        return frozenset()
    if what == "region":
        below = grant.region.rstrip("0")
        kept = organisations.filter(region.str.starts_with(below)) if below else organisations.clear()
    elif what == "children":
        kept = organisations.filter((name == grant.organisation) | (parent == grant.organisation))
    else:
        kept = organisations.filter(name == grant.organisation)
    return frozenset(kept["organisation"])


def needs_all(grants: Iterable[Grant]) -> bool:
    """Return whether one of `grants` reaches others than its own organisation, so that all must be known."""
    kinds = {kind for grant in grants for kind in (roles()[grant.role].reads, roles()[grant.role].writes)}
    return bool(kinds & {"children", "region"})


def own(grants: Iterable[Grant]) -> pl.DataFrame:
    """Return the organisations that `grants` name, as :func:`reach` is given them."""
    names = sorted({grant.organisation for grant in grants if grant.organisation})
    named = pl.Series("organisation", names, dtype=pl.String)
    return pl.DataFrame([named]).with_columns(region=pl.lit(""), parent=pl.lit(None, pl.String))


def scope_of(person: str, grants: Iterable[Grant], organisations: pl.DataFrame) -> Scope:
    """Return what `grants` together let a person see and write."""
    reads: set[str] = set()
    writes: set[str] = set()
    for grant in grants:
        role = roles()[grant.role]
        reads |= reach(role, role.reads, grant, organisations)
        writes |= reach(role, role.writes, grant, organisations)
    return Scope(person, frozenset(reads | writes), frozenset(writes))
