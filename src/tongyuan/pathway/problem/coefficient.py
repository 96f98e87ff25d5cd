"""Emission per unit of activity of every technology under every control option."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.case.known import remembered


def coefficients(
    case: Case, names: Codes, domain: pl.DataFrame, species: Collection[str] | None = None
) -> pl.DataFrame:
    """Return the coefficient of every species for every row of `domain`.

    A coefficient given for the control option goes first. Without one, the uncontrolled coefficient is
    multiplied by (1 − removal efficiency); a device for which no removal of a species is given leaves
    that species as it is.

    Parameters
    ----------
    domain
        Frame with row number ``i`` and codes ``n, k, c, t`` (node, technology, control, year).
    species
        Only these species; all when None.

    Returns
    -------
    polars.DataFrame
        ``i, s, value, factor`` in no order, with `s` the species code and `factor` the row of the coefficient
        used.
    """
    needed = ("node", "technology", "control", "species", "year", "value")
    table = case["emission_coefficient"].select(needed).with_row_index("factor")
    removal = case["control_removal"]
    if species is not None:
        table = table.filter(pl.col("species").is_in(list(species)))
        removal = removal.filter(pl.col("species").is_in(list(species)))
    given = names.frame(table)
    groups = domain.select("n", "k", "t").unique(maintain_order=True).with_row_index("g")
    plain = resolve(
        groups.rename({"g": "i"}),
        given.filter(pl.col("c") == 0).drop("c"),
        ["k"],
        long=("s",),
        in_order=False,
    ).select(pl.col("i").alias("g"), "k", "s", "value", "factor")
    member = domain.select("i", "n", "k", "c", "t").join(groups, on=["n", "k", "t"], maintain_order="left")
    bare = (
        member.filter(pl.col("c") == 0)
        .select("i", "g")
        .join(plain.drop("k"), on="g")
        .select("i", "s", "value", "factor")
    )
    fitted = member.filter(pl.col("c") > 0)
    direct = given.filter(pl.col("c") > 0)
    if fitted.is_empty():
        return bare
    own = resolve(fitted.drop("g"), direct, ["k", "c"], long=("s",), give=("i",), in_order=False)
    rest = _uncovered(fitted, plain, own)
    if rest.is_empty():
        return pl.concat([bare, own.select(bare.columns)])
    if not removal.is_empty():
        efficiency = names.frame(removal).select("c", "k", "s", "efficiency")
        pairs = rest.select("c", "k", "s").unique().with_row_index("i")
        found = resolve(pairs, efficiency, ["c", "s"], wild=("k",), in_order=False).drop("i")
        rest = rest.join(found, on=["c", "k", "s"], how="left").with_columns(
            pl.col("value") * (1.0 - pl.col("efficiency").fill_null(0.0))
        )
    return pl.concat([bare, own.select(bare.columns), rest.select(bare.columns)])


def _count(code: pl.Series) -> int:
    """Return one more than the largest code."""
    return int(code.to_numpy().max(initial=0)) + 1


def _uncovered(fitted: pl.DataFrame, plain: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return the uncontrolled coefficients of fitted activities that have none of their own for a species."""
    size, groups = _count(fitted["i"]), _count(fitted["g"])
    kinds = max(_count(plain["s"]), _count(own["s"]))
    pairs = np.zeros(groups * kinds, dtype=np.bool_)
    known = plain.filter(pl.col("g") < groups)
    pairs[known["g"].to_numpy() * kinds + known["s"].to_numpy()] = True
    group = np.zeros(size, dtype=np.int64)
    group[fitted["i"].to_numpy()] = fitted["g"].to_numpy()
    mine = own["i"].to_numpy()
    counted = mine[pairs[group[mine] * kinds + own["s"].to_numpy()]]
    given = np.bincount(counted, minlength=size)
    wanted = np.bincount(plain["g"].to_numpy(), minlength=groups)
    lacking = given[fitted["i"].to_numpy()] < wanted[fitted["g"].to_numpy()]
    short = fitted.filter(pl.Series(lacking)).select("i", "g", "c")
    if short.is_empty():
        return short.join(plain, on="g").clear()
    return short.join(plain, on="g").join(own, on=["i", "s"], how="anti")


def emissions(case: Case, names: Codes, activity: pl.DataFrame, *, running: bool = False) -> pl.DataFrame:
    """Return emission rows ``node, technology, control, year, species, value, unit`` of an activity table.

    Parameters
    ----------
    activity
        Frame with ``node, technology, control, year, value``.
    running
        Leave out the rows of what has no activity.
    """
    rates = _rates(case, names, activity.select("node", "technology", "control", "year"))
    amount = activity["value"].gather(rates["i"])
    rows = rates.with_columns(value=pl.col("value") * amount).drop("i")
    return rows.filter(amount != 0.0) if running else rows


@remembered
def _rates(case: Case, names: Codes, activity: pl.DataFrame) -> pl.DataFrame:
    """Return what one unit of every row of `activity` emits, with the number of the row, ``i``."""
    numbered = activity.with_row_index("i")
    units = case["emission_coefficient"].select(unit=pl.col("unit").str.split("/").list.first())["unit"]
    rates = coefficients(case, names, names.frame(numbered)).sort("i", "s")
    rows = rates.join(numbered, on="i", how="inner", maintain_order="left")
    return rows.select(
        "i",
        "node",
        "technology",
        "control",
        "year",
        species=pl.Series("species", names.species, dtype=pl.String).gather(rows["s"]),
        value="value",
        unit=units.gather(rows["factor"]),
    )
