"""The assessment report 考核报告 as blocks for Word and Excel."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, number, percent
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.programme.document.progress import sources
from tongyuan.report.programme.words import (
    articles,
    bound_text,
    column_record,
    count_text,
    department,
    departments,
    observed_text,
    ranges,
    readable,
    record,
    records,
    share_text,
    shown,
    title,
    words,
)

LOST = 20
"""Lines listed among those that lost the most points."""


def assessment_report(tables: Tables, region: str, language: Language) -> list[Block]:
    """Return an assessment report: scores, grades, where points were won and lost, earlier editions.

    Parameters
    ----------
    tables
        ``assessment`` and ``assessment_line``; ``assessment_rule`` for the rules, ``target_status`` for
        observations and their sources.
    region
        Name of the region.
    language
        Of the document.
    """
    every = rows(tables, "assessment")
    if every.is_empty():
        return [
            Heading(words("assessment_title", language, region=region, year=MISSING), 0),
            Paragraph(say("report", "page.no_data", language)),
        ]
    now, lines = _last(every), _last(rows(tables, "assessment_line"))
    period = str(now["period"][0])
    blocks: list[Block] = [Heading(words("assessment_title", language, region=region, year=period), 0)]
    blocks += _result(now, region, language)
    blocks += _rules(tables, language)
    for kind in ("department", "article"):
        blocks += _scores(now.filter(pl.col("unit_kind") == kind), kind, language)
    own = lines.filter(pl.col("unit_kind") == "region")
    blocks.append(Heading(words("lines", language)))
    blocks += _target_lines(own, tables, language)
    blocks += _task_lines(lines, language)
    blocks += _lost(lines, tables, language)
    blocks += _history(every, language)
    if has(tables, "target_status"):
        blocks += sources(tables["target_status"].filter(pl.col("comparator") != "qualitative"), language)
    return blocks


def _last(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the last edition of the last period."""
    if frame.is_empty():
        return frame
    rows = frame.filter(pl.col("period") == pl.col("period").max())
    return rows.filter(pl.col("edition") == pl.col("edition").max())


def all_lines(tables: Tables, language: Language) -> list[TableBlock]:
    """Return every line of the last assessment as a table for the workbook; none without lines."""
    lines = _last(rows(tables, "assessment_line"))
    if lines.is_empty():
        return []
    columns = ("unit_kind", "unit", "rule", "subject", "points", "maximum")
    reason = f"reason_{language}"
    numeric = ("points", "maximum")
    heads = [
        Column(label.table_column("assessment_line", c, language), c in numeric) for c in (*columns, reason)
    ]
    body = [
        [
            words(r["unit_kind"], language),
            _unit(r["unit_kind"], r["unit"], language),
            r["rule"],
            r["subject"],
            *(shown(r[c], number(r[c], places=2)) for c in numeric),
            readable(r[reason] or MISSING, language),
        ]
        for r in lines.iter_rows(named=True)
    ]
    return [TableBlock(words("lines_table", language), heads, body, sources=_named(lines))]


def _named(lines: pl.DataFrame) -> list[str]:
    return records("assessment_line", lines, "period", "edition", "unit_kind", "unit", "rule", "subject")


def _result(now: pl.DataFrame, region: str, language: Language) -> list[Block]:
    blocks: list[Block] = [Heading(words("result", language))]
    for row in now.filter(pl.col("unit_kind") == "region").iter_rows(named=True):
        values = {
            "region": region,
            "score": number(row["score"], places=1),
            "points": number(row["points"], places=2),
            "maximum": number(row["maximum"]),
            "grade": choice_title(row["grade"], language),
            "coverage": percent(row["coverage"]),
            "edition": row["edition"],
        }
        source = record(
            "assessment", row["period"], words("edition", language, edition=row["edition"]), region
        )
        key = "no_result_text" if row["score"] is None else "result_text"
        blocks.append(Paragraph(words(key, language, **values), source=source))
        if row["vetoed"]:
            blocks.append(Note(words("vetoed", language), "warning"))
    return blocks


