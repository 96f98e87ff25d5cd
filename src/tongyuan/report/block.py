"""The few kinds of things a document is made of; HTML and Word both know how to write each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Option = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 0 is the title of the document, 1 to 4 are numbered."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text. `quoted` text is in the language of its source, whatever it is."""

    text: str
    quoted: bool = False


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
    """A table with caption; cells are finished text. Rows named in `strong` are totals."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""
    strong: frozenset[int] = frozenset()
    folded: bool = False
    wide: bool = False


@dataclass(frozen=True)
class ChartBlock:
    """A chart as an ECharts option, with a sentence saying what it shows and a table saying the same."""

    caption: str
    option: Option
    description: str
    height: int = 380
    note: str = ""
    table: TableBlock | None = None
    half: bool = False


@dataclass(frozen=True)
class Card:
    """A key figure."""

    title: str
    value: str
    unit: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Cards:
    """Key figures side by side."""

    cards: Sequence[Card]
    caption: str = ""


Block = Heading | Paragraph | Note | TableBlock | ChartBlock | Cards


@dataclass(frozen=True)
class Section:
    """A chapter of the report: `key` is its anchor."""

    key: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
