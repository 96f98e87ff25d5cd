"""A reduced form of the user's own runs of an air-quality model, as tables that a workspace can keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from tongyuan.impact.air.full import term_text
from tongyuan.impact.air.surface import response_prsm_fit, response_surface, slope
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.table import from_rows

Tables = Mapping[str, pl.DataFrame]


class Fitted(NamedTuple):
    """Tables ``response, receptor, response_surface``, findings, and the error left out by receptor."""

    tables: dict[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    error: dict[str, float]


def fit_of(tables: Tables, rising: bool = True) -> Fitted:
    """Return the surfaces of the receptors of tables ``model_run`` and ``model_run_emission``.

    The line of table ``response`` is the tangent at the base (all ratios 1), the range that of the runs; both
    are what a plan begins with, and the surface is what it is held to.

    Parameters
    ----------
    rising
        Whether no source may lower its concentration: primary particles hold to it, ammonia and SO2 on
        nitrate need not.

    Raises
    ------
    FindingError
        If runs and emissions do not go together, or are too few.
    """
    runs, emissions = tables.get("model_run"), tables.get("model_run_emission")
    if runs is None or emissions is None or runs.is_empty() or emissions.is_empty():
        raise FindingError([finding("flows", "fit_none")])
    keyed = emissions.with_columns(pl.col("node").fill_null(""))
    sources = tuple(keyed.select("species", "node").unique(maintain_order=True).iter_rows())
    require(_wrong(runs, keyed, sources))
    ratio = {
        run: {(s, n): v for s, n, v in part.select("species", "node", "ratio").iter_rows()}
        for (run,), part in keyed.group_by(["run"], maintain_order=True)
    }
    base = {(s, n): (b, u) for s, n, b, u in keyed.filter(pl.col("base_emission").is_not_null())
            .select("species", "node", "base_emission", "unit").iter_rows()}  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {"response": [], "receptor": [], "response_surface": []}
    found: list[Finding] = []
    errors: dict[str, float] = {}
    for (receptor,), part in runs.group_by(["receptor"], maintain_order=True):
        x = np.array([[ratio[run][s] for s in sources] for run in part["run"]])
        try:
            made = response_prsm_fit(
                x, part["value"].to_numpy(), rising=range(len(sources)) if rising else ()
            )
        except ValueError as wrong:
            raise FindingError(
                [finding("flows", "fit_wrong", receptor=receptor, reason=str(wrong))]
            ) from None
        unit, name = part["unit"][0], str(receptor)
        errors[name] = made.error
        ones = np.ones(len(sources))
        level = float(response_surface(made, ones, strict=False))
        if not ((made.lower <= 1) & (made.upper >= 1)).all():
            found.append(finding("flows", "fit_base", receptor=receptor))
        rows["receptor"].append({"receptor": name, "value": level, "unit": unit, "metric": "PM2.5"})
        for i, (species, node) in enumerate(sources):
            amount, mass = base[species, node]
            rows["response"].append({
                "receptor": name, "species": species, "node": node or None,
                "value": float(slope(ones, made.terms, i) @ made.value) / amount, "unit": f"{unit}/{mass}",
                "base_emission": amount, "base_unit": mass, "valid_lower": float(made.lower[i]),
                "valid_upper": float(made.upper[i]), "source": "fitted",
            })  # fmt: skip
        rows["response_surface"] += [
            {"receptor": name, "term": term_text(t, sources), "value": float(v), "unit": unit,
             "error": made.error, "source": "fitted"}
            for t, v in zip(made.terms, made.value, strict=True)
        ]  # fmt: skip
    return Fitted({name: from_rows(name, lines) for name, lines in rows.items()}, tuple(found), errors)


def _wrong(
    runs: pl.DataFrame, emissions: pl.DataFrame, sources: tuple[tuple[str, str], ...]
) -> list[Finding]:
    found = []
    counted = dict(emissions.group_by("run").len().iter_rows())
    for run in runs["run"].unique(maintain_order=True):
        if counted.get(run, 0) != len(sources):
            found.append(finding("flows", "fit_run", run=run, count=counted.get(run, 0), needed=len(sources)))
    for (receptor,), part in runs.group_by(["receptor"], maintain_order=True):
        if part["unit"].n_unique() > 1:
            units = ", ".join(sorted(set(part["unit"])))
            found.append(finding("flows", "fit_unit", receptor=receptor, units=units))
    for species, node in sources:
        rows = emissions.filter(pl.col("species") == species, pl.col("node") == node)
        told = rows.select("base_emission", "unit").drop_nulls().unique()
        if told.height != 1:
            name = species + (f"@{node}" if node else "")
            found.append(finding("flows", "fit_base_emission", source=name, count=told.height))
    return found
