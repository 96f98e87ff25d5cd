"""Documents of a plan as blocks for `tongyuan.report.word`: 实施方案 (draft) and 进展通报 (bulletin)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.report import figure, label
from tongyuan.report.block import Block, ChartBlock, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.format import MISSING, number, percent
from tongyuan.report.sections import programme as chapter
from tongyuan.report.totals import Tables, has, rows

STATES = ("met", "missed", "on_track", "at_risk", "behind", "no_data")
LEAST_ARTICLE = 4
CURVES = 3


def words(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the documents."""
    return say("report", f"document.{key}", language, **values)


def department(identifier: str | None, language: Language) -> str:
    """Return the name of a department, or the text itself."""
    return label.title("department", identifier, language) if identifier else MISSING


def departments(text: str | None, language: Language) -> str:
    """Return the names of departments separated by ``|``."""
    joint = "、" if language == "zh" else ", "
    return joint.join(department(part, language) for part in (text or "").split("|") if part) or MISSING


def articles() -> dict[int, dict[str, str]]:
    """Return the articles of the national plan by number."""
    return {int(row["article"]): row for row in shelf("plan_article").to_dicts()}


def drawn(language: Language) -> Language:
    """Return the language of labels in pictures: English where no Chinese font is installed."""
    return language if language == "en" or figure.chinese_family() else "en"


def _target_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(say("report", "programme.year", language)),
        Column(say("report", "programme.target", language)),
        Column(words("lead", language)),
        Column(say("report", "programme.document", language)),
    ]
    lines = [
        [
            chapter.title(row, language),
            str(row["year"]),
            chapter.bound_text(row, language),
            department(row["lead"], language),
            row["document"] or MISSING,
        ]
        for row in frame.iter_rows(named=True)
    ]
    return TableBlock(words("targets", language, count=frame.height), heads, lines)


