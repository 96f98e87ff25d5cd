"""The implementation plan 实施方案 (draft) as blocks for Word and Excel."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.base.totals import sector_totals, years
from tongyuan.report.front.chapter.first_page import main_species
from tongyuan.report.front.origin import largest
from tongyuan.report.inventory.document.bulletin import overview
from tongyuan.report.programme.document.goal import goals, planned_goals, settled, target_annex
from tongyuan.report.programme.document.measure import optimum
from tongyuan.report.programme.words import (
    Row,
    amount_text,
    articles,
    column_record,
    count_text,
    department,
    departments,
    ranges,
    record,
    records,
    words,
)

ADOPTIONS = ("adopted", "adapted", "added")


def implementation_plan(
    plan: Mapping[str, pl.DataFrame],
    region: str,
    language: Language,
    *,
    since: int | None = None,
    tables: Mapping[str, pl.DataFrame] | None = None,
    place: str = "",
) -> list[Block]:
    """Return a draft implementation plan: requirements, tasks by chapter and article, duties, targets.

    Parameters
    ----------
    plan
        Tables ``task``, ``milestone``, ``indicator`` and ``programme_target``.
    region
        Name of the region, as the title shows it.
    language
        Of the document; text of tasks that has no English stays Chinese.
    since
        First year of the plan: targets of earlier years are not part of it.
    tables
        Tables of an inventory and a least-cost plan, for where the region stands and units of capacity.
    place
        Id of the region, by which its departments have their names.
    """
    tasks, usual = plan["task"], _usual_deadline(plan["task"])
    targets = _with_titles(plan).filter(pl.col("year") >= (since or 0)).sort("year", maintain_order=True)
    measured = settled(targets.filter(pl.col("comparator") != "qualitative"))
    blocks: list[Block] = [
        Heading(words("plan_title", language, region=region), 0),
        Paragraph(words("plan_opening", language, region=region)),
        Heading(words("aims", language)),
        Heading(words("guide", language), 2),
        Paragraph(words("guide_text", language, region=region)),
        *_present(tables or {}, region, language),
        Heading(words("goals", language), 2),
        *(planned_goals(tables or {}, language) if targets.is_empty() else []),
        *goals(targets.filter(pl.col("comparator") == "qualitative"), measured, usual, language),
    ]
    text = "text_en" if language == "en" else "text_zh"
    known = tasks.with_columns(pl.coalesce(text, "text_zh").alias("text"))
    planned = pl.col("measure").is_not_null()
    blocks += _chapters(known.filter(~planned & pl.col("article").is_not_null()), usual, language, place)
    extra = known.filter(~planned & pl.col("article").is_null())
    if extra.height:
        blocks.append(Heading(words("added", language)))
        blocks += [_task(row, usual, language) for row in extra.iter_rows(named=True)]
    blocks += optimum(known.filter(planned), region, language, place=place, tables=tables or {})
    blocks += _duties(tasks, language, place)
    blocks += _milestones(plan, language)
    blocks += target_annex(measured, language, place)
    return blocks


def _present(tables: Mapping[str, pl.DataFrame], region: str, language: Language) -> list[Block]:
    """Return where the region stands: emissions, how they moved, largest sources; nothing without figures."""
    totals = sector_totals(tables)
    if totals.is_empty():
        return []
    species, last = main_species(totals), years(totals)[-1]
    told = [overview(tables, totals, region, language).text, largest(tables, species, last, language)]
    text = ("" if language == "zh" else " ").join(part for part in told if part)
    return [Heading(words("present", language), 2), Paragraph(text, source=record("summary"))]


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


def _chapters(tasks: pl.DataFrame, usual: int | None, language: Language, place: str) -> list[Block]:
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
        lead = departments(part["lead"].to_list(), language, place)
        others = departments(part["departments"].explode(), language, place)
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
    return Paragraph(text, quoted=True, item=True, source=record("task", row["task"]))


def _duties(tasks: pl.DataFrame, language: Language, place: str) -> list[Block]:
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
            department(r["lead"], language, place) if r["lead"] else words("no_lead", language),
            count_text(r["tasks"]),
            ranges(r["articles"], language),
        ]
        for r in counted.iter_rows(named=True)
    ]
    sources = [
        column_record("task", "lead", language, department(r["lead"], language, place))
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
