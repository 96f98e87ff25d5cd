"""The implementation plan 实施方案 (draft) as blocks for Word and Excel."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.programme.words import (
    Row,
    amount_text,
    articles,
    bound_text,
    column_record,
    count_text,
    department,
    departments,
    head,
    ranges,
    record,
    records,
    title,
    words,
)

ADOPTIONS = ("adopted", "adapted", "added")


def implementation_plan(
    plan: Mapping[str, pl.DataFrame], region: str, language: Language, *, since: int | None = None
) -> list[Block]:
    """Return a draft implementation plan: aims, tasks by chapter and article, duties, milestones, targets.

    Parameters
    ----------
    plan
        Tables ``task``, ``milestone``, ``indicator`` and ``programme_target``.
    region
        Name of the region, as the title shows it.
    language
        Of the document; text of tasks that has no English stays Chinese.
    since
        First year of the plan: targets of earlier years are counted, not listed.
    """
    tasks, usual = plan["task"], _usual_deadline(plan["task"])
    targets = _with_titles(plan)
    past = targets.filter(pl.col("year") < (since or 0))
    targets = targets.filter(pl.col("year") >= (since or 0)).sort("year", maintain_order=True)
    blocks: list[Block] = [
        Heading(words("plan_title", language, region=region), 0),
        Paragraph(words("plan_opening", language, region=region)),
        Heading(words("aims", language)),
        *_aims(tasks, targets, past, usual, language),
    ]
    text = "text_en" if language == "en" else "text_zh"
    known = tasks.with_columns(pl.coalesce(text, "text_zh").alias("text"))
    planned = pl.col("measure").is_not_null()
    blocks += _chapters(known.filter(~planned & pl.col("article").is_not_null()), usual, language)
    extra = known.filter(~planned & pl.col("article").is_null())
    if extra.height:
        blocks.append(Heading(words("added", language)))
        blocks += [_task(row, usual, language) for row in extra.iter_rows(named=True)]
    blocks += optimum(known.filter(planned), region, language)
    blocks += _duties(tasks, language)
    blocks += _milestones(plan, language)
    blocks.append(Note(words("plan_note", language), "source"))
    blocks += _target_annex(targets.filter(pl.col("comparator") != "qualitative"), language)
    return blocks


def _usual_deadline(tasks: pl.DataFrame) -> int | None:
    """Return the deadline that most tasks have, None when fewer than half share one."""
    counted = tasks["deadline"].drop_nulls().value_counts(sort=True)
    if counted.is_empty() or counted["count"][0] * 2 < tasks.height:
        return None
    return int(counted["deadline"][0])


def _with_titles(plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the targets with the titles of their indicators and the department that leads."""
    named = plan["indicator"].select("indicator", "title_zh", "title_en", pl.col("lead").alias("_lead"))
    named = named.unique("indicator", keep="first")
    leads = plan["task"].select("task", "lead").unique("task", keep="first")
    joined = plan["programme_target"].join(named, on="indicator", how="left", maintain_order="left")
    joined = joined.join(leads, on="task", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("lead", "_lead").alias("lead")).drop("_lead")


def _aims(
    tasks: pl.DataFrame, targets: pl.DataFrame, past: pl.DataFrame, usual: int | None, language: Language
) -> list[Block]:
    blocks: list[Block] = []
    for row in targets.filter(pl.col("comparator") == "qualitative").iter_rows(named=True):
        text = str(row["printed"] or title(row, language)).rstrip("。")
        told = words("aim", language, year=row["year"], title=title(row, language), text=text)
        blocks.append(Paragraph(told, quoted=True, source=_origin(row, "programme_target", "target")))
    measured = _together(targets.filter(pl.col("comparator") != "qualitative"))
    if measured.height:
        counted = measured.group_by("year", maintain_order=True).len()
        joint = "，" if language == "zh" else ", "
        years = joint.join(words("per_year", language, year=y, count=n) for y, n in counted.iter_rows())
        told = words("targets_text", language, count=measured.height, years=years)
        blocks.append(Paragraph(told, source=record("programme_target")))
    past = _together(past)
    if past.height:
        first = int(past["year"].max()) + 1  # type: ignore[arg-type]
        blocks.append(Paragraph(words("past_targets", language, count=past.height, year=first)))
    kinds = dict(tasks.group_by(pl.col("adoption").fill_null("adopted")).len().iter_rows())
    counts = {kind: kinds.get(kind, 0) for kind in ADOPTIONS}
    blocks.append(
        Paragraph(
            words("adoption", language, count=tasks.height, **counts),
            source=column_record("task", "adoption", language),
        )
    )
    if usual is not None:
        blocks.append(Paragraph(words("usual_deadline", language, year=usual)))
    return blocks


def _origin(row: Row, table: str, key: str) -> str:
    """Return the record of a row, with the document it is typed from."""
    told = row.get("document") or row.get("source") or ""
    return record(table, row[key], str(told))


def _chapters(tasks: pl.DataFrame, usual: int | None, language: Language) -> list[Block]:
    """Return the chapters of the national plan with the tasks of every article and who leads them."""
    blocks: list[Block] = []
    heads, chapter = articles(), ""
    ordered = tasks.sort("article", maintain_order=True)
    for (article,), part in ordered.group_by(["article"], maintain_order=True):
        head = heads.get(int(str(article)), {})
        name = head.get(f"chapter_{language}", "")
        if name and name != chapter:
            blocks.append(Heading(name, 1))
            chapter = name
        blocks.append(Heading(head.get(f"title_{language}") or str(article), 2))
        blocks += [_task(row, usual, language) for row in part.iter_rows(named=True)]
        lead = departments(part["lead"].to_list(), language)
        others = departments(part["departments"].explode(), language)
        blocks.append(Paragraph(words("duty", language, lead=lead, departments=others)))
    return blocks


