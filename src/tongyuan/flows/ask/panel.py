"""A panel of one's own through every method of the synergy room at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import polars as pl

from tongyuan.ledger.finding import Finding
from tongyuan.synergy.change.compare import score_panel


def panel(
    table: Any,
    pollutants: Sequence[str],
    carbon: Sequence[str] = ("CO2",),
    *,
    driver: str | None = None,
    base: Literal["previous", "first"] = "previous",
    draws: int = 1000,
    seed: int = 0,
    unit: str = "",
) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return the tables of :func:`tongyuan.synergy.change.compare.score_panel` and what it found."""
    found = score_panel(
        table,
        pollutants=pollutants,
        carbon=carbon,
        driver=driver,
        base=base,
        draws=draws,
        seed=seed,
        unit=unit,
    )
    return found.tables, found.findings
