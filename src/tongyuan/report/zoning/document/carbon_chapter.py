"""碳排放评价专章: the carbon part of an impact assessment, which serves the energy review too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, identify, shelf
from tongyuan.reference.shelf import title as shelf_title
from tongyuan.report.base.block import Block, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, amount, number, percent
from tongyuan.report.base.label import process_title, product_title, table_column
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.zoning.cell import budgets, plain, shown
from tongyuan.report.zoning.chapter.project_carbon import PARTS

ROOM = "report.zoning"
PROFILE = ("project", "title", "region", "industry", "product", "kind", "capacity", "capacity_unit",
           "investment", "filed", "start")  # fmt: skip
SOURCES = ("fuel_carbon", "process_carbon", "power_heat_carbon")
"""Parts that sum to the whole."""
LEVELS = ("carbon_level_national", "carbon_level_industry", "carbon_level_local", "carbon_level_best")
"""Facts that the performance is held against: the four levels that Order 31, Article 12, asks for."""
SUBJECT = ("carbon", "energy", "coal", "CO2", "capacity")
"""Words of a rule's formulas by which it concerns carbon or energy."""


def carbon_chapter(tables: Tables, project: str, language: Language) -> list[Block]:
    """Return the chapter on the carbon of one project.

    Parameters
    ----------
    tables
        Tables ``project``, ``project_activity``, ``project_fact``, ``project_energy``, ``verdict_rule`` and
        ``headroom`` as far as they exist.

    Notes
    -----
    It has what 固定资产投资项目节能审查和碳排放评价办法 (Order 31 of 2025), Article 12 (五), asks for: the
    whole, its structure, per product and per value added, each beside four levels, measures, the effect on
    the goals of the place. The pilot guide of 2021 was not read in its text. What only people can write
    stands as a line to be filled, and what is not given is named.
    """
    own = {name: _of(frame, project) for name, frame in tables.items()}
    who = rows(own, "project").row(0, named=True)
    energy = {r["part"]: r for r in rows(own, "project_energy").iter_rows(named=True)}
    facts = {
        identify("access_fact", r["fact"]) or r["fact"]: r
        for r in rows(own, "project_fact").iter_rows(named=True)
    }
    title = who["title"] or project
    return [
        Heading(say(ROOM, "chapter.title", language, name=title), 0),
        Note(say(ROOM, "chapter.basis", language)),
        Heading(say(ROOM, "chapter.project", language)),
        _profile(who, language),
        Heading(say(ROOM, "chapter.sources", language)),
        *_sources(own, language),
        Heading(say(ROOM, "chapter.amounts", language)),
        *_amounts(energy, language),
        Heading(say(ROOM, "chapter.performance", language)),
        *_performance(who, energy, facts, language),
        Heading(say(ROOM, "chapter.clauses", language)),
        *_clauses(own, language),
        Heading(say(ROOM, "chapter.goals", language)),
        *_goals(own, energy, language),
        Heading(say(ROOM, "chapter.measures", language)),
        Paragraph(say(ROOM, "chapter.fill_measures", language)),
        Heading(say(ROOM, "chapter.monitoring", language)),
        Paragraph(say(ROOM, "chapter.fill_monitoring", language)),
        Heading(say(ROOM, "chapter.conclusion", language)),
        *_conclusion(own, title, energy, language),
    ]


def _of(frame: pl.DataFrame, project: str) -> pl.DataFrame:
    return frame.filter(pl.col("project") == project) if "project" in frame.columns else frame


def _profile(who: Mapping[str, Any], language: Language) -> TableBlock:
    lines = []
    for column in PROFILE:
        value = who[column]
        if value is None:
            continue
        text = (
            shelf_title("region", value, language)
            if column == "region"
            else shown("project", column, language)(value)
        )
        if column == "product":
            text = product_title(value, language)
        lines.append([table_column("project", column, language), text])
    heads = [
        Column(say(ROOM, "chapter.item", language), width=24),
        Column(say(ROOM, "chapter.value", language), quoted=True),
    ]
    return TableBlock(say(ROOM, "chapter.project", language), heads, lines)


def _sources(own: Tables, language: Language) -> list[Block]:
    frame = rows(own, "project_activity")
    if frame.is_empty():
        return [Note(say(ROOM, "chapter.no_activity", language), "warning")]
    names = ("process", "product", "value", "unit", "source")
    heads = [
        Column(table_column("project_activity", n, language), numeric=n == "value", quoted=n == "source")
        for n in names
    ]
    lines = [
        [process_title(r["process"], language),
         product_title(r["product"], language) if r["product"] else MISSING,
         number(r["value"]), r["unit"], r["source"]]
        for r in frame.iter_rows(named=True)
    ]  # fmt: skip
    told = Paragraph(say(ROOM, "chapter.boundary", language))
    return [told, TableBlock(say(ROOM, "chapter.sources", language), heads, lines)]


def _amounts(energy: Mapping[str, Any], language: Language) -> list[Block]:
    whole = energy.get("whole_carbon")
    if whole is None:
        return [Note(say(ROOM, "chapter.no_carbon", language), "warning")]
    lines = []
    for part in PARTS:
        row = energy.get(part)
        share = (
            percent(row["value"] / whole["value"]) if row and part in SOURCES and whole["value"] else MISSING
        )
        if row is not None:
            text = (
                amount(row["value"], "t", language, 4)
                if row["unit"] == "t"
                else f"{number(row['value'])} {row['unit']}"
            )
            lines.append([choice_title(part, language), text, share])
    heads = [
        Column(say(ROOM, "chapter.item", language)),
        Column(say(ROOM, "chapter.yearly", language), numeric=True),
        Column(say(ROOM, "chapter.share", language), numeric=True),
    ]
    note = say(ROOM, "carbon_note", language)
    last = frozenset({k for k, part in enumerate(p for p in PARTS if p in energy) if part == "whole_carbon"})
    return [TableBlock(say(ROOM, "chapter.amounts", language), heads, lines, note=note, strong=last)]