def _with_titles(plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    named = plan["indicator"].select("indicator", "title_zh", "title_en", pl.col("lead").alias("_lead"))
    named = named.unique("indicator", keep="first")
    leads = plan["task"].select("task", "lead").unique("task", keep="first")
    joined = plan["programme_target"].join(named, on="indicator", how="left", maintain_order="left")
    joined = joined.join(leads, on="task", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("lead", "_lead").alias("lead")).drop("_lead")


def implementation_plan(plan: Mapping[str, pl.DataFrame], region: str, language: Language) -> list[Block]:
    """Return a draft implementation plan 实施方案: targets, tasks by chapter and article, duties, milestones.

    Parameters
    ----------
    plan
        Tables ``task``, ``milestone``, ``indicator`` and ``programme_target``.
    region
        Name of the region, as the title shows it.
    language
        Of the document; text of tasks that has no English stays Chinese.
    """
    tasks, heads_of = plan["task"], articles()
    targets = _with_titles(plan)
    measured = targets.filter(pl.col("comparator") != "qualitative")
    aims = targets.filter(pl.col("comparator") == "qualitative")
    blocks: list[Block] = [
        Heading(words("plan_title", language, region=region), 0),
        Paragraph(words("plan_opening", language, region=region)),
        Heading(words("aims", language)),
    ]
    for row in aims.iter_rows(named=True):
        blocks.append(Paragraph(words("aim", language, year=row["year"], text=row["printed"]), quoted=True))
    if measured.height:
        blocks.append(Paragraph(words("targets_text", language, count=measured.height)))
        blocks.append(_target_table(measured, language))
    chapter_now = ""
    text = "text_en" if language == "en" else "text_zh"
    known = tasks.with_columns(pl.coalesce(text, "text_zh").alias("text")).sort(
        "article", maintain_order=True
    )
    for (article,), part in known.filter(pl.col("article").is_not_null()).group_by(
        ["article"], maintain_order=True
    ):
        head = heads_of.get(int(article), {})
        title = head.get(f"chapter_{language}", "")
        if title and title != chapter_now:
            blocks.append(Heading(title, 1))
            chapter_now = title
        blocks.append(Heading(head.get(f"title_{language}") or str(article), 2))
        for row in part.iter_rows(named=True):
            blocks.append(Paragraph(_task_text(row, language), quoted=True))
        leads = departments("|".join(part["lead"].drop_nulls().unique(maintain_order=True)), language)
        others = departments(
            "|".join(
                dict.fromkeys(
                    d for text_ in part["departments"].drop_nulls().to_list() for d in text_.split("|") if d
                )
            ),
            language,
        )
        blocks.append(Note(words("duty", language, lead=leads, departments=others)))
    extra = known.filter(pl.col("article").is_null())
    if extra.height:
        blocks.append(Heading(words("added", language)))
        blocks += [Paragraph(_task_text(row, language), quoted=True) for row in extra.iter_rows(named=True)]
    blocks += _owner_table(tasks, language)
    if plan["milestone"].height:
        blocks.append(Heading(words("milestones", language)))
        heads = [Column(label.table_column("milestone", c, language)) for c in ("task", "due", "text")]
        lines = [[r["task"], str(r["due"]), r["text"]] for r in plan["milestone"].iter_rows(named=True)]
        blocks.append(TableBlock(words("milestones", language), heads, lines))
    blocks.append(Note(words("plan_note", language), "source"))
    return blocks


def _task_text(row: dict[str, object], language: Language) -> str:
    parts = [f"{row['text']}"]
    if row["deadline"] is not None:
        parts.append(words("until", language, year=row["deadline"]))
    if row["cost"] is not None:
        cost = row["cost"]
        told = number(cost if isinstance(cost, float) else None)
        parts.append(words("cost", language, cost=told, unit=row["cost_unit"] or ""))
    if row["funds"]:
        parts.append(words("funds", language, funds=row["funds"]))
    return ("" if language == "zh" else " ").join(parts) + f" [{row['task']}]"


def _owner_table(tasks: pl.DataFrame, language: Language) -> list[Block]:
    counted = (
        tasks.group_by("lead", maintain_order=True)
        .agg(pl.len().alias("tasks"), pl.col("article").drop_nulls().unique().sort().alias("articles"))
        .sort("tasks", descending=True, maintain_order=True)
    )
    heads = [
        Column(words("lead", language)),
        Column(words("task_count", language), numeric=True),
        Column(words("articles", language)),
    ]
    lines = [
        [
            department(r["lead"], language),
            str(r["tasks"]),
            ", ".join(str(a) for a in r["articles"]) or MISSING,
        ]
        for r in counted.iter_rows(named=True)
    ]
    return [Heading(words("duties", language)), TableBlock(words("duties_table", language), heads, lines)]


def _counts(frame: pl.DataFrame, language: Language) -> str:
    counted = dict(frame.group_by("state").len().iter_rows())
    joint = "，" if language == "zh" else ", "
    return joint.join(
        words("state_count", language, state=choice_title(s, language), count=counted[s])
        for s in STATES
        if counted.get(s)
    )


def _word_table(frame: pl.DataFrame, caption: str, language: Language) -> TableBlock:
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(say("report", "programme.year", language)),
        Column(say("report", "programme.target", language)),
        Column(say("report", "programme.observed", language)),
        Column(say("report", "column.status", language)),
        Column(say("report", "programme.probability", language), numeric=True),
    ]
    lines = [
        [
            chapter.title(row, language),
            str(row["year"]),
            chapter.bound_text(row, language),
            chapter.observed_text(row, language),
            choice_title(row["state"], language),
            percent(row["probability"]),
        ]
        for row in frame.iter_rows(named=True)
    ]
    return TableBlock(caption, heads, lines, note=say("report", "programme.status_note", language))


def sources(frame: pl.DataFrame, language: Language) -> list[Block]:
    """Return the chapter that says where every observation comes from; nothing without observations."""
    known = frame.filter(pl.col("observed").is_not_null())
    if known.is_empty():
        return []
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(words("figure", language)),
        Column(say("report", "programme.source", language)),
        Column(label.table_column("target_status", "observed_status", language)),
    ]
    unique = known.unique(["indicator", "region", "observed_year"], keep="first", maintain_order=True)
    lines = [
        [
            chapter.title(row, language),
            chapter.observed_text(row | {"part_year": None}, language),
            chapter.sources_text(row["observed_source"], language),
            choice_title(row["observed_status"] or "secondary", language),
        ]
        for row in unique.iter_rows(named=True)
    ]
    return [Heading(words("sources", language)), TableBlock(words("sources_table", language), heads, lines)]


