"""LMDI of an emission table: activity, structure, intensity, energy mix, factor and control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform
from tongyuan.reference import units
from tongyuan.synergy.change.change import Base, base_places
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import ROOM, Floats
from tongyuan.synergy.index.indicator import KEY, frame_of
from tongyuan.synergy.method import decomposition

ENERGY = "energy"
AFTER = "after_control"
TOGETHER = "factor_and_control"
"""Effect of factor and control together, where the two years stand on different bases."""


def decompose(
    emission: Any,
    *,
    driver: Any = None,
    energy: Any = None,
    species: Sequence[str] | None = None,
    base: Base = "first",
    depth: int = 1,
) -> tuple[pl.DataFrame, list[Finding]]:
    r"""Attribute the change of every species between base year and year, in total and by sector.

    For sources with energy,

    .. math:: E=Q\,\frac{A}{Q}\,\frac{A_i}{A}\,\frac{A_{if}}{A_i}\,\frac{U}{A_{if}}\,\frac{E}{U}

    activity, intensity, structure, energy mix, factor, control (factor and control as one effect where the
    factor is before control in one year and after control in the other), with Q the driver, A the energy of
    the region, A_i of sector i, A_if of product f in it, U the emission before and E after control. For
    sources without energy, E = Q · U/Q · E/U: activity, intensity, control. Without a driver Q is the
    energy of the region and the intensity of energy sources stands still.

    Parameters
    ----------
    emission
        Emission table; rows of species ``energy`` (medium resource) are the energy of the source. Scope
        ``direct``.
    driver
        Frame ``region, year, value``; GDP at constant prices, for example.
    energy
        Frame ``region, year, process, product, value`` [TJ]: the energy of each source, instead of the
        rows of species ``energy``.
    species : sequence of str
        All species of the table other than resources when not given.
    base : "previous", "first" or a year
    depth : int
        Leading parts of the process id that make a sector.

    Returns
    -------
    DataFrame
        Table ``lmdi``; the effects of a group sum to its change exactly.
    list of Finding
    """
    rows = frame_of(emission)
    if "scope" in rows.columns:
        rows = rows.filter(pl.col("scope").fill_null("direct") == "direct")
    unit = {u: _unit(u) for u in rows["unit"].unique().to_list()} if "unit" in rows.columns else {}
    generated = pl.col("uncontrolled") if "uncontrolled" in rows.columns else pl.lit(None, dtype=pl.Float64)
    basis = pl.col("basis") if "basis" in rows.columns else pl.lit(None, dtype=pl.String).alias("basis")
    # a factor after control holds what devices do: it changes as a whole
    generated = pl.when(basis.fill_null("") != AFTER).then(generated)
    scale = (
        pl.col("unit").replace_strict(unit, return_dtype=pl.Float64, default=None) if unit else pl.lit(1.0)
    )
    product = pl.col("product").fill_null("") if "product" in rows.columns else pl.lit("")
    rows = rows.select(
        *KEY,
        "species",
        "process",
        product.alias("product"),
        _sector(depth),
        (pl.col("value") * scale).alias("value"),
        basis,
        (pl.max_horizontal(generated.fill_null(pl.col("value")), pl.col("value")) * scale).alias("generated"),
    )
    cell = [*KEY, "sector", "process", "product"]
    used = rows.filter(pl.col("species") == ENERGY) if energy is None else _energy(energy, depth)
    amounts = used.group_by(cell, maintain_order=True).agg(pl.col("value").sum().alias("energy"))
    findings: list[Finding] = [] if amounts.height else [finding(ROOM, "no_energy")]
    wanted = list(species) if species else _species(rows)
    emitted = (
        rows.filter(pl.col("species").is_in(wanted))
        .group_by(*cell, "species", maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("generated").sum(), _one("basis"))
    )
    table = emitted.join(amounts, on=cell, how="left", maintain_order="left")
    regional = amounts.group_by(KEY, maintain_order=True).agg(pl.col("energy").sum().alias("regional"))
    sectoral = amounts.group_by(*KEY, "sector", maintain_order=True).agg(
        pl.col("energy").sum().alias("sectoral")
    )
    moved = (
        regional.select(*KEY, pl.col("regional").alias("driver"))
        if driver is None
        else frame_of(driver).select(
            pl.col("region"), pl.col("year").cast(pl.Int64), pl.col("value").cast(pl.Float64).alias("driver")
        )
    )
    if driver is None and not amounts.height:
        ones = table.select(KEY).unique().with_columns(pl.lit(1.0).alias("driver"))
        moved = ones
    context = moved.join(regional, on=KEY, how="left")
    pairs: dict[tuple[int, int], list[str]] = {}
    for region, years in (
        table.group_by("region").agg(pl.col("year").unique().sort()).sort("region").iter_rows()
    ):
        for place, before in zip(*base_places(years, base), strict=True):
            pairs.setdefault((years[int(before)], years[int(place)]), []).append(region)
    if not pairs:
        raise check.refuse("one_year")
    pieces = [
        _pair(table.filter(pl.col("region").is_in(regions)), context, sectoral, then, now)
        for (then, now), regions in pairs.items()
    ]
    return conform("lmdi", pl.concat(pieces)).sort(
        "region", "year", "species", "group", maintain_order=True
    ), findings


def _energy(table: Any, depth: int) -> pl.DataFrame:
    return frame_of(table).select(
        pl.col("region"),
        pl.col("year").cast(pl.Int64),
        _sector(depth),
        pl.col("process"),
        pl.col("product").fill_null(""),
        pl.col("value").cast(pl.Float64),
    )


def _sector(depth: int) -> pl.Expr:
    return pl.col("process").str.split(".").list.head(depth).list.join(".").alias("sector")


def _unit(text: str) -> float:
    try:
        return units.canonical(text)[0]
    except units.UnitError:
        return 1.0


def _one(column: str) -> pl.Expr:
    """Return the values of a text column in a group as one text."""
    return pl.col(column).fill_null("").unique().sort().str.join("+")


def _species(rows: pl.DataFrame) -> list[str]:
    resources = {ENERGY, "electricity", "water_withdrawal"}
    return sorted(set(rows["species"].unique().to_list()) - resources)


def _pair(
    block: pl.DataFrame, context: pl.DataFrame, sectoral: pl.DataFrame, then: int, now: int
) -> pl.DataFrame:
    """Return the effects between two years, for all regions of `block` at once."""
    cell = ["region", "sector", "process", "product", "species"]
    cells = block.filter(pl.col("year").is_in([then, now])).select(cell).unique().sort(cell)
    # a cell counts as an energy source when it has energy at either end, so both ends take the same chain
    fuelled = (
        block.filter(pl.col("year").is_in([then, now]))
        .group_by(cell)
        .agg((pl.col("energy").fill_null(0) > 0).any())
    )
    has_energy = cells.join(fuelled, on=cell, how="left", maintain_order="left")["energy"].to_numpy()
    before = _factors(block, context, sectoral, cells, has_energy, then)
    after = _factors(block, context, sectoral, cells, has_energy, now)
    effect = decomposition.lmdi_additive(before, after)
    ends = [np.nan_to_num(x).prod(axis=0) for x in (before, after)]
    apart = _apart(block, cells, cell, then, now)
    frame = cells.with_columns(
        *(pl.Series(name, effect[k]) for k, name in enumerate(decomposition.EFFECTS)), apart
    ).with_columns(
        pl.when("apart").then(pl.col("factor") + pl.col("control")).otherwise(0.0).alias(TOGETHER),
        *(pl.when("apart").then(0.0).otherwise(name).alias(name) for name in ("factor", "control")),
        pl.Series("before", ends[0]),
        pl.Series("after", ends[1]),
    )
    names = [*decomposition.EFFECTS, *([TOGETHER] if frame["apart"].any() else [])]
    sums = [pl.col(name).sum() for name in (*names, "before", "after")]
    grouped = pl.concat(
        [
            frame.group_by("region", "species").agg(sums).with_columns(pl.lit("").alias("group")),
            frame.group_by("region", "species", "sector").agg(sums).rename({"sector": "group"}),
        ],
        how="diagonal",
    )
    matrix = grouped.select(names).to_numpy().T
    ratio = decomposition.lmdi_multiplicative(
        matrix, grouped["before"].to_numpy(), grouped["after"].to_numpy()
    )
    parts = [
        grouped.select("region", "species", "group").with_columns(
            pl.lit(name).alias("effect"),
            pl.Series("value", matrix[k]),
            pl.Series("ratio", ratio[k]).fill_nan(None),
        )
        for k, name in enumerate(names)
    ]
    told = frame.filter("apart")["region"].unique().implode()
    rows = pl.concat(parts).filter((pl.col("effect") != TOGETHER) | pl.col("region").is_in(told))
    return rows.with_columns(
        pl.lit(now, dtype=pl.Int64).alias("year"),
        pl.lit(then, dtype=pl.Int64).alias("base_year"),
        pl.lit("t").alias("unit"),
    )


def _apart(block: pl.DataFrame, cells: pl.DataFrame, cell: list[str], then: int, now: int) -> pl.Series:
    """Return which cells have factors before control in one year and after control in the other."""
    bases = block.filter(pl.col("year").is_in([then, now]), pl.col("basis") != "")
    counted = bases.group_by(cell).agg(pl.col("basis").n_unique().alias("count"))
    joined = cells.join(counted, on=cell, how="left", maintain_order="left")
    return (joined["count"].fill_null(0) > 1).alias("apart")


def _factors(
    block: pl.DataFrame,
    context: pl.DataFrame,
    sectoral: pl.DataFrame,
    cells: pl.DataFrame,
    has_energy: Any,
    year: int,
) -> Floats:
    here = (
        cells.select("region").unique().join(context.filter(pl.col("year") == year), on="region", how="left")
    )
    wrong = here["region"].is_duplicated() | ~(here["driver"].fill_null(0.0) > 0)
    if wrong.any():
        raise check.refuse("driver_zero", count=here.filter(wrong)["region"].n_unique())
    joined = (
        cells.join(
            block.filter(pl.col("year") == year).drop("year"),
            on=["region", "sector", "process", "product", "species"],
            how="left",
            maintain_order="left",
        )
        .join(
            sectoral.filter(pl.col("year") == year).drop("year"),
            on=["region", "sector"],
            how="left",
            maintain_order="left",
        )
        .join(here.select("region", "driver", "regional"), on="region", how="left", maintain_order="left")
    )
    q, a = (joined[name].fill_null(0.0).to_numpy() for name in ("driver", "regional"))
    value, generated, amount, of_sector = (
        joined[name].fill_null(0.0).to_numpy() for name in ("value", "generated", "energy", "sectoral")
    )
    # emission without energy in this year, of a source that has energy in the other: its sector carries it
    amount = np.where(has_energy & (amount == 0) & (generated > 0), np.nan, amount)

    def ratio(x: Any, y: Any) -> Floats:
        x, y = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return np.where(y > 0, x / np.where(y > 0, y, 1.0), np.nan)

    if np.isnan(amount).any():
        raise check.refuse("chain_broken", count=int(np.isnan(amount).sum()))
    control = ratio(value, generated)
    one = np.ones(cells.height)
    return np.stack(
        [
            q,
            np.where(has_energy, ratio(of_sector, a), one),
            np.where(has_energy, ratio(a, q), ratio(generated, q)),
            np.where(has_energy, ratio(amount, of_sector), one),
            np.where(has_energy, ratio(generated, amount), one),
            control,
        ]
    )
