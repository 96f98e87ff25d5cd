"""The carbon report of an enterprise line by line, and the data its table of allocation asks for."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.shelf import title as shelf_title
from tongyuan.report.base.block import Block, Column, Figure, Heading, Note, TableBlock
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.facility.words import ROOM

FORMS = ("C.3", "fuel", "material", "product", "C.4", "total", "C.6")


def carbon_report(tables: Tables, facility: str, year: int, language: Language) -> list[Block]:
    """Return the carbon report of `facility` for `year`.

    Parameters
    ----------
    tables
        Tables ``facility``, ``installation``, ``carbon_line``, ``allocation_line``, ``facility_emission``,
        ``missing_month`` and ``default_cost`` as far as they exist.

    Notes
    -----
    Forms C.3, C.4 and C.6 are those of power units; the other kinds are ordered by what they account, as the
    forms of their guides were not read.
    """
    own = {name: _of(frame, facility) for name, frame in tables.items()}
    who = rows(own, "facility")
    name = str(who["name"][0]) if who.height and who["name"][0] else facility
    lines = rows(own, "carbon_line")
    lines = lines.filter(pl.col("month").str.starts_with(str(year))) if lines.height else lines
    blocks: list[Block] = [Heading(say(ROOM, "carbon.title", language, year=year, name=name), 0)]
    guides = sorted(set(lines["guide"].drop_nulls()) - {""}) if lines.height else []
    told = "；".join(shelf_title("guide", guide, language) for guide in guides) or "–"
    blocks.append(Note(say(ROOM, "carbon.guide", language, guide=told)))
    blocks += [Heading(say(ROOM, "carbon.sum", language)), *_sums(own, year, language)]
    for form in FORMS:
        part = lines.filter(pl.col("form") == form) if lines.height else lines
        if part.height:
            blocks += [Heading(say(ROOM, f"carbon.form_{form.replace('.', '')}", language))]
            blocks += _form(part, language)
    allocation = rows(own, "allocation_line")
    allocation = allocation.filter(pl.col("year") == year) if allocation.height else allocation
    if allocation.height:
        blocks += [Heading(say(ROOM, "carbon.allocation", language)), _allocation(allocation, language)]
    return blocks


def exact(value: float, unit: str = "t") -> Figure:
    """Return a figure of a return: two decimals (an intensity four), the value beside it."""
    return Figure(f"{value:.4f}" if "/" in unit else f"{value:.2f}", value, unit)


def _of(frame: pl.DataFrame, facility: str) -> pl.DataFrame:
    return frame.filter(pl.col("facility") == facility) if "facility" in frame.columns else frame


def _word(name: str, language: Language, *, numeric: bool = False) -> Column:
    return Column(say(ROOM, f"carbon.column_{name}", language), numeric=numeric)


def _sums(own: Tables, year: int, language: Language) -> list[Block]:
    """Return the year by installation, with the months that are missing and what defaults added."""
    emission = rows(own, "facility_emission")
    if emission.is_empty():
        return [Note(say(ROOM, "carbon.nothing", language), "warning")]
    counted = emission.filter(
        "counted", pl.col("month").str.starts_with(str(year)), pl.col("species").is_in(["CO2", "CF4", "C2F6"])
    )
    by = ["installation", "species", "scope"]
    sums = counted.group_by(by, maintain_order=True).agg(pl.col("value").sum(), pl.col("month").n_unique())
    cells = [
        [r["installation"], r["species"], say(ROOM, f"carbon.scope_{r['scope']}", language), str(r["month"]),
         exact(r["value"])]
        for r in sums.to_dicts()
    ]  # fmt: skip
    direct = sums.filter(pl.col("species") == "CO2", pl.col("scope") == "direct")["value"].sum()
    cells.append([say(ROOM, "carbon.direct_total", language), "CO2", "", "", exact(float(direct))])
    heads = (
        _word("installation", language), _word("species", language), _word("scope", language),
        _word("months", language, numeric=True), _word("emission", language, numeric=True),
    )  # fmt: skip
    last = frozenset({len(cells) - 1})
    blocks: list[Block] = [TableBlock(say(ROOM, "carbon.sum_caption", language), heads, cells, strong=last)]
    missing = rows(own, "missing_month")
    missing = missing.filter(pl.col("year") == year) if missing.height else missing
    for row in missing.unique(["installation", "months"], maintain_order=True).to_dicts():
        words = {"installation": row["installation"], "months": row["months"]}
        blocks.append(Note(say(ROOM, "carbon.missing", language, **words), "warning"))
    cost = rows(own, "default_cost")
    cost = cost.filter(pl.col("month").str.starts_with(str(year))) if cost.height else cost
    if cost.height:
        total = exact(float(cost["emission"].sum()))
        blocks.append(Note(say(ROOM, "carbon.default_cost", language, value=total, months=cost.height)))
    return blocks


def _form(part: pl.DataFrame, language: Language) -> list[Block]:
    """Return the lines of one form, one table for each installation."""
    blocks: list[Block] = []
    for installation in part["installation"].unique(maintain_order=True):
        own = part.filter(pl.col("installation") == installation)
        cells = [
            [r["month"], r["line"], shelf_title("product", r["item"] or "–", language),
             r[f"title_{language}"], r["printed"], r["unit"] or "",
             _origin(r["origin"], language)]
            for r in own.to_dicts()
        ]  # fmt: skip
        heads = (
            _word("month", language), _word("line", language), _word("item", language),
            _word("title", language), _word("value", language, numeric=True), _word("unit", language),
            _word("origin", language),
        )  # fmt: skip
        blocks.append(TableBlock(str(installation), heads, cells))
    return blocks


def _origin(method: str | None, language: Language) -> str:
    return say(ROOM, f"carbon.origin_{method or 'computed'}", language)


def _allocation(part: pl.DataFrame, language: Language) -> TableBlock:
    cells = [
        [r["installation"], r["line"] if len(r["line"]) == 1 else "", r[f"title_{language}"],
         exact(r["value"], r["unit"]), r["unit"]]
        for r in part.to_dicts()
    ]  # fmt: skip
    heads = (
        _word("installation", language), _word("line", language), _word("title", language),
        _word("value", language, numeric=True), _word("unit", language),
    )  # fmt: skip
    return TableBlock(say(ROOM, "carbon.allocation_caption", language), heads, cells)
