"""Scores of an index system: intervals, coverage, influence; refused where an emission would be rewarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from tongyuan.ledger.figure.formula import parse
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import ROOM, Floats
from tongyuan.synergy.index.index import IndexSystem, monotone_findings
from tongyuan.synergy.index.indicator import Columns, base_rows, draws_of_cases, indicator_values
from tongyuan.synergy.index.score_table import (
    absent,
    coupling_table,
    influence_table,
    score_table,
    value_table,
    weight_table,
)
from tongyuan.synergy.method import normalise, weight
from tongyuan.synergy.method.registry import method, notices

Missing = Literal["refuse", "reweight"]


BLOCK = 4_000_000
"""Drawn numbers that are scored at a time where cases do not see each other."""


@dataclass(frozen=True)
class Scores:
    """Tables of one scoring (schemas of the same names in the ledger) and what a reader must know.

    `indicator_value, score, weight, score_influence, coupling` are frames; `findings` are warnings and
    notices.
    """

    indicator_value: pl.DataFrame
    score: pl.DataFrame
    weight: pl.DataFrame
    score_influence: pl.DataFrame
    coupling: pl.DataFrame
    findings: tuple[Finding, ...]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the frames by table name."""
        names = ("indicator_value", "score", "weight", "score_influence", "coupling")
        return {name: getattr(self, name) for name in names}


def normalised(index: IndexSystem, values: Floats, name: str, anchor: Floats) -> Floats:
    """Normalise `values` [..., cases, indicators]; relative methods take their sample from `anchor`."""
    sign = np.array([i.sign for i in index.indicator], dtype=np.float64)
    known = np.isfinite(values)
    if name == "bounds":
        low = np.array([i.lower for i in index.indicator], dtype=np.float64)
        high = np.array([i.upper for i in index.indicator], dtype=np.float64)
        return np.where(known, normalise.bounds(np.where(known, values, low), sign, low, high), np.nan)
    result = np.full(values.shape, np.nan)
    for j in range(values.shape[-1]):
        here = np.isfinite(anchor[:, j])
        if not here.any():
            continue
        column = values[..., here, j : j + 1]
        fill = np.where(np.isfinite(column), column, anchor[here, j : j + 1])
        result[..., here, j] = method("normalisation", name).function(fill, sign[j : j + 1])[..., 0]
    return np.where(known, result, np.nan)


def weights_of(index: IndexSystem, normal: Floats, name: str, own: Mapping[str, float] | None) -> Floats:
    """Return the weights of the indicators [indicators], by method `name` or the `own` ones."""
    count = len(index.indicator)
    if own is not None:
        unknown = sorted(set(own) - {i.id for i in index.indicator})
        if unknown:
            raise check.refuse("weight_unknown", unknown=", ".join(unknown), index=index.id)
        return check.weights([own.get(i.id, 0.0) for i in index.indicator], count)
    if name == "given":
        return check.weights([i.weight for i in index.indicator], count)
    if name == "equal":
        return weight.equal(count)
    complete = normal[np.isfinite(normal).all(axis=1)]
    live = np.isfinite(normal).any(axis=0)
    if len(complete) < 2:
        rows = normal[np.isfinite(normal[:, live]).all(axis=1)][:, live]
        result = np.zeros(count)
        result[live] = method("weight", name).function(rows)
        return result
    return np.asarray(method("weight", name).function(complete), dtype=np.float64)


