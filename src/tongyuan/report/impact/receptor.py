"""What a plan does to receptors of the user's own response, in sentences and a table."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, identify, title
from tongyuan.report.base.block import Block, Column, Note, Paragraph, TableBlock
from tongyuan.report.base.format import amount, number
from tongyuan.report.base.label import symbol, table_column
from tongyuan.report.base.totals import Tables, has

ROOM = "report.impact"
PLAN = "plan"
MOST = 40


def plan_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the blocks of table ``plan_receptor``: none without the plan's own scenario in it."""
    if not has(tables, "plan_receptor"):
        return []
    rows = tables["plan_receptor"].filter(pl.col("scenario") == PLAN).sort("receptor", "year")
    if rows.is_empty():
        return []
    last = rows.group_by("receptor", maintain_order=True).last()
    best = rows.filter(pl.col("cost_per_unit").is_not_null())
    blocks: list[Block] = [Paragraph(told(row, language)) for row in last.head(6).iter_rows(named=True)]
    if best.height:
        row = best.sort("year").row(-1, named=True)
        blocks.append(Paragraph(say(
            ROOM, "receptor.cost", language, year=row["year"], receptor=place(row, language),
            cost=amount(row["cost"], row["currency"] or "CNY", language, 3),
            per=amount(row["cost_per_unit"], row["currency"] or "CNY", language, 3),
            unit=units.text(row["unit"], language),
        )))  # fmt: skip
    blocks.append(Note(say(ROOM, "receptor.note", language)))
    if (rows["reach"] == "outside").any():
        blocks.append(Note(say(ROOM, "receptor.outside", language), "warning"))
    blocks.append(receptor_table(rows, language))
    return blocks


def place(row: dict[str, object], language: Language) -> str:
    """Return what a receptor is called: its region where it has one, else its name."""
    region = str(row["region"] or "")
    known = identify("region", region)
    return title("region", known, language) if known else region or str(row["receptor"])


def told(row: dict[str, object], language: Language) -> str:
    """Return in a sentence what the last year of the plan does to a receptor, and the deaths avoided."""
    values = {name: number(float(str(row[name])), 3) for name in ("before", "after")}
    text = say(
        ROOM, "receptor.air", language, place=place(row, language), year=row["year"],
        metric=symbol(str(row["metric"] or ""), language) if row["metric"] else str(row["receptor"]),
        unit=units.text(str(row["unit"]), language), **values,
    )  # fmt: skip
    if row["deaths"] is None:
        return text
    shown = {c: float(str(row[c])) for c in ("deaths", "deaths_lower", "deaths_upper")}
    key = "receptor.deaths" if shown["deaths"] >= 0 else "receptor.deaths_more"
    ends = sorted((abs(shown["deaths_lower"]), abs(shown["deaths_upper"])))
    return text + say(
        ROOM, key, language, deaths=number(float(f"{abs(shown['deaths']):.3g}")),
        lower=number(float(f"{ends[0]:.3g}")), upper=number(float(f"{ends[1]:.3g}")),
    )  # fmt: skip


def receptor_table(rows: pl.DataFrame, language: Language) -> TableBlock:
    """Return air, deaths avoided and cost of every receptor and year of the plan."""
    names = ("receptor", "year", "before", "after", "unit", "deaths", "deaths_lower", "deaths_upper",
             "cost", "cost_per_unit", "reach")  # fmt: skip
    words = {"receptor", "year", "unit", "reach"}
    currency = next((c for c in rows["currency"] if c), "CNY")
    heads = []
    for name in names:
        text = table_column("plan_receptor", name, language)
        if name in ("cost", "cost_per_unit"):
            text += f" ({units.text(currency, language)})"
        heads.append(Column(text, numeric=name not in words))
    lines = [
        [
            place(r, language) if r["region"] else r["receptor"],
            str(r["year"]),
            number(r["before"], 3),
            number(r["after"], 3),
            units.text(r["unit"], language),
            *(number(r[c], 3) for c in ("deaths", "deaths_lower", "deaths_upper")),
            *(number(r[c], 3) for c in ("cost", "cost_per_unit")),
            choice_title(r["reach"], language),
        ]
        for r in rows.head(MOST).iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "receptor.table", language), heads, lines)
