"""From tables to the columns of an index system, and from columns to indicator values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.figure import formula as formulas
from tongyuan.ledger.figure.figure import figures
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.join import join_exact
from tongyuan.reference import units
from tongyuan.reference.gwp import co2e
from tongyuan.reference.shelf import fold
from tongyuan.synergy.index.check import Floats, refuse
from tongyuan.synergy.index.index import ColumnSpec, IndexSystem

KEY = ("region", "year")
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Columns:
    """The columns of an index system for every region and year.

    Attributes
    ----------
    keys : DataFrame
        ``region, year``, sorted, one row per case.
    value : dict of str to array [cases]
        NaN where there is no figure.
    deviation : dict of str to array [cases] [fraction]
        Relative standard deviation, 0 where unknown.
    findings : tuple of Finding
        What was left out and why.
    """

    keys: pl.DataFrame
    value: dict[str, Floats]
    deviation: dict[str, Floats]
    findings: tuple[Finding, ...] = ()


def frame_of(table: Any) -> pl.DataFrame:
    """Return any Arrow-speaking table as a polars frame."""
    return table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)


def _below(column: str, roots: Iterable[str]) -> pl.Expr:
    name = pl.col(column).fill_null("")
    return pl.any_horizontal([(name == root) | name.str.starts_with(f"{root}.") for root in roots])


def _emission_column(spec: ColumnSpec, emission: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    rows = emission
    if "scope" in rows.columns:
        rows = rows.filter(pl.col("scope").fill_null("direct") == "direct")
    greenhouse = "CO2e" in spec.species
    if greenhouse:
        # only gases that warm: pollutants have no equivalent and are left out of the sum
        rows = (
            co2e(rows, gwp_set)
            .filter(pl.col("co2e").is_not_null())
            .with_columns(pl.col("co2e").alias("value"))
        )
        species_free = rows
    else:
        species_free = rows.filter(pl.col("species").is_in(list(spec.species)))
    if spec.product:
        species_free = species_free.filter(pl.col("product").is_in(list(spec.product)))
    if spec.process:
        species_free = species_free.filter(_below("process", spec.process))
    scales = {unit: units.factor(unit, spec.unit) for unit in species_free["unit"].unique().to_list()}
    return (
        species_free.with_columns(
            pl.col("value") * pl.col("unit").replace_strict(scales, return_dtype=pl.Float64, default=None)
        )
        .group_by(KEY)
        .agg(pl.col("value").sum())
    )


def _deviation(spec: ColumnSpec, uncertainty: pl.DataFrame | None) -> pl.DataFrame | None:
    if uncertainty is None or uncertainty.is_empty() or not spec.emitted or len(spec.species) != 1:
        return None
    rows = uncertainty.filter((pl.col("group") == "total") & (pl.col("species") == spec.species[0]))
    return (
        rows.filter(pl.col("value") > 0)
        .group_by(KEY)
        .agg(
            ((pl.col("upper") - pl.col("lower")) / (2 * NORMAL_95 * pl.col("value"))).max().alias("deviation")
        )
    )


def collect(
    index: IndexSystem,
    *,
    emission: Any = None,
    observation: Any = None,
    uncertainty: Any = None,
    cases: Any = None,
    include_unverified: bool = False,
    gwp_set: str = "AR5",
) -> Columns:
    """Gather the columns of `index` from ledger tables.

    Parameters
    ----------
    emission, observation, uncertainty
        Tables of the ledger; any may be absent. Emission columns sum scope ``direct``; species ``CO2e``
        sums the greenhouse gases with the warming potentials of `gwp_set`. Observations are read by
        :mod:`tongyuan.ledger.figure.figure`.
    cases
        Regions and years to score (columns ``region, year``); without it those of the emission table when
        there is one, else of the observations.
    include_unverified
        Whether unverified observations act.

    Returns
    -------
    Columns
    """
    gathered: dict[str, pl.DataFrame] = {}
    spread: dict[str, pl.DataFrame] = {}
    found: list[Finding] = []
    emitted = None if emission is None else frame_of(emission)
    observed = None if observation is None else frame_of(observation)
    unsure = None if uncertainty is None else frame_of(uncertainty)
    for name, spec in index.column.items():
        if spec.table == "emission" and emitted is not None:
            gathered[name] = _emission_column(spec, emitted, gwp_set)
            deviation = _deviation(spec, unsure)
            if deviation is not None:
                spread[name] = deviation
    if observed is not None:
        wanted = {name: spec.observed for name, spec in index.column.items() if spec.table == "observation"}
        read, told = figures(observed, wanted, include_unverified=include_unverified)
        found.extend(told)
        gathered |= {name: read.filter(pl.col("column") == name).select(*KEY, "value") for name in wanted}
    # the inventory says which cases there are; observations alone do so only without one
    main = [name for name in gathered if index.column[name].table == "emission"] or list(gathered)
    parts = [gathered[name].select(KEY) for name in main if not gathered[name].is_empty()]
    if not parts:
        parts = [frame.select(KEY) for frame in gathered.values() if not frame.is_empty()]
    if not parts:
        raise refuse("no_rows")
    keys = pl.concat(parts).unique().sort(KEY)
    if cases is not None:
        keys = frame_of(cases).select(KEY).unique().sort(KEY)
    value = {name: np.full(keys.height, np.nan) for name in index.column}
    deviation_of = {name: np.zeros(keys.height) for name in index.column}
    for name, frame in gathered.items():
        joined = join_exact(keys, frame, KEY, may_lack=True)["value"]
        value[name] = joined.to_numpy(writable=True)
    for name, frame in spread.items():
        joined = join_exact(keys, frame, KEY, may_lack=True)["deviation"]
        deviation_of[name] = joined.fill_null(0.0).to_numpy(writable=True)
    return Columns(keys, value, deviation_of, tuple(found))


def columns_from_wide(index: IndexSystem, table: Any) -> Columns:
    """Take the columns of `index` from a wide table: ``region, year`` and one column per id or title.

    A column ``<id>_deviation`` [fraction], where present, is its relative standard deviation. Unknown
    columns raise.
    """
    frame = frame_of(table)
    heads = {fold(text): name for name, c in index.column.items() for text in (c.title_zh, c.title_en, name)}
    heads |= {fold(f"{name}_deviation"): f"{name}_deviation" for name in index.column}
    heads |= {
        fold(text): key
        for key, texts in {"region": ("region", "地区"), "year": ("year", "年份")}.items()
        for text in texts
    }
    renamed = {column: heads.get(fold(column), "") for column in frame.columns}
    unknown = [column for column, name in renamed.items() if not name]
    if unknown or not {"region", "year"} <= set(renamed.values()):
        raise refuse(
            "wide_columns",
            unknown=", ".join(unknown) or "–",
            known=", ".join(["region", "year", *index.column]),
        )
    frame = frame.rename(renamed).with_columns(
        pl.col("region").cast(pl.String), pl.col("year").cast(pl.Int64)
    )
    if frame.select(KEY).is_duplicated().any():
        row = frame.filter(frame.select(KEY).is_duplicated()).row(0, named=True)
        raise refuse("double_case", region=row["region"], year=row["year"])
    frame = frame.sort(KEY)

    def numbers(name: str, missing: float) -> Floats:
        if name not in frame.columns:
            return np.full(frame.height, missing)
        return frame[name].cast(pl.Float64).fill_null(missing).to_numpy(writable=True)

    return Columns(
        keys=frame.select(KEY),
        value={name: numbers(name, np.nan) for name in index.column},
        deviation={name: numbers(f"{name}_deviation", 0.0) for name in index.column},
    )


def base_rows(keys: pl.DataFrame, base: str | int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return for every case the row of its base year, −1 where there is none.

    `base` is ``previous`` (the year before in the data of that region), ``first`` or a year; the base year
    itself has no base.
    """
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    if base == "previous":
        before = rows.sort(KEY).with_columns(pl.col("row").shift(1).over("region").alias("base"))
    elif base == "first":
        before = rows.with_columns(pl.col("row").sort_by("year").first().over("region").alias("base"))
    else:
        chosen = rows.filter(pl.col("year") == int(base)).select("region", pl.col("row").alias("base"))
        before = rows.join(chosen, on="region", how="left", maintain_order="left")
    ordered = before.sort("row").with_columns(
        pl.when(pl.col("base") == pl.col("row")).then(None).otherwise(pl.col("base")).alias("base")
    )
    return ordered["base"].fill_null(-1).to_numpy()


