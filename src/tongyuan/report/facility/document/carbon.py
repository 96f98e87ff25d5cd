"""The carbon report of an enterprise line by line, and the data its table of allocation asks for."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import table
from tongyuan.ledger.write.write import worded
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.shelf import title as shelf_title
from tongyuan.report.base.block import Block, Column, Figure, Heading, Note, TableBlock
from tongyuan.report.base.label import citation, symbol, table_column
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.facility.words import ROOM, coded, place

FORMS = ("C.3", "fuel", "material", "product", "power", "C.4", "total", "C.6")
WHO = ("name", "facility", "kind", "industry", "region", "permit", "permit_class", "ets_sector", "ets_from",
       "group", "longitude", "latitude", "altitude", "coal_rank")  # fmt: skip
"""Columns of table ``facility`` that say who reports."""
WHAT = ("installation", "kind", "process", "capacity", "capacity_unit", "rated", "fuel_class", "cooling",
        "chp",
        "own_secondary", "clinker", "line_capacity", "cells", "current", "begin", "end", "merged_with",
        "emergency")  # fmt: skip
"""Columns of table ``installation`` that say with what."""
LETTERS = ("B", "C", "D")
"""Lines whose figures are tested or default: carbon, heating value, carbon per heat."""


def carbon_report(tables: Tables, facility: str, year: int, language: Language) -> list[Block]:
    """Return the carbon report of `facility` for `year`.

    Parameters
    ----------
    tables
        Tables ``facility``, ``installation``, ``fuel_sample``, ``laboratory_report``, ``carbon_line``,
        ``allocation_line``, ``facility_emission``, ``missing_month``, ``default_cost`` and
        ``allowance_account`` as far as they exist.

    Notes
    -----
    Forms C.1 to C.6 are those of power units. The other kinds have C.1 and C.2 and then stand by what they
    account, as the numbers of the forms of their guides were not read; the document says so.
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
    power = bool(who.height) and who["kind"][0] == "power"
    if not power:
        blocks.append(Note(say(ROOM, "carbon.not_in_order", language)))
    blocks += _who(own, language)
    for form in FORMS:
        part = lines.filter(pl.col("form") == form) if lines.height else lines
        if part.height:
            blocks += [Heading(say(ROOM, f"carbon.form_{form.replace('.', '')}", language))]
            blocks += _form(part, language)
        if form == "C.4":
            blocks += _determined(own, lines, year, language)
    allocation = rows(own, "allocation_line")
    allocation = allocation.filter(pl.col("year") == year) if allocation.height else allocation
    if allocation.height:
        blocks += [Heading(say(ROOM, "carbon.allocation", language)), _allocation(allocation, language)]
    quota = rows(own, "allowance_account")
    quota = quota.filter(pl.col("year") == year) if quota.height else quota
    if quota.height:
        blocks += [Heading(say(ROOM, "carbon.quota", language)), _quota(quota, language)]
    return blocks


def _who(own: Tables, language: Language) -> list[Block]:
    """Return forms C.1 and C.2: who reports, and with which units."""
    who, what = rows(own, "facility"), rows(own, "installation")
    blocks: list[Block] = []
    if who.height:
        shown = worded("facility", who.head(1), language)
        cells = [
            [title, str(shown[name][0])] for name, title in _titles("facility", WHO, shown, language)
        ]  # fmt: skip
        heads = (_word("field", language), _word("content", language))
        heading = say(ROOM, "carbon.form_C1", language)
        blocks += [Heading(heading), TableBlock(heading, heads, cells)]
    if what.height:
        shown = worded("installation", what, language)
        named = _titles("installation", WHAT, shown, language)
        units = shown.to_dicts()
        cells = [[t, *(_cell(row[n], language) for row in units)] for n, t in named[1:]]
        named_units = (Column(str(row["installation"]), quoted=True) for row in units)
        heading = say(ROOM, "carbon.form_C2", language)
        blocks += [Heading(heading), TableBlock(heading, (_word("field", language), *named_units), cells)]
    return blocks


def _cell(value: object, language: Language) -> str:
    """Return a field of a form as text."""
    if isinstance(value, bool):
        return say(ROOM, "carbon.yes" if value else "carbon.no", language)
    return "" if value is None else str(value)


def _titles(
    name: str, wanted: tuple[str, ...], frame: pl.DataFrame, language: Language
) -> list[tuple[str, str]]:
    """Return the columns of a table that hold anything, with their titles, in the order wanted."""
    columns = {c.name: c for c in table(name).columns}
    filled = [c for c in wanted if c in frame.columns and frame[c].null_count() < frame.height]
    return [(c, columns[c].title_en if language == "en" else columns[c].title_zh) for c in filled]


