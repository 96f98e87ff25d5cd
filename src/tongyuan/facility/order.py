"""The order of data of the law: automatic, manual, balance, coefficient; one is counted, the others kept."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.hour.rules import rules

METHODS = ("monitored", "manual", "balance", "coefficient")
"""Methods in the order of the law (Environmental Protection Tax Law, Article 10; HJ 819)."""
KEY = ("facility", "month", "outlet", "species")


def choose(candidates: pl.DataFrame) -> pl.DataFrame:
    """Choose one figure for each outlet, species and month.

    Parameters
    ----------
    candidates
        `facility, month, outlet, species, method, mass` [t] and `fault`: why a figure may not be used
        (``capture``, ``unfilled``, ``expired`` …), empty where it may. Rows of one key and method are
        parts of one figure (two boilers at one stack): they are used together or not at all.

    Returns
    -------
    polars.DataFrame
        The rows with `counted` and `passed_over`: the better methods that were not used, each with its fault
        (``monitored:capture``) or ``none`` where there was no figure. Never is more than one method counted.

    Raises
    ------
    ValueError
        If a method is unknown.
    """
    unknown = set(candidates["method"]) - set(METHODS)
    if unknown:
        raise ValueError(f"methods {sorted(unknown)} are none of {METHODS}")
    order = {name: k for k, name in enumerate(METHODS)}
    rank = pl.col("method").replace_strict(order, return_dtype=pl.Int64)
    fit = (pl.col("fault") == "") & pl.col("mass").is_not_null()
    frame = candidates.with_columns(rank.alias("_rank"), fit.all().over(*KEY, "method").alias("_fit"))
    best = pl.when("_fit").then("_rank").min().over(*KEY)
    frame = frame.with_columns(best.alias("_best"))
    frame = frame.with_columns((pl.col("_rank") == pl.col("_best")).fill_null(False).alias("counted"))
    faults = (
        frame.group_by(*KEY, "method", maintain_order=True)
        .agg(pl.col("fault").filter(pl.col("fault") != "").first().fill_null("missing"))
        .pivot("method", index=KEY, values="fault")
    )
    frame = frame.join(faults, on=KEY, how="left", maintain_order="left")
    parts = [
        pl.when(pl.col("_best").fill_null(len(METHODS)) > k).then(
            pl.lit(f"{name}:")
            + (pl.col(name).fill_null("none") if name in faults.columns else pl.lit("none"))
        )
        for k, name in enumerate(METHODS)
    ]
    passed = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return frame.with_columns(passed.alias("passed_over")).drop(
        "_rank", "_fit", "_best", *(n for n in METHODS if n in faults.columns)
    )


def spread(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return candidates with `uncertainty_joint` [t]: how well all that is fit knows the figure.

    Each method's half width is ``u · mass``, its parts added; all together ``1 / √Σ (1 / half width²)``. So a
    measurement that is taken away never makes the figure look better known.

    Parameters
    ----------
    candidates
        Columns of :func:`choose` and `uncertainty`, the half width of 95 % as a share of the
        mass, null where it is not known. A method with one part that is not known says nothing.
    """
    fit = ((pl.col("fault") == "") & pl.col("mass").is_not_null()).all()
    half = (pl.col("uncertainty") * pl.col("mass").abs()).sum()
    whole = pl.col("uncertainty").is_not_null().all()
    each = candidates.group_by(*KEY, "method").agg(pl.when(fit & whole & (half > 0)).then(half).alias("half"))
    joint = each.group_by(KEY).agg((1 / pl.col("half") ** 2).sum().alias("weight"))
    joint = joint.select(
        *KEY, pl.when(pl.col("weight") > 0).then(1 / pl.col("weight").sqrt()).alias("uncertainty_joint")
    )
    return candidates.join(joint, on=KEY, how="left", maintain_order="left")


def from_months(outlet_month: pl.DataFrame) -> pl.DataFrame:
    """Return what automatic monitoring says of each month, with its fault where it may not be used."""
    fault = (
        pl.when(pl.col("mass").is_not_null())
        .then(pl.lit(""))
        .when(pl.col("mass_measured").is_null())
        .then(pl.lit("no_flow"))
        .when(pl.col("capture") < rules().capture_low)
        .then(pl.lit("capture"))
        .otherwise(pl.lit("unfilled"))
    )
    return outlet_month.select(
        *KEY,
        pl.lit("monitored").alias("method"),
        pl.coalesce("mass", "mass_measured").alias("mass"),
        fault.alias("fault"),
    )


def from_tests(tests: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Return what manual monitoring says of each month: mean concentration · mean flow · running hours.

    Parameters
    ----------
    tests
        `facility, outlet, species, month, concentration` [mg/m3, mg/L], `flow` [m3/h], `water` (boolean) and
        `hours` a test stands for [h], where it is told.
    hours
        Running hours of the outlets: `facility, outlet, month, hours` [h].

    Notes
    -----
    A month without running hours of its own takes the hours its tests stand for; without both, or without a
    flow, the figure has the fault ``no_hours`` or ``no_flow``.
    """
    key = ["facility", "month", "outlet", "species"]
    means = tests.group_by(key, maintain_order=True).agg(
        pl.col("concentration").mean(),
        pl.col("flow").mean(),
        pl.col("hours").sum().alias("_told"),
        pl.col("hours").is_null().any().alias("_untold"),
        pl.col("water").first(),
    )
    joined = means.join(hours, on=["facility", "month", "outlet"], how="left", maintain_order="left")
    told = pl.when(~pl.col("_untold")).then("_told")
    run = pl.coalesce("hours", told)
    kilogram = pl.when("water").then(1e-3).otherwise(1e-6)
    mass = pl.col("concentration") * pl.col("flow") * run * kilogram / 1000
    fault = (
        pl.when(pl.col("flow").is_null())
        .then(pl.lit("no_flow"))
        .when(run.is_null())
        .then(pl.lit("no_hours"))
        .otherwise(pl.lit(""))
    )
    return joined.select(*key, pl.lit("manual").alias("method"), mass.alias("mass"), fault.alias("fault"))
