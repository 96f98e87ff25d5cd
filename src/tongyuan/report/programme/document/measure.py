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
    used = rows(tables, "plan_measure")
    mine = used.filter(
        (pl.col("scenario") == PLAN) & (pl.col("measure") == measure) & (pl.col("year") == year)
    )
    built = capacity(tables, measure, year)
    value = float(mine["value"].sum()) if mine.height else 0.0
    return (amount * built[0] / value, built[1]) if built and value else (amount, unit)


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
    years = sorted(set(tasks["deadline"].drop_nulls()))
    several = tasks["node"].fill_null("").n_unique() > 1
    ordered = tasks.sort("lead", "measure", "node", "deadline", nulls_last=True, maintain_order=True)
    lines, sources = [], []
    for (lead, measure, node), part in ordered.group_by(["lead", "measure", "node"], maintain_order=True):
        cells = {}
        for row in part.iter_rows(named=True):
            amount = _scaled(held, str(measure), row["deadline"], row["amount"], row["unit"] or "")
            cells[row["deadline"]] = shown(*amount, language)
        name = str(part["text"][0]).partition("：" if language == "zh" else ": ")[0]
        cost = part["cost"].drop_nulls()
        lines.append(
            [
                department(None if lead is None else str(lead), language, place),
                name.removeprefix(f"{node} ") if node else name,
                *([str(node or region)] if several else []),
                *(cells.get(year, MISSING) for year in years),
                amount_text(cost.sum(), part["cost_unit"].drop_nulls()[0], language)
                if cost.len()
                else MISSING,
            ]
        )
        sources.append(record("task", *part["task"].to_list()))
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
