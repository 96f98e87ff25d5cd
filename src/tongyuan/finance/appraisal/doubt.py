"""Draws of appraisals: how far net present value and cost of carbon move with prices and performance."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.finance.appraisal.flow import capital_recovery
from tongyuan.ledger.table import empty, from_rows

Array = npt.NDArray[np.float64]
Law = Literal["normal", "lognormal", "uniform", "triangular"]

REDUCTION: Final = "reduction"
Z: Final = 1.959963984540054
"""Half width of the 95 % interval of a normal law, in standard deviations."""

QUANTILES: Final = (0.05, 0.5, 0.95)


def factors(law: str, lower: float, upper: float, uniform: Array) -> Array:
    """Return ratios to what is given, from numbers even between nought and one.

    ``normal`` and ``lognormal`` have `lower` and `upper` as their 95 % interval; ``uniform`` runs between
    them; ``triangular`` too, with its peak at one.

    Parameters
    ----------
    uniform : array, shape (draws,) [1]
        Within (0, 1).

    Raises
    ------
    ValueError
        If the bounds are turned, or do not suit the law.
    """
    from scipy.special import ndtri

    if not lower <= upper:
        raise ValueError("the lower bound lies below the upper")
    if law == "normal":
        return np.asarray((lower + upper) / 2 + (upper - lower) / (2 * Z) * ndtri(uniform))
    if law == "lognormal":
        if lower <= 0:
            raise ValueError("a lognormal law lies above nought")
        middle, width = np.log(lower * upper) / 2, np.log(upper / lower) / (2 * Z)
        return np.asarray(np.exp(middle + width * ndtri(uniform)))
    if law == "uniform":
        return np.asarray(lower + (upper - lower) * uniform)
    if law == "triangular":
        if not lower <= 1 <= upper:
            raise ValueError("a triangular law has one between its ends")
        if lower == upper:
            return np.ones_like(uniform)
        peak = (1 - lower) / (upper - lower)
        rising = lower + np.sqrt(uniform * (upper - lower) * (1 - lower))
        falling = upper - np.sqrt((1 - uniform) * (upper - lower) * (upper - 1))
        return np.where(uniform < peak, rising, falling)
    raise ValueError(f"no law {law!r}")


def ranges(
    investment: pl.DataFrame,
    flow: pl.DataFrame,
    cut: pl.DataFrame,
    doubt: pl.DataFrame,
    *,
    rate: float,
    draws: int,
    seed: int,
    shares: dict[str, float] | None = None,
) -> pl.DataFrame:
    """Return table ``appraisal_range``: net present value and cost of carbon from draws.

    The net present value is linear in the items of the flow: each item is discounted once and scaled by its
    factor. A factor without a project is one draw for all projects, so that they rise and fall together.
    The cost of carbon is that of :func:`tongyuan.finance.appraisal.joint.joint_cost` with its share held.

    Parameters
    ----------
    flow
        ``project, item, year, value`` [CNY], a year a row.
    cut
        What :func:`tongyuan.finance.appraisal.tables.reductions` returns.
    doubt
        Table ``appraisal_doubt``.
    shares
        Part of the cost that carbon bears, by project; without one no cost of carbon is told.
    """
    if doubt.is_empty() or not draws:
        return empty("appraisal_range")
    generator = np.random.default_rng(seed)
    drawn: dict[tuple[str, str], Array] = {}
    for row in doubt.sort("project", "item", nulls_last=False).iter_rows(named=True):
        even = generator.uniform(np.finfo(float).tiny, 1.0, draws)
        drawn[row["project"] or "", row["item"]] = factors(row["law"], row["lower"], row["upper"], even)
    carbon = dict(cut.select("project", "CO2e").iter_rows())
    begun = flow.group_by("project").agg(pl.col("year").min().alias("first"))
    worth = flow.join(begun, on="project").with_columns(
        (pl.col("value") * (1 + rate) ** -(pl.col("year") - pl.col("first"))).alias("now")
    )
    items = worth.group_by("project", "item", maintain_order=True).agg(pl.col("now").sum())
    lines = []
    for project, life in investment.select("project", "lifetime").iter_rows():
        own = items.filter(pl.col("project") == project)
        if own.is_empty():
            continue
        value = np.zeros(draws)
        for item, now in own.select("item", "now").iter_rows():
            value += now * _factor(drawn, project, item)
        low, middle, high = np.quantile(value, QUANTILES).tolist()
        line = {"project": project, "draws": draws, "lower": low, "median": middle, "upper": high,
                "positive": float((value > 0).mean())}  # fmt: skip
        share, tonnes = (shares or {}).get(project), carbon.get(project)
        if share is not None and tonnes:
            falls = tonnes * np.broadcast_to(_factor(drawn, project, REDUCTION), value.shape)
            with np.errstate(divide="ignore", invalid="ignore"):
                each = share * -value * capital_recovery(rate, life) / falls
            if np.isfinite(each).all():
                names = ("carbon_lower", "carbon_median", "carbon_upper")
                line |= dict(zip(names, np.quantile(each, QUANTILES).tolist(), strict=True))
        lines.append(line)
    return from_rows("appraisal_range", lines) if lines else empty("appraisal_range")


def _factor(drawn: dict[tuple[str, str], Array], project: str, item: str) -> Array | float:
    """Return the factor of an item of a project: its own, else that of all, else one."""
    return drawn.get((project, item), drawn.get(("", item), 1.0))
