"""How firm a score, its change and a rank stand when weights and data are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform, empty
from tongyuan.synergy.index.check import ROOM, Floats, refuse
from tongyuan.synergy.index.index import IndexSystem
from tongyuan.synergy.index.indicator import Columns, base_rows, indicator_draws, indicator_values
from tongyuan.synergy.index.score import aggregated, normalised, quantiles, weights_of
from tongyuan.synergy.index.stability import dirichlet_weights, ranks
from tongyuan.synergy.method.registry import method

Mask = NDArray[np.bool_]
BLOCK = 2_000_000
"""Numbers held at once while drawing."""

TOP = 0.1
"""Share of the regions that counts as the top; one region at least."""

LISTED = 6


@dataclass(frozen=True)
class Standing:
    """Tables ``score_stability`` and ``rank_band`` of one index, and what a reader must know of them."""

    score_stability: pl.DataFrame
    rank_band: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the frames that have rows, by table name."""
        both = {"score_stability": self.score_stability, "rank_band": self.rank_band}
        return {name: frame for name, frame in both.items() if frame.height}


def standing(
    index: IndexSystem,
    columns: Columns,
    *,
    draws: int = 1000,
    seed: int = 0,
    base: str | int | None = None,
    year_correlation: float = 0.0,
    concentration: float | None = None,
) -> Standing:
    r"""Draw weights and data, and say how far scores, their changes and ranks move.

    Scores of two years are compared on the indicators known in both; regions are ranked on the indicators
    that at least half of the regions of a year have, and a region that lacks one of them has no rank. Every
    draw takes one set of weights and one set of data for all regions and years, so that errors that regions
    share (weights) do not pass for differences between them.

    Parameters
    ----------
    index : IndexSystem
        With absolute methods: fixed bounds, and an aggregation that sees one region at a time. A relative
        method has no score of its own to be stable; an index of that kind yields empty tables.
    columns : Columns
    draws, seed
        Draws of weights (Dirichlet, :func:`tongyuan.synergy.index.stability.dirichlet_weights`) and of data
        (lognormal, :func:`tongyuan.synergy.index.indicator.indicator_draws`).
    base, year_correlation
        As in :func:`tongyuan.synergy.index.score.score`.
    concentration : float
        Of the drawn weights.

    Returns
    -------
    Standing
    """
    if draws < 2:
        raise refuse("draws", given=draws)
    kinds = (("normalisation", index.normalise), ("weight", index.weight), ("aggregation", index.aggregate))
    if any(method(kind, name).relative for kind, name in kinds):
        return Standing(empty("score_stability"), empty("rank_band"))
    values = indicator_values(index, columns, base)
    normal = normalised(index, values, index.normalise, values)
    known = np.isfinite(normal)
    weight = weights_of(index, normal, index.weight, None)
    rows = base_rows(columns.keys, index.base if base is None else base)
    then = np.maximum(rows, 0)
    shared = known & known[then] & (rows >= 0)[:, None]
    groups, findings = _comparable(index, columns.keys, known)
    sampled = dirichlet_weights(weight, draws, seed, concentration)
    by_weight = np.empty((draws, len(normal)))
    moved = np.empty((draws, len(normal)))
    drawn = [np.empty((draws, len(members)), dtype=np.int64) for members, _ in groups]
    for piece, data in _data(index, columns, draws, seed, base, year_correlation):
        w = sampled[piece, None, :]
        x = normalised(index, np.where(known, data, np.nan), index.normalise, values)
        by_weight[piece] = aggregated(index.aggregate, np.broadcast_to(normal, x.shape), w)
        now = aggregated(index.aggregate, np.where(shared, x, np.nan), w)
        before = aggregated(index.aggregate, np.where(shared, x[:, then], np.nan), w)
        moved[piece] = now - before
        for place, (members, used) in enumerate(groups):
            part = np.where(used, x[:, members], np.nan)
            drawn[place][piece] = ranks(aggregated(index.aggregate, part, w))
    return Standing(
        _stability(index, columns.keys, normal, weight, shared, rows, by_weight, moved, seed),
        _bands(index, columns.keys, normal, weight, groups, drawn, seed),
        tuple(findings),
    )


