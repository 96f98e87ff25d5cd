"""The carbon of projects, as an impact assessment and an energy review ask for it."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, amount, number
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has

ORDER = 419

ROOM = "report.zoning"
PARTS = (
    "energy_equivalent",
    "coal_mass",
    "fuel_carbon",
    "process_carbon",
    "power_heat_carbon",
    "whole_carbon",
)
MOST = 60


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without projects whose activity is known."""
    if not has(tables, "project_energy"):
        return None
    frame = tables["project_energy"]
    whole = frame.filter(pl.col("part") == "whole_carbon")
    words = {
        "count": frame["project"].n_unique(),
        "carbon": amount(float(whole["value"].sum()), "t", language, 3),
    }
    told = Paragraph(say(ROOM, "carbon_told", language, **words))
    blocks = (told, carbon_table(tables, language), Note(say(ROOM, "carbon_note", language)))
    return Section("project_carbon", say(ROOM, "section.project_carbon", language), blocks, shown=0)


def carbon_table(tables: Tables, language: Language) -> TableBlock:
    """Return energy, coal and CO2 by part of every project, the largest first."""
    frame = tables["project_energy"]
    held = {(r["project"], r["part"]): r for r in frame.iter_rows(named=True)}
    titles = dict(tables["verdict"].select("project", "title").iter_rows()) if has(tables, "verdict") else {}
    heads = [Column(table_column("project_energy", "project", language), quoted=True)]
    heads += [Column(choice_title(p, language), numeric=True) for p in PARTS]
    names = frame["project"].unique(maintain_order=True).to_list()
    names.sort(key=lambda n: -(held.get((n, "whole_carbon")) or {"value": 0.0})["value"])
    lines = [[titles.get(n) or n, *(_cell(held.get((n, p)), language) for p in PARTS)] for n in names[:MOST]]
    return TableBlock(say(ROOM, "carbon_table", language), heads, lines)


def _cell(row: dict[str, object] | None, language: Language) -> str:
    if row is None or not isinstance(row["value"], float):
        return MISSING
    unit = str(row["unit"])
    return amount(row["value"], unit, language, 3) if unit == "t" else f"{number(row['value'], 4)} {unit}"