def _performance(
    who: Mapping[str, Any], energy: Mapping[str, Any], facts: Mapping[str, Any], language: Language
) -> list[Block]:
    """Return carbon per product, per value added and per energy, and the levels it is held against."""
    whole = energy.get("whole_carbon")
    if whole is None:
        return [Note(say(ROOM, "chapter.no_carbon", language), "warning")]
    tonnes, made = whole["value"], facts.get("product_output")
    added, tce = facts.get("value_added"), energy.get("energy_equivalent")
    each = tonnes / made["value"] if made and made["value"] else None
    lines = [
        [say(ROOM, "chapter.per_product", language), number(each)],
        [say(ROOM, "chapter.per_value", language),
         number(tonnes / added["value"] * 1e4) if added and added["value"] else MISSING],
        [say(ROOM, "chapter.per_energy", language),
         number(tonnes / tce["value"]) if tce and tce["value"] else MISSING],
    ]  # fmt: skip
    heads = [
        Column(say(ROOM, "chapter.item", language)),
        Column(say(ROOM, "chapter.value", language), numeric=True),
    ]
    blocks: list[Block] = [TableBlock(say(ROOM, "chapter.performance", language), heads, lines)]
    levels = [
        [
            shelf_title("access_fact", level, language),
            number(facts[level]["value"]),
            percent(each / facts[level]["value"] - 1, signed=True)
            if each is not None and facts[level]["value"]
            else MISSING,
            facts[level]["source"],
        ]
        for level in LEVELS
        if level in facts
    ]
    if levels:
        columns = [
            Column(say(ROOM, "chapter.level", language)),
            Column(say(ROOM, "chapter.value", language), numeric=True),
            Column(say(ROOM, "chapter.against", language), numeric=True),
            Column(table_column("project_fact", "source", language), quoted=True),
        ]
        blocks.append(TableBlock(say(ROOM, "chapter.levels", language), columns, levels))
    absent = [f for f in ("product_output", "value_added", *LEVELS) if f not in facts]
    if absent:
        comma = "、" if language == "zh" else ", "
        named = comma.join(shelf_title("access_fact", f, language) for f in absent)
        blocks.append(Note(say(ROOM, "chapter.absent", language, names=named), "warning"))
    return blocks


def _clauses(own: Tables, language: Language) -> list[Block]:
    """Return the clauses on carbon, energy and coal that concern the project."""
    frame = rows(own, "verdict_rule")
    if frame.is_empty():
        return [Paragraph(say(ROOM, "chapter.no_clause", language))]
    subject = {
        r["rule"]: f"{r['fact']} {r['limit']}"
        for r in shelf("access_rule").select("rule", "fact", "limit").to_dicts()
    }
    kept = frame.filter(
        pl.col("rule").map_elements(
            lambda rule: any(word in subject.get(rule, "") for word in SUBJECT), return_dtype=pl.Boolean
        )
    )
    if kept.is_empty():
        return [Paragraph(say(ROOM, "chapter.no_clause", language))]
    columns = (f"title_{language}", "state", "fact", "limit", "unit", "document", "article")
    return [
        replace(
            plain("verdict_rule", kept, columns, say(ROOM, "chapter.clauses", language), language), wide=True
        )
    ]


def _goals(own: Tables, energy: Mapping[str, Any], language: Language) -> list[Block]:
    """Return what the carbon, coal and energy budgets of its place leave."""
    frame = rows(own, "headroom")
    kept = frame.filter(pl.col("item").is_in(["CO2", "coal", "energy"])) if frame.height else frame
    if kept.is_empty():
        return [Note(say(ROOM, "chapter.no_budget", language), "warning")]
    blocks: list[Block] = [budgets(kept, say(ROOM, "chapter.budgets", language), language)]
    carbon = kept.filter(pl.col("item") == "CO2", pl.col("limit") > 0)
    if "whole_carbon" in energy:
        blocks += [
            Paragraph(say(ROOM, "chapter.part_of", language, zone=r["zone"],
                          share=percent(energy["whole_carbon"]["value"] / r["limit"])))
            for r in carbon.iter_rows(named=True)
        ]  # fmt: skip
    return blocks


def _conclusion(own: Tables, title: str, energy: Mapping[str, Any], language: Language) -> list[Block]:
    verdict = rows(own, "verdict")
    whole = energy.get("whole_carbon")
    told = []
    if whole is not None:
        words = {"name": title, "carbon": amount(whole["value"], "t", language, 4)}
        told.append(Paragraph(say(ROOM, "chapter.sum", language, **words)))
    if verdict.height:
        row = verdict.row(0, named=True)
        words = {
            "verdict": choice_title(row["verdict"], language),
            "failed": row["failed"],
            "open": row["open"],
        }
        told.append(Paragraph(say(ROOM, "chapter.verdict", language, **words)))
    return [*told, Paragraph(say(ROOM, "chapter.fill_conclusion", language))]
