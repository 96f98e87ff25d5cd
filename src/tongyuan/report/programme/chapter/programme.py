"""Where the targets of the plan stand: observation, state, probability, sources, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import spoken
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Card, Cards, Choice, Column, Heading, Note, Section, TableBlock
from tongyuan.report.base.format import MISSING, number, percent
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.programme.document.curve import curves
from tongyuan.report.programme.words import (
    STATES,
    Row,
    bound_text,
    distinct,
    forecast_text,
    head,
    observed_text,
    one_each,
    records,
    sources_text,
    title,
)

ORDER = 310

NATION = "100000"


def cards(frame: pl.DataFrame, language: Language) -> Cards:
    """Return how many measurable targets stand in each state."""
    counted = dict(frame.group_by("state").len().iter_rows())
    made = [Card(choice_title(s, language), str(counted.get(s, 0)), "") for s in STATES if counted.get(s)]
    return Cards(made, say("report.programme", "programme.cards", language, count=frame.height))


def _heads(language: Language, widths: Sequence[int] | None, *keys: str) -> list[Column]:
    """Return columns by the keys of their titles; what is typed from documents is quoted."""
    quoted = ("target", "observed", "document", "source", "printed")
    return [
        Column(
            head(key if "." in key else f"programme.{key}", language),
            numeric=key in ("forecast", "probability"),
            quoted=key in quoted,
            width=None if widths is None else widths[index],
        )
        for index, key in enumerate(keys)
    ]


def _aim(row: Row, language: Language) -> list[str]:
    return [title(row, language), str(row["year"]), bound_text(row, language)]


def status_table(frame: pl.DataFrame, caption: str, language: Language) -> TableBlock:
    """Return targets with observation, state, forecast and source; one line each."""
    keys = ("column.indicator", "year", "target", "observed", "column.status")
    heads = _heads(language, (17, 6, 11, 18, 8, 13, 7, 20), *keys, "forecast", "probability", "source")
    lines = [
        [
            *_aim(row, language),
            observed_text(row, language),
            choice_title(row["state"], language),
            forecast_text(row, language),
            percent(row["probability"]),
            row["observed_source"] or MISSING,
        ]
        for row in frame.iter_rows(named=True)
    ]
    return TableBlock(caption, heads, lines, note=say("report.programme", "programme.status_note", language))


def silent_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return targets without data to judge them by, with the document that sets them."""
    heads = _heads(
        language, (24, 8, 16, 20, 32), "column.indicator", "year", "target", "observed", "document"
    )
    lines = [
        [*_aim(row, language), observed_text(row, language), row["document"] or MISSING]
        for row in frame.iter_rows(named=True)
    ]
    caption = say("report.programme", "programme.silent", language, count=frame.height)
    return TableBlock(caption, heads, lines, folded=True)


def contradictions(frame: pl.DataFrame, language: Language) -> TableBlock | None:
    """Return targets of one indicator and year that different documents set differently."""
    keys = ["indicator", "region", "year"]
    rows = frame.filter(pl.col("value").is_not_null())
    different = rows.group_by(keys).agg(pl.col("value").n_unique().alias("n")).filter(pl.col("n") > 1)
    rows = rows.join(different, on=keys, how="semi", maintain_order="left").sort(
        "indicator", "year", maintain_order=True
    )
    if rows.is_empty():
        return None
    lines = [[*_aim(r, language), r["document"] or MISSING] for r in rows.iter_rows(named=True)]
    caption = say("report.programme", "programme.contradictions", language, count=different.height)
    note = say("report.programme", "programme.contradictions_note", language)
    heads = _heads(language, None, "column.indicator", "year", "target", "document")
    named = records("target_status", rows, "target")
    return TableBlock(caption, heads, lines, note=note, sources=named)


def computed_table(tables: Tables, language: Language) -> TableBlock | None:
    """Return indicators computed from the ledger that no target of the plan names."""
    frame = tables["indicator_observation"]
    named = tables["target_status"]["indicator"].unique().to_list()
    rows = frame.filter(~pl.col("indicator").is_in(named) & (pl.col("region") != NATION)).sort(
        "indicator", "region", "period", maintain_order=True
    )
    if rows.is_empty():
        return None
    heads = [
        Column(say("report", f"column.{key}", language), numeric=key == "value", quoted=key == "source")
        for key in ("indicator", "period", "value", "unit", "source")
    ]
    lines = [
        [
            label.title("programme_indicator", r["indicator"], language),
            r["period"],
            number(r["value"] * spoken(r["value"], r["unit"], language)[0]),
            spoken(r["value"], r["unit"], language)[1],
            sources_text(r["citation"], language),
        ]
        for r in rows.iter_rows(named=True)
    ]
    return TableBlock(say("report.programme", "programme.computed", language), heads, lines, folded=True)


def qualitative_table(frame: pl.DataFrame, language: Language) -> TableBlock | None:
    """Return what the plans aim at in words only."""
    rows = frame.filter(pl.col("comparator") == "qualitative")
    if rows.is_empty():
        return None
    heads = _heads(language, None, "column.indicator", "year", "printed", "document")
    lines = [
        [title(r, language), str(r["year"]), r["printed"] or MISSING, r["document"] or MISSING]
        for r in rows.iter_rows(named=True)
    ]
    return TableBlock(say("report.programme", "programme.qualitative", language), heads, lines, folded=True)


def _part(tables: Tables, part: pl.DataFrame, key: str, language: Language) -> list[Block]:
    """Return heading, cards, curves and tables of the targets of the nation or of the region."""
    blocks: list[Block] = [
        Heading(say("report.programme", f"programme.{key}", language), 2),
        cards(one_each(part), language),
    ]
    if "indicator_observation" in tables:
        drawn = curves(part, tables["indicator_observation"], language)
        if drawn:
            named = [(c.caption, c) for c in drawn]
            blocks.append(Choice(say("report", "choice.target", language), named))
    silent = part.filter(pl.col("state") == "no_data") if key == "regional" else part.clear()
    shown = distinct(part.join(silent, on=["plan", "target"], how="anti", maintain_order="left"))
    if shown.height:
        caption = say("report.programme", f"programme.{key}_table", language, count=shown.height)
        blocks.append(status_table(shown, caption, language))
    if silent.height:
        blocks.append(silent_table(silent, language))
    return blocks


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no target is tracked."""
    if not has(tables, "target_status"):
        return None
    frame = tables["target_status"]
    measured = frame.filter(pl.col("comparator") != "qualitative")
    blocks: list[Block] = []
    for key, own in (("regional", pl.col("region") != NATION), ("national", pl.col("region") == NATION)):
        part = measured.filter(own)
        if part.height:
            blocks += _part(tables, part, key, language)
    shown = next((k for k, b in enumerate(blocks) if k and isinstance(b, TableBlock | Heading)), len(blocks))
    blocks.insert(shown, Note(say("report.programme", "programme.reading", language)))
    contradiction = contradictions(measured, language)
    computed = computed_table(tables, language) if has(tables, "indicator_observation") else None
    blocks += [b for b in (contradiction, qualitative_table(frame, language), computed) if b is not None]
    name = say("report.programme", "section.programme", language)
    return Section("programme", name, tuple(blocks), shown=shown)