def _determined(own: Tables, lines: pl.DataFrame, year: int, language: Language) -> list[Block]:
    """Return form C.5: month by month, whether carbon and heat were tested, and by which report."""
    part = lines.filter(pl.col("form") == "C.3", pl.col("line").is_in(LETTERS)) if lines.height else lines
    if part.is_empty():
        return []
    heading = say(ROOM, "carbon.form_C5", language)
    samples, reports = rows(own, "fuel_sample"), rows(own, "laboratory_report")
    said: dict[tuple[str, str], list[str]] = {}
    known = {r["report"]: r for r in reports.to_dicts()}
    kinds = worded("fuel_sample", samples, language)["kind"].to_list() if samples.height else []
    for row, kind in zip(samples.to_dicts(), kinds, strict=True):
        if row["covers_to"] is None or row["covers_to"].year != year:
            continue
        test = known.get(row["report"], {})
        cells = [
            row["sample"],
            kind,
            row["sampled"],
            test.get("tested"),
            test.get("laboratory"),
            row["report"],
        ]
        month = f"{row['covers_to']:%Y-%m}"
        said[month, str(row["product"])] = ["" if c is None else str(c) for c in cells]
    rows_ = [
        [r["month"], place(r["installation"], language), shelf_title("product", r["item"], language),
         r[f"title_{language}"],
         _origin(r["origin"], language),
         *(said.get((r["month"], r["item"]), [""] * 6) if r["line"] != "D" else [""] * 6)]
        for r in part.to_dicts()
    ]  # fmt: skip
    names = ("month", "installation", "item", "title", "origin", "sample", "sample_kind", "sampled", "tested",
             "laboratory", "report")  # fmt: skip
    heads = tuple(_word(n, language) for n in names)
    return [Heading(heading), TableBlock(heading, heads, rows_, wide=True)]


def _quota(part: pl.DataFrame, language: Language) -> TableBlock:
    """Return how the quota of the year follows from the verified data."""
    cells = [
        [place(r["installation"], language), r[f"title_{language}"],
         "–" if r["value"] is None and coded(r["note"], language) == r[f"title_{language}"]
         else coded(r["note"], language) if r["value"] is None else exact(r["value"], r["unit"] or ""),
         r["unit"] or "", citation(r["rule"]) if r["rule"] else ""]
        for r in part.to_dicts()
    ]  # fmt: skip
    heads = (
        _word("installation", language), _word("title", language), _word("value", language, numeric=True),
        _word("unit", language), _word("origin", language),
    )  # fmt: skip
    return TableBlock(say(ROOM, "carbon.quota_caption", language), heads, cells)


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
        [place(r["installation"], language), symbol(r["species"], language),
         say(ROOM, f"carbon.scope_{r['scope']}", language), str(r["month"]),
         exact(r["value"])]
        for r in sums.to_dicts()
    ]  # fmt: skip
    direct = sums.filter(pl.col("species") == "CO2", pl.col("scope") == "direct")["value"].sum()
    cells.append(
        [say(ROOM, "carbon.direct_total", language), symbol("CO2", language), "", "", exact(float(direct))]
    )
    heads = (
        _word("installation", language), _word("species", language), _word("scope", language),
        _word("months", language, numeric=True), _word("emission", language, numeric=True),
    )  # fmt: skip
    last = frozenset({len(cells) - 1})
    blocks: list[Block] = [TableBlock(say(ROOM, "carbon.sum_caption", language), heads, cells, strong=last)]
    missing = rows(own, "missing_month")
    missing = missing.filter(pl.col("year") == year) if missing.height else missing
    for row in missing.unique(["installation", "months"], maintain_order=True).to_dicts():
        words = {"installation": place(row["installation"], language), "months": row["months"]}
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
            [r["month"], r["line"], _item(r["item"] or "–", language),
             r[f"title_{language}"], r["printed"], r["unit"] or "",
             (r["formula"] or "").replace("Q₀", f"Q({place('whole', language)})"),
             _origin(r["origin"], language)]
            for r in own.to_dicts()
        ]  # fmt: skip
        heads = (
            _word("month", language), _word("line", language), _word("item", language),
            _word("title", language), _word("value", language, numeric=True), _word("unit", language),
            _word("formula", language), _word("origin", language),
        )  # fmt: skip
        named = f"{table_column('installation', 'installation', language)} {place(installation, language)}"
        blocks.append(TableBlock(named, heads, cells))
    return blocks


def _item(item: str, language: Language) -> str:
    """Return the words for what a line is about: a fuel or product, a material and its way, a gas."""
    name, _, way = item.partition(" ")
    shelves = ("product", "steel_flow", "clinker_substitute")
    words = next((w for w in (shelf_title(s, name, language) for s in shelves) if w != name), name)
    if name == "anode":
        words = say(ROOM, "carbon.anode", language)
    to = shelf_title("flow_direction", way, language) if way else ""
    return f"{words} {to}".strip()


def _origin(method: str | None, language: Language) -> str:
    return say(ROOM, f"carbon.origin_{method or 'computed'}", language)


def _allocation(part: pl.DataFrame, language: Language) -> TableBlock:
    cells = [
        [place(r["installation"], language), r["line"] if len(r["line"]) == 1 else "", r[f"title_{language}"],
         exact(r["value"], r["unit"]), r["unit"]]
        for r in part.to_dicts()
    ]  # fmt: skip
    heads = (
        _word("installation", language), _word("line", language), _word("title", language),
        _word("value", language, numeric=True), _word("unit", language),
    )  # fmt: skip
    return TableBlock(say(ROOM, "carbon.allocation_caption", language), heads, cells)
