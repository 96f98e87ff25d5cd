"""Pollutant equivalents: APeq, IAPeq (ICER) and unit costs, with weights anyone may edit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from tongyuan.reference.shelf import shelf
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats, refuse

KILOGRAM_PER_TONNE = 1000.0


# parts of a pollutant that also has an equivalent of its own; the law counts the oxygen demand of water once
_COUNTED_ELSEWHERE = ("PM10", "PM2.5", "BC", "OC", "BOD5", "TOC")


def equivalent_weights(media: Sequence[str] = ("air",)) -> pl.DataFrame:
    """Return the default weight table: 1/污染当量值 and lowest tax rate of each species.

    Environmental Protection Tax Law, annex 2 (equivalents, as carried by shelf ``species``) and annex 1
    (lowest statutory rates: air 1.2, water 1.4 yuan per equivalent, shelf ``tax_rate``). Edit or replace
    it: any frame with the same columns is accepted. PM10, PM2.5, BC and OC are parts of TSP, BOD5 and TOC
    of COD: not counted twice.

    Returns
    -------
    DataFrame
        ``species, weight`` [equivalent per t], ``price`` [yuan per equivalent], ``source``.
    """
    rows = shelf("species").filter(
        (pl.col("equivalent_kg") != "")
        & pl.col("equivalent_medium").is_in(list(media))
        & ~pl.col("species").is_in(_COUNTED_ELSEWHERE)
    )
    rates = {row["id"]: float(row["minimum"]) for row in shelf("tax_rate").to_dicts() if row["id"] in media}
    return rows.select(
        "species",
        (KILOGRAM_PER_TONNE / pl.col("equivalent_kg").cast(pl.Float64)).alias("weight"),
        pl.col("equivalent_medium").replace_strict(rates, return_dtype=pl.Float64).alias("price"),
        pl.lit("environmental_tax_law").alias("source"),
    )


def carbon_price(record: str = "cea_launch") -> float:
    """Return a recorded price of the national carbon market [yuan/t], from shelf ``carbon_price``."""
    rows = shelf("carbon_price").filter(pl.col("id") == record)
    if rows.is_empty():
        raise refuse(
            "unknown_method", kind="carbon_price", name=record, known=", ".join(shelf("carbon_price")["id"])
        )
    return float(rows["value"][0])


def apeq(change: ArrayLike, weight: ArrayLike) -> Floats:
    r"""Local air pollutant equivalent :math:`APeq=\sum_p w_p\,\Delta E_p`.

    Parameters
    ----------
    change : array [..., pollutants] [t]
        Reductions (positive) or emissions, as the caller means them.
    weight : array [pollutants] [equivalent/t]
        Default :func:`equivalent_weights`: 1/污染当量值.

    Returns
    -------
    array [...] [equivalent]

    Notes
    -----
    毛显强/邢有凯 school, 中国环境管理 2020 12(4):20–28; formula ``unverified`` (not read in print). The
    authors' own weights were not found; the default is the tax table.
    """
    e = check.finite(change, "change")
    w = check.not_negative(weight, "weight")
    if w.shape != e.shape[-1:]:
        raise refuse("weight_count", given=w.shape[-1] if w.ndim else 0, expected=e.shape[-1])
    return np.asarray(e @ w, dtype=np.float64)


def iapeq(
    change: ArrayLike, weight: ArrayLike, price: ArrayLike, carbon: ArrayLike, carbon_price: float
) -> Floats:
    r"""Integrated index (IAPeq, ICER): :math:`\sum_p w_p\,\Delta E_p\,t_p+\Delta CO_2e\;p_c`.

    Parameters
    ----------
    change : array [..., pollutants] [t]
    weight : array [pollutants] [equivalent/t]
    price : array [pollutants] [yuan/equivalent]
    carbon : array [...] [t CO2e]
    carbon_price : float [yuan/t]

    Returns
    -------
    array [...] [yuan]

    Notes
    -----
    Formula ``unverified`` as in :func:`apeq`. With dimensionless weights, give 1 for `price`.
    """
    t = check.not_negative(price, "price")
    if carbon_price < 0:
        raise refuse("negative", name="carbon_price", count=1)
    money = check.not_negative(weight, "weight") * t
    return apeq(change, money) + check.finite(carbon, "carbon") * carbon_price


def unit_cost(cost: ArrayLike, reduction: ArrayLike) -> Floats:
    r"""Unit cost :math:`UPRC=Cost/\Delta E`, array [...] [yuan per unit]; NaN where nothing is reduced."""
    c, e = check.finite(cost, "cost"), check.finite(reduction, "reduction")
    return np.where(e > 0, c / np.where(e > 0, e, 1.0), np.nan)
