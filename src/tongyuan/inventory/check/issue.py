"""Issues of an account as findings: frames of what was odd become sentences, one per kind and place."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding

ROOM = "inventory"
_FACTOR_CHECKS = ["ambiguous", "bad_unit", "dimension", "gross_basis"]
_SHOWN = {"species": 8, "records": 3}
"""How many of each are named in one sentence."""


def _listed(values: list[str], most: int) -> str:
    shown = ", ".join(values[:most])
    return f"{shown} …" if len(values) > most else shown


def _of_factors(issues: pl.DataFrame) -> list[Finding]:
    """Return one finding per kind, source and unit for what does not fit, and one per tie."""
    known = issues.filter(pl.col("check").is_in(_FACTOR_CHECKS)).with_columns(
        pl.col("process", "product", "unit").fill_null("")
    )
    tie = pl.when(pl.col("check") == "ambiguous").then(pl.concat_str("species", pl.lit(" "), "records"))
    by = ["check", "process", "product", "unit"]
    rows = (
        known.with_columns(tie.otherwise(pl.lit("")).alias("tie"))
        .group_by(*by, "tie")
        .agg(
            pl.col("species").unique().sort(),
            pl.col("records").str.split(", ").explode().unique().sort(),
            pl.len().alias("count"),
        )
        .sort(*by, "tie")
    )
    found = []
    for row in rows.iter_rows(named=True):
        values: dict[str, Any] = {name: row[name] or "–" for name in ("process", "product", "unit")}
        values |= {name: _listed(row[name], most) for name, most in _SHOWN.items()}
        found.append(finding(ROOM, f"factor_{row['check']}", count=row["count"], **values))
    return found


def _of_bases(bases: pl.DataFrame) -> list[Finding]:
    """Return one finding per source whose basis is not the one expected, or whose years stay on two bases."""
    source = ["check", "region", "process", "product", "technology"]
    rows = (
        bases.sort("ratio", descending=True, nulls_last=True)
        .group_by(source, maintain_order=True)
        .agg(pl.col("species").unique().sort(), pl.col("year", "ratio", "own").first())
        .sort(source)
    )
    found = []
    for row in rows.iter_rows(named=True):
        words: dict[str, Any] = {
            "process": Bilingual.titled("process", row["process"]),
            "product": Bilingual.titled("product", row["product"]) if row["product"] else "–",
            "region": row["region"],
            "species": _listed(row["species"], _SHOWN["species"]),
        }
        if row["check"] != "basis_mixed":
            words |= {
                "year": row["year"],
                "ratio": f"{row['ratio']:.3g}" if row["ratio"] is not None else "–",
            }
        if row["check"] == "basis_measured":
            words["record"] = row["own"]
        found.append(finding(ROOM, row["check"], **words))
    return found


def collect(
    factors: pl.DataFrame,
    controls: pl.DataFrame,
    bases: pl.DataFrame,
    consumption: pl.DataFrame,
    carbonless: pl.DataFrame,
) -> tuple[Finding, ...]:
    """Return the findings of one account.

    Parameters
    ----------
    factors, consumption
        ``issues`` of :func:`tongyuan.reference.factors.resolve.resolve`.
    controls
        ``issues`` of :func:`tongyuan.inventory.account.control.removal`.
    bases
        ``issues`` of :func:`tongyuan.inventory.account.basis.choose`.
    carbonless
        control, product, year: consumption whose emission has no factor.
    """
    found = _of_factors(factors) + _of_factors(consumption)
    told = controls.group_by("check", "control", maintain_order=True).agg(pl.col("species").unique().sort())
    for check, control, species in told.iter_rows():
        named = _listed([s for s in species if s], _SHOWN["species"])
        found.append(finding(ROOM, check, control=Bilingual.titled("control", control), species=named or "–"))
    found += _of_bases(bases)
    for control, product, year in carbonless.iter_rows():
        named_control, used = Bilingual.titled("control", control), Bilingual.titled("product", product)
        found.append(finding(ROOM, "control_carbon_unknown", control=named_control, product=used, year=year))
    return tuple(found)
