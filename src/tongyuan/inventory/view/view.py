"""Views of an emission table: sums, CO2 equivalents, pollution equivalents, the summary by sector."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.figure.comparable import incomparable
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import conform
from tongyuan.reference import gwp
from tongyuan.reference.shelf import shelf


def total(
    emission: pl.DataFrame, by: Sequence[str] = ("region", "year", "species"), scope: str | None = "direct"
) -> pl.DataFrame:
    """Return emission summed by columns `by`; ``value`` and ``uncontrolled`` add up, limits do not.

    Parameters
    ----------
    emission
        Table ``emission``.
    by
        Columns kept; ``species`` and ``unit`` are always among them, for unlike things are not added.
    scope
        Scope that counts; None counts all.
    """
    chosen = emission if scope is None else emission.filter(pl.col("scope") == scope)
    columns = list(dict.fromkeys([*by, "species", "unit"]))
    return (
        chosen.group_by(columns)
        .agg(pl.col("value").sum(), pl.col("uncontrolled").sum(), pl.len().cast(pl.Int64).alias("row_count"))
        .pipe(plain)
        .sort(columns)
    )


def co2e(emission: pl.DataFrame, name: str = "AR5", horizon: gwp.Horizon = 100) -> pl.DataFrame:
    """Return the greenhouse-gas rows of `emission` as CO2 equivalents: species ``CO2e``, value × GWP.

    Column ``gas`` keeps the gas each row is from. Biogenic CO2 counts zero and stays visible.
    """
    rows = gwp.co2e(emission.filter(pl.col("medium") == "ghg"), name, horizon)
    scaled = [(pl.col(c) * pl.col("gwp")).alias(c) for c in _amounts(rows)]
    whole = pl.lit("CO2e", dtype=rows.schema["species"]).alias("species")
    return rows.with_columns(*scaled, pl.col("species").alias("gas"), whole).drop("gwp", "co2e")


def _amounts(rows: pl.DataFrame) -> list[str]:
    return [c for c in ("value", "uncontrolled", "lower", "upper") if c in rows.columns]


def pollution_equivalent(emission: pl.DataFrame) -> pl.DataFrame:
    """Return rows that have a legal equivalent value (污染当量值) as pollution equivalents.

    Species becomes ``APeq`` or ``WPeq``; column ``substance`` keeps what it was. The value is the mass [kg]
    over the equivalent value [kg].
    """
    values = (
        shelf("species")
        .filter(pl.col("equivalent_kg") != "")
        .select("species", pl.col("equivalent_kg").cast(pl.Float64), "equivalent_medium")
    )
    words, units = emission.schema["species"], emission.schema["unit"]
    held = emission.filter(pl.col("species").is_in(values["species"].implode()))
    rows = join_exact(held, values.with_columns(pl.col("species").cast(words)), ["species"])
    scale = 1000.0 / pl.col("equivalent_kg")
    name = pl.when(pl.col("equivalent_medium") == "water").then(pl.lit("WPeq")).otherwise(pl.lit("APeq"))
    return rows.with_columns(
        *((pl.col(c) * scale).alias(c) for c in _amounts(rows)),
        pl.col("species").alias("substance"),
        name.cast(words).alias("species"),
        pl.lit("pollutant_equivalent", dtype=units).alias("unit"),
    ).drop("equivalent_kg", "equivalent_medium")


def equivalents(emission: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return CO2e and the pollution equivalents of the main pollutants as further rows of `emission`."""
    names = {"APeq": "AP_equivalent", "WPeq": "WP_equivalent"}
    main = shelf("main_pollutant")["species"].implode()
    legal = pollution_equivalent(emission.filter(pl.col("species").is_in(main))).with_columns(
        pl.col("species").cast(pl.String).replace(names).cast(emission.schema["species"])
    )
    return pl.concat([co2e(emission, gwp_set), legal], how="diagonal_relaxed").select(emission.columns)


def with_sector(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the sector of each row: the first step of its process."""
    named = frame.select("process").unique().with_columns(
        pl.col("process").cast(pl.String).str.split(".").list.first().alias("sector")
    )  # fmt: skip
    if isinstance(frame.schema["process"], pl.Categorical):
        named = named.with_columns(pl.col("sector").cast(frame.schema["process"]))
    return frame.join(named, on="process", how="left", nulls_equal=True, maintain_order="left")


def summary(seen: pl.DataFrame) -> pl.DataFrame:
    """Return table ``summary``: direct emissions by sector, and of each the part comparable between years.

    Parameters
    ----------
    seen
        Rows of table ``emission``, with those of :func:`equivalents` where they are to be summed too.

    Notes
    -----
    Comparable is what comes from processes with data in every year of their region
    (:mod:`tongyuan.ledger.figure.comparable`).
    """
    keys = ["region", "year", "sector"]
    needed = [c for c in ("region", "year", "process", "species", "unit", "scope") if c in seen.columns]
    rows = with_sector(seen.select(*needed, "value", "uncontrolled"))
    whole = total(rows, keys).select(*keys, "species", "value", "unit")
    apart = incomparable(rows)
    held = total(rows.join(apart, on=["region", "process"], how="anti"), keys) if apart.height else whole
    part = held.select(*keys, "species", pl.col("value").alias("comparable"))
    joined = join_exact(whole, part, [*keys, "species"], may_lack=True)
    return conform("summary", joined.with_columns(pl.col("comparable").fill_null(0.0)))
