"""The tables of one scoring: values, scores, weights, what moves the score, coupling coordination."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.figure.formula import parse
from tongyuan.ledger.table import LIST, conform, empty
from tongyuan.synergy.index.check import Floats
from tongyuan.synergy.index.index import IndexSystem
from tongyuan.synergy.index.indicator import Columns
from tongyuan.synergy.method import coupling
from tongyuan.synergy.method.registry import method


def absent(index: IndexSystem, columns: Columns, j: int, case: int) -> list[str]:
    """Return the columns that indicator `j` lacks in case `case`, or ``base`` without a base year."""
    formula = parse(index.indicator[j].formula)
    return [n for n in formula.columns if not np.isfinite(columns.value[n][case])] or ["base"]


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


def index_table(index: IndexSystem) -> pl.DataFrame:
    """Return table ``index_system``: what the index is made of, with titles and sources."""
    total = sum(i.weight for i in index.indicator)
    rows: list[dict[str, Any]] = [
        {"level": "index", "node": index.id, "status": index.status, "source": index.source}
    ]
    rows += [{"level": "criterion", "node": c.id, "parent": index.id} for c in index.criterion]
    rows += [
        {
            "level": "indicator",
            "node": i.id,
            "parent": i.criterion,
            "formula": i.formula,
            "unit": i.unit,
            "direction": i.direction,
            "weight": i.weight / total,
            "lower": i.lower,
            "upper": i.upper,
            "source": i.source,
        }
        for i in index.indicator
    ]
    rows += [{"level": "column", "node": name, "unit": c.unit} for name, c in index.column.items()]
    named = [index, *index.criterion, *index.indicator, *index.column.values()]
    for row, spec in zip(rows, named, strict=True):
        row |= {"index": index.id, "title_zh": spec.title_zh, "title_en": spec.title_en}
    return conform("index_system", pl.DataFrame(rows, schema_overrides=empty("index_system").schema))


def value_table(
    index: IndexSystem, columns: Columns, values: Floats, low: Floats, high: Floats
) -> pl.DataFrame:
    """Return table ``indicator_value``; arrays are [cases, indicators] in the unit of each indicator."""
    frame = _long(index, columns.keys, value=values, lower=low, upper=high)
    lacking = [
        [] if np.isfinite(values[k, j]) else absent(index, columns, j, k)
        for k in range(values.shape[0])
        for j in range(values.shape[1])
    ]
    named = {i.id: i.unit for i in index.indicator}
    return conform(
        "indicator_value",
        frame.with_columns(
            pl.col("indicator").replace_strict(named).alias("unit"),
            pl.Series("missing", lacking, dtype=LIST),
            pl.when(pl.col("value").is_null())
            .then(pl.lit("missing"))
            .otherwise(pl.lit("computed"))
            .alias("status"),
        ),
    )


def score_table(
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
    """Return table ``score``: the index and its criteria, with interval, coverage and rank."""
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


def weight_table(index: IndexSystem, w: Floats, name: str) -> pl.DataFrame:
    """Return table ``weight`` with the source of each indicator."""
    rows = {
        "index": [index.id] * len(w),
        "method": [name] * len(w),
        "indicator": [i.id for i in index.indicator],
        "weight": w,
        "source": [i.source for i in index.indicator],
    }
    return conform("weight", pl.DataFrame(rows))


def influence_table(
    index: IndexSystem, columns: Columns, normal: Floats, w: Floats, rows: Any, share: Floats
) -> pl.DataFrame:
    """Return table ``score_influence``; `rows` [cases] are the base years, −1 for none."""
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