def _task(row: Row, usual: int | None, language: Language) -> Paragraph:
    """Return a task as a numbered item, with deadline, cost and funds where it has its own."""
    parts = [str(row["text"])]
    if row["deadline"] not in (None, usual):
        parts.append(words("until", language, year=row["deadline"]))
    if row["cost"] is not None:
        parts.append(
            words("cost", language, cost=amount_text(row["cost"], str(row["cost_unit"] or ""), language))
        )
    if row["funds"]:
        parts.append(words("funds", language, funds=row["funds"]))
    text = ("" if language == "zh" else " ").join(parts)
    mark = f"〔{row['task']}〕" if language == "zh" else f" [{row['task']}]"
    return Paragraph(text + mark, quoted=True, item=True)


def optimum(tasks: pl.DataFrame, region: str, language: Language) -> list[Block]:
    """Return the tasks of the least-cost plan as a chapter: measure, node, year, amount, cost, owner."""
    if tasks.is_empty():
        return []
    keys = ("task", "measure", "node", "year", "amount", "cost", "lead")
    heads = [Column(words(f"optimum_{key}", language)) for key in keys]
    ordered = tasks.sort("measure", "node", "deadline", maintain_order=True)
    lines = [
        [
            row["task"],
            str(row["text"]).partition("：" if language == "zh" else ": ")[0],
            row["node"] or region,
            str(row["deadline"]) if row["deadline"] else MISSING,
            amount_text(row["amount"], row["unit"], language),
            amount_text(row["cost"], row["cost_unit"], language),
            department(row["lead"], language),
        ]
        for row in ordered.iter_rows(named=True)
    ]
    caption = words("optimum_table", language, count=tasks.height)
    sources = records("task", ordered, "task", "source")
    count = tasks["measure"].n_unique()
    return [
        Heading(words("optimum", language)),
        Paragraph(
            words("optimum_text", language, count=count),
            source=column_record("plan_measure", "change", language),
        ),
        TableBlock(
            caption,
            heads,
            lines,
            note=words("optimum_note", language),
            sources=sources,
            wide=language == "en",
        ),
    ]


def _duties(tasks: pl.DataFrame, language: Language) -> list[Block]:
    counted = (
        tasks.group_by("lead", maintain_order=True)
        .agg(pl.len().alias("tasks"), pl.col("article").drop_nulls().unique().sort().alias("articles"))
        .sort(pl.col("lead").is_null(), -pl.col("tasks").cast(pl.Int64), maintain_order=True)
    )
    heads = [
        Column(words("lead", language)),
        Column(words("task_count", language), numeric=True),
        Column(words("articles", language)),
    ]
    lines = [
        [
            department(r["lead"], language) if r["lead"] else words("no_lead", language),
            count_text(r["tasks"]),
            ranges(r["articles"], language),
        ]
        for r in counted.iter_rows(named=True)
    ]
    sources = [
        column_record("task", "lead", language, department(r["lead"], language))
        for r in counted.iter_rows(named=True)
    ]
    table = TableBlock(words("duties_table", language), heads, lines, sources=sources)
    return [Heading(words("duties", language)), table]


def _milestones(plan: Mapping[str, pl.DataFrame], language: Language) -> list[Block]:
    steps = plan["milestone"]
    if steps.is_empty():
        return []
    heads = [Column(label.table_column("milestone", c, language)) for c in ("task", "due", "text")]
    ordered = steps.sort("due", "task", maintain_order=True)
    lines = [[r["task"], str(r["due"]), r["text"] or MISSING] for r in ordered.iter_rows(named=True)]
    sources = records("milestone", ordered, "task", "milestone")
    caption = words("milestones", language)
    return [Heading(caption), TableBlock(caption, heads, lines, sources=sources)]


def _together(targets: pl.DataFrame) -> pl.DataFrame:
    """Return targets that several documents state alike once, with all their documents and ids."""
    same = ["indicator", "region", "year", "comparator", "value"]
    kept = [pl.col(c).first() for c in targets.columns if c not in (*same, "document", "target")]
    both = [pl.col(c).drop_nulls().unique(maintain_order=True).str.join("；") for c in ("document", "target")]
    return targets.group_by(same, maintain_order=True).agg(*kept, *both)


def _target_annex(targets: pl.DataFrame, language: Language) -> list[Block]:
    """Return the annex of measurable targets by year; those that documents set differently are marked."""
    rows = _together(targets)
    if rows.is_empty():
        return []
    several = pl.len().over("indicator", "region", "year") > 1
    rows = rows.with_columns(several.alias("several")).sort("year", maintain_order=True)
    keys = ("column.indicator", "programme.year", "programme.target")
    heads = [Column(head(key, language)) for key in keys]
    heads += [
        Column(words("lead", language)),
        Column(say("report.programme", "programme.document", language), quoted=True),
    ]
    heads.append(Column(words("remark", language)))
    lines = [
        [
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            department(row["lead"], language),
            row["document"] or MISSING,
            words("to_settle", language) if row["several"] else "",
        ]
        for row in rows.iter_rows(named=True)
    ]
    sources = records("programme_target", rows, "target")
    caption = words("targets", language, count=rows.height)
    table = TableBlock(caption, heads, lines, words("quoted_note", language), wide=True, sources=sources)
    return [Heading(words("annex", language, title=caption), numbered=False), table]
