"""The few kinds of things a document is made of; HTML, Word and Excel know how to write each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Option = dict[str, Any]

SEPARATOR = " · "
"""Between the table and the keys of a record that a figure comes from."""


class Figure(str):
    """The finished text of a number that still knows its value and its unit; a workbook holds the value."""

    value: float
    unit: str

    def __new__(cls, text: str, value: float, unit: str = "") -> Figure:
        """Return `text` with the number it stands for."""
        made = super().__new__(cls, text)
        made.value, made.unit = value, unit
        return made


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 0 is the title of the document, 1 to 4 are numbered unless told otherwise."""

    text: str
    level: int = 1
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, or with `item` a numbered item of a list.

    `quoted` text is in the language of its source, whatever it is; `source` says which record a figure in it
    comes from.
    """

    text: str
    quoted: bool = False
    source: str = ""
    item: bool = False


@dataclass(frozen=True)
class Note:
    """A remark set apart: a source, a reading aid (``note``) or something to beware of (``warning``)."""

    text: str
    kind: Literal["note", "source", "warning"] = "note"


@dataclass(frozen=True)
class Column:
    """A column of a table: numbers are right-aligned; `quoted` cells keep the language of their source."""

    title: str
    numeric: bool = False
    quoted: bool = False
    width: float | None = None


@dataclass(frozen=True)
class TableBlock:
    """A table with caption; cells are finished text. Rows named in `strong` are totals.

    `sources` names, row by row, the record the figures come from; a `wide` table needs a landscape page.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""
    strong: frozenset[int] = frozenset()
    folded: bool = False
    wide: bool = False
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class ChartBlock:
    """A chart as an ECharts option, with a sentence saying what it shows and a table saying the same.

    `source` names the table and records it is drawn from.
    """

    caption: str
    option: Option
    description: str
    height: int = 380
    note: str = ""
    table: TableBlock | None = None
    half: bool = False
    source: str = ""


@dataclass(frozen=True)
class Mark:
    """A remark on a figure: its text, the chapter that gives the reason, and whether it is to be minded."""

    text: str
    chapter: str
    warning: bool = False


@dataclass(frozen=True)
class Card:
    """A key figure; `marks` say what it must not be read without."""

    title: str
    value: str
    unit: str
    lines: Sequence[str] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Cards:
    """Key figures side by side."""

    cards: Sequence[Card]
    caption: str = ""


@dataclass(frozen=True)
class Links:
    """Files beside the report: title, name of the file, what it holds."""

    caption: str
    items: Sequence[tuple[str, str, str]]


Block = Heading | Paragraph | Note | TableBlock | ChartBlock | Cards | Links


@dataclass(frozen=True)
class Section:
    """A chapter of the report: `key` is its anchor."""

    key: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
