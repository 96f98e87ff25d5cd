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
    last = used.filter(size > SMALL * most)["year"].max()
    now = used.filter(pl.col("year") == last, size > 0.0).to_dicts()
    built = capacity(tables, measure, int(str(last)))
    told, added, whole = [], [], True
    for row in now:
        value, unit, factor = row["value"] or 0.0, row["unit"] or "", 1.0
        if built and built[0] > 0 and value:
            factor, unit = built[0] / value, built[1]
        more = (row["change"] or 0.0) * factor
        whole &= more >= ALL * value * factor
        told.append(shown(value * factor, unit, language))
        if abs(more) > SMALL * max(abs(value) * factor, abs(more)):
            added.append((more, shown(abs(more), unit, language)))
    joint = "、" if language == "zh" else ", "
    text = say(ROOM, "amount", language, year=last, amount=joint.join(told))
    less = [said for more, said in added if more < 0.0]
    if added:
        key = "amount_all" if whole else "amount_less" if less else "amount_more"
        text += say(ROOM, key, language, amount=joint.join(less or [said for _, said in added]))
    return text
