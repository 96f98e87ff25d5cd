"""Scores of an index system: intervals, coverage, influence; refused where an emission would be rewarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import conform, empty
from tongyuan.synergy import check, coupling, normalise, weight
from tongyuan.synergy.check import ROOM, Floats
from tongyuan.synergy.index import IndexSystem, monotone_findings
from tongyuan.synergy.indicator import KEY, Columns, base_rows, indicator_draws, indicator_values
from tongyuan.synergy.registry import method, notices
from tongyuan.synergy.stability import ranks

Missing = Literal["refuse", "reweight"]


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


def _normalised(index: IndexSystem, values: Floats, name: str, anchor: Floats) -> Floats:
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


def _weights(index: IndexSystem, normal: Floats, name: str, own: Mapping[str, float] | None) -> Floats:
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


def _aggregated(name: str, normal: Floats, weights: Floats) -> Floats:
    """Aggregate with the weights of absent indicators shared out among those present; NaN where none is."""
    present = np.isfinite(normal)
    share = np.where(present, weights, 0.0)
    total = share.sum(axis=-1, keepdims=True)
    w = np.where(total > 0, share / np.where(total > 0, total, 1.0), 0.0)
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
            absent = _absent(index, columns, j, int(gaps[0]))
            found.append(
                finding(
                    ROOM,
                    "indicator_missing",
                    indicator=entry.id,
                    title=Bilingual(entry.title_zh, entry.title_en),
                    count=gaps.size,
                    region=row["region"],
                    year=row["year"],
                    absent=absent,
                )
            )
    return found


def _absent(index: IndexSystem, columns: Columns, j: int, case: int) -> str:
    from tongyuan.ledger.formula import parse

    formula = parse(index.indicator[j].formula)
    return ", ".join(name for name in formula.columns if not np.isfinite(columns.value[name][case])) or "base"


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
        From :func:`tongyuan.synergy.indicator.collect` or ``columns_from_wide``.
    normalise, weight, aggregate : str
        Methods by name; those of the index when not given.
    base : "previous", "first" or a year
        Base year of reductions and changes; that of the index when not given.
    missing : "refuse" or "reweight"
        ``refuse`` raises when an indicator cannot be computed and names the columns it lacks; ``reweight``
        shares its weight among the others of that case, and `coverage` says how much of the weight stood
        on data. A case without a base year is never an error: with ``refuse`` it has no score.
    draws, seed, year_correlation
        Draws for the intervals, see :func:`tongyuan.synergy.indicator.indicator_draws`; 0 draws: none.
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
    dated = np.array([bool(_dated(i.formula)) for i in index.indicator])
    based = (rows >= 0) | ~dated.any()
    gaps = _missing_findings(index, columns, values, based)
    findings = [*columns.findings, *notices(known)]
    if missing == "refuse":
        require(gaps)
    else:
        findings += [finding(ROOM, "indicator_reweighted", **f.values) for f in gaps]
    if index.status == "proposal":
        findings.append(finding(ROOM, "index_proposal", index=index.id))
    normal = _normalised(index, values, chosen[0], values)
    w = _weights(index, normal, chosen[1], weights)
    scored = based if missing == "refuse" else np.isfinite(normal).any(axis=1)
    total = np.where(scored, _aggregated(chosen[2], normal, w), np.nan)
    low = high = np.full(total.shape, np.nan)
    value_low = value_high = np.full(values.shape, np.nan)
    share = np.full(values.shape, np.nan)
    branch_low: dict[str, Floats] = {}
    branch_high: dict[str, Floats] = {}
    unsure = any(np.any(d > 0) for d in columns.deviation.values())
    if draws and unsure:
        drawn = indicator_draws(index, columns, draws, seed, base, year_correlation)
        drawn = np.where(np.isfinite(values), drawn, np.nan)
        drawn_normal = _normalised(index, drawn, chosen[0], values)
        sample = np.where(scored, _aggregated(chosen[2], drawn_normal, w), np.nan)
        low, high = _quantiles(sample)
        value_low, value_high = _quantiles(drawn)
        share = _variance_share(drawn_normal, sample)
        for criterion in index.criterion:
            pick = np.array([i.criterion == criterion.id for i in index.indicator])
            part = _aggregated("weighted_sum", drawn_normal[..., pick], w[pick])
            branch_low[criterion.id], branch_high[criterion.id] = _quantiles(part)
    levels: dict[str, Floats] = {}
    for criterion in index.criterion:
        pick = np.array([i.criterion == criterion.id for i in index.indicator])
        levels[criterion.id] = _aggregated("weighted_sum", normal[:, pick], w[pick])
    return Scores(
        indicator_value=_value_table(index, columns, values, value_low, value_high),
        score=_score_table(
            index, columns, total, low, high, levels, branch_low, branch_high, normal, w, chosen
        ),
        weight=_weight_table(index, w, "given" if weights is not None else chosen[1]),
        score_influence=_influence_table(index, columns, normal, w, rows, share),
        coupling=coupling_table(index, columns.keys, levels),
        findings=tuple(findings),
    )


def _dated(text: str) -> tuple[str, ...]:
    from tongyuan.ledger.formula import parse

    return parse(text).base_columns


def _quantiles(sample: Floats) -> tuple[Floats, Floats]:
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


def _long(index: IndexSystem, keys: pl.DataFrame, **arrays: Floats) -> pl.DataFrame:
    m = len(index.indicator)
    place = np.repeat(np.arange(keys.height), m)
    data = {name: np.ascontiguousarray(a).reshape(-1) for name, a in arrays.items()}
    frame = keys[place].with_columns(
        pl.lit(index.id).alias("index"),
        pl.Series("indicator", [i.id for i in index.indicator] * keys.height, dtype=pl.String),
        *(pl.Series(name, a) for name, a in data.items()),
    )
    return frame.with_columns(pl.col(name).fill_nan(None) for name in data)


def _value_table(
    index: IndexSystem, columns: Columns, values: Floats, low: Floats, high: Floats
) -> pl.DataFrame:
    frame = _long(index, columns.keys, value=values, lower=low, upper=high)
    absent = [
        "" if np.isfinite(values[k, j]) else _absent(index, columns, j, k)
        for k in range(values.shape[0])
        for j in range(values.shape[1])
    ]
    named = {i.id: i.unit for i in index.indicator}
    return conform(
        "indicator_value",
        frame.with_columns(
            pl.col("indicator").replace_strict(named).alias("unit"),
            pl.Series("missing", absent, dtype=pl.String),
            pl.when(pl.col("value").is_null())
            .then(pl.lit("missing"))
            .otherwise(pl.lit("computed"))
            .alias("status"),
        ),
    )


def _score_table(
    index: IndexSystem,
    columns: Columns,
    total: Floats,
    low: Floats,
    high: Floats,
    levels: dict[str, Floats],
    branch_low: dict[str, Floats],
    branch_high: dict[str, Floats],
    normal: Floats,
    w: Floats,
    chosen: tuple[str, str, str],
) -> pl.DataFrame:
    coverage = np.where(np.isfinite(normal), w, 0.0).sum(axis=1)
    parts = [("index", index.id, total, low, high, coverage)]
    for criterion in index.criterion:
        pick = np.array([i.criterion == criterion.id for i in index.indicator])
        own = w[pick].sum()
        part = np.where(np.isfinite(normal[:, pick]), w[pick], 0.0).sum(axis=1) / (own if own > 0 else 1.0)
        none = np.full(total.shape, np.nan)
        parts.append(
            (
                "criterion",
                criterion.id,
                levels[criterion.id],
                branch_low.get(criterion.id, none),
                branch_high.get(criterion.id, none),
                part,
            )
        )
    frames = []
    for level, node, value, lower, upper, share in parts:
        frames.append(
            columns.keys.with_columns(
                pl.lit(index.id).alias("index"),
                pl.lit(level).alias("level"),
                pl.lit(node).alias("node"),
                pl.Series("score", value).fill_nan(None),
                pl.Series("lower", lower).fill_nan(None),
                pl.Series("upper", upper).fill_nan(None),
                pl.Series("coverage", share),
                pl.lit(chosen[0]).alias("normalise"),
                pl.lit(chosen[1]).alias("weight"),
                pl.lit(chosen[2]).alias("aggregate"),
            )
        )
    frame = pl.concat(frames).with_columns(
        pl.col("score").rank("min", descending=True).over("year", "node").cast(pl.Int64).alias("rank")
    )
    return conform("score", frame)


def _weight_table(index: IndexSystem, w: Floats, name: str) -> pl.DataFrame:
    rows = {
        "index": [index.id] * len(w),
        "method": [name] * len(w),
        "indicator": [i.id for i in index.indicator],
        "weight": w,
        "source": [i.source for i in index.indicator],
    }
    return conform("weight", pl.DataFrame(rows))


def _influence_table(
    index: IndexSystem, columns: Columns, normal: Floats, w: Floats, rows: Any, share: Floats
) -> pl.DataFrame:
    contribution = normal * w
    then = np.where((rows >= 0)[:, None], contribution[np.maximum(rows, 0)], np.nan)
    frame = _long(
        index,
        columns.keys,
        normalised=normal,
        weight=np.broadcast_to(w, normal.shape),
        contribution=contribution,
        potential=(1 - normal) * w,
        change=contribution - then,
        variance_share=share,
    )
    return conform("score_influence", frame)


def coupling_table(index: IndexSystem, keys: pl.DataFrame, levels: Mapping[str, Floats]) -> pl.DataFrame:
    """Return the coupling coordination of the criteria ``index.coupling``, in every published form."""
    systems = index.coupling
    if len(systems) < 2:
        return empty("coupling")
    u = np.stack([levels[s] for s in systems], axis=-1)
    known = np.isfinite(u).all(axis=-1)
    if not known.any():
        return empty("coupling")
    return coupling_frame(keys.filter(pl.Series(known)), u[known], systems, index.id)


def coupling_frame(keys: pl.DataFrame, levels: Floats, systems: tuple[str, ...], index: str) -> pl.DataFrame:
    """Return C, T, D, classes and lagging system of `levels` [cases, systems] for every form that applies."""
    forms = ["traditional", "modified"] + (["k_power"] if len(systems) == 2 else [])
    t = coupling.development(levels)
    lag = coupling.lagging(levels)
    frames = []
    for form in forms:
        c = method("coupling", form).function(levels)
        d = coupling.coordination(c, t)
        frames.append(
            keys.with_columns(
                pl.lit(index).alias("index"),
                pl.lit(form).alias("form"),
                pl.Series("coupling", c),
                pl.Series("comprehensive", t),
                pl.Series("coordination", d),
                pl.Series(
                    "coupling_class", [f"c{k + 1}" for k in coupling.classify("coupling", c)], dtype=pl.String
                ),
                pl.Series(
                    "coordination_class",
                    [f"d{k + 1}" for k in coupling.classify("coordination", d)],
                    dtype=pl.String,
                ),
                pl.Series("lagging", ["" if k < 0 else systems[k] for k in lag], dtype=pl.String),
            )
        )
    return conform("coupling", pl.concat(frames))


def rank_of(score_table: pl.DataFrame) -> pl.DataFrame:
    """Return region, year and rank of the index score, best first."""
    rows = score_table.filter((pl.col("level") == "index") & pl.col("score").is_not_null())
    return rows.select(*KEY, "score", "rank").sort("year", "rank")


__all__ = ["Scores", "coupling_frame", "coupling_table", "rank_of", "ranks", "score"]
