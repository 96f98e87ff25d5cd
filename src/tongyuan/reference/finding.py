"""Findings: what is wrong, where, what is allowed and what to do next, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language, title

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Bilingual:
    """A word that a sentence shows in its own language."""

    zh: str
    en: str

    @classmethod
    def titled(cls, name: str, identifier: str) -> Bilingual:
        """Return the titles of `identifier` on shelf `name`."""
        return cls(title(name, identifier, "zh"), title(name, identifier, "en"))


TITLED = ("region", "process", "product")
"""Values that are ids of the shelf of their name; a reader sees the title."""


def _worded(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {key: _word(key, value, language) for key, value in values.items()}


def _word(key: str, value: Any, language: Language) -> Any:
    if isinstance(value, Bilingual):
        return value.en if language == "en" else value.zh
    return title(key, value, language) if key in TITLED and isinstance(value, str) and value else value


@dataclass(frozen=True)
class Finding:
    """One thing a check has to say about one place.

    `check` names the check; its sentences stand in ``<room>/messages.csv`` under that key, with the
    columns ``severity, zh, en, next_zh, next_en``. `row` is the row number a person sees in the sheet.

    Examples
    --------
    >>> from tongyuan.reference.finding import finding
    >>> finding("ledger", "no_tables", file="tables").severity
    'warning'
    """

    room: str
    check: str
    severity: Severity
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        """Return what is wrong and what is allowed."""
        return catalogue(self.room)[self.check][language].format(**_worded(self.values, language))

    def next_step(self, language: Language) -> str:
        """Return what to do next."""
        return catalogue(self.room)[self.check][f"next_{language}"].format(**_worded(self.values, language))

    @property
    def record(self) -> str:
        """The record it is about, empty where it is about a place."""
        return str(self.values.get("record", ""))

    def place(self) -> str:
        """Return file, sheet and cell, as far as they are known."""
        cell = self.column + (str(self.row) if self.row is not None else "")
        return " · ".join(part for part in (self.file, self.sheet, cell) if part)


def finding(
    room: str,
    check: str,
    *,
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    **values: Any,
) -> Finding:
    """Make the finding of check `check` of `room`; its severity is the one in the room's catalogue."""
    severity: Severity = catalogue(room)[check]["severity"]  # type: ignore[assignment]
    return Finding(room, check, severity, file, sheet, row, column, values)


class FindingError(ValueError):
    """Raised when findings of severity ``error`` forbid going on; carries all findings at once.

    Examples
    --------
    >>> try:
    ...     ty.account("no such folder")
    ... except ty.FindingError as error:
    ...     print([f.check for f in error.findings])
    ['settings_missing']
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(f"{f.place()}: {f.message('en')}" for f in self.findings))


def require(findings: Iterable[Finding]) -> None:
    """Raise :class:`FindingError` with all `findings` if any of them is an error."""
    every = tuple(findings)
    if any(f.severity == "error" for f in every):
        raise FindingError(every)
