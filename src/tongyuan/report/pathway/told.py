"""What a plan tells beside its numbers: road map, who pays, assumptions, regret, jobs, stranded stock."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.totals import Tables, region_of, rows
from tongyuan.report.pathway.words import PLAN, SMALL, Titles, currency_of, display, money, name_of, words
from tongyuan.report.programme.words import department

SHOWN = 12
"""Rows of a table that is sorted by size."""


def told_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return the road map, who pays, what would change the plan, regret, jobs and stranded stock."""
    parts: list[Block | None] = [
        road_map_table(tables, titles, language),
        incidence_table(tables, language),
        *_said("assumption", tables, language),
        *_said("regret", tables, language),
        job_table(tables, titles, language),
        stranded_table(tables, titles, language),
    ]
    return [p for p in parts if p is not None]


def _said(name: str, tables: Tables, language: Language) -> list[Block]:
    """Return the sentences of a table under a heading of its own."""
    said = [s for s in rows(tables, name)[f"sentence_{language}"].to_list() if s]
    if not said:
        return []
    return [Heading(words(f"{name}_title", language), 3), *(Paragraph(s) for s in said)]


def road_map_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return when every measure begins, how much there is of it at the end, and who owns it."""
    found = rows(tables, "road_map").filter(pl.col("scenario") == PLAN)
    last = found.filter(pl.col("year") == pl.col("year").max().over("measure", "unit", "counted"))
    if last.is_empty():
        return None
    place, cells = region_of(tables), []
    for r in last.sort("department", "start", "measure", nulls_last=True).to_dicts():
        factor, unit = display(r["unit"] or "", [r["amount"]], language)
        cells.append(
            [
                titles.measure.get(r["measure"], r["measure"]), department(r["department"], language, place),
                str(r["start"]) if r["start"] else MISSING, str(r["year"]),
                number(r["amount"] / factor), unit, words(f"road_map_{r['counted']}", language),
            ]
        )  # fmt: skip
    keys = ("measure", "owner", "start", "by", "amount", "unit", "counted")
    heads = tuple(Column(words(f"road_map_{k}", language), numeric=k == "amount") for k in keys)
    return TableBlock(words("road_map_caption", language), heads, cells, wide=True)


def incidence_table(tables: Tables, language: Language) -> TableBlock | None:
    """Return by sector and payer what the targets of pollution and carbon cost or save them, discounted."""
    found = rows(tables, "incidence").filter(pl.col("scenario") == PLAN)
    summed = found.group_by("sector", "payer", maintain_order=True).agg(pl.col("discounted").sum())
    summed = summed.filter(pl.col("discounted").abs() > SMALL * pl.col("discounted").abs().max())
    if summed.is_empty():
        return None
    shown = summed.sort(pl.col("discounted").abs(), descending=True).head(SHOWN)
    currency = currency_of(tables)
    cells = [
        [
            name_of("sector", r["sector"], language) if r["sector"] else words("incidence_every", language),
            name_of("payer", r["payer"], language),
            words("incidence_pays" if r["discounted"] > 0 else "incidence_gains", language),
            money(abs(r["discounted"]), currency, language),
        ]
        for r in shown.to_dicts()
    ]  # fmt: skip
    keys = ("sector", "payer", "verdict")
    heads = (
        *(Column(words(f"incidence_{k}", language)) for k in keys),
        Column(words("incidence_amount", language), numeric=True),
    )
    return TableBlock(words("incidence_caption", language), heads, cells)


def job_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return jobs by technology, phase and year; None without coefficients."""
    found = rows(tables, "plan_job").filter(pl.col("scenario") == PLAN)
    if found.is_empty():
        return None
    summed = found.group_by("technology", "phase", "year", maintain_order=True).agg(pl.col("value").sum())
    cells = [
        [titles.option(k, ""), words(f"job_{phase}", language), str(year), number(value)]
        for k, phase, year, value in summed.iter_rows()
    ]
    heads = tuple(
        Column(words(f"job_column_{k}", language), numeric=k == "value")
        for k in ("technology", "phase", "year", "value")
    )
    return TableBlock(words("job_caption", language), heads, cells, folded=True)


def stranded_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return what retires early with the years it had left; None where nothing does."""
    found = rows(tables, "stranded").filter(pl.col("scenario") == PLAN)
    summed = (
        found.with_columns(weight=pl.col("retired") * pl.col("years_left"))
        .group_by("technology", "year", "unit", maintain_order=True)
        .agg(pl.col("retired", "weight", "idle", "value_left").sum())
        .filter((pl.col("retired") > 0.0) | (pl.col("idle") > 0.0))
    )
    if summed.is_empty():
        return None
    cells = []
    for r in summed.to_dicts():
        factor, unit = display(r["unit"] or "", [r["retired"], r["idle"]], language)
        left = number(r["weight"] / r["retired"]) if r["retired"] > 0.0 and r["weight"] else MISSING
        cells.append(
            [titles.option(r["technology"], ""), str(r["year"]), unit, number(r["retired"] / factor), left,
             number(r["idle"] / factor)]
        )  # fmt: skip
    keys = ("technology", "year", "unit", "retired", "left", "idle")
    heads = tuple(Column(words(f"stranded_{k}", language), numeric=k in keys[3:]) for k in keys)
    return TableBlock(words("stranded_caption", language), heads, cells, folded=True)
