"""Existing capacity ranked for exit, and how firm the ranks are against the weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.table import conform

Array = npt.NDArray[np.float64]
PARTS = ("equivalent_per_value", "CO2e_per_value", "benchmark_distance", "age", "people", "red_line")
WEIGHTS: Mapping[str, float] = {
    "equivalent_per_value": 0.25,
    "CO2e_per_value": 0.25,
    "benchmark_distance": 0.2,
    "age": 0.1,
    "people": 0.1,
    "red_line": 0.1,
}
"""Weights of the parts, which sum to one: a proposal of ours, to be changed by the caller."""
EQUAL = 1e-12


def parts(unit: pl.DataFrame) -> Array:
    """Return the parts of the score of every unit, each 0 at the best and 1 at the worst of all.

    Parameters
    ----------
    unit
        Table ``exit_unit``.

    Returns
    -------
    array, shape (n, 6)
        In the order of :data:`PARTS`; a part in which all are alike is 0.
    """
    value = unit["value_added"].to_numpy()
    per = [unit[c].to_numpy() / np.where(value > 0, value, np.nan) for c in ("equivalent", "CO2e")]
    # what adds no value is worse than anything that does
    columns = [np.where(np.isnan(p), np.nanmax(np.r_[p, 0.0]) * 2 + 1e-9, p) for p in per]
    columns += [unit[c].to_numpy() for c in ("benchmark_distance", "age", "people", "red_line")]
    x = np.column_stack(columns).astype(np.float64)
    low, high = x.min(axis=0), x.max(axis=0)
    return np.asarray(np.where(high > low, (x - low) / np.where(high > low, high - low, 1.0), 0.0))


def exit_list(
    unit: pl.DataFrame,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    draws: int = 1000,
    seed: int = 2026,
    spread: float = 20.0,
) -> pl.DataFrame:
    """Return table ``exit_rank``: score, rank, its 95 % interval, and how often among the first quarter.

    Weights are drawn around those given (Dirichlet with `spread` times the weight as parameters); the score
    is the weighted sum of the parts.

    Raises
    ------
    ValueError
        If a weight is negative, none is positive, or one is of no part.
    """
    if set(weights) - set(PARTS) or min(weights.values(), default=-1) < 0 or not sum(weights.values()) > 0:
        raise ValueError("weights are of the parts, none below nought and one above")
    if unit.is_empty():
        return conform(
            "exit_rank",
            unit.select("unit", "title").with_columns(
                score=pl.lit(0.0),
                rank=pl.lit(0),
                rank_low=pl.lit(0),
                rank_high=pl.lit(0),
                first_share=pl.lit(0.0),
            ),
        )
    given = np.asarray([weights.get(p, 0.0) for p in PARTS])
    given = given / given.sum()
    x = parts(unit)
    held = given > 0
    drawn = np.zeros((draws, len(PARTS)))
    drawn[:, held] = np.random.default_rng(seed).dirichlet(given[held] * spread, size=draws)
    ranks = np.stack([_ranks(x @ w) for w in drawn])
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    quarter = max(1, unit.height // 4)
    made = unit.select("unit", "title").with_columns(
        score=pl.Series(x @ given),
        rank=pl.Series(_ranks(x @ given)),
        rank_low=pl.Series(low.astype(np.int64)),
        rank_high=pl.Series(high.astype(np.int64)),
        first_share=pl.Series((ranks <= quarter).mean(axis=0)),
    )
    return conform("exit_rank", made.sort("rank", "unit"))


def _ranks(score: Array) -> npt.NDArray[np.int64]:
    """Return ranks from 1, the highest score first; equals share the better one."""
    return np.asarray(1 + (score[None, :] > score[:, None] + EQUAL).sum(axis=1), dtype=np.int64)
