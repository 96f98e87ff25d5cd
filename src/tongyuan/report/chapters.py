"""The chapters of the report: a module in a folder ``report/<room>/chapter`` is a chapter.

Such a module has a constant ``ORDER``, its place in the report (in hundreds: 100 the first page, 200 plan,
300 progress, 400 tasks, 500 synergy, 600 inventory, 700 how good the figures are, 800 what was done), and a
function ``section(tables, language) -> Section | None``, which returns None when the tables it speaks of
are absent. Its words stand in ``report/<room>/messages.csv``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Section

REPORT = "tongyuan.report"


@cache
def chapters() -> dict[str, ModuleType]:
    """Return the module of every chapter by its name, in the order of the report.

    Raises
    ------
    ValueError
        If two chapters have one name or one place.
    """
    found: dict[str, ModuleType] = {}
    for room in pkgutil.iter_modules(import_module(REPORT).__path__):
        folder = f"{REPORT}.{room.name}.chapter"
        if not room.ispkg or find_spec(folder) is None:
            continue
        for part in pkgutil.iter_modules(import_module(folder).__path__):
            if part.name in found:
                raise ValueError(f"two chapters are called {part.name}")
            found[part.name] = import_module(f"{folder}.{part.name}")
    ordered = sorted(found.items(), key=lambda item: item[1].ORDER)
    places = [module.ORDER for _, module in ordered]
    if len(set(places)) < len(places):
        raise ValueError(f"two chapters have one place: {places}")
    return dict(ordered)


@cache
def rooms() -> dict[str, tuple[str, ...]]:
    """Return the rooms that have chapters and the names of these, in the order of their first chapters.

    What a room is called stands in ``report/<room>/messages.csv`` under the key ``room``.
    """
    found: dict[str, list[str]] = {}
    for name, module in chapters().items():
        found.setdefault(module.__name__.split(".")[2], []).append(name)
    return {room: tuple(names) for room, names in found.items()}


def room_title(room: str, language: Language) -> str:
    """Return what a room is called on its page."""
    return say(f"report.{room}", "room", language)


def sections_of(room: str, tables: Mapping[str, pl.DataFrame], language: Language) -> list[Section]:
    """Return the chapters of one room that the tables give rise to; KeyError where it has none."""
    made = (chapters()[name].section(tables, language) for name in rooms()[room])
    return [section for section in made if section is not None]


def all_sections(tables: Mapping[str, pl.DataFrame], language: Language) -> list[Section]:
    """Return every chapter the tables give rise to, in order."""
    made = (module.section(tables, language) for module in chapters().values())
    return [section for section in made if section is not None]
