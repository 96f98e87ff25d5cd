"""The sheets of four forms: IAMC time series, common reporting tables, NFR, tables of a city (GPC)."""

from __future__ import annotations

import polars as pl

from tongyuan.inventory.exchange.line import Form, columns, memo, names, placed
from tongyuan.reference import gwp

MODEL = "tongyuan"
NOT_ESTIMATED = "NE"
"""Notation key of a cell that was not estimated; nothing is written as nought that is not known."""

WHOLE = {"nfr": "NATIONAL TOTAL", "crt": "Total national emissions and removals", "gpc": "TOTAL"}

Left = pl.DataFrame


def iamc(
    emission: pl.DataFrame, gwp_set: str, regions: dict[str, str], scenario: str = "historical"
) -> tuple[pl.DataFrame, Left]:
    """Return an inventory as IAMC time series (wide), and what has no variable.

    Every variable stands beside the sum of its components (``Emissions|CO2|Energy`` is demand and supply).
    ``Kyoto Gases`` are summed with the set `gwp_set`.

    Parameters
    ----------
    regions
        Titles of the regions by code.
    """
    given, left = placed(_with_kyoto(emission, gwp_set), "iamc")
    kyoto = _kyoto(emission, gwp_set)
    left = left.filter(~pl.col("species").is_in(list(kyoto)) | (pl.col("reason") != "species"))
    every = [given]
    while True:
        above = every[-1].filter(pl.col("code") != "").with_columns(
            pl.when(pl.col("code").str.contains("|", literal=True))
            .then(pl.col("code").str.replace(r"\|[^|]*$", ""))
            .otherwise(pl.lit(""))
            .alias("code")
        )  # fmt: skip
        if above.is_empty():
            break
        every.append(above)
    rows = pl.concat(every)
    variable = pl.format("Emissions|{}", "column") + pl.when(pl.col("code") == "").then(pl.lit("")).otherwise(
        pl.lit("|") + pl.col("code")
    )
    rows = rows.with_columns(
        Variable=variable,
        Unit="label",
        Region=pl.col("region").replace_strict(regions, default=pl.col("region")),
    )
    keys = ["Region", "Variable", "Unit"]
    summed = rows.group_by([*keys, "year"], maintain_order=True).agg(pl.col("value").sum())
    wide = summed.with_columns(pl.col("year").cast(pl.String)).pivot(
        "year", index=keys, values="value", sort_columns=True
    )
    years = sorted(c for c in wide.columns if c not in keys)
    head = [pl.lit(MODEL).alias("Model"), pl.lit(scenario).alias("Scenario")]
    return wide.sort("Region", "Variable").select(*head, *keys, *years), left


def _kyoto(emission: pl.DataFrame, gwp_set: str) -> dict[str, float]:
    """Return the warming potentials of the gases of the emissions that the set has, without biogenic CO2."""
    held = dict(gwp.table(gwp_set).select("species", "gwp").iter_rows())
    return {s: held[s] for s in emission["species"].unique() if s in held and held[s] is not None}


def _with_kyoto(emission: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return the emissions with rows of ``CO2e`` for every gas that warms."""
    known = _kyoto(emission, gwp_set)
    rows = emission.filter(pl.col("species").is_in(list(known)))
    scale = pl.col("species").replace_strict(known, return_dtype=pl.Float64)
    return pl.concat([emission, rows.with_columns(pl.col("value") * scale, species=pl.lit("CO2e"))])


def nfr(emission: pl.DataFrame, region: str, year: int) -> tuple[pl.DataFrame, Left]:
    """Return the sheet of a region and year with a row for every NFR code, and what has no code.

    Cells without an emission are ``NE``: missing is not nought. Memo items stand below the total.
    """
    return _sheet(emission, "nfr", region, year)


def crt(emission: pl.DataFrame, region: str, year: int, gwp_set: str) -> tuple[pl.DataFrame, Left]:
    """Return the summary sheet by category of the common reporting format, and what has no category.

    HFCs and PFCs are in kt of CO2 equivalents of the set `gwp_set`; the Paris Agreement asks for AR5.
    """
    return _sheet(emission, "crt", region, year, gwp_set)


def gpc(emission: pl.DataFrame, region: str, year: int, gwp_set: str) -> tuple[pl.DataFrame, Left]:
    """Return the table of a city by GPC reference number, and what has no number.

    Scope 2 is told as left over: purchased energy of an inventory is not split by sub-sector.
    """
    return _sheet(emission, "gpc", region, year, gwp_set)


def _sheet(
    emission: pl.DataFrame, form: Form, region: str, year: int, gwp_set: str = ""
) -> tuple[pl.DataFrame, Left]:
    own = emission.filter(pl.col("region") == region, pl.col("year") == year)
    summed = _families(own, gwp_set) if gwp_set else own.clear()
    whole = _with_kyoto(own, gwp_set) if form == "gpc" else own
    given, left = placed(pl.concat([whole, summed]), form)
    if gwp_set:  # these are in the sums of their families
        left = left.filter(~(_hydro() | pl.col("species").is_in(PFCS)) | (pl.col("reason") != "species"))
    heads = columns(form).unique("column", keep="first", maintain_order=True)
    wide = given.pivot("column", index="code", values="value", aggregate_function="sum")
    called, outside = names(form), memo(form)
    made = pl.DataFrame({"code": list(called), "name": list(called.values())}).join(
        wide, on="code", how="left", maintain_order="left"
    )
    lacking = [pl.lit(None, pl.Float64).alias(c) for c in heads["column"] if c not in made.columns]
    made = made.with_columns(lacking).select("code", "name", *heads["column"])
    below = pl.col("code").is_in(list(outside))
    sums = [pl.when(pl.col(c).count() > 0).then(pl.col(c).sum()).alias(c) for c in heads["column"]]
    total = made.filter(~below).select(pl.lit("").alias("code"), pl.lit(WHOLE[form]).alias("name"), *sums)
    printed = pl.concat([made.filter(~below), total, made.filter(below)]).with_columns(
        pl.col(c).cast(pl.String).fill_null(NOT_ESTIMATED) for c in heads["column"]
    )
    labels = dict(heads.select("column", "label").iter_rows())
    return printed.rename({c: f"{c} [{labels[c]}]" for c in heads["column"]}), left


PFCS = ("CF4", "C2F6", "C3F8", "c-C4F8", "C4F10", "C5F12", "C6F14", "C7F16", "C8F18", "C10F18")


def _families(emission: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return HFCs and PFCs as two sums in CO2 equivalents, of a row each."""
    known = _kyoto(emission, gwp_set)
    rows = emission.filter(pl.col("species").is_in(list(known)))
    scale = pl.col("species").replace_strict(known, return_dtype=pl.Float64)
    rows = rows.filter(_hydro() | pl.col("species").is_in(PFCS))
    return rows.with_columns(
        pl.col("value") * scale, species=pl.when(_hydro()).then(pl.lit("HFCs")).otherwise(pl.lit("PFCs"))
    )


def _hydro() -> pl.Expr:
    return pl.col("species").str.starts_with("HFC-")
