"""From an input table to emission rows: reading cells, choosing coefficients, collecting findings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.branch import MethodSettings
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import PLACE, Column, conform, empty, table
from tongyuan.reference.method.parameter import Parameter, ParameterError, parameter
from tongyuan.reference.method.stoichiometry import days_of
from tongyuan.reference.shelf import identify, shelf

ROOM = "inventory.methods"


class Settings(MethodSettings):
    """How the adaptors choose their coefficients: branch ``[method]``, with two of ``[account]``."""

    include_unverified: bool = False
    """Let coefficients of status ``unverified`` act."""
    grid_variant: str = "average"
    """Variant of the grid factor, an id of shelf ``grid_variant``."""
    until: int | None = None
    """Last year that is reported; a series whose stock lives on must reach it. None: its own last year."""


Row = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One row of an input table, with typed access to its cells."""

    table: str
    number: int
    cells: Mapping[str, Any]
    settings: Settings

    @property
    def id(self) -> str:
        """Activity id of the rows this entry yields: ``<table>:<row id>``."""
        return f"{self.table}:{self.text('activity_id') or self.number}"

    def finding(self, error: ParameterError) -> Finding:
        """Return what `error` says about this entry."""
        return locate(self.table, self.number, self.text(PLACE), error.check, error.values)

    def text(self, column: str) -> str:
        """Return a cell as text; an empty cell is an empty string."""
        value = self.cells.get(column)
        return "" if value is None else str(value)

    def optional(self, column: str) -> float | None:
        """Return a number, or None for an empty cell."""
        value = self.cells.get(column)
        return None if value is None else float(value)

    def amount(self, column: str, default: float | None = None) -> float:
        """Return a number; an empty cell raises unless there is a `default`."""
        value = self.optional(column)
        if value is None:
            value = default
        if value is None:
            raise ParameterError("cell-needed", column=column)
        return value

    def option(self, column: str) -> str:
        """Return the id of the option in `column`, named by id, title or alias; empty when the cell is
        empty."""
        text = self.text(column)
        return _option(_column(self.table, column), text) or text if text else ""

    def parameter(
        self, topic: str, name: str, *, edition: str, item: str = "", condition: str = "", own: str = ""
    ) -> Parameter:
        """Return the entry's own value of column `own` if given, else the coefficient on the shelf."""
        value = self.optional(own) if own else None
        if value is not None:
            return Parameter(f"{self.id}.{own}", value, _column(self.table, own).unit)
        return parameter(
            topic,
            name,
            edition=edition,
            item=item,
            condition=condition,
            include_unverified=self.settings.include_unverified,
        )

    def emission(
        self,
        method: str,
        species: str,
        value: float,
        *,
        process: str,
        origin: str,
        factor: Sequence[Parameter | str] = (),
        spread: Iterable[Parameter | str] | None = None,
        product: str = "",
        technology: str = "",
        scope: str = "direct",
        uncontrolled: float | None = None,
        unit: str = "t",
        note: str = "",
    ) -> Row:
        """Return an emission row of this entry; `value` in t (energy in TJ, water in m3).

        Lower and upper follow from the ranges of the coefficients in `spread` (all of `factor` unless
        told), as for a product, where all have one: IPCC 2006 Vol.1 Eq 3.1, each side apart.
        """
        lower, upper = product_limits(value, factor if spread is None else spread)
        names = [part if isinstance(part, str) else part.id for part in factor]
        return {
            "region": self.text("region"),
            "year": int(self.amount("year")),
            "process": process,
            "product": product,
            "technology": technology,
            "origin": origin,
            "scope": scope,
            "medium": medium(species),
            "species": species,
            "value": float(value),
            "unit": unit,
            "uncontrolled": uncontrolled,
            "lower": lower,
            "upper": upper,
            "method": method,
            "activity_id": [self.id],
            "factor_id": list(dict.fromkeys(names)),
            "control": "",
            "note": note,
        }


def product_limits(value: float, factors: Iterable[Parameter | str]) -> tuple[float | None, float | None]:
    """Return the limits of a product of factors with ranges; None where one has none: unknown is not certain.

    Each side is the root of the sum of squares of the relative half widths of its factors.
    """
    pairs: list[tuple[float, float, float]] = []
    for p in {p.id: p for p in factors if isinstance(p, Parameter) and p.value}.values():
        if p.lower is None or p.upper is None:
            return None, None
        pairs.append((p.value, p.lower, p.upper))
    if not pairs:
        return None, None
    down = math.sqrt(sum(((v - low) / v) ** 2 for v, low, _ in pairs))
    up = math.sqrt(sum(((high - v) / v) ** 2 for v, _, high in pairs))
    ends = sorted((value * max(0.0, 1 - down), value * (1 + up)))
    return ends[0], ends[1]


def medium(species: str) -> str:
    """Return the medium of `species` as the species shelf has it."""
    rows = _media()
    if species not in rows:
        raise ParameterError("species-unknown", species=species)
    return rows[species]


@cache
def _media() -> dict[str, str]:
    frame = shelf("species")
    return dict(zip(frame[frame.columns[0]], frame["medium"], strict=True))


@cache
def _column(name: str, column: str) -> Column:
    return next(c for c in table(name).columns if c.name == column)


