"""The public page: what the region emits, how its targets stand, what is disclosed, what people reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import (
    Block,
    Card,
    Cards,
    ChartBlock,
    Column,
    Links,
    Note,
    Paragraph,
    Section,
    TableBlock,
)
from tongyuan.report.base.format import amount, inside, number, percent, scale
from tongyuan.report.programme.words import distinct, with_unit

Tables = Mapping[str, pl.DataFrame]

ROOM = "report.public"
GROUP = 10
"""Reports and persons a figure stands on at least."""

SHOWN = ("CO2e", "SO2", "NOx", "PM2.5", "NMVOC", "NH3", "COD")
"""What is told on cards, as far as it is there."""

DRAWN = ("CO2e", "NOx")
MOST = 40


def sections(tables: Tables, language: Language, today: date, beside: str) -> list[Section]:
    """Return the chapters of the public page.

    Parameters
    ----------
    tables
        ``summary``, and as far as they are there ``target_status``, ``disclosure``, ``facility`` names are
        never shown but for what is disclosed, ``public_feedback``, ``public_statistic``.
    today
        What was published later is not shown.
    beside
        Name of the page to teach with.
    """
    made = [emitted(tables, language)]
    for part in (targets(tables, language), disclosed(tables, language, today)):
        if part is not None:
            made.append(part)
    made += [reported(tables, language), about(language, beside)]
    return made


def newest(summary: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of the last year that has as many sectors as any."""
    counted = summary.group_by("year").agg(pl.col("sector").n_unique().alias("sectors")).sort("year")
    full = counted.filter(pl.col("sectors") == pl.col("sectors").max())
    return summary.filter(pl.col("year") == int(full["year"].max()))  # type: ignore[arg-type]