def aggregated(name: str, normal: Floats, weights: Floats) -> Floats:
    """Aggregate with the weights of absent indicators shared out among those present; NaN where none is."""
    present = np.isfinite(normal)
    share = np.where(present, weights, 0.0)
    total = share.sum(axis=-1, keepdims=True)
    w = np.divide(share, total, out=share, where=total > 0)  # without weight a share is 0 as it is
    v = np.where(present, normal, 0.0)
    match name:
        case "weighted_sum":
            result = (w * v).sum(axis=-1)
        case "weighted_geometric":
            with np.errstate(divide="ignore", invalid="ignore"):
                result = np.exp(np.where(w > 0, w * np.log(v), 0.0).sum(axis=-1))
        case "topsis_fixed":
            near, far = np.sqrt((w * v**2).sum(axis=-1)), np.sqrt((w * (1 - v) ** 2).sum(axis=-1))
            result = np.where(near + far > 0, near / np.where(near + far > 0, near + far, 1.0), 1.0)
        case _:
            # the sample of a relative method is the cases with every indicator; the others have no score
            whole = present.reshape(-1, *present.shape[-2:]).all(axis=(0, 2))
            if whole.sum() < 2:
                raise check.refuse("relative_incomplete", method=name)
            result = np.full(v.shape[:-1], np.nan)
            chosen = method("aggregation", name).function
            arguments = (weights,) if name == "topsis_improved" else (weights, np.ones(v.shape[-1]))
            result[..., whole] = chosen(v[..., whole, :], *arguments)
    return np.where(total[..., 0] > 0, result, np.nan)


def _missing_findings(index: IndexSystem, columns: Columns, values: Floats, based: Any) -> list[Finding]:
    found: list[Finding] = []
    for j, entry in enumerate(index.indicator):
        gaps = np.flatnonzero(~np.isfinite(values[:, j]) & based)
        if gaps.size:
            row = columns.keys.row(int(gaps[0]), named=True)
            lacking = absent(index, columns, j, int(gaps[0]))
            found.append(
                finding(
                    ROOM,
                    "indicator_missing",
                    indicator=entry.id,
                    title=Bilingual(entry.title_zh, entry.title_en),
                    count=gaps.size,
                    region=row["region"],
                    year=row["year"],
                    absent=", ".join(lacking),
                )
            )
    return found


