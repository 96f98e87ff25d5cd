"""Decomposition of change by the logarithmic mean Divisia index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.problem.problem import Array
from tongyuan.pathway.problem.quantity import members


def logarithmic_mean(a: Array, b: Array) -> Array:
    r"""Return :math:`L(a,b)=(a-b)/(\ln a-\ln b)`, with :math:`L(a,a)=a` and 0 where either is 0."""
    a, b = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(b, dtype=float))
    positive = (a > 0.0) & (b > 0.0)
    ratio = np.where(positive, np.divide(a, b, out=np.ones_like(a), where=positive), 1.0)
    logarithm = np.log(ratio)
    near = np.abs(logarithm) < 1e-8
    exact = np.divide(a - b, logarithm, out=np.zeros_like(a), where=positive & ~near)
    return np.where(positive, np.where(near, (a + b) / 2.0, exact), 0.0)


def lmdi(before: Array, after: Array) -> Array:
    r"""Return the additive LMDI-I effect of every factor.

    .. math:: \Delta V_k=\sum_i L(V_i^T,V_i^0)\,\ln\frac{x_{k,i}^T}{x_{k,i}^0},\qquad V_i=\prod_k x_{k,i}

    B. W. Ang, The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33 (2005)
    867–871; zeros are replaced by a small number (Ang and Liu, Energy Policy 35 (2007) 238–246).

    Parameters
    ----------
    before, after
        Factors of every component, shape (components, factors), not negative.

    Returns
    -------
    numpy.ndarray
        Effect of every factor, shape (factors,); the effects sum to the change of :math:`\sum_i V_i`.
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if (before < 0.0).any() or (after < 0.0).any():
        raise ValueError("factors of a decomposition are not negative")
    tiny = 1e-100
    x0, x1 = np.where(before > 0.0, before, tiny), np.where(after > 0.0, after, tiny)
    v0, v1 = np.exp(np.log(x0).sum(axis=1)), np.exp(np.log(x1).sum(axis=1))
    weight = logarithmic_mean(v1, v0)
    return np.asarray((weight[:, None] * np.log(x1 / x0)).sum(axis=0))


FACTORS = ("activity", "structure", "control", "intensity")


def sectors(case: Case) -> pl.DataFrame:
    """Return ``technology, sector``; a technology without a sector is one of its own.

    Raises
    ------
    FindingError
        If technologies of one sector are counted in different units, which cannot be added.
    """
    rows = case["technology_option"].select("technology", "sector", "unit").unique(maintain_order=True)
    own = pl.when(pl.col("sector") == "").then("technology").otherwise("sector")
    rows = rows.with_columns(sector=own)
    mixed = rows.group_by("sector", maintain_order=True).agg(pl.col("unit").unique().sort())
    mixed = mixed.filter(pl.col("unit").list.len() > 1).with_columns(pl.col("unit").list.join(", "))
    require(finding("pathway", "sector_units", sector=s, units=u) for s, u in mixed.iter_rows())
    return rows.select("technology", "sector").unique("technology", maintain_order=True)


def plan_change(
    plan_emission: pl.DataFrame,
    plan_activity: pl.DataFrame,
    species: str,
    year_from: int,
    year_to: int,
    sector: pl.DataFrame,
) -> pl.DataFrame:
    r"""Return why the emission of a species changes between two years of a plan.

    .. math:: V=\sum A_s\cdot\frac{a_{k}}{A_s}\cdot\frac{a_{kc}}{a_k}\cdot\frac{e_{kc}}{a_{kc}}

    that is activity of the sector, share of the technology in it (structure), share of the
    control option (control) and emission per activity (intensity).

    Parameters
    ----------
    sector
        ``technology, sector``; technologies of one sector have activity in one unit.
    """
    keys = ["node", "sector", "technology", "control"]
    emitted = plan_emission.filter(pl.col("species") == species)
    ends = []
    for year in (year_from, year_to):
        rows = plan_activity.filter(pl.col("year") == year).join(
            sector, on="technology", maintain_order="left"
        )
        e = emitted.filter(pl.col("year") == year).select("node", "technology", "control", emission="value")
        ends.append(
            rows.select(*keys, "value").join(
                e, on=["node", "technology", "control"], how="left", maintain_order="left"
            )
        )
    every = pl.concat([end.select(keys) for end in ends]).unique(maintain_order=True)
    tables: list[Array] = []
    for end in ends:
        full = every.join(end, on=keys, how="left", maintain_order="left").with_columns(
            pl.col("value", "emission").fill_null(0.0)
        )
        a = full["value"].to_numpy()
        whole = full.select(
            s=pl.col("value").sum().over("node", "sector"), k=pl.col("value").sum().over("node", "technology")
        )
        s, k = whole["s"].to_numpy(), whole["k"].to_numpy()

        def share(top: Array, bottom: Array) -> Array:
            return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0.0)

        tables.append(np.column_stack([s, share(k, s), share(a, k), share(full["emission"].to_numpy(), a)]))
    intensity = 3
    for one, other in ((0, 1), (1, 0)):
        idle = tables[one][:, 2] == 0.0
        tables[one][idle, intensity] = tables[other][idle, intensity]
    effect = lmdi(tables[0], tables[1])
    return _table(species, FACTORS, effect, year_from, year_to)


def group_change(
    case: Case,
    plan_emission: pl.DataFrame,
    plan_activity: pl.DataFrame,
    quantity: str,
    year_from: int,
    year_to: int,
) -> pl.DataFrame:
    """Return why the emission of a species or of a group such as CO2e changes: the sum over its species.

    See :func:`plan_change`.
    """
    sector = sectors(case)
    effect = np.zeros(len(FACTORS))
    for species, weight in members(case, quantity).items():
        part = plan_change(plan_emission, plan_activity, species, year_from, year_to, sector)
        effect = effect + weight * part["value"].to_numpy()
    return _table(quantity, FACTORS, effect, year_from, year_to)


def _table(
    quantity: str, factors: Sequence[str], effect: Array, year_from: int, year_to: int
) -> pl.DataFrame:
    return conform(
        "decomposition",
        pl.DataFrame(
            {
                "quantity": [quantity] * len(factors), "factor": list(factors),
                "year_from": [year_from] * len(factors), "year_to": [year_to] * len(factors), "value": effect,
            }
        ),
    )  # fmt: skip
