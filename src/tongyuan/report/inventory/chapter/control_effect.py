"""What was controlled, and what that control cost in carbon."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import amount, number, scale
from tongyuan.report.base.totals import Tables, has

ORDER = 660

CARBON = ("CO2e", "CO2", "CO2_biogenic", "CH4_fossil", "CH4_biogenic", "N2O")
# Pollutants that are not part of one another; of the particle classes the widest one given is drawn.
DRAWN = ("SO2", "NOx", "TSP", "PM10", "PM2.5", "NMVOC", "COD", "TN")
PARTICLES = ("TSP", "PM10", "PM2.5")


def _control(control: str, language: Language) -> str:
    return label.title("control", control, language)


def removed_chart(now: pl.DataFrame, year: int, language: Language) -> ChartBlock | None:
    """Return what devices removed, by device and species."""
    part = now.filter((pl.col("removed") > 0) & pl.col("species").is_in(DRAWN))
    given = [species for species in PARTICLES if species in part["species"].to_list()]
    part = part.filter(~pl.col("species").is_in(given[1:]))
    if not part.height:
        return None
    unit = scale(part["removed"].to_list(), part["unit"][0], language)
    order = (
        part.group_by("control")
        .agg(pl.col("removed").sum())
        .sort("removed", descending=True)["control"]
        .to_list()
    )
    rank = {control: index for index, control in enumerate(order)}
    kinds = {species: index for index, species in enumerate(DRAWN)}
    tidy = (
        part.with_columns(
            pl.col("control").replace_strict(rank, return_dtype=pl.Int64).alias("rank"),
            pl.col("species").replace_strict(kinds, return_dtype=pl.Int64).alias("kind"),
        )
        .sort("rank", "kind")
        .select(
            pl.col("control")
            .map_elements(lambda c: _control(c, language), return_dtype=pl.String)
            .alias("control"),
            pl.col("species")
            .map_elements(lambda s: label.symbol(s, language), return_dtype=pl.String)
            .alias("species"),
            (pl.col("removed") / unit.factor).alias("removed"),
        )
    )
    option = chart.bars(
        tidy, "control", "removed", "species", unit=unit.unit, horizontal=True, stack=True, legend_width=420
    )
    caption = say("report.inventory", "control_effect.removed", language, year=year)
    description = say("report.inventory", "control_effect.removed_description", language, count=len(order))
    return ChartBlock(caption, option, description, height=110 + 30 * len(order), half=True)


def induced_by_control(tables: Tables, language: Language) -> tuple[str, str, list[tuple[str, float]]] | None:
    """Return caption, unit and the carbon each device caused in the last year, the largest first."""
    now = tables["control_effect"].filter(pl.col("year") == pl.col("year").max())
    gas = next(
        (s for s in CARBON[:2] if now.filter((pl.col("species") == s) & (pl.col("induced") > 0)).height), None
    )
    if gas is None:
        return None
    part = now.filter((pl.col("species") == gas) & (pl.col("induced") > 0))
    part = part.group_by("control", "unit").agg(pl.col("induced").sum()).sort("induced", descending=True)
    unit = scale(part["induced"].to_list(), part["unit"][0], language)
    sign = label.symbol(gas, language)
    caption = say("report.inventory", "control_effect.induced", language, year=now["year"][0], gas=sign)
    pairs = [(_control(c, language), unit.of(v)) for c, v in part.select("control", "induced").iter_rows()]
    return caption, f"{unit.unit} {sign}", pairs


def induced_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return the carbon that devices caused, by device: CO2 equivalents where given, else CO2."""
    made = induced_by_control(tables, language)
    if made is None:
        return None
    caption, unit, pairs = made
    tidy = pl.DataFrame(pairs, schema=["control", "induced"], orient="row")
    option = chart.bars(tidy, "control", "induced", unit=unit, horizontal=True)
    for one in option["series"]:
        one["itemStyle"] = {"color": chart.UP}
    description = say(
        "report.inventory", "control_effect.induced_description", language, count=tidy.height, unit=unit
    )
    return ChartBlock(caption, option, description, height=110 + 30 * tidy.height, half=True)


def effect_table(frame: pl.DataFrame, year: int, language: Language) -> TableBlock:
    """Return every device with what it removed and caused, and the carbon per tonne of its main pollutant."""
    heads = (
        Column(say("report", "column.control", language)),
        Column(say("report", "column.removed", language)),
        Column(say("report", "column.induced", language)),
        Column(say("report", "column.carbon_price", language), numeric=True),
    )
    lines = []
    now = frame.filter(pl.col("year") == year)
    totals = now.group_by("control", "species", "unit", maintain_order=True).agg(
        pl.col("removed").sum(), pl.col("induced").sum()
    )
    sizes = totals.group_by("control").agg(pl.col("removed").max()).sort("removed", descending=True)
    for control in sizes["control"].to_list():
        own = totals.filter(pl.col("control") == control).to_dicts()
        own.sort(key=lambda row: label.species_order(row["species"]))
        taken = [row for row in own if row["removed"] > 0]
        caused = [row for row in own if row["induced"] > 0]
        price = "–"
        gas = next((r for s in CARBON[:2] for r in caused if r["species"] == s), None)
        main = max((r for r in taken if r["species"] not in CARBON), key=lambda r: r["removed"], default=None)
        if gas and main:
            price = (
                f"{number(gas['induced'] / main['removed'], 3)} ({label.symbol(main['species'], language)})"
            )
        lines.append(
            [
                _control(control, language),
                "; ".join(
                    f"{label.symbol(r['species'], language)} {amount(r['removed'], r['unit'], language, 3)}"
                    for r in taken
                )
                or "–",
                "; ".join(
                    f"{label.symbol(r['species'], language)} {amount(r['induced'], r['unit'], language, 3)}"
                    for r in caused
                )
                or "–",
                price,
            ]
        )
    return TableBlock(
        say("report.inventory", "control_effect.table", language, year=year),
        heads,
        lines,
        note=say("report.inventory", "control_effect.table_note", language),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no control was applied."""
    if not has(tables, "control_effect"):
        return None
    frame = tables["control_effect"]
    year = int(frame["year"].max())  # type: ignore[arg-type]
    now = frame.filter(pl.col("year") == year)
    blocks: list[Block] = []
    gas = next(
        (s for s in CARBON[:2] if now.filter((pl.col("species") == s) & (pl.col("induced") > 0)).height), None
    )
    if gas is not None:
        total = now.filter(pl.col("species") == gas)
        text = amount(float(total["induced"].sum()), total["unit"][0], language)
        blocks.append(
            Paragraph(
                say(
                    "report.inventory",
                    "control_effect.text",
                    language,
                    year=year,
                    amount=text,
                    gas=label.symbol(gas, language),
                )
            )
        )
    charts = [made for made in (removed_chart(now, year, language), induced_chart(tables, language)) if made]
    blocks += charts if len(charts) > 1 else [replace(made, half=False) for made in charts]
    blocks.append(effect_table(frame, year, language))
    blocks.append(Note(say("report.inventory", "control_effect.note", language)))
    return Section(
        "control_effect",
        say("report.inventory", "section.control_effect", language),
        tuple(blocks),
        shown=1,
    )
