"""Waivers: checks whose finding a person may answer for by naming it in the settings.

A waived finding stays as a notice: it is still read, and no longer forbids to go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tongyuan.ledger.finding import Finding

WAIVABLE = (
    "factor_doubtful",
    "factor_absurd",
    "own_value_doubtful",
    "own_value_absurd",
    "future_year",
    "more_than_nation",
    "more_than_world",
    "odd_intensity",
    "tenfold",
    "process_unit",
)
"""Checks of plausibility, which a true figure may fail."""


def waived(findings: Iterable[Finding], names: Iterable[str]) -> list[Finding]:
    """Return `findings` with those of the checks `names` as notices."""
    answered = frozenset(names)
    return [replace(f, severity="notice") if f.check in answered else f for f in findings]
