"""Tables as defined in ``ledger/schema``: their columns, an empty one, and bringing a frame into form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl

from tongyuan.reference.shelf import read_rows, read_text_csv

LIST = pl.List(pl.String())
"""Type of a column whose cells hold several ids or words."""

TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "reference": pl.String(),
    "choice": pl.String(),
    "unit": pl.String(),
    "list": LIST,
    "open_list": LIST,
    "ids": LIST,
    "date": pl.Date(),
    "month": pl.String(),
    "datetime": pl.Datetime("us"),
    "number": pl.Float64(),
    "share": pl.Float64(),
    "integer": pl.Int64(),
    "year": pl.Int64(),
    "boolean": pl.Boolean(),
}

SEPARATOR = "|"
"""Stands between the words of a list where it is text: in workbooks and CSV."""

OLDER = {("emission", "control"): "+"}
"""Lists that earlier versions wrote as text with another sign between their words."""

ONLY = "only:"
"""First word of a list that names what counts, not what is left out."""

PLACE = "_place"
"""Reserved extra column of every frame that was read: ``file|sheet|row`` of each row."""


@dataclass(frozen=True)
class Column:
    """One column of a table, as its schema row defines it."""

    name: str
    type: str
    unit: str
    required: bool
    key: bool
    default: str
    minimum: float | None
    maximum: float | None
    refers_to: tuple[str, ...]
    choices: tuple[str, ...]
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    example: str


@dataclass(frozen=True)
class Table:
    """One table of the ledger: its name, role, room, titles and columns.

    `writer` names the step of a run that writes it, empty where none does; `version` counts its definitions.
    """

    name: str
    role: str
    room: str
    writer: str
    version: int
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    columns: tuple[Column, ...]

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Polars type of each column, in order."""
        return {column.name: TYPES[column.type] for column in self.columns}


def split_list(text: pl.Expr) -> pl.Expr:
    """Return canonical text of a list (``a|b``, ``only:a|b``) as a list; blank text gives an empty one."""
    words = text.str.replace(ONLY, ONLY + SEPARATOR, literal=True).str.split(SEPARATOR)
    return words.list.eval(pl.element().filter(pl.element() != ""))


def join_list(words: pl.Expr) -> pl.Expr:
    """Return lists as canonical text, as :func:`split_list` reads it."""
    return words.list.join(SEPARATOR).str.replace(ONLY + SEPARATOR, ONLY, literal=True)


def _today(name: str, column: str) -> pl.Expr:
    """Return text of a list as this version writes it."""
    text = pl.col(column).cast(pl.String)
    older = OLDER.get((name, column))
    return text.str.replace_all(older, SEPARATOR, literal=True) if older else text


def read_lists(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` of table `name` with its lists that are canonical text as lists."""
    texts = (pl.String, pl.Categorical, pl.Enum)
    return frame.with_columns(
        split_list(_today(name, column))
        for column, dtype in table(name).dtypes.items()
        if dtype == LIST and isinstance(frame.schema.get(column), texts)
    )


def read_resource(name: str) -> pl.DataFrame:
    """Return the CSV ``ledger/<name>`` of the package as text."""
    return read_text_csv(files("tongyuan.ledger").joinpath(*name.split("/")))


def resource_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of the CSV ``ledger/<name>`` of the package, as text."""
    return read_rows(files("tongyuan.ledger").joinpath(*name.split("/")))


@cache
def heads() -> Mapping[str, Mapping[str, str]]:
    """Return the row of ``table.csv`` of every table of the ledger by name; its columns are not read."""
    rows = resource_rows("table.csv")
    return MappingProxyType({row["table"]: MappingProxyType(row) for row in rows})


def names() -> tuple[str, ...]:
    """Return the names of all tables of the ledger."""
    return tuple(heads())


@cache
def tables_of(*, room: str = "", role: str = "", writer: str = "") -> frozenset[str]:
    """Return the names of the tables of a room, of a role (``input``, ``result``), written by a step."""
    wanted = {column: word for column, word in (("room", room), ("role", role), ("writer", writer)) if word}
    return frozenset(n for n, head in heads().items() if all(head[c] == w for c, w in wanted.items()))


@cache
def table(name: str) -> Table:
    """Return the definition of table `name`; raise KeyError when the ledger has no such table."""
    if name not in heads():
        raise KeyError(f"no table named {name!r}; there are {', '.join(names())}")
    head = heads()[name]
    columns = tuple(
        Column(
            name=row["column"],
            type=row["type"],
            unit=row["unit"],
            required=row["required"] == "yes",
            key=row["key"] == "yes",
            default=row["default"],
            minimum=float(row["minimum"]) if row["minimum"] else None,
            maximum=float(row["maximum"]) if row["maximum"] else None,
            refers_to=tuple(part for part in row["refers_to"].split("|") if part),
            choices=tuple(part for part in row["choices"].split("|") if part),
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            description_zh=row["description_zh"],
            description_en=row["description_en"],
            example=row["example"],
        )
        for row in resource_rows(f"schema/{head['room']}/{name}.csv")
    )
    return Table(
        name=name,
        role=head["role"],
        room=head["room"],
        writer=head["writer"],
        version=int(head["version"]),
        title_zh=head["title_zh"],
        title_en=head["title_en"],
        description_zh=head["description_zh"],
        description_en=head["description_en"],
        columns=columns,
    )


def empty(name: str) -> pl.DataFrame:
    """Return table `name` without rows."""
    return _without_rows(name).clone()


@cache
def _without_rows(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=table(name).dtypes)


def from_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return `rows` as table `name`; what a row lacks is missing, what the table lacks is left out."""
    dtypes = table(name).dtypes
    return pl.DataFrame({column: [row.get(column) for row in rows] for column in dtypes}, schema=dtypes)


def conform(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with exactly the columns and types of table `name`.

    Optional columns that are absent are added empty; the reserved column ``_place`` is kept when present.
    Canonical text is read in columns of lists. Anything else that does not fit raises.

    Raises
    ------
    ValueError
        If a required column is missing or a column is unknown to the schema.
    """
    definition = table(name)
    known = {column.name for column in definition.columns}
    unknown = sorted(set(frame.columns) - known - {PLACE})
    missing = sorted(c.name for c in definition.columns if c.required and c.name not in frame.columns)
    if unknown or missing:
        raise ValueError(f"table {name}: unknown columns {unknown}, missing columns {missing}")
    dtypes = definition.dtypes | ({PLACE: pl.String()} if PLACE in frame.columns else {})
    frame = read_lists(name, frame)
    return frame.select(
        (pl.col(column) if column in frame.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in dtypes.items()
    )
