"""A page to teach with, from the same tables: 六五环境日 and 全国低碳日."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Heading, Links, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import amount, inside, number, percent
from tongyuan.report.public.page import ROOM, Tables, newest, sums

PAIR = ("CO2e", "NOx")


def sections(tables: Tables, language: Language, beside: str) -> list[Section]:
    """Return the chapters: one source, two effects; questions with answers from the tables; what each can do.

    Parameters
    ----------
    tables
        ``summary``; ``public_behaviour`` for the last chapter.
    beside
        Name of the public page.
    """
    made = [same_source(tables, language), questions(tables, language)]
    acts = what_to_do(tables, language)
    if acts is not None:
        made.append(acts)
    made.append(days(language, beside))
    return made


def same_source(tables: Tables, language: Language) -> Section:
    """Return which part of carbon and of a pollutant each sector brings: both rise from the same activity."""
    last = newest(tables["summary"])
    rows = sums(last.filter(pl.col("species").is_in(PAIR)), "sector")
    whole = dict(rows.group_by("species").agg(pl.col("value").sum()).iter_rows())
    held = {(s, sp): v / whole[sp] for s, sp, v in rows.select("sector", "species", "value").iter_rows()
            if whole[sp]}  # fmt: skip
    both = [
        (s, held[s, PAIR[0]], held[s, PAIR[1]])
        for s in sorted({s for s, _ in held}, key=label.sector_order)
        if all((s, sp) in held for sp in PAIR)
    ]
    blocks: list[Block] = [Paragraph(say(ROOM, "same_told", language))]
    if both:
        first = max(both, key=lambda line: line[1])
        words = {
            "sector": inside(label.sector_title(first[0], language), language),
            "carbon": percent(first[1], 2),
            "other": percent(first[2], 2),
            "species": inside(label.species_title(PAIR[1], language), language),
        }
        blocks.append(Paragraph(say(ROOM, "same_first", language, **words)))
        heads = [Column(say(ROOM, "sector", language))]
        heads += [
            Column(
                say(ROOM, "share_of", language, species=inside(label.species_title(sp, language), language)),
                numeric=True,
            )
            for sp in PAIR
        ]
        lines = [[label.sector_title(s, language), percent(a, 2), percent(b, 2)] for s, a, b in both]
        blocks.append(TableBlock(say(ROOM, "same_table", language), heads, lines))
    return Section("same", say(ROOM, "section.same", language), tuple(blocks), shown=3)


def questions(tables: Tables, language: Language) -> Section:
    """Return questions whose answers are figures of the region; the answers are folded away."""
    last = newest(tables["summary"])
    blocks: list[Block] = [Paragraph(say(ROOM, "questions_told", language))]
    asked: list[Block] = []
    answers: list[Block] = []
    for species in ("CO2e", "SO2", "NOx", "NH3", "COD"):
        rows = sums(last.filter(pl.col("species") == species), "sector").sort("value", descending=True)
        if rows.is_empty() or not rows["value"].sum():
            continue
        name = label.species_title(species, language)
        asked.append(
            Paragraph(say(ROOM, "question_who", language, species=inside(name, language)), item=True)
        )
        words = {
            "species": name,
            "sector": inside(label.sector_title(rows["sector"][0], language), language),
            "share": percent(float(rows["value"][0]) / float(rows["value"].sum()), 2),
            "amount": amount(float(rows["value"].sum()), rows["unit"][0], language, 3),
        }
        answers.append(Paragraph(say(ROOM, "answer_who", language, **words), item=True))
    folded = Heading(say(ROOM, "answers_title", language), 2)
    return Section(
        "questions",
        say(ROOM, "section.questions", language),
        (*blocks, *asked, folded, *answers),
        shown=1 + len(asked),
    )


def what_to_do(tables: Tables, language: Language) -> Section | None:
    """Return what an act saves by the methods of the region, for ten units each; None without methods."""
    frame = tables.get("public_behaviour")
    if frame is None or frame.is_empty():
        return None
    heads = [
        Column(say(ROOM, "act", language), quoted=True),
        Column(say(ROOM, "saves", language), numeric=True),
        Column(say(ROOM, "method", language), quoted=True),
    ]
    lines = [
        [r["behaviour"], number((r["baseline"] - r["project"]) * 10, 3), r["source"]]
        for r in frame.sort(pl.col("project") - pl.col("baseline")).iter_rows(named=True)
    ]
    blocks: tuple[Block, ...] = (
        Paragraph(say(ROOM, "acts_told", language)),
        TableBlock(say(ROOM, "acts_table", language), heads, lines),
    )
    return Section("acts", say(ROOM, "section.acts", language), blocks, shown=2)


def days(language: Language, beside: str) -> Section:
    """Return what both days are for and how a lesson may use the page."""
    blocks: tuple[Block, ...] = (
        Paragraph(say(ROOM, "day_environment", language)),
        Paragraph(say(ROOM, "day_low_carbon", language)),
        Note(say(ROOM, "day_note", language)),
        Links(say(ROOM, "day_more", language),
              [(say(ROOM, "page_title_short", language), beside, say(ROOM, "page_told", language))]),
    )  # fmt: skip
    return Section("days", say(ROOM, "section.days", language), blocks, shown=4)
