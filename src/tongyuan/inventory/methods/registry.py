"""The register of published methods, and the adaptors of their input tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl

from tongyuan.inventory.methods.adaptor import ROOM, Settings
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.reference.shelf import read_text_csv

Adaptor = Callable[[Any, Settings | None], pl.DataFrame]


@dataclass(frozen=True)
class Method:
    """One published method: its pure function, the input table it serves and what it was reproduced
    against."""

    name: str
    title_zh: str
    title_en: str
    source: str
    function: Callable[..., Any]
    table: str
    reproduced_against: str


@cache
def methods() -> pl.DataFrame:
    """Return the register as a table: name, function, table, titles, source, reproduced_against."""
    return read_text_csv(files("tongyuan.inventory.methods") / "method.csv")


@cache
def _register() -> Mapping[str, Method]:
    register = {}
    for row in methods().to_dicts():
        module, function = row["function"].split(".")
        found = getattr(import_module(f"tongyuan.inventory.methods.{module}"), function)
        register[row["name"]] = Method(
            row["name"],
            row["title_zh"],
            row["title_en"],
            row["source"],
            found,
            row["table"],
            row["reproduced_against"],
        )
    return MappingProxyType(register)


def method(name: str) -> Method:
    """Return the method called `name`.

    Raises
    ------
    FindingError
        If there is none; the finding lists the names there are.
    """
    register = _register()
    if name not in register:
        raise FindingError([finding(ROOM, "method-unknown", method=name, known=", ".join(sorted(register)))])
    return register[name]


HISTORY = frozenset({"landfill_deposit"})
"""Input tables whose earlier years act in later ones: the years reported never limit what is read of them."""


@cache
def tables() -> Mapping[str, Adaptor]:
    """Return the adaptor of every input table of the register: ``emission_from_<table>(frame, settings)``.

    It stands in a module that serves the table; the tables come in the order of the register.

    Raises
    ------
    LookupError
        If no module of a table has its adaptor.
    """
    found: dict[str, Adaptor] = {}
    for row in methods().filter(pl.col("table") != "").to_dicts():
        module = import_module(f"{__package__}.{row['function'].split('.')[0]}")
        adaptor = getattr(module, f"emission_from_{row['table']}", None)
        if adaptor is not None:
            found.setdefault(row["table"], adaptor)
    without = set(methods()["table"]) - {"", *found}
    if without:
        raise LookupError(f"no emission_from_<table> for {', '.join(sorted(without))}")
    return MappingProxyType(found)
