"""Emission per unit of activity of every technology under every control option."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tongyuan.pathway.case import Case
from tongyuan.pathway.encode import Codes, resolve


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
        ``i, s, value, factor`` with `s` the species code and `factor` the row of the coefficient used.
    """
    table = case["emission_coefficient"].with_row_index("factor")
    removal = case["control_removal"]
    if species is not None:
        table = table.filter(pl.col("species").is_in(list(species)))
        removal = removal.filter(pl.col("species").is_in(list(species)))
    given = names.frame(table).select("n", "k", "c", "s", "t", "value", "factor")
    plain = resolve(
        domain.select("i", "n", "k", "c", "t"),
        given.filter(pl.col("c") == 0).drop("c"),
        ["k"],
        long=("s",),
    ).select("i", "c", "k", "s", "value", "factor")
    direct = given.filter(pl.col("c") > 0)
    if direct.is_empty() and removal.is_empty():
        return plain.select("i", "s", "value", "factor")
    own = resolve(
        domain.filter(pl.col("c") > 0).select("i", "n", "k", "c", "t"), direct, ["k", "c"], long=("s",)
    ).select("i", "s", "value", "factor")
    rest = plain.join(own, on=["i", "s"], how="anti")
    if not removal.is_empty():
        efficiency = names.frame(removal).select("c", "k", "s", "efficiency")
        exact = efficiency.filter(pl.col("k") > 0)
        every = efficiency.filter(pl.col("k") == 0).drop("k").rename({"efficiency": "general"})
        rest = (
            rest.join(exact, on=["c", "k", "s"], how="left")
            .join(every, on=["c", "s"], how="left")
            .with_columns(
                pl.col("value") * (1.0 - pl.coalesce("efficiency", "general").fill_null(0.0))
            )
        )
    return pl.concat([own, rest.select("i", "s", "value", "factor")])


def emissions(case: Case, names: Codes, activity: pl.DataFrame) -> pl.DataFrame:
    """Return emission rows ``node, technology, control, year, species, value, unit`` of an activity table.

    Parameters
    ----------
    activity
        Frame with ``node, technology, control, year, value``.
    """
    domain = names.frame(activity.select("node", "technology", "control", "year").with_row_index("i"))
    units = case["emission_coefficient"].select(unit=pl.col("unit").str.split("/").list.first())["unit"]
    rates = coefficients(case, names, domain)
    rows = rates.join(
        activity.with_row_index("i").rename({"value": "activity"}), on="i", how="inner", maintain_order="left"
    )
    return rows.select(
        "node",
        "technology",
        "control",
        "year",
        species=pl.Series("species", names.species, dtype=pl.String).gather(rows["s"]),
        value=pl.col("value") * pl.col("activity"),
        unit=units.gather(rows["factor"]),
    )