def progress_bulletin(tables: Tables, region: str, year: int, language: Language) -> list[Block]:
    """Return a progress bulletin 进展通报: states of targets with curves, reported progress, sources.

    Parameters
    ----------
    tables
        ``target_status`` and, where there are any, ``indicator_observation`` and ``progress``.
    region
        Name of the region.
    year
        Year reported on.
    language
        Of the document.
    """
    status = rows(tables, "target_status")
    measured = status.filter(pl.col("comparator") != "qualitative")
    blocks: list[Block] = [Heading(words("bulletin_title", language, region=region, year=year), 0)]
    if measured.is_empty() and not has(tables, "progress"):
        return [*blocks, Paragraph(say("report", "page.no_data", language))]
    if measured.height:
        blocks.append(Heading(words("overview", language)))
        told = _counts(measured, language)
        blocks.append(Paragraph(words("overview_text", language, count=measured.height, states=told)))
        judged = chapter.distinct(measured.filter(pl.col("state") != "no_data"))
        blocks.append(Heading(words("judged", language)))
        if judged.height:
            caption = words("judged_table", language, count=judged.height)
            blocks.append(_word_table(judged, caption, language))
            blocks += _curves(judged, tables, language)
        silent = measured.filter(pl.col("state") == "no_data")
        if silent.height:
            blocks.append(Heading(words("silent", language)))
            joint = "、" if language == "zh" else ", "
            names = [chapter.title(r, language) for r in silent.iter_rows(named=True)]
            blocks.append(Paragraph(words("silent_text", language, names=joint.join(dict.fromkeys(names)))))
        contradiction = chapter.contradictions(measured, language)
        if contradiction is not None:
            blocks += [Heading(words("contradictions", language)), contradiction]
    if has(tables, "progress"):
        blocks += _reported(tables["progress"], language)
    blocks += sources(measured, language)
    return blocks


def _curves(frame: pl.DataFrame, tables: Tables, language: Language) -> list[Block]:
    if not has(tables, "indicator_observation"):
        return []
    made: list[Block] = []
    chosen = frame.filter(pl.col("count") >= 3).unique(
        ["indicator", "region"], keep="first", maintain_order=True
    )
    for row in chosen.iter_rows(named=True):
        told = chapter.curve(row, tables["indicator_observation"], language)
        picture = chapter.curve(row, tables["indicator_observation"], drawn(language))
        if told is not None and picture is not None and len(made) < CURVES:
            made.append(ChartBlock(told.caption, picture.option, told.description, told.height))
    return made


def _reported(progress: pl.DataFrame, language: Language) -> list[Block]:
    counted = (
        progress.group_by("department", maintain_order=True)
        .agg(
            pl.len().alias("tasks"),
            pl.col("completion").mean().alias("completion"),
            (pl.col("state") == "completed").sum().alias("completed"),
            (pl.col("state") == "delayed").sum().alias("delayed"),
            pl.col("evidence").is_not_null().sum().alias("evidence"),
        )
        .sort("department")
    )
    heads = [Column(label.table_column("progress", "department", language))]
    keys = ("task_count", "mean_completion", "completed", "delayed", "with_evidence")
    heads += [Column(words(key, language), numeric=True) for key in keys]
    lines = [
        [
            department(r["department"], language),
            str(r["tasks"]),
            percent(r["completion"]),
            str(r["completed"]),
            str(r["delayed"]),
            str(r["evidence"]),
        ]
        for r in counted.iter_rows(named=True)
    ]
    blocks: list[Block] = [Heading(words("reported", language))]
    blocks.append(TableBlock(words("reported_table", language, count=counted.height), heads, lines))
    problems = progress.filter(pl.col("problem").is_not_null())
    if problems.height:
        blocks.append(Heading(words("problems", language), 2))
        blocks += [
            Paragraph(f"{department(r['department'], language)} [{r['task']}] {r['problem']}", quoted=True)
            for r in problems.iter_rows(named=True)
        ]
    return blocks
