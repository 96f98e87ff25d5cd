"""Examine tables as a whole, after their cells were read: own factors, and whether figures are plausible."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.check.check import capped
from tongyuan.ledger.check.own_factor import own_factor_findings, own_value_findings
from tongyuan.ledger.check.plausible import implausible
from tongyuan.ledger.finding import Finding


def examine(tables: Mapping[str, pl.DataFrame], letters: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Return what is odd about `tables`, each finding at its cell.

    Parameters
    ----------
    tables, letters
        As :class:`tongyuan.ledger.read.read.Reading` holds them.
    """
    found: list[Finding] = []
    for name, frame in tables.items():
        if name == "factor":
            found += own_factor_findings(frame, letters)
        found += own_value_findings(name, frame, letters)
    return [*capped(found), *capped(implausible(tables, letters))]
