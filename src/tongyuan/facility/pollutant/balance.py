"""Mass balances of burnt fuel: its sulphur leaves as SO2, its ash as particulates, less what stays behind."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy.typing as npt
import polars as pl

from tongyuan.facility.carbon.basis import content_as_received
from tongyuan.reference.method.stoichiometry import Array, array
from tongyuan.reference.shelf import fold, shelf

BURNERS = ("power_unit", "heat_boiler", "boiler", "own_power")
"""Installations whose fuel gives its sulphur and ash to the flue gas and to nothing that is made there."""
AT = ["facility", "month", "installation", "product"]


def sulphur_balance(
    fuel: npt.ArrayLike, sulphur: npt.ArrayLike, retention: npt.ArrayLike, passing: npt.ArrayLike = 1.0
) -> Array:
    """SO2 of burnt fuel: ``E = 2 · B · S · (1 − r) · p``.

    Parameters
    ----------
    fuel : array, shape (...) [t]
    sulphur : array, shape (...) [fraction]
        As received.
    retention : array, shape (...) [fraction]
        Share of the sulphur that stays in the ash.
    passing : array, shape (...) [fraction]
        Share that the devices let pass.

    Returns
    -------
    array, shape (...) [t SO2]

    References
    ----------
    Stoichiometry, 64/32; the form of 物料衡算 in the Environmental Protection Tax Law, Article 10.
    """
    return 2 * array(fuel) * array(sulphur) * (1 - array(retention)) * array(passing)


def ash_balance(
    fuel: npt.ArrayLike, ash: npt.ArrayLike, bottom: npt.ArrayLike, passing: npt.ArrayLike = 1.0
) -> Array:
    """Particulates of burnt fuel: ``E = B · A · (1 − b) · p``.

    Parameters
    ----------
    fuel : array, shape (...) [t]
    ash : array, shape (...) [fraction]
        As received.
    bottom : array, shape (...) [fraction]
        Share of the ash that stays as bottom ash and slag.
    passing : array, shape (...) [fraction]
        Share that the devices let pass.

    Returns
    -------
    array, shape (...) [t TSP]

    References
    ----------
    By definition; 物料衡算 in the Environmental Protection Tax Law, Article 10.
    """
    return array(fuel) * array(ash) * (1 - array(bottom)) * array(passing)


def quality(samples: pl.DataFrame) -> pl.DataFrame:
    """Return sulphur and ash of the months of samples as received [fraction], weighted by mass.

    Parameters
    ----------
    samples
        Table ``fuel_sample``. Samples of which one lacks its mass weigh alike.

    Returns
    -------
    DataFrame
        ``facility, month, installation`` (empty for the works), ``product, state,
        sample_sulphur, sample_ash``.
    """
    wet, dry, ash = (samples[c].to_numpy() for c in ("moisture_ar", "moisture_ad", "ash"))
    basis = samples["basis"].fill_null("ad").to_numpy()
    made = samples.select(
        "facility",
        pl.col("covers_to").dt.strftime("%Y-%m").alias("month"),
        pl.col("installation").fill_null(""),
        "product",
        pl.col("state").fill_null("fired"),
        "mass",
    ).with_columns(
        pl.Series(f"sample_{name}", content_as_received(samples[name].to_numpy(), basis, wet, dry, ash) / 100)
        .cast(pl.Float64)
        .fill_nan(None)
        for name in ("sulphur", "ash")
    )
    keys = ["facility", "month", "installation", "product", "state"]
    made = made.with_columns(
        pl.when(pl.col("mass").is_null().any().over(keys)).then(1.0).otherwise("mass").alias("mass")
    )

    def mean(name: str) -> pl.Expr:
        known = pl.col(name).is_not_null()
        weight = pl.col("mass").filter(known).sum()
        value = (pl.col(name) * pl.col("mass")).filter(known).sum() / weight
        return pl.when(weight > 0).then(value).alias(name)

    return made.group_by(keys, maintain_order=True).agg(mean("sample_sulphur"), mean("sample_ash"))


def bottom_share(waste: pl.DataFrame) -> pl.DataFrame:
    """Return the share of the ash that stays as slag, of works that record their slag and their fly ash.

    Parameters
    ----------
    waste
        Table ``waste_transfer``. What leaves by the stack is left out: behind a collector it is far below
        what either record is known by.

    Returns
    -------
    DataFrame
        ``facility, year, own_bottom`` [fraction]; only where both are recorded in the year.

    References
    ----------
    By definition.
    """
    titles = shelf("species").filter(pl.col("species").is_in(["bottom_ash", "fly_ash"]))
    words = {
        fold(row[column]): row["species"]
        for row in titles.to_dicts()
        for column in ("species", "title_zh", "title_en")
    }
    named = waste.with_columns(
        pl.col("waste").map_elements(lambda text: words.get(fold(text), ""), pl.String).alias("kind"),
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
    )
    kinds = ("bottom_ash", "fly_ash")
    sums = named.group_by("facility", "year", maintain_order=True).agg(
        pl.col("generated").filter(pl.col("kind") == kind).sum().alias(kind) for kind in kinds
    )
    both = sums.filter(pl.all_horizontal(pl.col(kind) > 0 for kind in kinds))
    share = pl.col("bottom_ash") / (pl.col("bottom_ash") + pl.col("fly_ash"))
    return both.select("facility", "year", share.alias("own_bottom"))


def balanced(fuel: pl.DataFrame, samples: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return what the sulphur and the ash of fuel say of SO2 and particulates.

    Parameters
    ----------
    fuel
        Rows of :func:`tongyuan.facility.carbon.fuel.fuel_lines` that count.
    samples
        Table ``fuel_sample``: for rows that give no sulphur or ash of their own.
    known
        Of each ``facility, month, installation, product``: ``process, retention, bottom`` and what devices
        let pass, ``pass_SO2, pass_TSP`` [fraction], with its relative half width ``unsure_SO2,
        unsure_TSP``; null where it is not known.

    Returns
    -------
    DataFrame
        Columns of ``known``'s key, ``species, method, mass`` [t], ``fault, uncertainty`` [95 %,
        fraction]. A row whose sulphur, ash or parameter is missing has a fault: the balance is
        that of all fuel or of none.
    """
    rows = fuel.filter(
        pl.col("installation_kind").is_in(BURNERS), pl.col("state") != "given_out", pl.col("amount") > 0
    )
    means = quality(samples)
    own = means.filter(pl.col("installation") != "")
    whole = means.filter(pl.col("installation") == "").drop("installation")
    keys = ["facility", "month", "product", "state"]
    rows = rows.join(own, on=[*keys, "installation"], how="left", maintain_order="left")
    rows = rows.join(whole, on=keys, how="left", maintain_order="left", suffix="_whole")
    rows = rows.join(known.unique(AT), on=AT, how="left", maintain_order="left")
    share = {
        name: pl.coalesce(pl.col(name) / 100, f"sample_{name}", f"sample_{name}_whole").alias(f"share_{name}")
        for name in ("sulphur", "ash")
    }
    rows = rows.with_columns(*share.values())
    parts = [
        _one(rows, "SO2", "sulphur", "retention", sulphur_balance),
        _one(rows, "TSP", "ash", "bottom", ash_balance),
    ]
    return pl.concat(parts)


