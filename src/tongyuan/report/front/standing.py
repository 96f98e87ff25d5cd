"""Are we on track: how many targets can be judged, and those that need attention first."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, TableBlock
from tongyuan.report.base.format import inside, percent
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.pathway.words import Titles
from tongyuan.report.programme.words import (
    HARDEST_FIRST,
    UNJUDGED,
    bound_text,
    department,
    forecast_text,
    head,
    observed_text,
    one_each,
    title,
)

ROOM = "report.front"
NATION = "100000"
MOST = 6


def own_targets(tables: Tables) -> pl.DataFrame:
    """Return the measurable targets of the region itself, those of the nation where it has none.

    What lags comes first; of several targets of one indicator and year the hardest to meet is taken.
    """
    frame = rows(tables, "target_status")
    if frame.is_empty():
        return frame
    measured = one_each(frame)
    own = measured.filter(pl.col("region") != NATION)
    return own if own.height else measured


def judged(tables: Tables) -> pl.DataFrame:
    """Return the targets that data can judge, what lags first."""
    frame = own_targets(tables)
    return frame if frame.is_empty() else frame.filter(~pl.col("state").is_in(UNJUDGED))


def planned(tables: Tables, language: Language) -> str:
    """Return the targets that the least-cost plan meets, those that bind by name; nothing without a plan."""
    prices = rows(tables, "shadow_price")
    if prices.is_empty():
        return ""
    names = Titles(tables, language).target
    binding = prices.filter("binding")["target"].unique(maintain_order=True).to_list()
    joint = "；" if language == "zh" else "; "
    items = joint.join(names.get(one, one) for one in binding)
    count = prices["target"].n_unique()
    key = "standing_planned" if binding else "standing_planned_free"
    return say(ROOM, key, language, count=count, binding=len(binding), items=items)


def standing_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return how many targets stand where, and the first of them; or which command gives targets."""
    frame = own_targets(tables)
    if frame.is_empty():
        aims = planned(tables, language)
        return [Paragraph(aims) if aims else Note(say(ROOM, "standing_none", language))]
    known = judged(tables)
    counted = dict(known.group_by("state").len().iter_rows())
    joint = "，" if language == "zh" else ", "
    items = joint.join(
        say(
            ROOM,
            "standing_state",
            language,
            state=inside(choice_title(state, language), language),
            count=counted[state],
        )
        for state in HARDEST_FIRST
        if counted.get(state)
    )
    values = {"count": frame.height, "judged": known.height, "silent": frame.height - known.height}
    key = "standing" if items else "standing_silent"
    blocks: list[Block] = [Paragraph(say(ROOM, key, language, items=items, **values))]
    if known.height:
        keys = ("column.indicator", "programme.year", "programme.target", "programme.observed",
                "programme.forecast", "programme.probability", "column.status")  # fmt: skip
        numeric = ("programme.forecast", "programme.probability")
        heads = [Column(head(key, language), numeric=key in numeric) for key in keys]
        heads.append(Column(say(ROOM, "owner", language)))
        lines = [
            [
                title(row, language),
                str(row["year"]),
                bound_text(row, language),
                observed_text(row, language),
                forecast_text(row, language, interval=False),
                percent(row["probability"]),
                choice_title(row["state"], language),
                department(row["lead"], language, row["region"]),
            ]
            for row in known.head(MOST).iter_rows(named=True)
        ]
        caption = say(ROOM, "standing_table", language, shown=len(lines), count=known.height)
        blocks.append(TableBlock(caption, heads, lines))
    return blocks