def _rules(tables: Tables, language: Language) -> list[Block]:
    """Return the rules that were applied; they are a proposal and say so."""
    note = words("rules_note", language)
    if not has(tables, "assessment_rule"):
        return [Note(note)]
    states = ("met", "on_track", "at_risk", "behind", "missed")
    rules = tables["assessment_rule"]
    heads = [Column(words("rule", language)), Column(words("points_each", language), numeric=True)]
    heads += [Column(choice_title(s, language), numeric=True) for s in states]
    lines = [
        [
            r[f"title_{language}"],
            words("veto_rule", language) if r["kind"] == "veto" else shown(r["points"], number(r["points"])),
            *(share_text(r[s]) for s in states),
        ]
        for r in rules.iter_rows(named=True)
    ]
    named = records("assessment_rule", rules, "rule", "source")
    return [TableBlock(words("rules_table", language), heads, lines, note, sources=named)]


def _unit(kind: str, unit: str, language: Language) -> str:
    if kind == "department":
        return department(unit, language)
    if kind == "article":
        head = articles().get(int(unit)) if unit.isdigit() else None
        return f"{unit} {head[f'title_{language}']}" if head else unit
    return label.title("region", unit, language)


def _scores(part: pl.DataFrame, kind: str, language: Language) -> list[Block]:
    """Return chart and table of the units that have a score, and the names of those that have none."""
    if part.is_empty():
        return []
    caption = words(f"by_{kind}", language)
    blocks: list[Block] = [Heading(caption)]
    known = part.filter(pl.col("score").is_not_null()).sort("score", descending=True, maintain_order=True)
    if known.height:
        names = [_unit(kind, u, language) for u in known["unit"]]
        tidy = pl.DataFrame({"unit": pl.Series(names, dtype=pl.String), "score": known["score"]})
        option = chart.bars(
            tidy, "unit", "score", unit=words("score", language), horizontal=True, maximum=100
        )
        told = words("chart_description", language, count=known.height)
        source = column_record("assessment", "unit_kind", language, words(kind, language))
        blocks.append(ChartBlock(caption, option, told, 90 + 26 * known.height, source=source))
        columns = ("points", "maximum", "score", "grade")
        heads = [Column(words(kind, language))]
        heads += [Column(label.table_column("assessment", c, language), c != "grade") for c in columns]
        lines = [
            [
                _unit(kind, r["unit"], language),
                shown(r["points"], number(r["points"], places=2)),
                shown(r["maximum"], number(r["maximum"])),
                shown(r["score"], number(r["score"], places=1)),
                choice_title(r["grade"], language),
            ]
            for r in known.iter_rows(named=True)
        ]
        named = records("assessment", known, "period", "edition", "unit_kind", "unit")
        blocks.append(TableBlock(caption, heads, lines, sources=named))
    none = part.filter(pl.col("score").is_null())
    if none.height:
        silent = departments(none["unit"], language)
        if kind == "article":
            silent = ranges(map(int, none["unit"]), language)
        text = words(f"unscored_{kind}", language, count=none.height, names=silent)
        blocks.append(
            Paragraph(text, source=column_record("assessment", "unit_kind", language, words(kind, language)))
        )
    return blocks


def _target_lines(own: pl.DataFrame, tables: Tables, language: Language) -> list[Block]:
    """Return how every counted target scored."""
    counted = own.filter((pl.col("rule") == "target") & pl.col("share").is_not_null())
    blocks: list[Block] = [Heading(words("target_lines", language), 2)]
    if counted.is_empty():
        return [*blocks, Paragraph(words("no_target_lines", language))]
    status = {r["target"]: r for r in rows(tables, "target_status").iter_rows(named=True)}
    heads = [Column(label.table_column("assessment_line", "subject", language))]
    heads += [Column(say("report.programme", f"programme.{key}", language)) for key in ("target", "observed")]
    heads.append(Column(say("report", "column.status", language)))
    heads += [Column(label.table_column("assessment_line", c, language), True) for c in ("points", "maximum")]
    lines = []
    for row in counted.sort("maximum", "points", descending=True, maintain_order=True).iter_rows(named=True):
        known = status.get(row["subject"])
        named = row["subject"] if known is None else f"{title(known, language)} ({known['year']})"
        lines.append(
            [
                named,
                MISSING if known is None else bound_text(known, language),
                row[f"reason_{language}"] or MISSING if known is None else observed_text(known, language),
                choice_title(row["state"], language) if row["state"] else MISSING,
                shown(row["points"], number(row["points"], places=2)),
                shown(row["maximum"], number(row["maximum"])),
            ]
        )
    ordered = counted.sort("maximum", "points", descending=True, maintain_order=True)
    left = own.filter((pl.col("rule") == "target") & pl.col("share").is_null()).height
    caption = words("target_lines_table", language, count=counted.height)
    note = words("left_out", language, count=left) if left else ""
    return [*blocks, TableBlock(caption, heads, lines, note, sources=_named(ordered))]


