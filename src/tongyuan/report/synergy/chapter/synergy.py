"""Synergy: co-control coordinates and quadrants, decoupling, causes of change, scores with intervals."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Choice, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number, percent, scale
from tongyuan.report.base.label import symbol, table_column
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.synergy.score import score_blocks

ORDER = 510

ROOM = "synergy"
MOST = 30
EFFECTS = ("activity", "structure", "intensity", "energy_mix", "factor", "control", "factor_and_control")
DRAWN = ("CO2", "SO2", "NOx", "PM2.5")
COMBINED = "APeq"
LEAST_REGIONS = 3
QUADRANTS = {
    "co_reduction": chart.DOWN,
    "pollution_only": "#e09f3e",
    "carbon_only": "#5fa8d3",
    "co_increase": chart.UP,
    "axis": "#b0a990",
}
"""Quadrants in their order, with their colours."""


def _name(species: str, language: Language) -> str:
    return symbol("AP_equivalent" if species == COMBINED else species, language)


def _last(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(
        (pl.col("year") == pl.col("year").max()) & (pl.col("region") == pl.col("region").first())
    )


def coordinate_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return relative changes, elasticity and quadrant of every pollutant."""
    names = (
        "region",
        "year",
        "base_year",
        "pollutant",
        "pollution_change",
        "carbon_change",
        "elasticity",
        "quadrant",
    )
    heads = tuple(
        Column(table_column("co_control", n, language), numeric=n.endswith(("change", "ity"))) for n in names
    )
    lines = [
        [
            title("region", row["region"], language),
            str(row["year"]),
            str(row["base_year"]),
            _name(row["pollutant"], language),
            percent(row["pollution_change"], signed=True),
            percent(row["carbon_change"], signed=True),
            number(row["elasticity"]),
            choice_title(row["quadrant"], language),
        ]
        for row in frame.to_dicts()
    ]
    return TableBlock(say("report.synergy", "figure.table", language), heads, lines)


def coordinate_chart(frame: pl.DataFrame, language: Language) -> ChartBlock:
    """Return the co-control coordinates: relative reduction of each pollutant against that of carbon."""
    known = frame.filter(pl.col("pollution_change").is_not_null() & pl.col("carbon_change").is_not_null())
    several = known["year"].n_unique() > 1
    tidy = known.select(
        (-100 * pl.col("pollution_change")).alias("x"),
        (-100 * pl.col("carbon_change")).alias("y"),
        pl.concat_str(
            [
                pl.col("pollutant").map_elements(lambda s: _name(s, language), return_dtype=pl.String),
                pl.col("year").cast(pl.String) if several else pl.lit(""),
            ],
            separator=" ",
        )
        .str.strip_chars()
        .alias("label"),
        pl.col("quadrant")
        .map_elements(lambda q: choice_title(q, language), return_dtype=pl.String)
        .alias("quadrant"),
    )
    option = chart.points(
        tidy,
        "x",
        "y",
        "label",
        x_title=say("report.synergy", "figure.x", language),
        y_title=say("report.synergy", "figure.y", language),
        series="quadrant",
    )
    return ChartBlock(
        say("report.synergy", "figure.caption", language),
        option,
        say("report.synergy", "figure.description", language, count=tidy.height),
        note=say("report.synergy", "figure.note", language),
        table=coordinate_table(frame, language),
    )


def verdict(frame: pl.DataFrame, language: Language) -> Paragraph:
    """Return in words which pollutants fell or rose with carbon."""
    now = _last(frame)
    first, last = now["base_year"][0], now["year"][0]
    joint = "、" if language == "zh" else ", "
    told = [
        say("report.synergy", "synergy.quadrant_item", language,
            quadrant=choice_title(quadrant, language),
            species=joint.join(_name(s, language) for s in part["pollutant"].to_list()),
        )
        for (quadrant,), part in now.filter(pl.col("pollutant") != COMBINED).group_by(
            ["quadrant"], maintain_order=True
        )
    ]  # fmt: skip
    carbon = percent(now["carbon_change"][0], signed=True)
    items = ("；" if language == "zh" else "; ").join(told)
    return Paragraph(
        say("report.synergy", "synergy.verdict", language, first=first, last=last, carbon=carbon, items=items)
    )


