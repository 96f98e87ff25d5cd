"""Guides: which tables are filled in one after the other for a purpose, each a file of ``guide``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import tables_of


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title_zh: str
    title_en: str
    text_zh: str
    text_en: str

    @property
    def title(self) -> Bilingual:
        """Return what people call it."""
        return Bilingual(self.title_zh, self.title_en)

    @property
    def text(self) -> Bilingual:
        """Return what is to be done."""
        return Bilingual(self.text_zh, self.text_en)


class Step(_Told):
    """One step: the tables that are filled in, and those of them that may stay empty."""

    tables: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @field_validator("tables")
    @classmethod
    def _known(cls, tables: tuple[str, ...]) -> tuple[str, ...]:
        strange = set(tables) - set(tables_of(role="input"))
        if strange or not tables:
            raise ValueError(f"no tables that are filled in: {sorted(strange)}")
        return tables

    def needed(self) -> tuple[str, ...]:
        """Return the tables without which the step is not done."""
        return tuple(name for name in self.tables if name not in self.optional)


class Guide(_Told):
    """A way through the tables of a submission for one purpose."""

    name: str
    room: str
    """Room of the console in which one begins."""
    step: tuple[Step, ...]
    answer: str = ""
    """Subject of the operation whose page tells what follows from the tables; empty where none does."""


@cache
def guides() -> Mapping[str, Guide]:
    """Return every guide by its name."""
    made: dict[str, Any] = {}
    for file in sorted(files("tongyuan.office").joinpath("guide").iterdir(), key=lambda one: one.name):
        name, _, kind = file.name.partition(".")
        if kind == "toml":
            made[name] = Guide(name=name, **tomllib.loads(file.read_text("utf-8")))
    return made
