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
from tongyuan.inventory.methods.aluminium import emission_from_aluminium_line
from tongyuan.inventory.methods.cement import emission_from_clinker_line
from tongyuan.inventory.methods.coal_mine import emission_from_coal_mine
from tongyuan.inventory.methods.fluorinated import emission_from_refrigerant_bank
from tongyuan.inventory.methods.forest import emission_from_forest
from tongyuan.inventory.methods.incineration import emission_from_waste_incineration
from tongyuan.inventory.methods.landfill import emission_from_landfill_deposit
from tongyuan.inventory.methods.livestock import emission_from_livestock
from tongyuan.inventory.methods.purchased_energy import emission_from_purchased_energy
from tongyuan.inventory.methods.residue_burning import emission_from_residue_burning
from tongyuan.inventory.methods.rice import emission_from_rice_field
from tongyuan.inventory.methods.soil_nitrogen import emission_from_fertiliser
from tongyuan.inventory.methods.steel import emission_from_steel_works
from tongyuan.inventory.methods.wastewater import emission_from_wastewater_plant
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


def tables() -> Mapping[str, Adaptor]:
    """Return the adaptor of every input table: table → ``emission_from_<table>(frame, settings)``."""
    return MappingProxyType(
        {
            "livestock": emission_from_livestock,
            "landfill_deposit": emission_from_landfill_deposit,
            "wastewater_plant": emission_from_wastewater_plant,
            "fertiliser": emission_from_fertiliser,
            "rice_field": emission_from_rice_field,
            "residue_burning": emission_from_residue_burning,
            "clinker_line": emission_from_clinker_line,
            "steel_works": emission_from_steel_works,
            "aluminium_line": emission_from_aluminium_line,
            "refrigerant_bank": emission_from_refrigerant_bank,
            "forest": emission_from_forest,
            "purchased_energy": emission_from_purchased_energy,
            "waste_incineration": emission_from_waste_incineration,
            "coal_mine": emission_from_coal_mine,
        }
    )
