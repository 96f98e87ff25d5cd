"""Methods applied and the record of the run: version, input hashes, settings."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.settings import setting_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Paragraph, Section, TableBlock
from tongyuan.report.base.totals import Tables, has, once

ORDER = 810
ROOM = "report.run"


def run_key(key: str, language: Language) -> str:
    """Return the words for one line of the run record: a setting, a file's hash or size, rows of a table."""
    group, _, rest = key.partition(".")
    if group == "settings":
        name = setting_title(rest, language) or label.word("run", rest, language, ROOM)
        return say(ROOM, "run_key.setting", language, name=name)
    if group == "inputs" and rest.endswith((".sha256", ".bytes")):
        file, _, kind = rest.rpartition(".")
        return say(ROOM, f"run_key.{kind}", language, file=file)
    if group == "rows":
        return say(ROOM, "run_key.rows", language, table=label.table_title(rest, language))
    return label.word("run", key, language, ROOM)


@once("emission")
def _methods(tables: Tables) -> pl.DataFrame:
    """Return method, rows, species and tier of every method applied, the one with most rows first."""
    return (
        tables["emission"]
        .select("method", "species", "tier")
        .group_by("method")
        .agg(
            pl.len().alias("rows"),
            pl.col("species").unique().sort(),
            pl.col("tier").drop_nulls().unique().sort(),
        )
        .pipe(plain)
        .sort(["rows", "method"], descending=[True, False])
    )


def method_table(tables: Tables, language: Language) -> TableBlock:
    """Return the methods applied with the number of result rows and the species they yielded.

    Titles come from table ``method`` (name, title_zh, title_en) where it is given.
    """
    titles: dict[str, str] = {}
    if has(tables, "method"):
        titles = dict(tables["method"].select("name", f"title_{language}").iter_rows())
    heads = (
        Column(say("report", "column.method", language)),
        Column(say("report", "column.tier", language)),
        Column(say("report", "column.rows", language), numeric=True),
        Column(say("report", "column.species", language)),
    )
    lines = []
    for row in _methods(tables).to_dicts():
        names = [label.symbol(s, language) for s in sorted(row["species"], key=label.species_order)]
        more = say("report", "word.more", language, count=len(names) - 12) if len(names) > 12 else ""
        tiers = ", ".join(str(t) for t in row["tier"] if t) or "–"
        method = titles.get(row["method"]) or label.word("method", row["method"], language)
        lines.append([method, tiers, f"{row['rows']:,}", ", ".join(names[:12]) + more])
    return TableBlock(say(ROOM, "run.methods", language), heads, lines)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there is neither a run record nor a result."""
    blocks: list[Block] = [Paragraph(say(ROOM, "run.text", language))]
    if has(tables, "emission"):
        blocks.append(method_table(tables, language))
    if has(tables, "run"):
        heads = (
            Column(say("report", "column.key", language), quoted=True),
            Column(say("report", "column.value", language), quoted=True),
        )
        lines = [
            [run_key(str(key), language), str(value)]
            for key, value in tables["run"].select("key", "value").iter_rows()
        ]
        blocks.append(TableBlock(say(ROOM, "run.record", language), heads, lines))
    if len(blocks) == 1:
        return None
    return Section("run", say("report", "section.run", language), tuple(blocks), shown=1)