def reduction_chart(frame: pl.DataFrame, language: Language) -> ChartBlock:
    """Return the relative reduction of every pollutant beside that of carbon."""
    now = _last(frame).filter(pl.col("pollution_change").is_not_null())
    tidy = now.select(
        (-100 * pl.col("pollution_change")).alias("x"),
        (-100 * pl.col("carbon_change")).alias("y"),
        pl.col("pollutant").map_elements(lambda s: _name(s, language), return_dtype=pl.String).alias("name"),
    )
    carbon = pl.DataFrame({"name": [symbol("CO2e", language)], "x": [float(tidy["y"][0])]})
    drawn = pl.concat([tidy.select("name", "x"), carbon])
    unit = say("report.synergy", "synergy.reduction", language)
    option = chart.bars(drawn, "name", "x", unit=unit, horizontal=True)
    first, last = now["base_year"][0], now["year"][0]
    return ChartBlock(
        say("report.synergy", "synergy.chart", language, first=first, last=last),
        option,
        say("report.synergy", "synergy.chart_description", language, count=tidy.height),
        height=110 + 26 * (tidy.height + 1),
    )


def decoupling_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return how every species moved against the gross regional product."""
    now = _last(frame)
    columns = ("species", "emission_change", "driver_change", "elasticity", "state")
    heads = [
        Column(table_column("decoupling", c, language), numeric=c not in ("species", "state"))
        for c in columns
    ]
    lines = [
        [
            _name(row["species"], language),
            percent(row["emission_change"], signed=True),
            percent(row["driver_change"], signed=True),
            number(row["elasticity"], 3),
            choice_title(row["state"], language),
        ]
        for row in now.iter_rows(named=True)
    ]
    caption = say(
        "report.synergy", "synergy.decoupling", language, first=now["base_year"][0], last=now["year"][0]
    )
    return TableBlock(caption, heads, lines, note=say("report.synergy", "synergy.decoupling_note", language))


def cause_chart(frame: pl.DataFrame, species: str, language: Language) -> ChartBlock | None:
    """Return what the change of one species is made of, by cause, for the whole region."""
    now = _last(frame).filter((pl.col("group").fill_null("") == "") & (pl.col("species") == species))
    effects = dict(now.select("effect", "value").iter_rows())
    if not effects:
        return None
    total = sum(effects.values())
    unit = scale([*effects.values(), total], now["unit"][0], language)
    negligible = 1e-9 * max(abs(v) for v in effects.values())
    steps = [
        (choice_title(e, language), unit.of(effects[e]))
        for e in EFFECTS
        if e in effects and abs(effects[e]) > negligible
    ]
    tidy = pl.DataFrame(steps, schema=["effect", "value"], orient="row")
    sign = _name(species, language)
    first, last = now["base_year"][0], now["year"][0]
    whole = say("report.synergy", "synergy.cause_total", language)
    heads = (Column(table_column("lmdi", "effect", language)), Column(unit.unit, numeric=True))
    lines = [[name, number(value)] for name, value in (*steps, (whole, unit.of(total)))]
    caption = say("report.synergy", "synergy.cause", language, species=sign, first=first, last=last)
    return ChartBlock(
        caption,
        chart.contributions(tidy, "effect", "value", unit=unit.unit, total=whole),
        say("report.synergy", "synergy.cause_description", language, species=sign),
        height=110 + 30 * (len(steps) + 1),
        half=True,
        table=TableBlock(caption, heads, lines, strong=frozenset({len(steps)})),
    )


def quadrant_chart(frame: pl.DataFrame, language: Language) -> ChartBlock | None:
    """Return how many regions fall into each quadrant, by pollutant; None for fewer than three regions."""
    now = frame.filter(pl.col("year") == pl.col("year").max())
    if now["region"].n_unique() < LEAST_REGIONS:
        return None
    counted = now.group_by("pollutant", "quadrant", maintain_order=True).len()
    order = {q: k for k, q in enumerate(QUADRANTS)}
    tidy = counted.sort(pl.col("quadrant").replace_strict(order, default=9, return_dtype=pl.Int64)).select(
        pl.col("pollutant").map_elements(lambda s: _name(s, language), return_dtype=pl.String).alias("name"),
        pl.col("quadrant").map_elements(lambda q: choice_title(q, language), return_dtype=pl.String),
        pl.col("len").cast(pl.Float64).alias("count"),
    )
    colours = {choice_title(q, language): c for q, c in QUADRANTS.items()}
    unit = say("report.synergy", "synergy.quadrant_unit", language)
    return ChartBlock(
        say("report.synergy", "synergy.quadrant_chart", language, year=now["year"][0]),
        chart.bars(
            tidy, "name", "count", "quadrant", unit=unit, horizontal=True, stack=True, colours=colours
        ),
        say("report.synergy", "synergy.quadrant_description", language, count=now["region"].n_unique()),
        height=130 + 28 * tidy["name"].n_unique(),
    )


def chart_blocks(tables: Tables, language: Language) -> list[ChartBlock]:
    """Return the charts of this chapter that a workbook draws itself: the score's and the causes."""
    drawn = [b for b in score_blocks(tables, language) if isinstance(b, ChartBlock)]
    if has(tables, "lmdi"):
        made = [cause_chart(tables["lmdi"], species, language) for species in DRAWN]
        drawn += [one for one in made if one is not None]
    return drawn