def indicator_values(index: IndexSystem, columns: Columns, base: str | int | None = None) -> Floats:
    """Return every indicator of `index`, array [cases, indicators]; NaN where it cannot be computed."""
    rows = base_rows(columns.keys, index.base if base is None else base)
    return _evaluated(index, columns.value, rows)


def _evaluated(index: IndexSystem, value: dict[str, Floats], rows: Any, of: slice = slice(None)) -> Floats:
    rows = rows[of]
    then = {
        name: np.where(rows >= 0, array[..., np.maximum(rows, 0)], np.nan) for name, array in value.items()
    }
    now = {name: array[..., of] for name, array in value.items()}
    parts = [formulas.evaluate(formulas.parse(i.formula), now, then) for i in index.indicator]
    cases = len(rows)
    shape = np.broadcast_shapes(*(p.shape for p in parts), (cases,))
    return np.stack([np.broadcast_to(p, shape) for p in parts], axis=-1)


def indicator_draws(
    index: IndexSystem,
    columns: Columns,
    draws: int,
    seed: int,
    base: str | int | None = None,
    year_correlation: float = 0.0,
) -> Floats:
    """Return `draws` draws of every indicator, array [draws, cases, indicators].

    Every column is multiplied by a lognormal error of median 1 and its relative standard deviation. Errors of
    different columns and regions are independent; those of the years of one region have `year_correlation`.
    """
    return next(draws_of_cases(index, columns, draws, seed, base, year_correlation))[1]


def draws_of_cases(
    index: IndexSystem,
    columns: Columns,
    draws: int,
    seed: int,
    base: str | int | None = None,
    year_correlation: float = 0.0,
    parts: int = 1,
) -> Iterator[tuple[slice, Floats]]:
    """Yield the draws of :func:`indicator_draws` in `parts` of the cases, with their places."""
    if not 0 <= year_correlation <= 1:
        raise refuse("share_range", value=year_correlation)
    generator = np.random.default_rng(seed)
    regions = columns.keys["region"].rank("dense").to_numpy().astype(np.int64) - 1
    drawn: dict[str, Floats] = {}
    for name, array in columns.value.items():
        deviation = columns.deviation[name]
        if not np.any(deviation > 0):
            drawn[name] = array
            continue
        sigma = np.sqrt(np.log1p(deviation**2))
        own = generator.standard_normal((draws, array.size))
        common = generator.standard_normal((draws, int(regions.max()) + 1))[:, regions]
        z = np.sqrt(1 - year_correlation) * own + np.sqrt(year_correlation) * common
        drawn[name] = array * np.exp(sigma * z)
    rows = base_rows(columns.keys, index.base if base is None else base)
    drawn = {name: np.broadcast_to(a, (draws, columns.keys.height)) for name, a in drawn.items()}
    edges = [len(rows) * part // parts for part in range(parts + 1)]
    for first, last in pairwise(edges):
        yield slice(first, last), _evaluated(index, drawn, rows, slice(first, last))
