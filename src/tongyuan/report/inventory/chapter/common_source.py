"""同源, the common source: what share each sector has in every species, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import percent
from tongyuan.report.base.totals import Tables, sector_totals, sectors_in_order, species_in_order, years

ORDER = 610

LEAST_SPECIES = 2
WRITTEN = 7.0
"""Shares [%] from here on are written into their bars."""
LEFT_OUT = ("solid", "resource", "ods")


def shares(totals: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return each sector's share of the positive emissions of each species (sinks are left out)."""
    return (
        totals.filter((pl.col("year") == year) & (pl.col("value") > 0) & ~pl.col("medium").is_in(LEFT_OUT))
        .with_columns((pl.col("value") / pl.col("value").sum().over("species")).alias("share"))
        .select("species", "sector", "share")
    )


def share_table(part: pl.DataFrame, caption: str, language: Language) -> TableBlock:
    """Return the shares as a table, species down, sectors across."""
    sectors = sectors_in_order(part)
    held = {(a, b): v for a, b, v in part.select("species", "sector", "share").iter_rows()}
    heads = [Column(say("report", "column.species", language))]
    heads += [Column(label.sector_title(sector, language), numeric=True) for sector in sectors]
    lines = [
        [label.species_title(species, language), *(percent(held.get((species, s))) for s in sectors)]
        for species in species_in_order(part)
    ]
    return TableBlock(caption, tuple(heads), lines, folded=True, wide=True)


def common_source_chart(
    totals: pl.DataFrame, year: int, language: Language, chosen: Sequence[str] = ()
) -> ChartBlock:
    """Return the stacked bars of one year, of the species `chosen` or of all."""
    part = shares(totals, year)
    if chosen:
        part = part.filter(pl.col("species").is_in(list(chosen)))
    sectors, species = sectors_in_order(part), species_in_order(part)
    rank = {name: index for index, name in enumerate(species)}
    tidy = part.with_columns(
        pl.col("species").replace_strict(rank, return_dtype=pl.Int64).alias("order"),
        pl.col("species")
        .map_elements(lambda s: label.symbol(s, language), return_dtype=pl.String)
        .alias("name"),
        pl.col("sector")
        .map_elements(lambda s: label.sector_title(s, language), return_dtype=pl.String)
        .alias("who"),
        (pl.col("share") * 100).alias("percent"),
        pl.col("sector")
        .replace_strict({s: i for i, s in enumerate(sectors)}, return_dtype=pl.Int64)
        .alias("place"),
    )
    # Every species appears in the first series, so that the order of categories is that of the shelf.
    names = pl.DataFrame({"name": [label.symbol(s, language) for s in species]})
    first = names.with_columns(pl.lit(label.sector_title(sectors[0], language)).alias("who"))
    tidy = tidy.sort("place", "order").select("name", "who", "percent")
    head = first.join(tidy, on=["name", "who"], how="left", maintain_order="left").select(
        "name", "who", "percent"
    )
    tidy = pl.concat([head, tidy.filter(pl.col("who") != head["who"][0])])
    option = chart.bars(
        tidy,
        "name",
        "percent",
        "who",
        unit=say("report.inventory", "common_source.unit", language),
        horizontal=True,
        stack=True,
        maximum=100,
        colours={label.sector_title(s, language): label.colour(s) for s in sectors},
        written=WRITTEN,
    )
    key = "common_source.main" if chosen else "common_source.caption"
    caption = say("report.inventory", key, language, year=year)
    return ChartBlock(
        caption,
        option,
        say("report.inventory", "common_source.description", language, year=year, count=len(species)),
        height=110 + 24 * len(species),
        note=say("report", "source.inventory", language),
        table=share_table(part, caption, language),
    )


def leaders(totals: pl.DataFrame, year: int, language: Language) -> str:
    """Return a sentence naming the sector that leads in most species, and in how many."""
    top = shares(totals, year).sort("share", descending=True).group_by("species", maintain_order=True).first()
    counts = top["sector"].value_counts().sort(["count", "sector"], descending=[True, False])
    return say(
        "report.inventory",
        "common_source.leader",
        language,
        sector=label.sector_title(counts["sector"][0], language),
        count=counts["count"][0],
        total=top.height,
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when fewer than two species are there to be compared."""
    totals = sector_totals(tables)
    if not totals.height or shares(totals, years(totals)[-1])["species"].n_unique() < LEAST_SPECIES:
        return None
    last = years(totals)[-1]
    blocks: list[Block] = [
        Paragraph(leaders(totals, last, language)),
        common_source_chart(totals, last, language),
    ]
    sinks = totals.filter((pl.col("year") == last) & (pl.col("value") < 0))
    if sinks.height:
        named = ", ".join(
            sorted(
                f"{label.symbol(s, language)} ({label.sector_title(p, language)})"
                for s, p in sinks.select("species", "sector").iter_rows()
            )
        )
        blocks.append(Note(say("report.inventory", "common_source.sinks", language, names=named)))
    title = say("report.inventory", "section.common_source", language)
    return Section("common_source", title, tuple(blocks), shown=1)
