"""Cases of illness by log-linear functions: what the air of a year is charged with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl

from tongyuan.impact.health.burden import attributable
from tongyuan.impact.health.risk import log_linear, risk_loglinear
from tongyuan.ledger.table import from_rows

YEAR: Final = "year"
"""Metric of the functions that act: an annual mean; daily ones need the days, and are not added to these."""


def case_table(air: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Return table ``health_case``: share and number of cases by function, region and year.

    Functions that are unknown, unverified, of days, in another unit or without a counterfactual are left out
    (:func:`unusable` names them), and so are years without a concentration.

    Parameters
    ----------
    air
        Columns ``region, year, pollutant, value`` [ug/m3], annual means.
    cases
        Table ``baseline_case``.
    """
    known = {(r, y, p): v for r, y, p, v in air.select("region", "year", "pollutant", "value").iter_rows()}
    bad = {name for name, _ in unusable(cases)}
    lines: list[dict[str, Any]] = []
    for row in cases.filter(~pl.col("function").is_in(list(bad))).iter_rows(named=True):
        f = log_linear(row["function"])
        value = known.get((row["region"], row["year"], f.pollutant))
        if value is None:
            continue
        risk = risk_loglinear(value, np.array([f.risk, f.lower, f.upper]), f.per, f.counterfactual)
        number = attributable(row["cases"], risk)
        lines.append({
            "region": row["region"], "year": row["year"], "function": row["function"], "endpoint": f.endpoint,
            "pollutant": f.pollutant, "concentration": value, "share": float(1 - 1 / risk[0]),
            **dict(zip(("cases", "cases_lower", "cases_upper"), map(float, number), strict=True)),
        })  # fmt: skip
    return from_rows("health_case", lines)


def unusable(cases: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the functions of table ``baseline_case`` that cannot act, and the key of the reason."""
    return [(n, r) for n in cases["function"].unique(maintain_order=True) for r in _reason(str(n))]


def _reason(name: str) -> Iterator[str]:
    try:
        f = log_linear(name)
    except KeyError as wrong:
        yield "unverified" if "unverified" in str(wrong) else "unknown"
        return
    if f.unit.replace("µ", "u").replace("³", "3") != "ug/m3":
        yield "unit"
    elif f.metric != YEAR:
        yield "of_days"
    elif not np.isfinite(f.counterfactual):
        yield "counterfactual"
