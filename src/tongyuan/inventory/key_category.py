"""Key categories by level and by trend, IPCC approach 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.algebra import codes
from tongyuan.ledger.table import conform

Floats = npt.NDArray[np.float64]
CATEGORY = ("process", "product", "technology")
THRESHOLD = 0.95
"""Share of the sum that key categories make up (2006 GL, vol. 1, ch. 4)."""


def ipcc_level(value: Floats) -> Floats:
    r"""Return the level assessment of each category.

    .. math:: L_x = \frac{|E_x|}{\sum_y |E_y|}

    Parameters
    ----------
    value
        Emissions and removals of one year, shape (categories,) [any one unit].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 4, equation 4.1.
    """
    size = np.abs(value)
    total = size.sum()
    return size / total if total > 0 else np.zeros_like(size)


def ipcc_trend(base: Floats, current: Floats) -> Floats:
    r"""Return the trend assessment of each category.

    .. math::
        T_x = \frac{|E_{x,0}|}{\sum_y |E_{y,0}|} \cdot \left| \frac{E_{x,t} - E_{x,0}}{|E_{x,0}|}
        - \frac{\sum_y E_{y,t} - \sum_y E_{y,0}}{\left|\sum_y E_{y,0}\right|} \right|

    and for a category that was zero in the base year :math:`T_x = |E_{x,t} / \sum_y |E_{y,0}||`.

    Parameters
    ----------
    base, current
        Emissions of the base year and of year t, shapes (categories,) [any one unit].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 4, equations 4.2 and 4.3.
    """
    size = np.abs(base)
    total, net = size.sum(), base.sum()
    if total == 0:
        return np.zeros_like(size)
    overall = (current.sum() - net) / abs(net) if net != 0 else 0.0
    own = np.divide(current - base, size, out=np.zeros_like(size), where=size > 0)
    trend: Floats = np.where(size > 0, size / total * np.abs(own - overall), np.abs(current) / total)
    return trend


def key(assessment: Floats, threshold: float = THRESHOLD) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return which categories are key and their cumulative share in descending order.

    The category with which the sum reaches `threshold` is key too.
    """
    total = assessment.sum()
    order = np.argsort(-assessment, kind="stable")
    share = assessment[order] / total if total > 0 else np.zeros(len(order))
    cumulative = np.cumsum(share)
    chosen = np.zeros(len(order), dtype=bool)
    running = np.empty(len(order))
    chosen[order] = (cumulative - share < threshold - 1e-12) & (share > 0)
    running[order] = cumulative
    return chosen, running


def key_category(
    emission: pl.DataFrame,
    *,
    base_year: int | None = None,
    threshold: float = THRESHOLD,
    scope: str = "direct",
) -> pl.DataFrame:
    """Return table ``key_category`` for every region, year and species.

    Parameters
    ----------
    emission
        Table ``emission``, or its CO2e view (gases of one source are then assessed together).
    base_year
        Year the trend counts from; the earliest in the table when None.
    threshold
        Share of the sum that key categories make up.
    scope
        Scope that counts.
    """
    rows = emission.filter(pl.col("scope") == scope).with_columns(pl.col(*CATEGORY).fill_null(""))
    sums = rows.group_by("region", "year", "species", "unit", *CATEGORY).agg(pl.col("value").sum())
    first = base_year if base_year is not None else (int(str(sums["year"].min())) if sums.height else 0)
    parts: list[pl.DataFrame] = []
    for _, frame in sums.sort("region", "species", "unit").group_by(
        "region", "species", "unit", maintain_order=True
    ):
        parts += _assess(frame.sort("year", *CATEGORY), first, threshold)
    if not parts:
        return conform("key_category", pl.DataFrame(schema=_SCHEMA))
    table = pl.concat(parts).sort(
        "region",
        "year",
        "quantity",
        "share",
        *CATEGORY,
        descending=[False, False, False, True, False, False, False],
    )
    return conform("key_category", table)


_SCHEMA = {
    "region": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    **dict.fromkeys(CATEGORY, pl.String),
    "value": pl.Float64,
    "unit": pl.String,
    "share": pl.Float64,
    "cumulative": pl.Float64,
    "trend": pl.Float64,
    "key_level": pl.Boolean,
    "key_trend": pl.Boolean,
}


def _assess(frame: pl.DataFrame, base_year: int, threshold: float) -> list[pl.DataFrame]:
    """Return the assessment of each year of one region and quantity."""
    code, categories = codes(frame, list(CATEGORY))
    years = frame["year"].to_numpy()
    values = frame["value"].to_numpy()

    def of(year: int) -> Floats:
        here = years == year
        return np.bincount(code[here], weights=values[here], minlength=categories.height).astype(np.float64)

    base = of(base_year) if base_year in years else None
    parts = []
    for year in np.unique(years):
        current = of(int(year))
        level = ipcc_level(current)
        chosen, cumulative = key(level, threshold)
        trend = ipcc_trend(base, current) if base is not None and year != base_year else None
        total = trend.sum() if trend is not None else 0.0
        by_trend = key(trend, threshold)[0].tolist() if trend is not None else [None] * len(level)
        share = (trend / total if total > 0 else trend).tolist() if trend is not None else [None] * len(level)
        parts.append(
            categories.with_columns(
                pl.lit(frame["region"][0]).alias("region"),
                pl.lit(int(year), dtype=pl.Int64).alias("year"),
                pl.lit(frame["species"][0]).alias("quantity"),
                pl.Series("value", current),
                pl.lit(frame["unit"][0]).alias("unit"),
                pl.Series("share", level),
                pl.Series("cumulative", np.minimum(cumulative, 1.0)),
                pl.Series("trend", share, dtype=pl.Float64),
                pl.Series("key_level", chosen),
                pl.Series("key_trend", by_trend, dtype=pl.Boolean),
            ).select(_SCHEMA.keys())
        )
    return parts
