"""The measures of the least-cost plan in a document: one line each, by department, over the years."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.base.totals import rows
from tongyuan.report.pathway.amount import capacity, shown
from tongyuan.report.pathway.words import PLAN
from tongyuan.report.programme.words import amount_text, column_record, department, record, words


def _scaled(
    tables: Mapping[str, pl.DataFrame], measure: str, year: int, amount: float, unit: str
) -> tuple[float, str]:
    """Return an amount as capacity, where the measure has one in that year."""
    used = _of_unit(rows(tables, "plan_measure"), unit)
    mine = used.filter(
        (pl.col("scenario") == PLAN) & (pl.col("measure") == measure) & (pl.col("year") == year)
    )
    built = capacity(tables, measure, year)
    value = float(mine["value"].sum()) if mine.height else 0.0
    return (amount * built[0] / value, built[1]) if built and value else (amount, unit)


def _of_unit(frame: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Return the rows counted in a unit: a measure on sources of several units has amounts in each."""
    told = "unit" in frame.columns and unit in frame["unit"]
    return frame.filter(pl.col("unit") == unit) if told else frame


def _by_year(tables: Mapping[str, pl.DataFrame], task: Mapping[str, object]) -> dict[int, float]:
    """Return what a task changes in every year of the plan; without one, what it asks in the end."""
    frame, measure, node = rows(tables, "plan_measure"), str(task["measure"]), task["node"]
    what, _, control = measure.partition("+")
    column = "change"
    if node or not frame.filter(pl.col("measure") == measure).height:
        frame, column = rows(tables, "plan_activity"), "value"
        if frame.height:
            known = (pl.col("technology") == what) & (pl.col("control").fill_null("") == control)
            frame = frame.filter(known & (pl.col("node") == (node or "")))
    else:
        frame = _of_unit(frame.filter(pl.col("measure") == measure), str(task["unit"] or ""))
        column = column if "change" in frame.columns and frame["change"].drop_nulls().len() else "value"
    if frame.height:
        frame = frame.filter((pl.col("scenario") == PLAN) & (pl.col(column).abs() > 0.0))
        found = frame.group_by("year", maintain_order=True).agg(pl.col(column).sum())
        if found.height:
            return {int(year): float(value) for year, value in found.iter_rows()}
    return {int(str(task["deadline"])): float(str(task["amount"]))}


def optimum(
    tasks: pl.DataFrame,
    region: str,
    language: Language,
    *,
    place: str = "",
    tables: Mapping[str, pl.DataFrame] | None = None,
) -> list[Block]:
    """Return the tasks of the least-cost plan as a chapter: by owner, one line for a measure at a place.

    Parameters
    ----------
    tasks
        Rows of table ``task`` with a measure, their text in column ``text``.
    region, place
        Name and id of the region.
    tables
        Tables of the plan, by which power is counted in capacity.
    """
    if tasks.is_empty():
        return []
    held = tables or {}
    several = tasks["node"].fill_null("").n_unique() > 1
    ordered = tasks.sort("lead", "measure", "node", nulls_last=True, maintain_order=True).to_dicts()
    amounts = [_by_year(held, task) for task in ordered]
    years = sorted({year for found in amounts for year in found})
    lines = []
    for task, found in zip(ordered, amounts, strict=True):
        measure, node, unit = str(task["measure"]), task["node"], task["unit"] or ""
        cells = {y: shown(*_scaled(held, measure, y, v, unit), language) for y, v in found.items()}
        name = str(task["text"]).partition("：" if language == "zh" else ": ")[0]
        lines.append(
            [
                department(task["lead"], language, place),
                name.removeprefix(f"{node} ") if node else name,
                *([str(node or region)] if several else []),
                *(cells.get(year, MISSING) for year in years),
                amount_text(task["cost"], task["cost_unit"] or "", language),
            ]
        )
    sources = [record("task", task["task"]) for task in ordered]
    heads = [Column(words(f"optimum_{key}", language)) for key in ("lead", "measure")]
    heads += [Column(words("optimum_node", language))] if several else []
    heads += [Column(str(year), numeric=True) for year in years]
    heads.append(Column(words("optimum_cost", language), numeric=True))
    count = tasks["measure"].n_unique()
    return [
        Heading(words("optimum", language)),
        Paragraph(
            words("optimum_text", language, count=count),
            source=column_record("plan_measure", "change", language),
        ),
        TableBlock(
            words("optimum_table", language, count=len(lines)),
            heads,
            lines,
            note=words("optimum_note", language),
            sources=sources,
        ),
    ]
