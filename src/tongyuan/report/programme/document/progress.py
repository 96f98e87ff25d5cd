"""The progress bulletin 进展通报 as blocks for Word and Excel."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, inside, number, percent
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.programme.chapter.programme import contradictions
from tongyuan.report.programme.document.curve import curve
from tongyuan.report.programme.words import (
    STATES,
    UNJUDGED,
    bound_text,
    column_record,
    count_text,
    department,
    departments,
    distinct,
    head,
    observed_text,
    one_each,
    record,
    records,
    share_text,
    shown,
    sources_text,
    title,
    words,
)

CURVES = 3
COMBINED = "APeq"
COLOURS = dict(
    zip(STATES, ("#1b7a43", "#8d2f23", "#2a9d8f", "#e09f3e", "#c8553d", "#8c959f", "#b0a990"), strict=True)
)


def progress_bulletin(tables: Tables, region: str, year: int, language: Language) -> list[Block]:
    """Return a progress bulletin: states of targets with curves, emissions, reported progress, sources.

    Parameters
    ----------
    tables
        ``target_status`` and, where there are any, ``indicator_observation``, ``progress`` and ``co_control``
        for the change of emissions.
    region
        Name of the region.
    year
        Year reported on.
    language
        Of the document.
    """
    status = rows(tables, "target_status")
    measured = status.filter(pl.col("comparator") != "qualitative") if status.width else status
    blocks: list[Block] = [Heading(words("bulletin_title", language, region=region, year=year), 0)]
    if measured.is_empty() and not has(tables, "progress"):
        return [*blocks, Paragraph(say("report", "page.no_data", language))]
    late: list[Block] = []
    if measured.height:
        blocks += _overview(measured, language)
        blocks += _emissions(tables, language)
        blocks += _judged(measured, tables, language)
        for state in UNJUDGED:
            told, annex = _silent(measured, state, year, language)
            blocks += told
            late += annex
        contradiction = contradictions(measured.filter(pl.col("year") >= year), language)
        if contradiction is not None:
            blocks += [Heading(words("contradictions", language)), contradiction]
    blocks += _reported(tables, language)
    return [*blocks, *sources(measured, language), *late]


def _overview(measured: pl.DataFrame, language: Language) -> list[Block]:
    """Return how many targets stand in each state, told and drawn."""
    measured = one_each(measured)
    counted = dict(measured.group_by("state").len().iter_rows())
    present = [state for state in STATES if counted.get(state)]
    joint = "，" if language == "zh" else ", "
    told = joint.join(
        words("state_count", language, state=inside(choice_title(s, language), language), count=counted[s])
        for s in present
    )
    text = words("overview_text", language, count=measured.height, states=told)
    tidy = pl.DataFrame(
        {
            "state": [choice_title(s, language) for s in present],
            "count": [float(counted[s]) for s in present],
        }
    )
    option = chart.bars(tidy, "state", "count", unit=words("target_count", language), horizontal=True)
    for item, state in zip(range(len(present)), present, strict=True):
        option["series"][0]["data"][item] |= {"itemStyle": {"color": COLOURS[state]}}
    caption = words("states_chart", language, count=measured.height)
    picture = ChartBlock(caption, option, text, 200, source=column_record("target_status", "state", language))
    return [
        Heading(words("overview", language)),
        Paragraph(text, source=column_record("target_status", "state", language)),
        picture,
    ]


def _emissions(tables: Tables, language: Language) -> list[Block]:
    """Return how pollutants and carbon changed together, where the inventory has two years to compare."""
    if not has(tables, "co_control"):
        return []
    frame = tables["co_control"].filter(pl.col("year") == pl.col("year").max())
    first, last = frame["base_year"].min(), frame["year"].max()
    names = ("pollutant", "pollution_change", "carbon_change", "elasticity", "quadrant")
    numeric = ("pollution_change", "carbon_change", "elasticity")
    heads = [Column(label.table_column("co_control", n, language), numeric=n in numeric) for n in names]
    lines = [
        [
            label.species_title("AP_equivalent" if r["pollutant"] == COMBINED else r["pollutant"], language),
            *(shown(r[n], percent(r[n], signed=True)) for n in numeric[:2]),
            shown(r["elasticity"], number(r["elasticity"], 3)),
            choice_title(r["quadrant"], language),
        ]
        for r in frame.iter_rows(named=True)
    ]
    named = records("co_control", frame, "region", "year", "pollutant")
    caption = words("synergy_table", language, first=first, last=last)
    note = say("report.synergy", "synergy.reading", language)
    return [
        Heading(words("synergy", language)),
        Paragraph(words("synergy_text", language, first=first, last=last), source=record("co_control")),
        TableBlock(caption, heads, lines, note, sources=named),
    ]


def _judged(measured: pl.DataFrame, tables: Tables, language: Language) -> list[Block]:
    """Return the targets that data can judge, the most urgent first, with curves."""
    order = {state: rank for rank, state in enumerate(("missed", "behind", "at_risk", "on_track", "met"))}
    judged = distinct(measured.filter(~pl.col("state").is_in(UNJUDGED)))
    if judged.is_empty():
        return []
    rank = pl.col("state").replace_strict(order, return_dtype=pl.Int64)
    judged = judged.sort(rank, "year", maintain_order=True)
    keys = ("column.indicator", "programme.year", "programme.target", "programme.observed", "column.status")
    heads = [Column(head(key, language)) for key in keys]
    heads.append(Column(say("report.programme", "programme.probability", language), numeric=True))
    lines = [
        [
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            observed_text(row, language),
            choice_title(row["state"], language),
            share_text(row["probability"]),
        ]
        for row in judged.iter_rows(named=True)
    ]
    caption = words("judged_table", language, count=judged.height)
    note = say("report.programme", "programme.status_note", language)
    named = records("target_status", judged, "target", "observed_source")
    return [
        Heading(words("judged", language)),
        TableBlock(caption, heads, lines, note=note, sources=named),
        *_curves(judged, tables, language),
    ]


def _curves(frame: pl.DataFrame, tables: Tables, language: Language) -> list[Block]:
    if not has(tables, "indicator_observation"):
        return []
    made: list[Block] = []
    chosen = frame.filter(pl.col("count") >= 3).unique(
        ["indicator", "region"], keep="first", maintain_order=True
    )
    for row in chosen.iter_rows(named=True):
        drawn = curve(row, tables["indicator_observation"], language)
        if drawn is not None and len(made) < CURVES:
            made.append(drawn)
    return made


def _silent(
    measured: pl.DataFrame, state: str, year: int, language: Language
) -> tuple[list[Block], list[Block]]:
    """Return the paragraph on targets that are not judged, and the annex that lists them by department."""
    silent = distinct(measured.filter(pl.col("state") == state))
    if silent.is_empty():
        return [], []
    due = silent.filter(pl.col("year") >= year).sort(
        pl.col("lead").fill_null("~"), "year", maintain_order=True
    )
    text = words(f"{state}_text", language, count=due.height, past=silent.height - due.height, year=year)
    blocks: list[Block] = [
        Heading(words(state, language)),
        Paragraph(text, source=column_record("target_status", "state", language)),
    ]
    if due.is_empty():
        return blocks, []
    heads = [Column(words("lead", language)), Column(say("report", "column.indicator", language))]
    heads += [
        Column(say("report.programme", f"programme.{key}", language))
        for key in ("year", "target", "observed", "document")
    ]
    lines = [
        [
            department(row["lead"], language),
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            observed_text(row, language),
            row["document"] or MISSING,
        ]
        for row in due.iter_rows(named=True)
    ]
    caption = words(f"{state}_table", language, count=due.height)
    named = records("target_status", due, "target")
    note = words("quoted_note", language)
    table = TableBlock(caption, heads, lines, note, wide=True, sources=named)
    return blocks, [Heading(words("annex", language, title=caption), numbered=False), table]


def _reported(tables: Tables, language: Language) -> list[Block]:
    """Return what departments reported, and their problems; or that nothing has come in."""
    blocks: list[Block] = [Heading(words("reported", language))]
    if not has(tables, "progress"):
        return [*blocks, Paragraph(words("nothing_reported", language))]
    progress = tables["progress"]
    counted = (
        progress.group_by("department", maintain_order=True)
        .agg(
            pl.len().alias("tasks"),
            pl.col("completion").mean().alias("completion"),
            (pl.col("state") == "completed").sum().alias("completed"),
            (pl.col("state") == "delayed").sum().alias("delayed"),
            pl.col("evidence").is_not_null().sum().alias("evidence"),
        )
        .sort("tasks", "department", descending=[True, False])
    )
    heads = [Column(label.table_column("progress", "department", language))]
    keys = ("task_count", "mean_completion", "completed", "delayed", "with_evidence")
    heads += [Column(words(key, language), numeric=True) for key in keys]
    lines = [
        [
            department(r["department"], language),
            count_text(r["tasks"]),
            share_text(r["completion"]),
            *(count_text(r[key]) for key in ("completed", "delayed", "evidence")),
        ]
        for r in counted.iter_rows(named=True)
    ]
    named = [
        column_record("progress", "department", language, department(r["department"], language))
        for r in counted.iter_rows(named=True)
    ]
    caption = words("reported_table", language, count=counted.height)
    blocks.append(TableBlock(caption, heads, lines, sources=named))
    return blocks + _problems(progress, language)


def _problems(progress: pl.DataFrame, language: Language) -> list[Block]:
    """Return the problems reported, one line each with the departments and tasks that have it."""
    problems = progress.filter(pl.col("problem").is_not_null())
    if problems.is_empty():
        return []
    same = problems.group_by("problem", maintain_order=True).agg("task", "department")
    heads = [
        Column(label.table_column("progress", "problem", language), quoted=True),
        Column(label.table_column("progress", "task", language)),
        Column(label.table_column("progress", "department", language)),
    ]
    lines = [
        [r["problem"], ", ".join(sorted(set(r["task"]))), departments(r["department"], language)]
        for r in same.iter_rows(named=True)
    ]
    named = [record("progress", *sorted(set(r["task"]))) for r in same.iter_rows(named=True)]
    caption = words("problems", language)
    return [Heading(caption, 2), TableBlock(caption, heads, lines, sources=named)]


def sources(frame: pl.DataFrame, language: Language) -> list[Block]:
    """Return the chapter that says where every observation comes from; nothing without observations."""
    known = frame.filter(pl.col("observed").is_not_null()) if frame.width else frame
    if known.is_empty():
        return []
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(words("figure", language)),
        Column(say("report.programme", "programme.source", language), quoted=True),
        Column(label.table_column("target_status", "observed_status", language)),
    ]
    unique = known.unique(["indicator", "region", "observed_year"], keep="first", maintain_order=True)
    lines = [
        [
            title(row, language),
            observed_text(row | {"part_year": None}, language),
            sources_text(row["observed_source"], language),
            choice_title(row["observed_status"] or "secondary", language),
        ]
        for row in unique.iter_rows(named=True)
    ]
    named = records("indicator_observation", unique, "indicator", "region", "observed_year")
    caption = words("sources_table", language)
    table = TableBlock(caption, heads, lines, words("quoted_note", language), sources=named)
    return [Heading(words("sources", language)), table]