def _task_lines(lines: pl.DataFrame, language: Language) -> list[Block]:
    """Return points of tasks, evidence and milestones by article."""
    blocks: list[Block] = [Heading(words("task_lines", language), 2)]
    mine = lines.filter(
        (pl.col("unit_kind") == "article") & pl.col("rule").is_in(["task", "evidence", "milestone"])
    )
    reported = mine.filter((pl.col("rule") == "task") & pl.col("share").is_not_null())
    asked = mine.filter(pl.col("rule") == "task").height
    text = words(
        "task_lines_text", language, count=asked, reported=reported.height, silent=asked - reported.height
    )
    blocks.append(Paragraph(text, source=column_record("assessment_line", "share", language)))
    if reported.is_empty():
        return blocks
    task = pl.col("rule") == "task"
    known = task & pl.col("share").is_not_null()
    counted = (
        mine.group_by(pl.col("unit").cast(pl.Int64))
        .agg(
            task.sum().alias("tasks"),
            known.sum().alias("reported"),
            pl.col("share").filter(known).mean().alias("completion"),
            pl.col("points").sum().alias("points"),
            pl.col("maximum").sum().alias("maximum"),
        )
        .sort("unit")
    )
    heads = [Column(words("article", language))]
    keys = ("task_count", "reported_count", "mean_completion")
    heads += [Column(words(key, language), numeric=True) for key in keys]
    heads += [Column(label.table_column("assessment_line", c, language), True) for c in ("points", "maximum")]
    body = [
        [
            _unit("article", str(r["unit"]), language),
            count_text(r["tasks"]),
            count_text(r["reported"]),
            share_text(r["completion"]),
            shown(r["points"], number(r["points"], places=2)),
            shown(r["maximum"], number(r["maximum"])),
        ]
        for r in counted.iter_rows(named=True)
    ]
    named = [record("assessment_line", "article", r["unit"]) for r in counted.iter_rows(named=True)]
    return [*blocks, TableBlock(words("task_lines_table", language), heads, body, sources=named)]


def _lost(lines: pl.DataFrame, tables: Tables, language: Language) -> list[Block]:
    """Return the lines that lost the most points and every veto, each with its reason."""
    counts = (pl.col("unit_kind") == "region") & (pl.col("maximum") > pl.col("points"))
    counted = lines.filter(counts | (pl.col("state") == "veto"))
    if counted.is_empty():
        return []
    lost = (pl.col("maximum") - pl.col("points")).alias("lost")
    veto = (pl.col("state") == "veto").fill_null(False)
    ordered = counted.with_columns(lost).sort(veto, "lost", descending=True, maintain_order=True).head(LOST)
    heads = [
        Column(label.table_column("assessment_line", "subject", language)),
        Column(words("reason", language)),
    ]
    heads.append(Column(words("lost_points", language), numeric=True))
    targets = {r["target"]: r for r in rows(tables, "target_status").iter_rows(named=True)}
    body = [
        [
            title(targets[r["subject"]], language) if r["subject"] in targets else r["subject"],
            readable(r[f"reason_{language}"] or MISSING, language),
            shown(r["lost"], number(r["lost"], places=2)),
        ]
        for r in ordered.iter_rows(named=True)
    ]
    values = {"count": counted.height, "shown": ordered.height}
    return [
        Heading(words("lost", language), 2),
        Paragraph(
            words("lost_text", language, **values),
            source=column_record("assessment_line", "points", language),
        ),
        TableBlock(words("lost_table", language, **values), heads, body, sources=_named(ordered)),
    ]


def _history(every: pl.DataFrame, language: Language) -> list[Block]:
    past = every.filter(pl.col("unit_kind") == "region").sort("period", "edition")
    if past.height < 2:
        return []
    columns = ("period", "edition", "score", "grade")
    heads = [
        Column(label.table_column("assessment", c, language), numeric=c in ("edition", "score"))
        for c in columns
    ]
    lines = [
        [
            r["period"],
            count_text(r["edition"]),
            shown(r["score"], number(r["score"], places=1)),
            choice_title(r["grade"], language),
        ]
        for r in past.iter_rows(named=True)
    ]
    named = records("assessment", past, "period", "edition")
    caption = words("history", language)
    return [Heading(caption), TableBlock(caption, heads, lines, sources=named)]
