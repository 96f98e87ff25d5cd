"""Where and when it is emitted: tiles of cells, months and hours, and what no cell holds."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report.base.block import Block, ChartBlock, Choice, Column, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, amount, number, percent, scale
from tongyuan.report.base.label import process_title, species_order, symbol, table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import lines
from tongyuan.report.chart.tiles import tiles

ORDER = 645

ROOM = "report.allocation"
MOST = 40
"""Rows of a table."""
DRAWN = 6
"""Species of charts."""
SIDE = 60
"""Most tiles side by side."""
TRACE = 1e-9
"""Share from which something counts as not in the grid."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None where nothing was allocated."""
    if not has(tables, "allocation_balance"):
        return None
    balance = tables["allocation_balance"]
    sums = balance.group_by("species", maintain_order=True).agg(
        pl.col("value", "inside", "outside", "left").sum()
    )
    names = sorted(sums["species"], key=species_order)
    blocks: list[Block] = [Paragraph(told(tables, sums, language)), balance_table(sums, names, language)]
    if has(tables, "cell_emission"):
        cells = tables["cell_emission"]
        drawn = [n for n in names if n in set(cells["species"])][:DRAWN]
        maps = [(symbol(name, language), map_of(tables, name, language)) for name in drawn]
        blocks.append(Choice(say(ROOM, "map", language), maps))
        blocks += [time_chart(tables["emission_time"], kind, drawn, language) for kind in ("month", "hour")]
    blocks += _rest(balance, language)
    if has(tables, "model_emission"):
        blocks.append(model_table(tables["model_emission"], language))
    return Section("gridded", say(ROOM, "section.gridded", language), tuple(blocks), shown=2)


def told(tables: Tables, sums: pl.DataFrame, language: Language) -> str:
    """Return in a sentence what lies in the grid and of which species something does not."""
    year = tables["allocation_balance"]["year"][0]
    if not has(tables, "cell_emission"):
        return say(ROOM, "told_none", language, year=year)
    cells = tables["cell_emission"]
    lost = sums.filter((pl.col("outside") + pl.col("left")) > TRACE * pl.col("value"))["species"]
    words = {"year": year, "grid": cells["grid"][0], "cells": f"{cells.n_unique(['column', 'row']):,}"}
    if lost.is_empty():
        return say(ROOM, "told_all", language, **words)
    every = [symbol(name, language) for name in sorted(lost, key=species_order)]
    joint = "、" if language == "zh" else ", "
    more = ("等" if language == "zh" else " …") if len(every) > DRAWN else ""
    return say(ROOM, "told_rest", language, names=joint.join(every[:DRAWN]) + more, **words)


def balance_table(sums: pl.DataFrame, names: list[str], language: Language) -> TableBlock:
    """Return where the emission of every species went."""
    columns = ("value", "inside", "outside", "left")
    heads = [Column(table_column("allocation_balance", "species", language))]
    heads += [Column(table_column("allocation_balance", c, language), numeric=True) for c in columns]
    by = {row["species"]: row for row in sums.iter_rows(named=True)}
    lines_ = [
        [symbol(name, language), *(amount(by[name][c], "t", language) for c in columns)]
        for name in names[:MOST]
    ]
    caption = say(ROOM, "balance_table", language)
    return TableBlock(caption, heads, lines_, note=say(ROOM, "balance_note", language))


