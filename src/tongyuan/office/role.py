"""Roles, and the scope that the grants of an account make for an operation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from tongyuan.ledger.finding import Bilingual
from tongyuan.reference.shelf import read_text_csv
from tongyuan.store.people import Grant
from tongyuan.store.scope import Scope
from tongyuan.store.submission import Place

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


def reach(role: Role, what: Reach, grant: Grant, places: Iterable[Place]) -> Iterable[str]:
    """Yield the organisations that a grant reaches, of all there are.

    Notes
    -----
    A region reaches those below it: codes of GB/T 2260 without the zeros at their end are its beginning.
    """
    if what == "none":
        return ()
    own = grant.organisation
    if what == "region":
        below = grant.region.rstrip("0")
        return (one.organisation for one in places if below and one.region.startswith(below))
    if what == "children":
        return (one.organisation for one in places if own in (one.organisation, one.parent))
    return (one.organisation for one in places if one.organisation == own)


def needs_all(grants: Iterable[Grant]) -> bool:
    """Return whether one of `grants` reaches others than its own organisation, so that all must be known."""
    kinds = {kind for grant in grants for kind in (roles()[grant.role].reads, roles()[grant.role].writes)}
    return bool(kinds & {"children", "region"})


def own(grants: Iterable[Grant]) -> list[Place]:
    """Return the organisations that `grants` name, as :func:`reach` is given them."""
    return [Place(name, "", None) for name in {one.organisation for one in grants if one.organisation}]


def scope_of(person: str, grants: Iterable[Grant], places: Sequence[Place]) -> Scope:
    """Return what `grants` together let a person see and write, of all organisations there are."""
    reads: set[str] = set()
    writes: set[str] = set()
    for grant in grants:
        role = roles()[grant.role]
        reads.update(reach(role, role.reads, grant, places))
        writes.update(reach(role, role.writes, grant, places))
    return Scope(person, frozenset(reads | writes), frozenset(writes))