def _one(
    rows: pl.DataFrame, species: str, name: str, stays: str, equation: Callable[..., Array]
) -> pl.DataFrame:
    column = {c: rows[c].to_numpy() for c in ("amount", f"share_{name}", stays, f"pass_{species}")}
    mass = equation(*column.values())
    fault = (
        pl.when(pl.col("per") != "t")
        .then(pl.lit(f"no_{name}"))
        .when(pl.col(f"share_{name}").is_null())
        .then(pl.lit(f"no_{name}"))
        .when(pl.col(stays).is_null())
        .then(pl.lit(f"no_{stays}"))
        .when(pl.col(f"pass_{species}").is_null())
        .then(pl.lit("no_removal"))
        .otherwise(pl.lit(""))
    )
    wide = 1.96 * accuracy("coal", name, *(("release",) if name == "sulphur" else ()))
    return rows.select(
        *AT,
        "process",
        pl.lit(species).alias("species"),
        pl.lit("balance").alias("method"),
        pl.Series("mass", mass, dtype=pl.Float64).fill_nan(None),
        fault.alias("fault"),
        (wide**2 + pl.col(f"unsure_{species}") ** 2).sqrt().alias("uncertainty"),
        pl.lit("").alias("factor_id"),
    )


def accuracy(*variables: str) -> float:
    """Return the relative standard deviation of a product (shelf ``balance_variable``)."""
    table = shelf("balance_variable").filter(pl.col("variable").is_in(variables))
    return math.hypot(*(float(value) for value in table["accuracy"]))
