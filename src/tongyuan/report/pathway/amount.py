"""Amounts of a measure in the unit people count it in: capacity where it has one, else what it does."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.pathway.words import PLAN, SMALL, display

ROOM = "report.pathway"
COUNTED = ("MW", "GWh")
"""Units of capacity a measure is counted in."""
ALL = 0.99
"""Share of an amount from which the targets account for the whole of it."""


def shown(value: float, unit: str, language: Language) -> str:
    """Return an amount of a plan in the unit people use."""
    factor, name = display(unit, [value], language)
    gap = "" if language == "zh" and not name.isascii() else " "
    return f"{number(value / factor, 3)}{gap}{name}"


def capacity(tables: Tables, measure: str, year: int) -> tuple[float, str] | None:
    """Return capacity and unit of the technologies of a measure in a year of the plan.

    None for measures that are devices on a technology, and for technologies without a unit of capacity.
    """
    info = rows(tables, "measure").filter(pl.col("measure") == measure)
    if info.is_empty() or any(info["control"].fill_null("") != ""):
        return None
    mine = rows(tables, "plan_capacity").filter(
        (pl.col("scenario") == PLAN)
        & (pl.col("year") == year)
        & pl.col("technology").is_in(info["technology"].implode())
    )
    units = mine["unit"].drop_nulls().unique().to_list()
    return (float(mine["capacity"].sum()), units[0]) if len(units) == 1 and units[0] in COUNTED else None


def measure_amount(tables: Tables, measure: str, language: Language) -> str:
    """Return how much of a measure the plan has in the last year it matters, and what the targets change."""
    used = rows(tables, "plan_measure").filter((pl.col("scenario") == PLAN) & (pl.col("measure") == measure))
    size = pl.max_horizontal(pl.col("value").abs(), pl.col("change").abs())
    most = used.select(size.max()).item() if used.height else None
    if not most:
        return MISSING
    row = used.filter(size > SMALL * most).sort("year").row(-1, named=True)
    year, value, unit = row["year"], row["value"] or 0.0, row["unit"] or ""
    built = capacity(tables, measure, year)
    factor = 1.0
    if built and built[0] > 0 and value:
        factor, unit = built[0] / value, built[1]
    text = say(ROOM, "amount", language, year=year, amount=shown(value * factor, unit, language))
    more = (row["change"] or 0.0) * factor
    if abs(more) > SMALL * most * factor:
        added = shown(abs(more), unit, language)
        key = "amount_all" if more >= ALL * value * factor else "amount_more" if more > 0 else "amount_less"
        text += say(ROOM, key, language, amount=added)
    return text
