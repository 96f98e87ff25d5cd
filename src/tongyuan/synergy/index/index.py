"""Index systems as data, in TOML: a tree of indicators with direction, bounds, weights, formulas."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tongyuan.ledger.figure import formula as formulas
from tongyuan.ledger.figure.figure import Figure, known, named
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding, require
from tongyuan.reference.shelf import Language
from tongyuan.synergy.index.check import ROOM, refuse
from tongyuan.synergy.method.registry import method


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title_zh: str
    title_en: str

    @property
    def titled(self) -> Bilingual:
        """The title in both languages, for findings."""
        return Bilingual(self.title_zh, self.title_en)

    def title(self, language: Language) -> str:
        """Return the title in `language`."""
        return self.title_en if language == "en" else self.title_zh


class ColumnSpec(_Spec):
    """Where a column of the formulas comes from.

    Table ``emission`` sums direct emissions of `species` (optionally of `product` and below `process`); table
    ``observation`` takes whole-year values of `figure`, an id on shelf ``figure``, or of any of the names in
    `indicator`; a value under one of the names in `revised` goes before them, because a revision replaces
    what was published first.
    """

    table: Literal["emission", "observation"]
    unit: str
    species: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    figure: str = ""
    indicator: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.table == "observation" and bool(self.figure) == bool(self.indicator):
            raise ValueError("a column of table observation has either figure or indicator")
        if self.figure and self.figure not in known():
            raise ValueError(f"no figure {self.figure!r}; there are {', '.join(known())}")
        return self

    @property
    def observed(self) -> Figure:
        """What is looked for in table ``observation``, with the title of this column."""
        found = named(self.figure, self.unit) if self.figure else Figure(self.indicator, self.unit)
        return replace(
            found,
            revised=self.revised or found.revised,
            title_zh=self.title_zh,
            title_en=self.title_en,
        )

    @property
    def emitted(self) -> bool:
        """Whether the column is an emission, which no score may reward."""
        return self.table == "emission" and not set(self.species) & {
            "energy",
            "electricity",
            "water_withdrawal",
        }


class CriterionSpec(_Spec):
    """A branch of the tree."""

    id: str


class IndicatorSpec(_Spec):
    """One indicator: formula over the columns, direction, bounds, weight in the whole index, source."""

    id: str
    criterion: str
    formula: str
    unit: str
    direction: Literal["positive", "negative"]
    weight: float = Field(ge=0)
    lower: float | None = None
    upper: float | None = None
    source: str

    @property
    def sign(self) -> int:
        """+1 where more is better, −1 where less is."""
        return 1 if self.direction == "positive" else -1


class IndexSystem(_Spec):
    """An index system. `status` is ``proposal`` (this project's, from no standard) or ``published``."""

    id: str
    level: Literal["region", "city", "park", "enterprise"]
    status: Literal["proposal", "published", "user"]
    source: str
    note_zh: str = ""
    note_en: str = ""
    normalise: str = "bounds"
    weight: str = "given"
    aggregate: str = "weighted_sum"
    base: Literal["previous", "first"] | int = "previous"
    coupling: tuple[str, ...] = ()
    column: dict[str, ColumnSpec]
    criterion: tuple[CriterionSpec, ...]
    indicator: tuple[IndicatorSpec, ...]


def names() -> tuple[str, ...]:
    """Return the names of the index systems shipped."""
    folder = files("tongyuan.synergy") / "indexes"
    return tuple(
        sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    )


def read(text: str, file: str = "") -> IndexSystem:
    """Return the index system written as TOML `text`, checked; all faults are reported at once."""
    try:
        index = IndexSystem.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FindingError([finding(ROOM, "index_toml", file=file, reason=str(error))]) from None
    except ValidationError as error:
        raise FindingError(
            finding(
                ROOM,
                "index_field",
                file=file,
                place=".".join(map(str, e["loc"])),
                reason=e["msg"],
            )
            for e in error.errors()
        ) from None
    require(structure_findings(index, file))
    return index


@cache
def load(name: str) -> IndexSystem:
    """Return an index system shipped under `name`, or the one in the TOML file at that path."""
    if name in names():
        path = files("tongyuan.synergy") / "indexes" / f"{name}.toml"
        return read(path.read_text(encoding="utf-8"), f"{name}.toml")
    if name.endswith(".toml") and Path(name).is_file():
        return read(Path(name).read_text(encoding="utf-8"), name)
    raise refuse("unknown_method", kind="index", name=name, known=", ".join(names()))


def structure_findings(index: IndexSystem, file: str = "") -> list[Finding]:
    """Return what is wrong with the tree: unknown criteria or columns, doubles, bounds, weights, methods."""
    found: list[Finding] = []
    branches = {c.id for c in index.criterion}
    seen: set[str] = set()
    for entry in index.indicator:
        where: dict[str, Any] = {"index": index.id, "indicator": entry.id}
        if entry.id in seen:
            found.append(finding(ROOM, "index_double", file=file, **where))
        seen.add(entry.id)
        if entry.criterion not in branches:
            known = ", ".join(sorted(branches))
            found.append(
                finding(ROOM, "index_criterion", file=file, criterion=entry.criterion, known=known, **where)
            )
        if index.normalise == "bounds" and (
            entry.lower is None or entry.upper is None or entry.lower >= entry.upper
        ):
            found.append(finding(ROOM, "index_bounds", file=file, **where))
        try:
            unknown = set(formulas.parse(entry.formula).columns) - set(index.column)
        except FindingError as error:
            found.extend(error.findings)
            continue
        for column in sorted(unknown):
            known = ", ".join(index.column)
            found.append(finding(ROOM, "index_column", file=file, column_name=column, known=known, **where))
    if sum(entry.weight for entry in index.indicator) <= 0:
        found.append(finding(ROOM, "weight_zero", file=file))
    for branch in index.coupling:
        if branch not in branches:
            known = ", ".join(sorted(branches))
            found.append(
                finding(
                    ROOM,
                    "index_criterion",
                    file=file,
                    index=index.id,
                    indicator="coupling",
                    criterion=branch,
                    known=known,
                )
            )
    for kind, name in (
        ("normalisation", index.normalise),
        ("weight", index.weight),
        ("aggregation", index.aggregate),
    ):
        try:
            method(kind, name)
        except FindingError as error:
            found.extend(error.findings)
    return found


def monotone_findings(index: IndexSystem, normalise: str, weight: str, aggregate: str) -> list[Finding]:
    """Return every reason for which a higher emission of the assessed year could raise a score of `index`.

    Formulas are proved by their slopes (:func:`tongyuan.ledger.figure.formula.shape`); methods by what the
    catalogue of methods says of them. An empty list is a proof, for emissions of the assessed year with
    base years given.
    """
    found: list[Finding] = []
    emitted = {name for name, column in index.column.items() if column.emitted}
    for entry in index.indicator:
        if entry.weight == 0 and weight == "given":
            continue
        slopes = formulas.shape(formulas.parse(entry.formula)).slope
        for name in sorted(emitted & set(slopes)):
            slope = slopes[name]
            values: dict[str, Any] = {
                "index": index.id,
                "indicator": entry.id,
                "column_name": name,
                "formula": entry.formula,
            }
            if slope is None:
                found.append(finding(ROOM, "monotone_unproved", **values))
            elif slope * entry.sign > 0:
                found.append(finding(ROOM, "rewards_emission", **values))
    for kind, name in (("weight", weight), ("aggregation", aggregate)):
        chosen = method(kind, name)
        relative_topsis = name != "topsis_improved" or normalise == "min_max"
        if not chosen.monotone and relative_topsis:
            found.append(
                finding(
                    ROOM,
                    "method_rewards_emission",
                    index=index.id,
                    method=name,
                    reason=Bilingual(chosen.note_zh, chosen.note_en),
                )
            )
    return found