def sums(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the sums of the species by the columns `by`."""
    keys = [*by, "species", "unit"]
    return frame.group_by(keys, maintain_order=True).agg(pl.col("value").sum())


def emitted(tables: Tables, language: Language) -> Section:
    """Return what the region emits: cards, bars by sector, and what changed where years can be compared."""
    summary = tables["summary"]
    last = newest(summary)
    year = int(last["year"][0])
    told = {s: (v, u) for s, u, v in sums(last).select("species", "unit", "value").iter_rows()}
    cards = []
    for species in SHOWN:
        if species in told:
            value, unit = told[species]
            chosen = scale([value], unit, language)
            cards.append(
                Card(
                    label.species_title(species, language),
                    number(chosen.of(value), 3),
                    chosen.unit,
                    [say(ROOM, f"what.{species}", language)],
                )
            )
    blocks: list[Block] = [Paragraph(say(ROOM, "emitted_told", language, year=year)), Cards(cards)]
    blocks += [_bars(last, species, language) for species in DRAWN if species in told]
    blocks.append(_by_sector(last, [s for s in SHOWN if s in told], language))
    years = summary["year"].unique().sort().to_list()
    if len(years) > 1 and "comparable" in summary.columns:
        blocks.append(_changed(summary, years[0], years[-1], language))
    blocks.append(Note(say(ROOM, "emitted_note", language)))
    return Section("emitted", say(ROOM, "section.emitted", language), tuple(blocks), shown=4)


def _bars(last: pl.DataFrame, species: str, language: Language) -> ChartBlock:
    rows = sums(last.filter(pl.col("species") == species), "sector").sort("value", descending=True)
    chosen = scale(rows["value"].to_list(), rows["unit"][0], language)
    drawn = pl.DataFrame(
        {
            "sector": [label.sector_title(s, language) for s in rows["sector"]],
            "value": [chosen.of(v) for v in rows["value"]],
        }
    )
    whole = float(rows["value"].sum())
    words: dict[str, object] = {
        "species": inside(label.species_title(species, language), language),
        "sector": inside(drawn["sector"][0], language),
        "share": percent(float(rows["value"][0]) / whole if whole else None, 2),
    }
    option = chart.bars(drawn, "sector", "value", unit=chosen.unit, horizontal=True)
    name = label.species_title(species, language)
    caption = say(ROOM, "bars", language, species=name, unit=chosen.unit)
    return ChartBlock(caption, option, say(ROOM, "bars_told", language, **words), half=True, height=300)


def _by_sector(last: pl.DataFrame, species: list[str], language: Language) -> TableBlock:
    rows = sums(last.filter(pl.col("species").is_in(species)), "sector")
    held = {(s, sp): v for s, sp, v in rows.select("sector", "species", "value").iter_rows()}
    units = dict(rows.select("species", "unit").unique("species").iter_rows())
    scales = {sp: scale([v for (_, o), v in held.items() if o == sp], units[sp], language) for sp in species}
    heads = [Column(say(ROOM, "sector", language))]
    heads += [Column(f"{label.symbol(sp, language)} ({scales[sp].unit})", numeric=True) for sp in species]
    sectors = sorted({s for s, _ in held}, key=label.sector_order)
    lines = [
        [
            label.sector_title(s, language),
            *(number(scales[sp].of(held[s, sp]), 3) if (s, sp) in held else "–" for sp in species),
        ]
        for s in sectors
    ]
    total = [say(ROOM, "total", language)]
    for sp in species:
        total.append(number(scales[sp].of(sum(v for (_, o), v in held.items() if o == sp)), 3))
    return TableBlock(
        say(ROOM, "by_sector", language), heads, [*lines, total], strong=frozenset([len(lines)])
    )


def _changed(summary: pl.DataFrame, first: int, last: int, language: Language) -> TableBlock:
    heads = [Column(say(ROOM, "substance", language))]
    heads += [Column(str(first), numeric=True), Column(str(last), numeric=True),
              Column(say(ROOM, "change", language), numeric=True)]  # fmt: skip
    lines = []
    for species in SHOWN:
        rows = summary.filter(pl.col("species") == species)
        at = [
            rows.filter(pl.col("year") == year, pl.col("comparable").is_not_null())["comparable"]
            for year in (first, last)
        ]
        if not all(part.len() for part in at):
            continue
        before, after = (float(part.sum()) for part in at)
        unit = rows["unit"][0]
        change = percent(after / before - 1, 2, signed=True) if before else "–"
        lines.append(
            [
                label.species_title(species, language),
                amount(before, unit, language, 3),
                amount(after, unit, language, 3),
                change,
            ]
        )
    return TableBlock(say(ROOM, "changed", language), heads, lines, note=say(ROOM, "changed_note", language))


def targets(tables: Tables, language: Language) -> Section | None:
    """Return how the targets that have observations stand, None without any."""
    if "target_status" not in tables or tables["target_status"].is_empty():
        return None
    frame = tables["target_status"]
    known = distinct(frame.filter(pl.col("observed").is_not_null())).unique(
        ["indicator", "year", "comparator", "value"], keep="first", maintain_order=True
    )
    counted = frame.group_by("state").len().sort("len", descending=True)
    states = "、" if language == "zh" else ", "
    told = states.join(
        f"{inside(choice_title(state, language), language)} {count}" for state, count in counted.iter_rows()
    )
    heads = [Column(say(ROOM, f"target_{n}", language), numeric=n in ("aim", "now"))
             for n in ("name", "year", "aim", "now", "when", "state")]  # fmt: skip
    lines = []
    for r in known.sort("year", "article", maintain_order=True).head(MOST).iter_rows(named=True):
        lines.append(
            [
                r["title_zh"] if language == "zh" else r["title_en"],
                str(r["year"]),
                _aim(r, language),
                with_unit(r["observed"], r["unit"], language),
                str(r["observed_year"]),
                choice_title(r["state"], language),
            ]
        )
    blocks: list[Block] = [
        Paragraph(say(ROOM, "targets_told", language, count=frame.height, states=told)),
        TableBlock(say(ROOM, "targets", language, count=len(lines)), heads, lines),
        Note(say(ROOM, "targets_note", language)),
    ]
    return Section("targets", say(ROOM, "section.targets", language), tuple(blocks), shown=3)


def _aim(row: Mapping[str, object], language: Language) -> str:
    """Return a target in words; that of a document without a number in its own words."""
    value = row["value"]
    if not isinstance(value, float):
        return str(row["printed"] or "–")
    return say(ROOM, f"aim.{row['comparator']}", language, value=with_unit(value, row["unit"], language))


def disclosed(tables: Tables, language: Language, today: date) -> Section | None:
    """Return what enterprises have disclosed, with where it is published; None without any.

    Only what has a day of publication up to `today` is shown, in the words of the disclosure.
    """
    frame = tables.get("disclosure")
    if frame is None or frame.is_empty():
        return None
    shown = frame.filter(pl.col("published").is_not_null(), pl.col("published") <= today)
    late = frame.filter(
        pl.col("due").is_not_null(), pl.col("due") <= today, pl.col("published").is_null()
    ).height
    heads = [Column(say(ROOM, f"disclosed_{n}", language), quoted=n in ("who", "item", "link"))
             for n in ("who", "year", "item", "day", "link")]  # fmt: skip
    lines = [
        [
            r["facility"],
            str(r["year"] or "–"),
            r["item"] or "–",
            f"{r['published']:%Y-%m-%d}",
            r["link"] or "–",
        ]
        for r in shown.sort("published", descending=True).head(MOST).iter_rows(named=True)
    ]
    blocks: list[Block] = [Paragraph(say(ROOM, "disclosed_told", language, count=shown.height, late=late))]
    if lines:
        blocks.append(TableBlock(say(ROOM, "disclosed", language), heads, lines))
    return Section("disclosed", say(ROOM, "section.disclosed", language), tuple(blocks), shown=2)


def grouped(feedback: pl.DataFrame, group: int = GROUP) -> tuple[pl.DataFrame, int]:
    """Return ``topic, outcome, count`` of groups of `group` and more, and how many reports are in the others.

    A topic whose other outcomes are shown is not shown short of one that could be worked out: where one
    group alone is left out of a topic, the smallest that is shown is left out with it.
    """
    counted = feedback.group_by("topic", "outcome").len("count").sort("topic", "outcome")
    small = pl.col("count") < group
    alone = (small.sum().over("topic") == 1) & (pl.len().over("topic") > 1)
    least = pl.when(~small).then(pl.col("count")).min().over("topic")
    partner = alone & ~small & (pl.col("count") == least)
    shown = counted.filter(~small & ~partner)
    return shown, feedback.height - sum(shown["count"].to_list())


def reported(tables: Tables, language: Language) -> Section:
    """Return what people reported and what became of it, and the low-carbon acts that were credited."""
    blocks: list[Block] = []
    feedback = tables.get("public_feedback")
    if feedback is None or feedback.is_empty():
        blocks.append(Paragraph(say(ROOM, "no_feedback", language)))
    else:
        shown, left = grouped(feedback)
        settled = feedback.filter(pl.col("outcome") != "in_hand")
        days = (settled["closed"] - settled["received"]).drop_nulls().dt.total_days()
        words: dict[str, object] = {"count": feedback.height, "settled": settled.height}
        if days.len() >= GROUP:
            median = number(float(days.median()), 3)  # type: ignore[arg-type]
            blocks.append(Paragraph(say(ROOM, "feedback_days", language, days=median, **words)))
        else:
            blocks.append(Paragraph(say(ROOM, "feedback_told", language, **words)))
        if shown.height:
            heads = [Column(say(ROOM, "topic", language)), Column(say(ROOM, "outcome", language)),
                     Column(say(ROOM, "reports", language), numeric=True)]  # fmt: skip
            lines = [
                [choice_title(t, language), choice_title(o, language), str(n)]
                for t, o, n in shown.iter_rows()
            ]
            note = say(ROOM, "feedback_left", language, count=left, group=GROUP) if left else ""
            blocks.append(TableBlock(say(ROOM, "feedback", language), heads, lines, note=note))
        elif left:
            blocks.append(Note(say(ROOM, "feedback_left", language, count=left, group=GROUP)))
        said = feedback.filter(pl.col("told").fill_null("") != "")
        if said.height:
            heads = [Column(say(ROOM, n, language), quoted=n == "answer")
                     for n in ("received", "topic", "outcome", "answer")]  # fmt: skip
            lines = [
                [f"{r['received']:%Y-%m}", choice_title(r["topic"], language),
                 choice_title(r["outcome"], language), r["told"]]
                for r in said.sort("received", descending=True).head(MOST).iter_rows(named=True)
            ]  # fmt: skip
            blocks.append(TableBlock(say(ROOM, "answers", language), heads, lines))
    credit = tables.get("public_statistic")
    if credit is not None and credit.height:
        words = {"acts": number(float(credit["acts"].sum()), 6),
                 "credit": amount(float(credit["credit"].sum()) / 1000, "t", language, 3)}  # fmt: skip
        blocks.append(Paragraph(say(ROOM, "credits", language, group=GROUP, **words)))
    ordered = [b for b in blocks if isinstance(b, Paragraph)] + [
        b for b in blocks if not isinstance(b, Paragraph)
    ]
    return Section("reported", say(ROOM, "section.reported", language), tuple(ordered), shown=4)


def about(language: Language, beside: str) -> Section:
    """Return how the figures came about, what the page does not hold, and where the page to teach with is."""
    blocks: tuple[Block, ...] = (
        Paragraph(say(ROOM, "about_figures", language)),
        Paragraph(say(ROOM, "about_left", language, group=GROUP)),
        Links(say(ROOM, "about_more", language),
              [(say(ROOM, "learn_title", language), beside, say(ROOM, "learn_told", language))]),
    )  # fmt: skip
    return Section("about", say(ROOM, "section.about", language), blocks, shown=3)
