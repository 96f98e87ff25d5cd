"""Flows from fuel (or cause) over sector to species: every species counts as 100 %."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.species import headline
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.base.format import percent
from tongyuan.report.base.totals import Tables, has, once

ORDER = 620

SPECIES = ("CO2", "SO2", "NOx", "PM2.5", "NMVOC", "NH3", "CH4_fossil", "CH4_biogenic", "N2O", "Hg", "COD")
SMALLEST = 0.004
_GROUP_COLOUR = {
    "coal": "#4a4a4a",
    "derived_gas": "#7d8597",
    "oil": "#9c6644",
    "gas": "#e09f3e",
    "biomass": "#6a994e",
    "waste_fuel": "#8d6e63",
}


def _left(origin: str, product: str | None) -> str:
    """Return the id of the left node: the group of the fuel burnt, else the cause."""
    group = label.fuel_group(product or "") if origin in ("combustion", "energy_use") else ""
    return group or f"origin.{origin}"


@once("emission")
def flows(tables: Tables) -> pl.DataFrame:
    """Return the share of each left node and sector in every species of the last year.

    Returns
    -------
    polars.DataFrame
        Columns left, sector, species, share; the shares of one species sum to one.
    """
    emission = tables["emission"].select("year", "process", "product", "origin", "species", "scope", "value")
    known = plain(
        emission.filter(
            pl.col("scope") == "direct",
            pl.col("value") > 0,
            pl.col("species").is_in(SPECIES),
            pl.col("year") == emission["year"].max(),
        )
    )
    keys = known.select("origin", "product").unique()
    lefts = keys.with_columns(
        pl.Series("left", [_left(o, p) for o, p in keys.iter_rows()], dtype=pl.String),
    )
    return (
        known.join(lefts, on=["origin", "product"], how="left", nulls_equal=True)
        .with_columns(pl.col("process").str.split(".").list.first().alias("sector"))
        .group_by("left", "sector", "species")
        .agg(pl.col("value").sum())
        .with_columns((pl.col("value") / pl.col("value").sum().over("species")).alias("share"))
        .select("left", "sector", "species", "share")
        .sort("left", "sector", "species")
    )


def left_title(left: str, language: Language) -> str:
    """Return the name of a left node."""
    if left.startswith("origin."):
        return label.word("origin", left.removeprefix("origin."), language)
    return label.product_title(left, language)


def sankey_chart(shares: pl.DataFrame, year: int, language: Language) -> ChartBlock:
    """Return the flows as a chart with its table."""
    species = [s for s in headline() if s in set(shares["species"])]
    sectors = sorted(set(shares["sector"]), key=label.sector_order)
    groups = sorted(set(shares["left"]), key=label.product_order)
    names: dict[tuple[int, str], str] = {}
    for layer, keys in enumerate((groups, sectors, species)):
        for key in keys:
            named = (left_title, label.sector_title, label.symbol)[layer](key, language)
            while named in names.values():
                named += "\u200b"
            names[layer, key] = named
    nodes = [(names[0, g], 0, _GROUP_COLOUR.get(g, "#a0a4a8")) for g in groups]
    nodes += [(names[1, s], 1, label.colour(s)) for s in sectors]
    nodes += [(names[2, s], 2, "#57606a") for s in species]
    first = shares.group_by("left", "sector").agg(pl.col("share").sum()).filter(pl.col("share") > SMALLEST)
    links = [(names[0, a], names[1, b], v * 100) for a, b, v in first.sort("left", "sector").iter_rows()]
    second = (
        shares.group_by("sector", "species").agg(pl.col("share").sum()).filter(pl.col("share") > SMALLEST)
    )
    links += [(names[1, a], names[2, b], v * 100) for a, b, v in second.sort("sector", "species").iter_rows()]
    used = {name for a, b, _ in links for name in (a, b)}
    frame = pl.DataFrame(links, schema=["source", "target", "value"], orient="row")
    option = chart.sankey(
        [node for node in nodes if node[0] in used], frame, source="source", target="target", value="value"
    )
    caption = say("report.inventory", "sankey.caption", language, year=year)
    held = {(a, b, c): v for a, b, c, v in shares.select("left", "sector", "species", "share").iter_rows()}
    pairs = sorted({(a, b) for a, b, _ in held}, key=lambda p: (groups.index(p[0]), label.sector_order(p[1])))
    heads = [
        Column(say("report.inventory", "sankey.left", language)),
        Column(say("report", "column.sector", language)),
    ]
    heads += [Column(label.symbol(s, language), numeric=True) for s in species]
    lines = [
        [
            left_title(a, language),
            label.sector_title(b, language),
            *(percent(held.get((a, b, s))) for s in species),
        ]
        for a, b in pairs
    ]
    return ChartBlock(
        caption,
        option,
        say(
            "report.inventory",
            "sankey.description",
            language,
            year=year,
            species=len(species),
            sectors=len(sectors),
        ),
        height=620,
        note=say("report.inventory", "sankey.note", language),
        table=TableBlock(caption, tuple(heads), lines, folded=True, wide=True),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are no emissions by fuel."""
    if not has(tables, "emission"):
        return None
    shares = flows(tables)
    if not shares.height:
        return None
    year = int(tables["emission"]["year"].max())  # type: ignore[arg-type]
    return Section(
        "sankey",
        say("report.inventory", "section.sankey", language),
        (Note(say("report.inventory", "sankey.reading", language)), sankey_chart(shares, year, language)),
        shown=1,
    )
