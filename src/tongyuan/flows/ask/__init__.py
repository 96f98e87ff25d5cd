"""Questions: one function each, tables in, tables and findings out; the doors only ask and show.

Nothing here prints. A question takes tables (or what :mod:`tongyuan.flows.ask.opened` opened from a folder)
and returns an :class:`Answer`; what forbids an answer is raised as a
:class:`~tongyuan.ledger.finding.FindingError` with every finding at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding


@dataclass(frozen=True)
class Answer:
    """What a question found.

    Parameters
    ----------
    tables
        By name; the first is the one asked for.
    findings
        What has to be said about them.
    facts
        Single values that a sentence about the answer needs, such as ``cost`` and ``currency``.
    """

    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table `name`."""
        return self.tables[name]
