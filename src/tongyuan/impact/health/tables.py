"""Table of the burden: deaths charged to fine particles, and those that cleaner air avoided."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.impact.health.burden import attributable_fraction
from tongyuan.impact.health.risk import gemm, risk_gemm_2018
from tongyuan.ledger.table import from_rows

FUNCTION = "gemm_2018"
Z = 1.959963984540054
"""Standard deviations to either side of a mean that hold 95 % of a normal distribution."""

RANGE = (2.4, 84.0)
"""Concentrations of the cohorts behind GEMM [ug/m3], from memory: beyond them a finding says so."""

CAUSES = ("ncd_lri", "ihd", "stroke", "copd", "lung_cancer", "lri")


def burden_table(
    concentration: pl.DataFrame, deaths: pl.DataFrame | None = None, *, chinese_cohort: bool = True
) -> pl.DataFrame:
    """Return table ``burden``.

    For every region and year the share of deaths from non-communicable disease and lower respiratory
    infection (25 and older) that PM2.5 is charged with; for further causes where baseline deaths are given.
    Against the first year: the share that its deaths would be fewer, the later air given. Limits are those of
    the slope of the function alone.

    Parameters
    ----------
    concentration
        Columns ``region, year, value`` [ug/m3], annual mean of PM2.5.
    deaths
        Table ``baseline_death``.
    chinese_cohort
        Whether the function is that with the cohort of Chinese men.
    """
    given: dict[tuple[str, int, str], float] = {}
    if deaths is not None:
        given = {(r["region"], r["year"], r["endpoint"]): r["deaths"] for r in deaths.iter_rows(named=True)}
    lines: list[dict[str, Any]] = []
    for (region,), part in concentration.sort("region", "year").group_by(["region"], maintain_order=True):
        years = dict(part.select("year", "value").iter_rows())
        first = min(years)
        for year, value in years.items():
            for endpoint in CAUSES:
                if endpoint != CAUSES[0] and (region, year, endpoint) not in given:
                    continue
                p = gemm(endpoint, chinese_cohort=chinese_cohort)
                theta = np.array([p.theta, p.theta - Z * p.theta_se, p.theta + Z * p.theta_se])
                risk = risk_gemm_2018(value, endpoint, chinese_cohort=chinese_cohort, theta=theta)
                head = {"region": region, "year": year, "endpoint": endpoint, "concentration": value}
                lines.append(
                    _row(head, attributable_fraction(risk), given.get((str(region), year, endpoint)))
                )
                if year > first:
                    at_first = risk_gemm_2018(
                        years[first], endpoint, chinese_cohort=chinese_cohort, theta=theta
                    )
                    fewer = 1 - risk / at_first
                    known = given.get((str(region), first, endpoint))
                    lines.append(_row(head | {"base_year": first}, fewer, known))
    return from_rows("burden", lines)


def _row(head: dict[str, Any], share: Any, deaths: float | None) -> dict[str, Any]:
    low, high = sorted((float(share[1]), float(share[2])))
    row = head | {"pollutant": "PM2.5", "function": FUNCTION, "share": float(share[0])}
    row |= {"share_lower": low, "share_upper": high}
    if deaths is not None:
        row |= {"deaths": deaths * row["share"], "deaths_lower": deaths * low, "deaths_upper": deaths * high}
    return row
