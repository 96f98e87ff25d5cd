"""The least-cost plan: pathway, emissions against targets, who changes what, prices, curves, assumptions."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Choice, Column, Heading, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.pathway.certain import certain_blocks
from tongyuan.report.pathway.credit import choice_blocks, credit_blocks
from tongyuan.report.pathway.curve import coordinate_chart, front_chart, macc_charts
from tongyuan.report.pathway.exchange import exchange_blocks
from tongyuan.report.pathway.pathway import coverage, emission_chart, pathway_charts, retirement_table
from tongyuan.report.pathway.price import cost_chart, dividend_blocks, measure_table, price_blocks
from tongyuan.report.pathway.told import told_blocks
from tongyuan.report.pathway.words import PLAN, Titles, listed, words

ORDER = 210


def conflict_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the sentences on conflicting targets, or that there are none."""
    blocks: list[Block] = [Heading(words("conflict_title", language), 2)]
    found = rows(tables, "conflict")
    if found.is_empty():
        count = rows(tables, "target").height
        return [*blocks, Paragraph(words("no_conflict", language, count=count))] if count else []
    said = found[f"sentence_{language}"].drop_nulls().unique(maintain_order=True)
    return [*blocks, *(Note(sentence, "warning") for sentence in said if sentence)]


def note_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return assumptions, targets left out, and what is missing."""
    notes = rows(tables, "plan_note")
    if notes.is_empty():
        return []
    blocks: list[Block] = [Heading(words("note_title", language), 2)]
    for kind in ("assumption", "not_carried", "missing"):
        part = notes.filter(pl.col("kind") == kind)
        if part.height:
            heads = (Column(words(f"note_{kind}", language)), Column(words("source", language), quoted=True))
            lines = [[r[f"sentence_{language}"], listed(r["source"], language)] for r in part.to_dicts()]
            blocks.append(TableBlock(words(f"note_{kind}", language), heads, lines))
    return blocks


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None without a plan."""
    if not has(tables, "plan_activity") and not has(tables, "conflict"):
        return None
    titles = Titles(tables, language)
    title = words("title", language)
    if rows(tables, "plan_activity").filter(pl.col("scenario") == PLAN).is_empty():
        blocks = [*conflict_blocks(tables, language), *note_blocks(tables, language)]
        return Section("plan", title, tuple(blocks))
    intro = " ".join(s for s in (words("intro", language), coverage(tables, language)) if s)
    charts = pathway_charts(tables, titles, language)
    pathway = Choice(say("report", "choice.sector", language), [(c.caption, c) for c in charts], half=True)
    emission, dividend = emission_chart(tables, language), dividend_blocks(tables, language)
    told = [block for block in dividend if isinstance(block, Note)][:1]
    open_parts: list[Block | None] = [
        Paragraph(intro),
        *told,
        pathway if charts else None,
        None if emission is None else replace(emission, half=True),
    ]
    shown = [block for block in open_parts if block is not None]
    curves = [*macc_charts(tables, titles, language), front_chart(tables, language)]
    named = [(c.caption, c) for c in curves if c is not None]
    parts: list[Block | None] = [
        Heading(words("measure_title", language), 2),
        measure_table(tables, titles, language),
        cost_chart(tables, language),
        *(block for block in dividend if block not in told),
        retirement_table(tables, titles, language),
        *exchange_blocks(tables, titles, language),
        *price_blocks(tables, titles, language),
        *credit_blocks(tables, titles, language),
        *choice_blocks(tables, titles, language),
        *told_blocks(tables, titles, language),
        *certain_blocks(tables, titles, language),
        Heading(words("curve_title", language), 2),
        coordinate_chart(tables, titles, language),
        Choice(say("report", "choice.curve", language), named) if named else None,
        *conflict_blocks(tables, language),
        *note_blocks(tables, language),
    ]
    every = (*shown, *(b for b in parts if b is not None))
    return Section("plan", title, every, shown=len(shown))
