"""What the checks found in the data that went in."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Column, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING
from tongyuan.report.base.totals import Tables, has

ORDER = 750

MOST = 200
_ORDER = {"error": 0, "warning": 1, "notice": 2}


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are no findings."""
    if not has(tables, "finding"):
        return None
    frame = tables["finding"].with_columns(
        pl.col("severity").replace_strict(_ORDER, default=3).alias("_rank")
    )
    frame = frame.sort("_rank", maintain_order=True)
    counted = [
        say(
            "report",
            "finding.count",
            language,
            count=count,
            severity=label.word("severity", severity, language),
        )
        for severity in _ORDER
        if (count := frame.filter(pl.col("severity") == severity).height)
    ]
    heads: tuple[Column, ...] = (
        Column(say("report", "column.severity", language)),
        Column(say("report", "column.place", language), quoted=True),
        Column(say("report", "column.message", language), quoted=True, width=36),
        Column(say("report", "column.next_step", language), quoted=True, width=30),
    )
    lines = [
        [label.word("severity", row["severity"], language)]
        + [row.get(column) or MISSING for column in ("place", "message", "next_step")]
        for row in frame.head(MOST).to_dicts()
    ]
    if all(line[1] == MISSING for line in lines):
        heads, lines = (heads[0], *heads[2:]), [[line[0], *line[2:]] for line in lines]
    caption = say("report", "finding.caption", language, shown=len(lines), count=frame.height)
    joint = "，" if language == "zh" else ", "
    blocks = (
        Paragraph(say("report", "finding.text", language, counts=joint.join(counted))),
        TableBlock(caption, heads, lines, folded=len(lines) > 20),
    )
    return Section("finding", say("report", "section.finding", language), blocks)