def score(
    index: IndexSystem,
    columns: Columns,
    *,
    normalise: str | None = None,
    weight: str | None = None,
    aggregate: str | None = None,
    base: str | int | None = None,
    missing: Missing = "refuse",
    draws: int = 1000,
    seed: int = 0,
    year_correlation: float = 0.0,
    weights: Mapping[str, float] | None = None,
    waive: tuple[str, ...] = (),
) -> Scores:
    """Score every region and year of `columns` by `index`.

    Parameters
    ----------
    index : IndexSystem
    columns : Columns
        From :func:`tongyuan.synergy.index.indicator.collect` or ``columns_from_wide``.
    normalise, weight, aggregate : str
        Methods by name; those of the index when not given.
    base : "previous", "first" or a year
        Base year of reductions and changes; that of the index when not given.
    missing : "refuse" or "reweight"
        ``refuse`` raises when an indicator cannot be computed and names the columns it lacks; ``reweight``
        shares its weight among the others of that case, and `coverage` says how much of the weight stood
        on data. A case without a base year is never an error: with ``refuse`` it has no score.
    draws, seed, year_correlation
        Draws for the intervals, see :func:`tongyuan.synergy.index.indicator.indicator_draws`; 0 draws: none.
    weights : mapping of indicator id to weight
        Own weights instead of a method.
    waive : tuple of str
        Checks waived by name: ``rewards_emission``, ``monotone_unproved``, ``method_rewards_emission``.

    Returns
    -------
    Scores

    Raises
    ------
    FindingError
        If a higher emission could raise a score, if indicators are missing, or if a name is unknown.
    """
    chosen = (normalise or index.normalise, weight or index.weight, aggregate or index.aggregate)
    kinds = ("normalisation", "weight", "aggregation")
    known = tuple(method(kind, name) for kind, name in zip(kinds, chosen, strict=True))
    if chosen[1] in ("ahp", "product", "linear") and weights is None:
        raise check.refuse("weight_by_hand", method=chosen[1])
    doubts = monotone_findings(index, chosen[0], "given" if weights is not None else chosen[1], chosen[2])
    require(f for f in doubts if f.check not in waive)
    values = indicator_values(index, columns, base)
    rows = base_rows(columns.keys, index.base if base is None else base)
    dated = np.array([bool(parse(i.formula).base_columns) for i in index.indicator])
    based = (rows >= 0) | ~dated.any()
    gaps = _missing_findings(index, columns, values, based)
    findings = [*columns.findings, *notices(known)]
    if missing == "refuse":
        require(gaps)
    else:
        findings += [finding(ROOM, "indicator_reweighted", **f.values) for f in gaps]
    if index.status == "proposal":
        findings.append(finding(ROOM, "index_proposal", index=index.titled))
    normal = normalised(index, values, chosen[0], values)
    w = weights_of(index, normal, chosen[1], weights)
    scored = np.asarray(based if missing == "refuse" else np.isfinite(normal).any(axis=1))
    total = np.where(scored, aggregated(chosen[2], normal, w), np.nan)
    low = high = np.full(total.shape, np.nan)
    value_low = value_high = np.full(values.shape, np.nan)
    share = np.full(values.shape, np.nan)
    branch_low: dict[str, Floats] = {}
    branch_high: dict[str, Floats] = {}
    unsure = any(np.any(d > 0) for d in columns.deviation.values())
    if draws and unsure:
        total_low, total_high = np.full(total.shape, np.nan), np.full(total.shape, np.nan)
        value_low, value_high, share = (np.full(values.shape, np.nan) for _ in range(3))
        for criterion in index.criterion:
            branch_low[criterion.id], branch_high[criterion.id] = np.empty(len(values)), np.empty(len(values))
        # cases do not see each other in absolute methods: a part of them at a time needs little memory
        relative = any(found.relative for found in known)
        parts = 1 if relative else max(1, values.size * draws // BLOCK)
        for of, every in draws_of_cases(index, columns, draws, seed, base, year_correlation, parts):
            drawn = np.where(np.isfinite(values[of]), every, np.nan)
            drawn_normal = normalised(index, drawn, chosen[0], values[of])
            sample = np.where(scored[of], aggregated(chosen[2], drawn_normal, w), np.nan)
            total_low[of], total_high[of] = quantiles(sample)
            value_low[of], value_high[of] = quantiles(drawn)
            share[of] = _variance_share(drawn_normal, sample)
            for criterion in index.criterion:
                pick = np.array([i.criterion == criterion.id for i in index.indicator])
                part = aggregated("weighted_sum", drawn_normal[..., pick], w[pick])
                branch_low[criterion.id][of], branch_high[criterion.id][of] = quantiles(part)
        low, high = total_low, total_high
    levels: dict[str, Floats] = {}
    for criterion in index.criterion:
        pick = np.array([i.criterion == criterion.id for i in index.indicator])
        levels[criterion.id] = aggregated("weighted_sum", normal[:, pick], w[pick])
    return Scores(
        indicator_value=value_table(index, columns, values, value_low, value_high),
        score=score_table(
            index, columns, total, low, high, levels, branch_low, branch_high, normal, w, chosen
        ),
        weight=weight_table(index, w, "given" if weights is not None else chosen[1]),
        score_influence=influence_table(index, columns, normal, w, rows, share),
        coupling=coupling_table(index, columns.keys, levels),
        findings=tuple(findings),
    )


def quantiles(sample: Floats) -> tuple[Floats, Floats]:
    """Return the 2.5 % and 97.5 % quantile of `sample` [draws, …]; NaN where a draw has none."""
    known = np.isfinite(sample).all(axis=0)
    low, high = np.quantile(np.where(known, sample, 0.0), [0.025, 0.975], axis=0)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _variance_share(normal: Floats, sample: Floats) -> Floats:
    """Squared correlation of every indicator with the score over the draws, scaled to sum to one."""
    x = normal - normal.mean(axis=0)
    y = (sample - sample.mean(axis=0))[..., None]
    spread = (x**2).sum(axis=0) * (y**2).sum(axis=0)
    live = np.isfinite(spread) & (spread > 1e-20)
    r2 = np.where(live, (x * y).sum(axis=0) ** 2 / np.where(live, spread, 1.0), 0.0)
    total = r2.sum(axis=-1, keepdims=True)
    return np.where(total > 0, r2 / np.where(total > 0, total, 1.0), np.nan)
