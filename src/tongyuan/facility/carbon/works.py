"""A steel works has three totals: its processes, the works as a whole, and what closes between them."""

from __future__ import annotations

import numpy.typing as npt
import polars as pl

from tongyuan.reference.method.stoichiometry import Array, array

PROCESSES = (
    "coke_oven", "sinter", "pellet", "blast_furnace", "converter", "electric_furnace", "rolling",
)  # fmt: skip
WHOLE, CO_FIRED = "whole", "own_power"
REST = "其他工序"
"""Installation that carries what the works emits beside its processes and co-fired units."""


def enterprise_total(
    fuel: npt.ArrayLike, process: npt.ArrayLike, electricity: npt.ArrayLike, product: npt.ArrayLike
) -> Array:
    """Total of a works: ``E = E_fuel + E_process + E_electricity − R_product``.

    Parameters
    ----------
    fuel, process, electricity, product : array, shape (...) [t CO2]
        Net fuel, fluxes and carbon materials, net purchased electricity (0 where the guide leaves it out),
        carbon that leaves with products.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    CETS-AG-03.01-V01-2024, enterprise level; 中国钢铁生产企业温室气体排放核算方法与报告指南(试行), 2013.
    """
    return array(fuel) + array(process) + array(electricity) - array(product)


def quota_intensity(sinter: npt.ArrayLike, ironmaking: npt.ArrayLike, pig_iron: npt.ArrayLike) -> Array:
    """Intensity by which allowances are allotted: ``I = (E_sinter + E_ironmaking) / pig iron``.

    Parameters
    ----------
    sinter, ironmaking : array, shape (...) [t CO2]
    pig_iron : array, shape (...) [t], above 0

    Returns
    -------
    array, shape (...) [t CO2/t]

    References
    ----------
    Allocation plan 2026 of steel, cement and aluminium (consultation of 2026-07-27), table of steel.
    """
    return (array(sinter) + array(ironmaking)) / array(pig_iron)


def closed(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of steel works closed to the total of each works and month.

    Where a works reports itself as a whole, its processes and co-fired units count and a line 其他工序 takes
    the rest, ``E_other = E_works − Σ E_process − Σ E_co-fired``; the lines of the whole no longer count. A
    works without lines of processes counts as a whole; one without lines of the whole by its processes.

    Parameters
    ----------
    lines
        ``facility, month, kind, installation, installation_kind, species, emission, counted`` and others.

    Returns
    -------
    DataFrame
        The lines, and the closing lines at the end.
    """
    steel = (pl.col("kind") == "steel") & (pl.col("species") == "CO2") & pl.col("counted")
    whole = steel & (pl.col("installation_kind") == WHOLE)
    parts = steel & pl.col("installation_kind").is_in([*PROCESSES, CO_FIRED])
    keys = ["facility", "month"]
    sums = (
        lines.filter(whole | parts)
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("emission").filter(whole).sum().alias("total"),
            pl.col("emission").filter(parts).sum().alias("inside"),
            whole.any().alias("as_whole"),
            parts.any().alias("in_parts"),
            *(pl.col(c).first() for c in ("region", "kind", "guide") if c in lines.columns),
        )
        .filter("as_whole", "in_parts")
    )
    if sums.is_empty():
        return lines
    rest = sums.select(
        *keys,
        *(c for c in ("region", "kind", "guide") if c in sums.columns),
        pl.lit(REST).alias("installation"),
        pl.lit("other").alias("installation_kind"),
        pl.lit("industry.steel").alias("process"),
        pl.lit("").alias("product"),
        pl.lit("CO2").alias("species"),
        (pl.col("total") - pl.col("inside")).alias("emission"),
        pl.lit("process").alias("origin"),
        pl.lit("balance").alias("method"),
        pl.lit("").alias("problem"),
        pl.lit(True).alias("counted"),
    )
    closing = sums.select(*keys, pl.lit(True).alias("closing"))
    marked = lines.join(closing, on=keys, how="left", maintain_order="left").with_columns(
        (pl.col("counted") & ~(whole & pl.col("closing").fill_null(False))).alias("counted")
    )
    wanted = [c for c in rest.columns if c in lines.columns]
    return pl.concat([marked.drop("closing"), rest.select(wanted)], how="diagonal_relaxed")
