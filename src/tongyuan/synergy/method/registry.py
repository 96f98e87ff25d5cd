"""The methods of this room by name, each with its source, its status and what it can and cannot promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.reference.shelf import Language, read_text_csv
from tongyuan.synergy.index.check import ROOM, refuse


@dataclass(frozen=True)
class Method:
    """One published method.

    `relative` methods change their results when the set of regions changes; `monotone` ones can never
    reward a higher emission. Status ``unverified``: the formula was not read in a printed source.
    """

    kind: str
    name: str
    function: Callable[..., Any]
    title_zh: str
    title_en: str
    status: str
    relative: bool
    monotone: bool
    source: str
    note_zh: str
    note_en: str

    def title(self, language: Language) -> str:
        """Return the title in `language`."""
        return self.title_en if language == "en" else self.title_zh


@cache
def methods() -> tuple[Method, ...]:
    """Return every method of the room."""
    rows = read_text_csv(files("tongyuan.synergy") / "method.csv").to_dicts()
    return tuple(
        Method(
            kind=row["kind"],
            name=row["name"],
            function=getattr(import_module(f"tongyuan.synergy.method.{row['module']}"), row["function"]),
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            status=row["status"],
            relative=row["relative"] == "yes",
            monotone=row["monotone"] == "yes",
            source=row["source"],
            note_zh=row["note_zh"],
            note_en=row["note_en"],
        )
        for row in rows
    )


def method(kind: str, name: str) -> Method:
    """Return method `name` of `kind`; an unknown name raises an error that lists the known ones."""
    known = [m for m in methods() if m.kind == kind]
    for entry in known:
        if entry.name == name:
            return entry
    names = ", ".join(m.name for m in known) or ", ".join(sorted({m.kind for m in methods()}))
    raise refuse("unknown_method", kind=kind, name=name, known=names)


def notices(chosen: tuple[Method, ...]) -> list[Finding]:
    """Return what a reader must know of the `chosen` methods: relative, unverified, not monotone."""
    found: list[Finding] = []
    for m in chosen:
        names: dict[str, Any] = {
            "method": m.name,
            "title": Bilingual(m.title_zh, m.title_en),
            "source": m.source,
        }
        if m.relative:
            found.append(finding(ROOM, "relative_method", **names))
        if m.status == "unverified":
            found.append(finding(ROOM, "unverified_method", **names))
        if not m.monotone:
            found.append(
                finding(ROOM, "not_monotone_method", **names, reason=Bilingual(m.note_zh, m.note_en))
            )
    return found
