"""Table of the burden: deaths charged to fine particles, and those that cleaner air avoided."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.impact.health.burden import attributable_fraction
from tongyuan.impact.health.tabulated import Points, ages, risks
from tongyuan.ledger.table import from_rows

FUNCTION = "gemm_2018"
ALL = "25+"
"""Age of a baseline that names none."""

RANGE = (2.4, 84.0)
"""Concentrations of the cohorts behind GEMM [ug/m3], from memory: beyond them a finding says so."""

CAUSES = ("ncd_lri", "ihd", "stroke", "copd", "lung_cancer", "lri")


def burden_table(
    concentration: pl.DataFrame,
    deaths: pl.DataFrame | None = None,
    *,
    chinese_cohort: bool = True,
    function: str = FUNCTION,
    own: Points | None = None,
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
    function, own
        A further function (:data:`.tabulated.FUNCTIONS`) whose rows stand beside those of GEMM, and the
        points of the user's own. Causes and ages that it does not know are left out, and so are
        concentrations beyond those it was printed for.
    """
    given: dict[tuple[str, int, str, str], float] = {}
    if deaths is not None:
        given = {
            (r["region"], r["year"], r["endpoint"], r.get("age") or ALL): r["deaths"]
            for r in deaths.iter_rows(named=True)
        }
    known = dict.fromkeys([(CAUSES[0], ALL), *((endpoint, age) for _, _, endpoint, age in given)])
    lines: list[dict[str, Any]] = []
    for (region,), part in concentration.sort("region", "year").group_by(["region"], maintain_order=True):
        years = dict(part.select("year", "value").iter_rows())
        first = min(years)
        for year, value in years.items():
            for name in dict.fromkeys((FUNCTION, function)):
                for endpoint, age in known:
                    now = given.get((str(region), year, endpoint, age))
                    then = given.get((str(region), first, endpoint, age))
                    if now is None and then is None and endpoint != CAUSES[0]:
                        continue
                    try:
                        risk, at_first = (
                            risks(name, at, endpoint, age, chinese_cohort=chinese_cohort, own=own)
                            for at in (value, years[first])
                        )
                    except (KeyError, ValueError):
                        continue
                    head = {"region": region, "year": year, "endpoint": endpoint, "age": age}
                    head |= {"concentration": value, "function": name}
                    if now is not None or endpoint == CAUSES[0]:
                        lines.append(_row(head, attributable_fraction(risk), now))
                    if year > first:
                        lines.append(_row(head | {"base_year": first}, 1 - risk / at_first, then))
    return from_rows("burden", lines)


def _row(head: dict[str, Any], share: Any, deaths: float | None) -> dict[str, Any]:
    row = head | {"pollutant": "PM2.5", "share": float(share[0])}
    ends = sorted(float(end) for end in share[1:]) if np.isfinite(share[1:]).all() else []
    row |= dict(zip(("share_lower", "share_upper"), ends, strict=False))
    if deaths is not None:
        row["deaths"] = deaths * row["share"]
        row |= dict(zip(("deaths_lower", "deaths_upper"), (deaths * end for end in ends), strict=False))
    return row


def unknown_risks(
    deaths: pl.DataFrame | None, function: str, own: Points | None = None
) -> list[tuple[str, str]]:
    """Return causes and ages of table ``baseline_death`` that no chosen function has a risk for."""
    if deaths is None:
        return []
    pairs = dict.fromkeys((r["endpoint"], r.get("age") or ALL) for r in deaths.iter_rows(named=True))
    chosen = (FUNCTION, function)
    return [(e, a) for e, a in pairs if not any(a in ages(name, e, own) for name in chosen)]


def age_gaps(deaths: pl.DataFrame | None) -> list[tuple[str, str, int, str, tuple[str, ...]]]:
    """Return what is wrong with the ages of table ``baseline_death``.

    Returns
    -------
    list
        Reason, region, year, endpoint and ages: ``missing`` groups of GEMM that a cause by age lacks, or
        ``twice`` where the whole of 25 and older stands beside its groups.
    """
    if deaths is None:
        return []
    found: list[tuple[str, str, int, str, tuple[str, ...]]] = []
    given = deaths.with_columns(
        pl.col("age").fill_null(ALL) if "age" in deaths.columns else pl.lit(ALL).alias("age")
    )
    for (region, year, endpoint), part in given.group_by(["region", "year", "endpoint"], maintain_order=True):
        told, groups = set(part["age"]), [a for a in ages(FUNCTION, str(endpoint)) if a != ALL]
        head = (str(region), int(str(year)), str(endpoint))
        if ALL in told and told & set(groups):
            found.append(("twice", *head, tuple(a for a in groups if a in told)))
        elif told & set(groups) and not told >= set(groups):
            found.append(("missing", *head, tuple(a for a in groups if a not in told)))
    return found


def points_of(table: pl.DataFrame | None) -> Points:
    """Return table ``risk_point`` by endpoint and age, rising in exposure."""
    found: dict[tuple[str, str], Any] = {}
    if table is None:
        return found
    keys = [pl.col("endpoint"), pl.col("age").fill_null(ALL)]
    for (endpoint, age), part in table.sort("exposure").group_by(keys, maintain_order=True):
        limits = part.select("exposure", "risk", "lower", "upper").cast(pl.Float64).fill_null(np.nan)
        found[str(endpoint), str(age)] = limits.to_numpy()
    return found