def map_of(tables: Tables, species: str, language: Language) -> ChartBlock:
    """Return the cells of a species as tiles; where there are too many, cells are put together."""
    every = tables["cell_emission"]
    low_x, low_y = every["column"].min(), every["row"].min()
    wide, high = every["column"].max() - low_x + 1, every["row"].max() - low_y + 1  # type: ignore[operator]
    size = -(-max(int(wide), int(high)) // SIDE)
    own = every.filter(pl.col("species") == species)
    place = ((pl.col("column") - low_x) // size, (pl.col("row") - low_y) // size)
    joined = own.group_by(place[0].alias("x"), place[1].alias("y")).agg(pl.col("value").sum()).sort("y", "x")
    step = scale(joined["value"].to_list(), "t", language)
    shown = [(x, y, value / step.factor) for x, y, value in joined.select("x", "y", "value").iter_rows()]
    names_x = _names(every, "longitude", place[0], -(-int(wide) // size))
    names_y = _names(every, "latitude", place[1], -(-int(high) // size))
    marked: list[tuple[int, int]] = []
    notes = [say(ROOM, "map_merged", language, size=size)] if size > 1 else []
    if has(tables, "boundary_cell"):
        crossed = tables["boundary_cell"].select(x=place[0], y=place[1]).unique().sort("y", "x")
        marked = [(x, y) for x, y in crossed.iter_rows() if 0 <= x < len(names_x) and 0 <= y < len(names_y)]
        between = "、" if language == "zh" else ", "
        numbers = between.join(tables["boundary_cell"]["approval"].unique(maintain_order=True))
        notes.append(say(ROOM, "map_boundary", language, approval=numbers))
    else:
        notes.append(say(ROOM, "map_plain", language))
    option = tiles(shown, names_x, names_y, unit=step.unit, marked=marked)
    most = own.sort("value", descending=True).row(0, named=True)
    words = {k: number(most[k], 5) for k in ("longitude", "latitude")}
    words |= {"species": symbol(species, language), "cells": f"{own.height:,}"}
    words |= {
        "most": amount(most["value"], "t", language),
        "share": percent(most["value"] / own["value"].sum()),
    }
    text = say(ROOM, "map_description", language, **words)
    caption = f"{say(ROOM, 'map', language)} · {symbol(species, language)}"
    joint = "" if language == "zh" else " "
    return ChartBlock(caption, option, text, height=460, note=joint.join(notes), source="cell_emission")


def _names(every: pl.DataFrame, column: str, place: pl.Expr, count: int) -> list[str]:
    """Return the middle of every column or row of tiles; blank where no cell tells it."""
    seen = every.group_by(place.alias("at")).agg(pl.col(column).mean())
    known = dict(seen.select("at", column).iter_rows())
    return [f"{known[n]:.5g}°" if n in known else "" for n in range(count)]


def time_chart(frame: pl.DataFrame, kind: str, names: list[str], language: Language) -> ChartBlock:
    """Return the shares of months or hours, a line for each species."""
    own = frame.filter(pl.col("kind") == kind, pl.col("species").is_in(names))
    whole = pl.col("value") / pl.col("value").sum().over("species") * 100
    own = own.with_columns(whole.alias("share")).sort("index")
    titled = own.with_columns(
        pl.col("index").cast(pl.String),
        pl.Series("shown", [symbol(s, language) for s in own["species"]]),
    )
    option = lines(titled, "index", "share", "shown", unit="%")
    first = titled.filter(pl.col("species") == names[0]).sort("share", descending=True).row(0, named=True)
    words = {"species": first["shown"], kind: first["index"], "share": percent(first["share"] / 100)}
    return ChartBlock(say(ROOM, kind, language), option, say(ROOM, f"{kind}_description", language, **words))


def _rest(balance: pl.DataFrame, language: Language) -> list[Block]:
    """Return the sources that do not lie in the grid whole."""
    rest = balance.filter(pl.col("reason").is_not_null())
    if rest.is_empty():
        return []
    columns = ("region", "process", "species", "proxy", "outside", "left", "reason")
    heads = [
        Column(table_column("allocation_balance", c, language), numeric=c in ("outside", "left"))
        for c in columns
    ]
    ranked = rest.sort(pl.col("outside") + pl.col("left"), descending=True, maintain_order=True)
    lines_ = [
        [
            title("region", r["region"], language),
            process_title(r["process"], language),
            symbol(r["species"], language),
            r["proxy"] or MISSING,
            amount(r["outside"], "t", language),
            amount(r["left"], "t", language),
            choice_title(r["reason"], language),
        ]
        for r in ranked.head(MOST).iter_rows(named=True)
    ]
    table = TableBlock(say(ROOM, "place_table", language), heads, lines_, folded=True)
    return [table]


def model_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return what each model species is given in the grid."""
    columns = ("species", "profile", "model_species", "value", "mole")
    heads = [
        Column(table_column("model_emission", c, language), numeric=c in ("value", "mole")) for c in columns
    ]
    lines_ = [
        [
            symbol(r["species"], language),
            r["profile"] or MISSING,
            r["model_species"] or say(ROOM, "model_none", language),
            amount(r["value"], "t", language),
            number(r["mole"]),
        ]
        for r in frame.head(MOST).iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "model_table", language), heads, lines_, folded=True)
