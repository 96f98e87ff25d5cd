r"""Why a number changed between two runs or two years: activity, factor, control, method or presence.

A row of a factor method is activity × factor × what passes control. The change of that product is split
exactly among the three by their Shapley values: each gets the mean of its effect over all orders in which
the three could have changed, so the parts add up to the change (to rounding) and none is
favoured. A factor after control holds what devices do, so its change is ``factor`` alone; where the factor is
before control on one side and after control on the other, factor and control are one effect,
``factor_and_control``: each alone says nothing. A source in one run only is ``presence``; a source computed
by another method is ``method``; what devices cause is ``control``; a published method whose result differs is
``other``.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.inventory.account.account import as_frame, prepare
from tongyuan.inventory.account.basis import AFTER

SOURCE = ("region", "year", "process", "product", "technology", "origin", "scope", "species", "unit")
EFFECTS = ("activity", "factor", "control", "factor_and_control", "method", "presence", "other")


def shapley(
    before: tuple[pl.Expr, pl.Expr, pl.Expr], after: tuple[pl.Expr, pl.Expr, pl.Expr]
) -> list[pl.Expr]:
    r"""Return the effect of each of three factors on their product.

    .. math:: \phi_a = \Delta a \left(\frac{f_0 p_0 + f_1 p_1}{3} + \frac{f_0 p_1 + f_1 p_0}{6}\right)

    References
    ----------
    Shapley, L. S. (1953), A value for n-person games; Sun, J. W. (1998), Energy Economics 20:85-100
    (complete decomposition, the same formula).
    """
    effects = []
    for i in range(3):
        j, k = (n for n in range(3) if n != i)
        same = before[j] * before[k] + after[j] * after[k]
        mixed = before[j] * after[k] + after[j] * before[k]
        effects.append((after[i] - before[i]) * (same / 3 + mixed / 6))
    return effects


def _terms(emission: pl.DataFrame, activity: pl.DataFrame | None, source: list[str]) -> pl.DataFrame:
    """Return value, activity, factor and penetration of each source, and the family of its method."""
    basis = pl.col("basis") if "basis" in emission.columns else pl.lit(None, dtype=pl.String)
    rows = emission.with_columns(pl.col("product", "technology").fill_null(""), basis.alias("basis"))
    rows = rows.with_columns(
        uncontrolled=pl.when(pl.col("basis") == AFTER).then("value").otherwise("uncontrolled")
    )
    sums = rows.group_by(source).agg(
        pl.col("value").sum(),
        pl.col("uncontrolled").sum().alias("generated"),
        pl.col("uncontrolled").is_not_null().all().alias("complete"),
        pl.col("method")
        .str.replace(r"^factor_tier_.*$", "factor")
        .unique()
        .sort()
        .str.join("+")
        .alias("family"),
        pl.col("basis").drop_nulls().unique().sort().str.join("+"),
    )
    place = [c for c in ("region", "year", "process", "product", "technology") if c in source]
    if activity is None:
        return sums.with_columns(
            *(pl.lit(None, dtype=pl.Float64).alias(c) for c in ("amount", "factor", "passing"))
        )
    driven = (
        prepare(activity)
        .group_by(place)
        .agg(pl.col("value").sum().alias("amount"), pl.col("unit").n_unique().alias("units"))
        .filter(pl.col("units") == 1)
        .drop("units")
    )
    known = pl.col("complete") & (pl.col("family") == "factor") & (pl.col("amount") != 0)
    return (
        sums.join(driven, on=place, how="left")
        .with_columns(pl.when(known).then("amount").alias("amount"))
        .with_columns((pl.col("generated") / pl.col("amount")).alias("factor"))
        .with_columns(
            pl.when(pl.col("amount").is_not_null())
            .then(
                pl.when(pl.col("generated") != 0).then(pl.col("value") / pl.col("generated")).otherwise(1.0)
            )
            .alias("passing")
        )
    )


def diff(
    emission_before: Any,
    emission_after: Any,
    activity_before: Any = None,
    activity_after: Any = None,
    *,
    across_years: bool = False,
) -> pl.DataFrame:
    """Return why emissions differ, source by source and species by species.

    Parameters
    ----------
    emission_before, emission_after
        Tables ``emission`` of the two runs.
    activity_before, activity_after
        Tables ``activity`` of the two runs; without them the change cannot be split and is ``other``.
    across_years
        Compare sources of different years (each table must then hold one year).

    Returns
    -------
    polars.DataFrame
        The source, ``before``, ``after``, ``change`` and one column per effect, which sum to ``change``.
    """
    before, after = as_frame(emission_before), as_frame(emission_after)
    if across_years:
        for frame in (before, after):
            if frame["year"].n_unique() > 1:
                raise ValueError("across years, each table must hold one year")
    source = [c for c in SOURCE if not (across_years and c == "year")]
    old = _terms(before, None if activity_before is None else as_frame(activity_before), source)
    new = _terms(after, None if activity_after is None else as_frame(activity_after), source)
    both = old.join(new, on=source, how="full", coalesce=True, suffix="_new")
    change = pl.col("value_new").fill_null(0.0) - pl.col("value").fill_null(0.0)
    single = pl.col("value").is_null() | pl.col("value_new").is_null()
    device = pl.col("origin") == "control"
    method = pl.col("family") != pl.col("family_new")
    split = pl.col("amount").is_not_null() & pl.col("amount_new").is_not_null()
    parts = shapley(
        (pl.col("amount"), pl.col("factor"), pl.col("passing")),
        (pl.col("amount_new"), pl.col("factor_new"), pl.col("passing_new")),
    )
    case = (
        pl.when(device)
        .then(pl.lit("control"))
        .when(single)
        .then(pl.lit("presence"))
        .when(method)
        .then(pl.lit("method"))
        .when(split)
        .then(pl.lit("split"))
        .otherwise(pl.lit("other"))
    )
    apart = (pl.col("basis") != "") & (pl.col("basis_new") != "") & (pl.col("basis") != pl.col("basis_new"))
    apart = apart.fill_null(False)
    shares = {
        "activity": parts[0],
        "factor": pl.when(apart).then(0.0).otherwise(parts[1]),
        "control": pl.when(apart).then(0.0).otherwise(parts[2]),
        "factor_and_control": pl.when(apart).then(parts[1] + parts[2]).otherwise(0.0),
    }
    return (
        both.with_columns(change.alias("change"), case.alias("case"))
        .with_columns(
            pl.when((pl.col("case") == "split") & pl.lit(name in shares))
            .then(shares.get(name, pl.lit(0.0)))
            .when(pl.col("case") == name)
            .then("change")
            .otherwise(0.0)
            .alias(f"effect_{name}")
            for name in EFFECTS
        )
        .with_columns(
            pl.col("value").fill_null(0.0).alias("before"), pl.col("value_new").fill_null(0.0).alias("after")
        )
        .select(*source, "before", "after", "change", *(pl.col(f"effect_{n}").alias(n) for n in EFFECTS))
        .sort(source)
    )


def summary(changes: pl.DataFrame, by: tuple[str, ...] = ("region", "species", "unit")) -> pl.DataFrame:
    """Return :func:`diff` summed by columns `by`; ``unit`` must be among them."""
    columns = list(dict.fromkeys([*by, "unit"]))
    return changes.group_by(columns).agg(pl.col("before", "after", "change", *EFFECTS).sum()).sort(columns)