def _data(
    index: IndexSystem,
    columns: Columns,
    draws: int,
    seed: int,
    base: str | int | None,
    year_correlation: float,
) -> Iterator[tuple[slice, Floats]]:
    """Yield draws of the indicators [draws, cases, indicators] in blocks, with their places."""
    size = max(1, BLOCK // max(1, columns.keys.height * len(index.indicator)))
    starts = range(0, draws, size)
    seeds = np.random.SeedSequence(seed).generate_state(len(starts))
    for first, own in zip(starts, seeds, strict=True):
        count = min(size, draws - first)
        yield (
            slice(first, first + count),
            indicator_draws(index, columns, count, int(own), base, year_correlation),
        )


def _comparable(
    index: IndexSystem, keys: pl.DataFrame, known: Mask
) -> tuple[list[tuple[NDArray[np.int64], Mask]], list[Finding]]:
    """Return for every year with regions to rank their rows and the indicators they are ranked on."""
    groups: list[tuple[NDArray[np.int64], Mask]] = []
    found: list[Finding] = []
    years = keys["year"].to_numpy()
    for year in sorted(set(years.tolist())):
        all_rows = np.flatnonzero((years == year) & known.any(axis=1))
        if len(all_rows) < 2:
            continue
        used = known[all_rows].mean(axis=0) >= 0.5
        whole = known[all_rows][:, used].all(axis=1) if used.any() else np.zeros(len(all_rows), dtype=bool)
        members = all_rows[whole]
        if len(members) < 2:
            continue
        groups.append((members, used))
        left = keys[all_rows[~whole].tolist()]["region"].to_list()
        if left:
            found.append(
                finding(
                    ROOM,
                    "rank_left_out",
                    index=index.titled,
                    year=year,
                    count=len(left),
                    regions=", ".join(left[:LISTED]),
                )
            )
    return groups, found


def _stability(
    index: IndexSystem,
    keys: pl.DataFrame,
    normal: Floats,
    weight: Floats,
    shared: Mask,
    rows: NDArray[np.int64],
    by_weight: Floats,
    moved: Floats,
    seed: int,
) -> pl.DataFrame:
    then = np.maximum(rows, 0)
    after = aggregated(index.aggregate, np.where(shared, normal, np.nan), weight)
    before = aggregated(index.aggregate, np.where(shared, normal[then], np.nan), weight)
    some = np.isfinite(after)
    weight_low, weight_high = quantiles(by_weight)
    low, high = quantiles(moved)
    rise = np.where(some, (moved > 0).mean(axis=0), np.nan)
    years = keys["year"].to_numpy()
    numbers = {
        "score": aggregated(index.aggregate, normal, weight),
        "weight_lower": weight_low,
        "weight_upper": weight_high,
        "shared": np.where(some, np.where(shared, weight, 0.0).sum(axis=1), np.nan),
        "before": before,
        "after": after,
        "change": after - before,
        "lower": low,
        "upper": high,
        "rise": rise,
    }
    frame = keys.with_columns(
        pl.lit(index.id).alias("index"),
        *(pl.Series(name, array).fill_nan(None) for name, array in numbers.items()),
        pl.Series("base_year", [int(years[t]) if s else None for t, s in zip(then, some, strict=True)]),
        pl.lit(len(moved)).alias("draws"),
        pl.lit(seed).alias("seed"),
    )
    return conform("score_stability", frame.filter(pl.col("score").is_not_null()))


def _bands(
    index: IndexSystem,
    keys: pl.DataFrame,
    normal: Floats,
    weight: Floats,
    groups: list[tuple[NDArray[np.int64], Mask]],
    drawn: list[NDArray[np.int64]],
    seed: int,
) -> pl.DataFrame:
    frames = [empty("rank_band")]
    for (members, used), sample in zip(groups, drawn, strict=True):
        score = aggregated(index.aggregate, np.where(used, normal[members], np.nan), weight)
        low, middle, high = np.quantile(sample, [0.025, 0.5, 0.975], axis=0, method="inverted_cdf")
        edge = max(1, int(TOP * len(members)))
        named = [i.id for i, here in zip(index.indicator, used, strict=True) if here]
        frame = keys[members.tolist()].with_columns(
            pl.lit(index.id).alias("index"),
            pl.lit(f"{index.weight}.{index.aggregate}").alias("method"),
            pl.Series("rank", ranks(score)),
            pl.Series("lower", low),
            pl.Series("median", middle),
            pl.Series("upper", high),
            pl.Series("top", (sample <= edge).mean(axis=0)),
            pl.lit(len(sample)).alias("draws"),
            pl.lit(seed).alias("seed"),
            pl.lit(named).alias("indicators"),
        )
        frames.append(conform("rank_band", frame))
    return pl.concat(frames)
