"""Who breathes what from whom: what emissions of regions, sectors and species add to the receptors."""

from __future__ import annotations

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.label import sector_title, symbol, table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import bars

ORDER = 525

ROOM = "report.impact"
MOST = 40
DRAWN = 12
"""Receptors of the chart."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None where the workspace brings no response."""
    if not has(tables, "contribution"):
        return None
    every = tables["contribution"]
    rows = every.filter(pl.col("year") == every["year"].max())
    receptors = rows["receptor"].unique(maintain_order=True).to_list()
    blocks: tuple[Block, ...] = (
        *(Paragraph(verdict(rows.filter(pl.col("receptor") == r), r, language)) for r in receptors[:4]),
        _chart(rows.filter(pl.col("receptor").is_in(receptors[:DRAWN])), language),
        Note(say(ROOM, "source.note", language)),
        source_table(rows, language),
        *_scaled(tables, language),
    )
    return Section("air_source", say(ROOM, "section.air_source", language), blocks, shown=1)


def verdict(rows: pl.DataFrame, receptor: str, language: Language) -> str:
    """Return in a sentence what the accounted emissions are charged with, and the largest of them."""
    own = rows.filter(pl.col("species").is_not_null())
    most = own.sort("value", descending=True).row(0, named=True)
    return say(
        ROOM, "source.most", language, receptor=receptor, year=rows["year"][0],
        total=number(float(rows["value"].sum()), 3), unit=units.text(rows["unit"][0], language),
        share=percent(float(own["share"].sum())), sector=sector_title(most["sector"], language),
        species=symbol(most["species"], language), most=percent(most["share"]),
        cleaning=_cleaning(own, language),
    )  # fmt: skip


def _cleaning(own: pl.DataFrame, language: Language) -> str:
    """Return what is said of species whose emission lowers the concentration."""
    less = own.group_by("species", maintain_order=True).agg(pl.col("value").sum()).filter(pl.col("value") < 0)
    if less.is_empty():
        return ""
    names = ("、" if language == "zh" else ", ").join(symbol(s, language) for s in less["species"])
    return say(ROOM, "source.cleaning", language, species=names)


def _chart(rows: pl.DataFrame, language: Language) -> ChartBlock:
    rest = say(ROOM, "source.rest", language)
    named = rows.with_columns(
        pl.Series("part", [rest if s is None else sector_title(s, language) for s in rows["sector"]])
    )
    frame = named.group_by("receptor", "part", maintain_order=True).agg(pl.col("value").sum())
    unit = units.text(rows["unit"][0], language)
    option = bars(frame, "receptor", "value", "part", unit=unit, stack=True, horizontal=True)
    told = say(ROOM, "source.chart_description", language, count=frame["receptor"].n_unique())
    return ChartBlock(say(ROOM, "source.chart", language), option, told)


def _scaled(tables: Tables, language: Language) -> tuple[Block, ...]:
    """Return what observations say of the sources, none without observed receptors."""
    if not has(tables, "scaling_factor"):
        return ()
    rows = tables["scaling_factor"].sort(pl.col("moved").abs(), descending=True)
    names = (
        "year",
        "region",
        "sector",
        "species",
        "prior_sd",
        "posterior",
        "lower",
        "upper",
        "kernel",
        "moved",
    )
    words = {"year", "region", "sector", "species"}
    heads = [Column(table_column("scaling_factor", n, language), numeric=n not in words) for n in names]
    lines = [
        [
            str(r["year"]), title("region", r["region"], language), sector_title(r["sector"], language),
            symbol(r["species"], language),
            *(number(r[c], 3) for c in ("prior_sd", "posterior", "lower", "upper", "kernel", "moved")),
        ]
        for r in rows.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    joint = "、" if language == "zh" else ", "
    against = [
        f"{sector_title(r['sector'], language)} {symbol(r['species'], language)} ({r['year']})"
        for r in rows.filter(pl.col("contradicted")).head(6).iter_rows(named=True)
    ]
    key = "scaled.against" if against else "scaled.none"
    told = Note(say(ROOM, key, language, sources=joint.join(against)), "warning" if against else "note")
    return told, TableBlock(say(ROOM, "scaled.table", language), heads, lines)


def source_table(rows: pl.DataFrame, language: Language) -> TableBlock:
    """Return the contributions, the largest first, and the rest of every receptor."""
    names = ("receptor", "region", "sector", "species", "value", "share", "emission", "potency")
    words = {"receptor", "region", "sector", "species"}
    unit, mass = units.text(rows["unit"][0], language), units.text("t", language)
    told = {n: table_column("contribution", n, language) for n in names}
    told["value"] += f" ({unit})"
    told["emission"] += f" ({mass})"
    told["potency"] += f" ({unit}/{say(ROOM, 'source.kilotonne', language)})"
    order = rows.with_columns(last=pl.col("species").is_null(), size=pl.col("value").abs()).sort(
        "receptor", "last", "size", descending=[False, False, True]
    )
    lines = [
        [
            r["receptor"],
            "–" if r["region"] is None else title("region", r["region"], language),
            say(ROOM, "source.rest", language)
            if r["sector"] is None
            else sector_title(r["sector"], language),
            "–" if r["species"] is None else symbol(r["species"], language),
            number(r["value"], 3),
            percent(r["share"]),
            number(r["emission"], 4),
            number(r["potency"], 3),
        ]
        for r in order.head(MOST).iter_rows(named=True)
    ]
    heads = [Column(told[n], numeric=n not in words) for n in names]
    return TableBlock(say(ROOM, "source.table", language), heads, lines)
