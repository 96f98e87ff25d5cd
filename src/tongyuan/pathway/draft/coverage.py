"""How much of the inventory a plan can change, holds constant, or leaves outside."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.table import conform

OWN_ENERGY = (
    (pl.col("origin") == "control")
    & (pl.col("scope") == "indirect")
    & ~pl.col("product").is_in(["electricity", "heat"])
)
"""Carbon of the energy a device draws from its own source: it is in the fuel of that source already."""


TABLES = ("technology_flow", "control_option", "control_removal")
"""Plan tables that coverage is read from."""


def coverage(case: Mapping[str, pl.DataFrame], base: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return table ``plan_coverage``.

    What a technology emits can change when another yields what it yields, or when it feeds only such
    technologies; of the others, those species that a device on it removes (or adds).

    Parameters
    ----------
    case
        The tables of :data:`TABLES`.
    base
        Emissions of the base point (``technology, species, value``).
    emission
        Table ``emission`` of the base year.
    """
    whole = (
        emission.filter(pl.col("scope") != "avoided", ~OWN_ENERGY.fill_null(False))
        .group_by("species", maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("unit").first())
        .filter(pl.col("value") > 0.0)
    )
    replaced = pl.col("technology").is_in(list(_with_alternative(case["technology_flow"])))
    marked = base.join(_with_device(case), on=["technology", "species"], how="left", maintain_order="left")
    part = marked.group_by("species").agg(
        inside=pl.col("value").sum(),
        moving=pl.col("value").filter(replaced | pl.col("device").is_not_null()).sum(),
    )
    rows = whole.join(part, on="species", how="left", maintain_order="left").with_columns(
        pl.col("inside", "moving").fill_null(0.0)
    )
    changeable = (pl.col("moving") / pl.col("value")).clip(0.0, 1.0)
    inside = (pl.col("inside") / pl.col("value")).clip(0.0, 1.0)
    return conform(
        "plan_coverage",
        rows.with_columns(
            changeable=changeable, constant=(inside - changeable).clip(0.0), outside=1.0 - inside
        ).drop("inside", "moving"),
    )


def _with_device(case: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the pairs of technology and species that a device changes (``technology, species, device``)."""
    removal = case["control_removal"].filter(pl.col("efficiency") != 0.0)
    removal = removal.select("control", "species", only=pl.col("technology").fill_null(""))
    fitted = case["control_option"].filter(pl.col("control") != "").select("technology", "control")
    pairs = fitted.join(removal, on="control").filter(
        (pl.col("only") == "") | (pl.col("only") == pl.col("technology"))
    )
    return pairs.select("technology", "species", device=pl.lit(True)).unique()


def _with_alternative(flows: pl.DataFrame) -> set[str]:
    output = flows.filter(pl.col("role") == "output").select("technology", "flow").unique()
    several = output.group_by("flow").agg(pl.col("technology"), n=pl.len()).filter(pl.col("n") > 1)
    choice = set(several.explode("technology")["technology"])
    inputs = flows.filter(pl.col("role") == "input")
    moved = True
    while moved:  # what feeds only something that can change, changes with it
        fed = set(inputs.filter(pl.col("technology").is_in(list(choice)))["flow"])
        more = set(output.filter(pl.col("flow").is_in(list(fed)))["technology"]) - choice
        moved, choice = bool(more), choice | more
    return choice
