"""Verdicts on projects, rule by rule, and what would change them."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report.base.block import Block, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.label import species_title, table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.zoning.cell import plain

ORDER = 415

ROOM = "report.zoning"
VERDICTS = ("admitted", "conditional", "refused")
QUOTED = ("project", "title_en", "document", "rule")
"""Columns that may be in the language of their source."""
RULES, FLIPS = 120, 80
"""Rows shown of rules that are not met, and of what would change the verdict."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without verdicts."""
    if not has(tables, "verdict"):
        return None
    verdict = tables["verdict"]
    counts = {v: verdict.filter(pl.col("verdict") == v).height for v in VERDICTS}
    told = Paragraph(say(ROOM, "verdict_told", language, count=verdict.height, **counts))
    blocks: list[Block] = [told]
    low = tables.get("declared_state")
    if low is not None:
        found = low.filter(pl.col("state") == "understated")
        if found.height:
            names = found["project"].unique(maintain_order=True).to_list()
            words = {"count": len(names), "names": "、".join(names) if language == "zh" else ", ".join(names)}
            blocks.append(Paragraph(say(ROOM, "understated", language, **words)))
    columns = ("project", "title", "verdict", "rules", "failed", "open", "duties")
    order = {v: k for k, v in enumerate(reversed(VERDICTS))}
    ranked = verdict.sort(pl.col("verdict").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)
    blocks.append(plain("verdict", ranked, columns, say(ROOM, "verdict_table", language), language))
    blocks += [rule_table(tables, language), *flip_table(tables, language), Note(say(ROOM, "note", language))]
    return Section("verdict", say(ROOM, "section.verdict", language), tuple(blocks), shown=1)


def _fact(value: float | None, unit: str | None) -> str:
    if value is None:
        return MISSING
    return f"{number(value, 5)} {unit}" if unit else number(value, 5)


def rule_table(tables: Tables, language: Language) -> TableBlock:
    """Return every rule that is not met, left open or a duty: fact, limit, clause and document."""
    lines = tables["verdict_rule"].filter(pl.col("state") != "rule_met")
    order = {"failed_rule": 0, "open_rule": 1, "due": 2}
    lines = lines.sort(
        pl.col("state").replace_strict(order, return_dtype=pl.Int64), "project", maintain_order=True
    )
    names = ("project", "title_" + language, "state", "fact", "limit", "document")
    heads = [
        Column(_head("verdict_rule", n, language), numeric=n in ("fact", "limit"), quoted=n in QUOTED)
        for n in names
    ]
    rows = [
        [
            r["project"],
            r[f"title_{language}"] + (f" · {species_title(r['species'], language)}" if r["species"] else ""),
            choice_title(r["state"], language) + _lacks(r["lacks"], language),
            _fact(r["fact"], r["unit"]),
            _limit(r, language),
            "  ".join(x for x in (r["document"], r["article"]) if x),
        ]
        for r in lines.head(RULES).iter_rows(named=True)
    ]
    caption = say(ROOM, "rule_table", language, shown=len(rows), count=lines.height)
    return TableBlock(caption, heads, rows)


def _head(table: str, name: str, language: Language) -> str:
    if name.startswith("title_"):
        return say(ROOM, "wording" if table == "verdict_rule" else "input", language)
    return table_column(table, name, language)


def _lacks(names: list[str] | None, language: Language) -> str:
    if not names:
        return ""
    words = [
        say(ROOM, "list", language, name=n.removeprefix("list:")) if n.startswith("list:")
        else title("access_fact", n, language)
        for n in names
    ]  # fmt: skip
    joint = "、" if language == "zh" else ", "
    return say(ROOM, "lacks", language, names=joint.join(words))


def _limit(row: dict[str, object], language: Language) -> str:
    limit, relation, unit = row["limit"], row["relation"], row["unit"]
    if not isinstance(limit, float) or not isinstance(relation, str):
        return MISSING
    return f"{choice_title(relation, language)} {_fact(limit, unit if isinstance(unit, str) else None)}"


def flip_table(tables: Tables, language: Language) -> list[Block]:
    """Return the smallest change of each input that changes a verdict.

    Where no input alone changes the verdict, the rules not met stand with what each alone would take.
    """
    if not has(tables, "verdict_flip"):
        return []
    every = tables["verdict_flip"]
    whole = every.filter(pl.col("rule").is_null())
    ruled = every.filter(pl.col("rule").is_not_null(), pl.col("after") == "rule_met")
    lines = pl.concat([whole, ruled.join(whole, on="project", how="anti", maintain_order="left")])
    lines = lines.sort("project", maintain_order=True)
    before = dict(tables["verdict"].select("project", "verdict").iter_rows())
    names = ("project", "rule", "title_" + language, "value", "needed", "after")
    heads = [
        Column(_head("verdict_flip", n, language), numeric=n in ("value", "needed"), quoted=n in QUOTED)
        for n in names
    ]
    rows = [
        [
            r["project"],
            r["rule"] or say(ROOM, "whole", language),
            r[f"title_{language}"] + (f" · {species_title(r['species'], language)}" if r["species"] else ""),
            _day(r["value"]) if r["input"] == "filed" else _fact(r["value"], r["unit"]),
            _day(r["needed"]) if r["input"] == "filed" else _fact(r["needed"], r["unit"]),
            f"{_before(r, before, language)} → {choice_title(r['after'], language)}",
        ]
        for r in lines.head(FLIPS).iter_rows(named=True)
    ]
    caption = say(ROOM, "flip_table", language, shown=len(rows), count=lines.height)
    return [TableBlock(caption, heads, rows, note=say(ROOM, "flip_note", language))] if rows else []


def _before(row: dict[str, str], before: dict[str, str], language: Language) -> str:
    return choice_title("failed_rule" if row["rule"] else before[row["project"]], language)


def _day(value: float) -> str:
    text = f"{value:.0f}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"
