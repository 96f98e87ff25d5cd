"""An inventory constrained by what receptors observed: each as far as it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.flows.impact.response import full_in_tonnes, in_tonnes, unit_of
from tongyuan.flows.source import Brought
from tongyuan.impact.air.full import Full
from tongyuan.impact.constrain import (
    Posterior,
    contradicted,
    invert_gaussian,
    invert_lognormal,
    shared_covariance,
)
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import identify
from tongyuan.reference.units import UnitError, factor

Array = npt.NDArray[np.float64]

Z = 1.959963984540054
TWO = 2.0
"""Deviations beyond which a source is contradicted."""

LOPSIDED = 0.1
"""Share of a value by which the middle of its limits may lie off it before they count as lopsided."""

UNKNOWN = 0.5
"""Relative deviation of a source whose uncertainty the inventory does not know."""

OWN = 0.05
"""Relative deviation of every source beside its factors, so that two of one factor are not the same."""


class Constrained(NamedTuple):
    """Table ``scaling_factor``, what is said, and facts about the fit by year."""

    table: pl.DataFrame
    findings: tuple[Finding, ...]
    facts: dict[str, float]


def constrain_of(
    workspace: Brought, accounted: Mapping[str, pl.DataFrame], *, lognormal: bool = False
) -> Constrained:
    """Return the emissions that agree with the inventory and with table ``receptor_observation``.

    Sources are regions, sectors and species that act; the prior deviation of each comes from the limits of
    its emission rows, and rows that rest on one factor err together. Receptors on a surface are refused: the
    method is linear.

    Raises
    ------
    FindingError
        If response or observations are missing, do not fit together, or an error is nought.
    """
    tables, impact = workspace.tables, workspace.settings.impact
    full, observed = full_in_tonnes(tables, impact), tables.get("receptor_observation")
    if full is None or observed is None or observed.is_empty():
        raise FindingError([finding("flows", "constrain_none")])
    require(_wrong(full, observed, tables))
    found: list[Finding] = []
    lines: list[dict[str, Any]] = []
    facts: dict[str, float] = {}
    emission = in_tonnes(accounted["emission"]).filter(pl.col("scope") == "direct")
    acting = [species for species, _ in full.response.sources]
    emission = emission.filter(pl.col("species").is_in(acting), pl.col("value") > 0)
    for (year,), seen in observed.sort("year").group_by(["year"], maintain_order=True):
        rows = emission.filter(pl.col("year") == year)
        if rows.is_empty():
            found.append(finding("flows", "constrain_year", year=year))
            continue
        made, posterior = _year(full, rows, seen, tables, lognormal)
        lines += made
        facts[f"freedom_{year}"] = posterior.freedom
        facts[f"innovation_{year}"] = posterior.innovation
        if posterior.innovation > 3.0:
            found.append(finding("flows", "constrain_misfit", year=year, value=f"{posterior.innovation:.3g}"))
    return Constrained(from_rows("scaling_factor", lines), tuple(found), facts)


def _wrong(full: Full, observed: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    found = []
    for r in observed.iter_rows(named=True):
        name = r["receptor"]
        if name not in full.response.receptors:
            known = ", ".join(full.response.receptors)
            found.append(finding("flows", "constrain_receptor", receptor=name, known=known))
        elif name in full.surfaces:
            found.append(finding("flows", "constrain_surface", receptor=name))
        elif not (r["error"] or 0) > 0:
            found.append(finding("flows", "constrain_error", receptor=name, year=r["year"]))
        else:
            try:
                factor(r["unit"], unit_of(tables, name))
            except UnitError:
                found.append(
                    finding("flows", "constrain_unit", receptor=name, unit=r["unit"],
                            expected=unit_of(tables, name))
                )  # fmt: skip
    return found


def _year(
    full: Full, rows: pl.DataFrame, seen: pl.DataFrame, tables: Mapping[str, pl.DataFrame], lognormal: bool
) -> tuple[list[dict[str, Any]], Posterior]:
    rows = rows.with_columns(
        pl.col("process").str.split(".").list.first().alias("sector"),
        pl.col("factor_id")
        .cast(pl.List(pl.String), strict=False)
        .list.join("+")
        .fill_null("")
        .alias("shared")
        if isinstance(rows.schema["factor_id"], pl.List)
        else pl.col("factor_id").cast(pl.String).fill_null("").alias("shared"),
    )
    # rows without a factor share none
    alone = pl.concat_str(pl.lit("row "), pl.int_range(pl.len()).cast(pl.String))
    rows = rows.with_columns(shared=pl.when(pl.col("shared") == "").then(alone).otherwise("shared"))
    groups = rows.select("region", "sector", "species").unique(maintain_order=True)
    place = {key: i for i, key in enumerate(groups.iter_rows())}
    factors = {f: i for i, f in enumerate(rows["shared"].unique(maintain_order=True))}
    share, total = np.zeros((len(place), len(factors))), np.zeros(len(place))
    spread = np.full(len(factors), np.nan)
    for r in rows.iter_rows(named=True):
        i, j = place[r["region"], r["sector"], r["species"]], factors[r["shared"]]
        share[i, j] += r["value"]
        total[i] += r["value"]
        if r["lower"] is not None and r["upper"] is not None and r["upper"] > r["lower"]:
            one = _deviation(r["value"], r["lower"], r["upper"])
            spread[j] = one if np.isnan(spread[j]) else max(spread[j], one)
    share /= total[:, None]
    covariance = shared_covariance(share, np.where(np.isnan(spread), UNKNOWN, spread), OWN)
    response, rest = _response(full, list(place), total)
    index = [full.response.receptors.index(name) for name in seen["receptor"]]
    times = np.array([factor(u, unit_of(tables, n)) for n, u in seen.select("receptor", "unit").iter_rows()])
    observed = seen["value"].to_numpy() * times - rest[index]
    error = np.diag((seen["error"].to_numpy() * times) ** 2)
    h, prior = response[index], np.ones(len(place))
    if lognormal:
        posterior = invert_lognormal(covariance, h, observed, error)
        moved = contradicted(posterior._replace(state=np.log(posterior.state)), prior * 0.0, covariance)
    else:
        posterior = invert_gaussian(prior, covariance, h, observed, error)
        moved = contradicted(posterior, prior, covariance)
    deviation = np.sqrt(np.maximum(np.diag(posterior.covariance), 0.0))
    ends = np.stack([posterior.state - Z * deviation, posterior.state + Z * deviation])
    if lognormal:
        ends = posterior.state * np.exp(np.stack([-Z * deviation, Z * deviation]))
    lines = [
        {
            "year": int(seen["year"][0]), "region": region, "sector": sector, "species": species,
            "emission": float(total[i]), "prior_sd": float(np.sqrt(covariance[i, i])),
            "posterior": float(posterior.state[i]), "posterior_sd": float(deviation[i]),
            "lower": float(ends[0, i]), "upper": float(ends[1, i]),
            "constrained": float(total[i] * posterior.state[i]), "kernel": float(posterior.kernel[i, i]),
            "moved": float(moved[i]), "contradicted": bool(abs(moved[i]) > TWO),
        }
        for (region, sector, species), i in place.items()
    ]  # fmt: skip
    return lines, posterior


def _deviation(value: float, lower: float, upper: float) -> float:
    """Return the relative deviation that limits of 95 % stand for; lopsided ones are those of a logarithm."""
    lopsided = abs((lower + upper) / 2 - value) > LOPSIDED * value
    if lopsided and lower > 0:
        return float(np.log(upper / lower)) / (2 * Z)
    return (upper - lower) / (2 * Z * value)


def _response(full: Full, groups: list[tuple[str, str, str]], total: Array) -> tuple[Array, Array]:
    """Return what each group adds to every receptor at a scaling of 1, (receptors, groups), and the rest."""
    nodes = {identify("region", node) or node: node for _, node in full.response.sources if node}
    known = {source: i for i, source in enumerate(full.response.sources)}
    made = np.zeros((len(full.response.receptors), len(groups)))
    for g, (region, _, species) in enumerate(groups):
        at = known.get((species, nodes.get(region, region)), known.get((species, "")))
        if at is not None:
            made[:, g] = full.response.coefficient[at] * total[g]
    return made, full.response.rest
