"""The shelf of checks: what each asks, when it applies, what must hold, and where that stands in law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tongyuan.reference.shelf import Language, shelf

SEVERITIES = ("fatal", "critical_1", "critical_2", "non_critical", "information")
"""From what cannot be read or accounted to what is only told (the five kinds of ECMPS)."""
STATUSES = ("verified", "secondary", "proposal", "unverified")
"""How well the threshold is known; ``unverified`` is off unless it is asked for."""


@dataclass(frozen=True)
class Check:
    """One check.

    Parameters
    ----------
    code
        Code, a group and a number.
    view
        Relation whose rows it looks at (shelf ``check_view``).
    severity, status
        See :data:`SEVERITIES`, :data:`STATUSES`.
    title_zh, title_en, sentence_zh, sentence_en
        What it is called and what should be so.
    applies, holds
        SQL expressions on a row: whether the check concerns it, whether it is as it should be. Where
        `holds` is null,
        data are missing.
    observed, expected
        SQL expressions of the figures shown, empty for none.
    tolerance, tolerance_source, legal_basis
        The threshold ``{t}``, where it comes from, and the rule the check stands on.
    """

    code: str
    view: str
    severity: str
    status: str
    title_zh: str
    title_en: str
    sentence_zh: str
    sentence_en: str
    applies: str
    holds: str
    observed: str
    expected: str
    tolerance: str
    tolerance_source: str
    legal_basis: str

    @property
    def group(self) -> str:
        """Letters of the code."""
        return self.code.partition("-")[0]

    def title(self, language: Language) -> str:
        """Return the title in a language."""
        return self.title_en if language == "en" else self.title_zh

    def expression(self, name: str) -> str:
        """Return the expression `name` with the threshold put in."""
        return str(getattr(self, name)).replace("{t}", self.tolerance or "0")


@dataclass(frozen=True)
class View:
    """Relation that checks look at: the tables it stands on and the query that makes it."""

    name: str
    tables: tuple[str, ...]
    select: str


@cache
def checks() -> MappingProxyType[str, Check]:
    """Return every check by its code."""
    return MappingProxyType({row["check"]: Check(*row.values()) for row in shelf("check").to_dicts()})


@cache
def views() -> MappingProxyType[str, View]:
    """Return every view by its name."""
    rows = shelf("check_view").to_dicts()
    return MappingProxyType(
        {r["view"]: View(r["view"], tuple(r["tables"].split("|")), r["select"]) for r in rows}
    )


def chosen(*, unverified: bool = False, codes: tuple[str, ...] = ()) -> list[Check]:
    """Return the checks that are on: all but those of status ``unverified``, or those named (code or group).

    Raises
    ------
    KeyError
        If a name is neither a code nor a group.
    """
    every = list(checks().values())
    groups = {check.group for check in every}
    for name in codes:
        if name not in checks() and name not in groups:
            raise KeyError(name)
    if codes:
        return [check for check in every if check.code in codes or check.group in codes]
    return [check for check in every if unverified or check.status != "unverified"]