def _shelves(column: Column) -> list[str]:
    return [part.removeprefix("reference.") for part in column.refers_to if part.startswith("reference.")]


def _option(column: Column, text: str) -> str | None:
    for name in _shelves(column):
        found = identify(name, text)
        if found:
            return found
    return None


def _allowed(column: Column) -> Bilingual:
    titles = [shelf(name) for name in _shelves(column)]
    zh = "、".join(text for frame in titles for text in frame["title_zh"])
    return Bilingual(zh, ", ".join(text for frame in titles for text in frame["title_en"]))


def locate(name: str, row: int, place: str, check_name: str, values: Mapping[str, Any]) -> Finding:
    """Return the finding `check_name` about a row of table `name`; ``column`` in `values` names the cell.

    `place` (``file|sheet|row``, as the ledger keeps it) goes before the number of the row in the table.
    """
    more: dict[str, Any] = dict(values)
    cell = str(more.pop("column", ""))
    if cell:
        column = _column(name, cell)
        more["name"] = Bilingual(column.title_zh, column.title_en)
    file, _, rest = place.partition("|")
    sheet, _, number = rest.rpartition("|")
    seen = int(number) if number.isdigit() else row
    return finding(ROOM, check_name, file=file, sheet=sheet or name, row=seen, column=cell, **more)


FREE = frozenset({"region", "process", "product", "technology"})


def _check_cell(column: Column, value: Any) -> tuple[str, dict[str, Any]] | None:
    if value is None or value == "":
        return ("cell-needed", {}) if column.required else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isnan(value) or math.isinf(value):
            return "cell-not-a-number", {}
        low, high = column.minimum, column.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return "cell-out-of-range", {"value": value, "low": low, "high": high}
    elif _shelves(column) and column.name not in FREE and not _option(column, str(value)):
        return "option-unknown", {"value": value, "allowed": _allowed(column)}
    return None


def _beyond_year(column: Column, cells: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return what is wrong with a number of days that the year of its row does not have."""
    days, year = cells.get(column.name), cells.get("year")
    if column.unit != "day" or days is None or year is None or days <= days_of(year):
        return None
    return "days-beyond-year", {"value": days, "year": int(year), "most": int(days_of(year))}


def check(name: str, frame: pl.DataFrame) -> list[Finding]:
    """Return what is wrong with the cells of table `name`: missing, not a number, out of range,
    unknown option."""
    found: list[Finding] = []
    for number, cells in enumerate(frame.to_dicts(), start=1):
        for column in table(name).columns:
            problem = _check_cell(column, cells.get(column.name))
            problem = problem or _beyond_year(column, cells)
            if problem:
                check_name, values = problem
                found.append(
                    locate(
                        name, number, cells.get(PLACE) or "", check_name, {"column": column.name, **values}
                    )
                )
    return found


def entries(name: str, frame: Any, settings: Settings | None = None) -> list[Entry]:
    """Return the rows of input table `name`; all findings about its cells are raised together.

    Raises
    ------
    FindingError
        If a cell is missing, no number, out of range or an unknown option.
    """
    rows = conform(name, frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame))
    require(check(name, rows))
    chosen = settings or Settings()
    return [Entry(name, number, cells, chosen) for number, cells in enumerate(rows.to_dicts(), start=1)]


def walk(
    name: str, frame: Any, settings: Settings | None, row: Callable[[Entry], Iterable[Row]]
) -> pl.DataFrame:
    """Return the emission rows that `row` yields for every entry of table `name`.

    Raises
    ------
    FindingError
        With one finding for every entry to which no coefficient answers.
    """
    return collect(entries(name, frame, settings), row)


def collect(rows: Iterable[Entry], row: Callable[[Entry], Iterable[Row]]) -> pl.DataFrame:
    """Return the emission rows that `row` yields for every one of `rows`; see :func:`walk`."""
    found: list[Finding] = []
    result: list[Row] = []
    for entry in rows:
        try:
            result.extend(row(entry))
        except ParameterError as error:
            found.append(entry.finding(error))
    require(found)
    return emission_frame(result)


def emission_frame(rows: list[Row]) -> pl.DataFrame:
    """Return `rows` as an emission table."""
    if not rows:
        return empty("emission")
    return conform("emission", pl.DataFrame(rows, infer_schema_length=None))


def walk_groups(
    name: str,
    frame: Any,
    settings: Settings | None,
    keys: tuple[str, ...],
    group: Callable[[list[Entry]], Iterable[Row]],
) -> pl.DataFrame:
    """Return the emission rows that `group` yields for all entries of table `name` that share `keys`.

    The rows of a group carry the ids of all its entries as ``activity_id``.

    Raises
    ------
    FindingError
        With one finding for every group to which no coefficient answers.
    """
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries(name, frame, settings):
        groups.setdefault(tuple(entry.text(key) for key in keys), []).append(entry)
    found: list[Finding] = []
    result: list[Row] = []
    for members in groups.values():
        ids = [entry.id for entry in members]
        try:
            result.extend({**row, "activity_id": ids} for row in group(members))
        except ParameterError as error:
            found.append(members[0].finding(error))
    require(found)
    return emission_frame(result)
