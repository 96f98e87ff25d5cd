"""The chapters of the report, one module each, in the order of the registry :data:`SECTIONS`.

A chapter is a function ``section(tables, language) -> Section | None``; it returns None when the tables it
speaks of are absent. To add a chapter, add its module to this folder and its name to the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report.block import Section

SECTIONS: tuple[str, ...] = (
    "key_figures",
    "common_source",
    "sankey",
    "change",
    "species_sector",
    "uncertainty",
    "key_category",
    "control_effect",
    "synergy",
    "plan",
    "programme",
    "deployment",
    "comparison",
    "gap",
    "background",
    "factor_used",
    "finding",
    "run",
)


def all_sections(tables: Mapping[str, pl.DataFrame], language: Language) -> list[Section]:
    """Return every chapter the tables give rise to, in order."""
    made = (import_module(f"{__name__}.{name}").section(tables, language) for name in SECTIONS)
    return [section for section in made if section is not None]
