"""Indicators that compute themselves from ledger tables, by formulas kept as data.

The shelf ``programme_column`` says which rows of which table make a column; the shelf
``programme_indicator`` has the formula of each indicator over those columns.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongyuan.ledger.figure.figure import figures, named
from tongyuan.ledger.figure.formula import evaluate, parse
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import conform, empty
from tongyuan.reference import units
from tongyuan.reference.shelf import shelf

ROOM = "programme"
KEY = ["region", "year"]
NORMAL_95 = 1.959963984540054
LEAST_COVERAGE = 0.6
"""Share of an index's weight that must stand on data for its score to count as an observation."""

Tables = Mapping[str, pl.DataFrame]
Floats = NDArray[np.float64]


def columns_known() -> pl.DataFrame:
    """Return the definitions of the columns that formulas may read."""
    return shelf("programme_column")


def gather(tables: Tables, wanted: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the columns `wanted` from ledger tables.

    Parameters
    ----------
    tables
        ``observation``, ``summary``, ``activity``, ``score`` and ``uncertainty``, as far as they exist.
    wanted
        Names of columns on the shelf ``programme_column``.

    Returns
    -------
    frame : DataFrame
        ``region, year, column, value, error, source, status``; `error` is a standard error in the column's
        unit (0 where unknown). Observations are read by :mod:`tongyuan.ledger.figure.figure`; scores that
        stand on less than ``LEAST_COVERAGE`` of their index are gaps and named in the findings.
    findings : list of Finding
    """
    definitions = {row["column"]: row for row in columns_known().to_dicts()}
    unknown = sorted(set(wanted) - set(definitions))
    if unknown:
        raise KeyError(f"no column {', '.join(unknown)}; there are {', '.join(definitions)}")
    findings: list[Finding] = []
    parts = [_empty()]
    for name in wanted:
        row = definitions[name]
        table = tables.get(row["table"])
        if table is None or table.is_empty():
            continue
        made = {"observation": _observed, "summary": _summed, "activity": _used, "score": _scored}[
            row["table"]
        ]
        parts.append(_shaped(made(row, table, tables, findings), name))
    return pl.concat(parts), findings


def _empty() -> pl.DataFrame:
    text = ("column", "source", "status")
    return pl.DataFrame(
        schema={
            "region": pl.String,
            "year": pl.Int64,
            "column": pl.String,
            "value": pl.Float64,
            "error": pl.Float64,
            "source": pl.String,
            "status": pl.String,
        }
    ).with_columns(pl.col(c).cast(pl.String) for c in text)


def _shaped(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(name).alias("column"), pl.col("value").cast(pl.Float64), pl.col("error").cast(pl.Float64)
    ).select(_empty().columns)


def _parts(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _unit(text: str) -> Bilingual:
    return Bilingual(units.text(text, "zh"), units.text(text, "en"))


def _told_by(column: str) -> Bilingual | str:
    """Return the title of the first indicator whose formula reads the column."""
    for row in shelf("programme_indicator").iter_rows(named=True):
        if row["formula"] and column in parse(row["formula"]).columns:
            return Bilingual(row["title_zh"], row["title_en"])
    return column


def _converted(frame: pl.DataFrame, unit: str, name: str, findings: list[Finding]) -> pl.DataFrame:
    """Return `frame` in `unit`; rows that do not convert are left out and named, with their product."""
    scales: dict[str, float] = {}
    for given in frame["unit"].unique(maintain_order=True).drop_nulls().to_list():
        try:
            scales[given] = 1.0 if given == unit else units.factor(given, unit)
        except units.UnitError:
            first = frame.filter(pl.col("unit") == given).row(0, named=True)
            words: dict[str, Any] = {
                "given": _unit(given),
                "wanted": _unit(unit),
                "indicator": _told_by(name),
            }
            item = Bilingual.titled("product", first["product"]) if "product" in first else name
            findings.append(finding(ROOM, "column_unit", item=item, year=first["year"], **words))
    fit = frame.filter(pl.col("unit").is_in(list(scales)))
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64, default=None)
    return fit.with_columns((pl.col("value") * scale).alias("value"))


def _observed(
    row: dict[str, str], table: pl.DataFrame, tables: Tables, findings: list[Finding]
) -> pl.DataFrame:
    # unverified figures are carried with their status: an indicator made of them does not act unasked
    read, told = figures(table, {row["column"]: named(row["figure"], row["unit"])}, include_unverified=True)
    findings += told
    return read.select(*KEY, "value", "error", "source", "status")


def _summed(
    row: dict[str, str], table: pl.DataFrame, tables: Tables, findings: list[Finding]
) -> pl.DataFrame:
    rows = table.filter(pl.col("species").is_in(_parts(row["species"])))
    total = _converted(rows, row["unit"], row["column"], findings)
    total = total.group_by(KEY, maintain_order=True).agg(pl.col("value").sum())
    spread = tables.get("uncertainty")
    error = pl.lit(0.0)
    if spread is not None and spread.height and len(_parts(row["species"])) == 1:
        relative = (
            spread.filter((pl.col("group") == "total") & (pl.col("species") == row["species"]))
            .filter(pl.col("value") > 0)
            .group_by(KEY)
            .agg(
                ((pl.col("upper") - pl.col("lower")) / (2 * NORMAL_95 * pl.col("value")))
                .max()
                .alias("relative")
            )
        )
        total = join_exact(total, relative, KEY, may_lack=True)
        error = pl.col("value").abs() * pl.col("relative").fill_null(0.0)
    return total.with_columns(
        error.alias("error"), pl.lit("inventory").alias("source"), pl.lit("derived").alias("status")
    )


def _used(row: dict[str, str], table: pl.DataFrame, tables: Tables, findings: list[Finding]) -> pl.DataFrame:
    process = pl.col("process").fill_null("")
    rows = table.filter(
        pl.col("product").is_in(_parts(row["products"])), ~process.is_in(_parts(row["without_processes"]))
    )
    if row["processes"]:
        rows = rows.filter(process.is_in(_parts(row["processes"])))
    total = _converted(rows, row["unit"], row["column"], findings)
    return (
        total.group_by(KEY, maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("source").drop_nulls().unique(maintain_order=True).str.join("；"))
        .with_columns(pl.lit(0.0).alias("error"), pl.lit("derived").alias("status"))
    )


def _scored(
    row: dict[str, str], table: pl.DataFrame, tables: Tables, findings: list[Finding]
) -> pl.DataFrame:
    total = table.filter((pl.col("level") == "index") & pl.col("score").is_not_null())
    total = total.unique(KEY, keep="none", maintain_order=True)
    for region, year, covered in (
        total.filter(pl.col("coverage") < LEAST_COVERAGE).select(*KEY, "coverage").iter_rows()
    ):
        findings.append(
            finding(ROOM, "score_coverage", region=region, year=year, coverage=f"{100 * covered:.0f}%")
        )
    return total.filter(pl.col("coverage") >= LEAST_COVERAGE).select(
        *KEY,
        pl.col("score").alias("value"),
        ((pl.col("upper") - pl.col("lower")) / (2 * NORMAL_95)).fill_null(0.0).alias("error"),
        pl.col("index").alias("source"),
        pl.lit("derived").alias("status"),
    )


READERS = {"observation": _observed, "summary": _summed, "activity": _used, "score": _scored}
"""How the columns of the shelf are read from each table."""


def compute(indicators: pl.DataFrame, tables: Tables) -> tuple[pl.DataFrame, list[Finding]]:
    r"""Compute every indicator that has a formula, for every region and year with all its columns.

    The standard error of an indicator is propagated to first order from those of its columns,

    .. math:: u^2(y) = \sum_i \left(\frac{\partial f}{\partial x_i}\right)^2 u^2(x_i),

    the derivative taken as a difference over one standard error.

    Parameters
    ----------
    indicators
        Table ``indicator``.
    tables
        See :func:`gather`.

    Returns
    -------
    DataFrame
        Table ``indicator_observation``; where a column is missing there is no row.
    list of Finding
    """
    formulas = {
        row["indicator"]: (parse(row["formula"]), row["unit"])
        for row in indicators.iter_rows(named=True)
        if row["formula"]
    }
    wanted = sorted({c for formula, _ in formulas.values() for c in formula.columns})
    columns, findings = gather(tables, [c for c in wanted if c != "days"])
    parts = [empty("indicator_observation")]
    for name, (formula, unit) in formulas.items():
        needed = [c for c in formula.columns if c != "days"]
        rows = columns.filter(pl.col("column").is_in(needed))
        whole = rows.group_by(KEY).len().filter(pl.col("len") == len(needed)).select(KEY).sort(KEY)
        if whole.is_empty():
            continue
        values = {c: _of(rows, whole, c, "value") for c in needed}
        errors = {c: _of(rows, whole, c, "error") for c in needed}
        values["days"] = np.array([366.0 if isleap(y) else 365.0 for y in whole["year"]])
        result = np.broadcast_to(evaluate(formula, values, values), whole.height)
        square = np.zeros(whole.height)
        for c in needed:
            moved = evaluate(formula, values | {c: values[c] + errors[c]}, values)
            square = square + np.where(errors[c] > 0, moved - result, 0.0) ** 2
        told = (
            whole.join(rows, on=KEY, how="left", maintain_order="left")
            .group_by(KEY, maintain_order=True)
            .agg(
                pl.col("source").drop_nulls().unique(maintain_order=True).str.join("；").alias("citation"),
                pl.col("status").alias("states"),
            )
        )
        made = told.with_columns(
            pl.Series("value", result).fill_nan(None),
            pl.Series("standard_error", np.sqrt(square)).fill_nan(None),
            pl.lit(name).alias("indicator"),
            pl.lit(unit, dtype=pl.String).alias("unit"),
            pl.lit(True).alias("comparable"),
            pl.col("year").cast(pl.String).alias("period"),
            pl.when(pl.col("states").list.contains("unverified"))
            .then(pl.lit("unverified"))
            .when(pl.col("states").list.contains("derived"))
            .then(pl.lit("derived"))
            .otherwise(pl.lit("secondary"))
            .alias("status"),
        ).drop("year", "states")
        parts.append(conform("indicator_observation", made.filter(pl.col("value").is_not_null())))
    return pl.concat(parts), findings


def _of(rows: pl.DataFrame, whole: pl.DataFrame, column: str, what: str) -> Floats:
    part = rows.filter(pl.col("column") == column).select(*KEY, what)
    return join_exact(whole, part, KEY, may_lack=True)[what].to_numpy().astype(np.float64)
