"""Issues of an account as findings: frames of what was odd become sentences, one per kind and place."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, finding

ROOM = "inventory"
_FACTOR_CHECKS = {"ambiguous", "dimension", "bad_unit", "gross_basis"}


def _of_factors(issues: pl.DataFrame) -> list[Finding]:
    rows = (
        issues.with_columns(pl.col("process", "product", "unit").fill_null(""))
        .group_by("check", "process", "product", "unit", "species", "records", maintain_order=True)
        .agg(pl.len().alias("count"))
        .sort("check", "process", "product", "species", "records")
    )
    found = []
    for row in rows.iter_rows(named=True):
        values: dict[str, Any] = {
            name: row[name] or "–" for name in ("process", "product", "unit", "species", "records")
        }
        found.append(finding(ROOM, f"factor_{row['check']}", count=row["count"], **values))
    return found


def collect(
    factors: pl.DataFrame, controls: pl.DataFrame, consumption: pl.DataFrame, carbonless: pl.DataFrame
) -> tuple[Finding, ...]:
    """Return the findings of one account.

    Parameters
    ----------
    factors, consumption
        ``issues`` of :func:`tongyuan.reference.factors.resolve.resolve`.
    controls
        ``issues`` of :func:`tongyuan.inventory.control.removal`.
    carbonless
        control, product, year: consumption whose emission has no factor.
    """
    found = _of_factors(factors.filter(pl.col("check").is_in(sorted(_FACTOR_CHECKS))))
    found += _of_factors(consumption.filter(pl.col("check").is_in(sorted(_FACTOR_CHECKS))))
    for check, control, species in controls.iter_rows():
        found.append(finding(ROOM, check, control=control, species=species or "–"))
    for control, product, year in carbonless.iter_rows():
        found.append(finding(ROOM, "control_carbon_unknown", control=control, product=product, year=year))
    return tuple(found)
