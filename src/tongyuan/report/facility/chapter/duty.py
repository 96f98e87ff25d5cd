"""The calendar of duties: what is due by which day, and what was handed in."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.write.write import worded
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Note, Section, TableBlock
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.facility.words import MOST, ROOM, head, names

ORDER = 666


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without duties."""
    if not has(tables, "duty"):
        return None
    duty = tables["duty"]
    blocks = (
        Note(say(ROOM, "duty.note", language)),
        _whole(duty, language)
        if duty["facility"].n_unique() > MOST
        else _each(duty, names(tables), language),
    )
    return Section("duty", say(ROOM, "section.duty", language), blocks, shown=1)


def _whole(duty: pl.DataFrame, language: Language) -> TableBlock:
    """Return the days of all enterprises: how many owe what, and how many have handed it in."""
    title = f"title_{language}"
    sums = duty.group_by("due_day", "duty", title, "period", maintain_order=True).agg(
        pl.len().alias("count"), (pl.col("state") == "on_time").sum().alias("on_time"),
        (pl.col("state") == "late").sum().alias("late"),
    )  # fmt: skip
    rows = [
        [r["due_day"].isoformat(), r[title], r["period"], str(r["count"]), str(r["on_time"]), str(r["late"]),
         str(r["count"] - r["on_time"] - r["late"])]
        for r in sums.sort("due_day").head(MOST).to_dicts()
    ]  # fmt: skip
    heads = [
        head("due", language), head("duty", language, width=24), head("period", language),
        head("owing", language, numeric=True), head("on_time", language, numeric=True),
        head("late", language, numeric=True), head("not_filed", language, numeric=True),
    ]  # fmt: skip
    caption = say(ROOM, "duty.caption", language, shown=len(rows), count=sums.height)
    return TableBlock(caption, heads, rows)


def _each(duty: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    """Return the days of few enterprises, one line for each duty."""
    shown = worded("duty", duty.head(MOST), language)
    rows = [
        [r["due_day"].isoformat(), called.get(r["facility"], r["facility"]), r[f"title_{language}"],
         r["period"], str(r["state"] or "")]
        for r in shown.to_dicts()
    ]  # fmt: skip
    heads = [
        head("due", language), head("facility", language, width=18), head("duty", language, width=24),
        head("period", language), head("state", language),
    ]  # fmt: skip
    return TableBlock(say(ROOM, "duty.caption", language, shown=len(rows), count=duty.height), heads, rows)
