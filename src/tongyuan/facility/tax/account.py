"""The tax account: every pollutant of every outlet and month, taxed or not, with rate, reduction and tax."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.tax.equivalent import PLACE, ranked
from tongyuan.facility.tax.rate import rate
from tongyuan.facility.tax.reduction import SHARES, reduction


def tax_account(
    emission: pl.DataFrame, *, own: pl.DataFrame | None = None, zone: str = "", unverified: bool = False
) -> pl.DataFrame:
    """Return the tax of air and water line by line.

    Parameters
    ----------
    emission
        `facility, region, month` (``2025-01``), `outlet, species, mass` [kg]; where known `origin`, `item`,
        `concentration, limit, hours_over` of the month, `generated` [kg] and `violation`: who tampered, had
        no prescribed monitor or discharged past the outlet is taxed on what was generated, unreduced.
    own, zone, unverified
        As in :func:`~tongyuan.facility.tax.rate.rate`.

    Returns
    -------
    polars.DataFrame
        `facility, month, medium, outlet, species, item, mass, equivalent, rank, taxed, why, rate,
        rate_source, concentration, limit, hours_over, reduction, tax` [yuan]. `tax` is null where there is
        no rate, zero where a pollutant is not taxed; nothing is rounded.
    """
    given = emission.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("concentration", "limit", "hours_over", "generated")
        if name not in emission.columns
    )
    if "violation" not in given.columns:
        given = given.with_columns(violation=pl.lit(False))
    violated = pl.col("violation").fill_null(False)
    given = given.with_columns(
        pl.when(violated).then(pl.coalesce("generated", "mass")).otherwise("mass").alias("mass")
    )
    lines = ranked(given).with_columns(pl.col("class").str.split("_").list.first().alias("medium"))
    lines = _with_rates(lines, own, zone, unverified)
    which = reduction(pl.col("concentration"), pl.col("limit"), pl.col("hours_over"))
    which = pl.when(violated | ~pl.col("taxed")).then(pl.lit("no_reduction")).otherwise(which)
    lines = lines.with_columns(which.alias("reduction"))
    paid = pl.col("reduction").replace_strict(SHARES, return_dtype=pl.Float64)
    tax = pl.when("taxed").then(pl.col("equivalent") * pl.col("rate") * paid).otherwise(0.0)
    return lines.with_columns(tax.alias("tax")).select(
        *PLACE,
        "medium",
        "species",
        "item",
        "title_zh",
        "title_en",
        "mass",
        "equivalent_kg",
        "equivalent",
        "rank",
        "taxed",
        "why",
        "rate",
        "rate_source",
        "concentration",
        "limit",
        "hours_over",
        "reduction",
        "tax",
    )


def _with_rates(lines: pl.DataFrame, own: pl.DataFrame | None, zone: str, unverified: bool) -> pl.DataFrame:
    """Look every different rate up once."""
    key = ["region", "medium", "species", "month"]
    wanted = lines.select(key).unique()
    dated = wanted.with_columns((pl.col("month") + "-01").str.to_date())
    found = [
        rate(region, medium, species, day, own=own, zone=zone, unverified=unverified)
        for region, medium, species, day in dated.iter_rows()
    ]
    rates = wanted.with_columns(
        pl.Series("rate", [value for value, _ in found], pl.Float64),
        pl.Series("rate_source", [source for _, source in found], pl.String),
    )
    return lines.join(rates, on=key, how="left", maintain_order="left")