def figure_blocks(tables: Tables, main: str, language: Language) -> list[ChartBlock]:
    """Return the charts that table `main` (``score``, ``co_control``, ``lmdi``) is published with."""
    if main == "score":
        drawn = [b for b in score_blocks(tables, language) if isinstance(b, ChartBlock)]
        return drawn[1:2] if has(tables, "rank_band") else drawn[:1]
    if main == "co_control" and has(tables, "co_control"):
        return [coordinate_chart(tables["co_control"], language)]
    if main == "lmdi" and has(tables, "lmdi"):
        found = tables["lmdi"]["species"].unique(maintain_order=True)
        made = [cause_chart(tables["lmdi"], species, language) for species in found]
        return [one for one in made if one is not None]
    return []


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None without co-control coordinates, decoupling, causes and scores."""
    shown: list[Block] = []
    blocks: list[Block] = []
    if has(tables, "co_control"):
        frame = rows(tables, "co_control")
        shown += [verdict(frame, language), replace(reduction_chart(frame, language), half=True)]
        blocks += [
            Note(say("report.synergy", "synergy.reading", language)),
            coordinate_chart(frame.head(MOST), language),
        ]
        counts = quadrant_chart(frame, language)
        blocks += [counts] if counts else []
    if has(tables, "lmdi"):
        made = [(_name(s, language), cause_chart(tables["lmdi"], s, language)) for s in DRAWN]
        named = [(name, one) for name, one in made if one is not None]
        if named:
            shown.append(Choice(say("report", "choice.species", language), named, half=True))
            blocks.append(Note(say("report.synergy", "synergy.cause_note", language)))
    if has(tables, "decoupling"):
        blocks.append(decoupling_table(tables["decoupling"], language))
    score = score_blocks(tables, language) if has(tables, "score") else []
    shown += [block for block in score if isinstance(block, Paragraph)][:1]
    blocks += [block for block in score if block not in shown]
    if not shown and not blocks:
        return None
    title = say("report.synergy", "figure.title", language)
    return Section("synergy", title, (*shown, *blocks), shown=len(shown))
