"""The few kinds of things a document is made of; HTML, Word and Excel know how to write each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
class Choice:
    """One figure with a selector: charts of one kind, each with the name a reader picks it by.

    Documents that cannot be operated show the charts one after the other (:func:`flat`).
    """

    caption: str
    charts: Sequence[tuple[str, ChartBlock]]
    half: bool = False


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


Block = Heading | Paragraph | Note | TableBlock | ChartBlock | Choice | Cards | Links


@dataclass(frozen=True)
class Section:
    """A chapter of the report: `key` is its anchor.

    The first `shown` blocks stand open on a page, the others are folded away; None folds nothing.
    """

    key: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    shown: int | None = 2


def flat(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks with every choice of charts laid out as its charts."""
    made: list[Block] = []
    for block in blocks:
        made += [chart for _, chart in block.charts] if isinstance(block, Choice) else [block]
    return made


@dataclass(frozen=True)
class Fold:
    """Blocks that stand together under one heading, open or folded away."""

    title: str
    blocks: Sequence[Block]
    open: bool = False


def folds(section: Section) -> list[Fold]:
    """Return the blocks of a chapter as what stands open, and then one fold for each heading.

    A chapter whose whole content is one folded table is not folded twice.
    """
    if section.shown is None:
        return [Fold("", tuple(section.blocks), True)]
    made = [Fold("", tuple(section.blocks[: section.shown]), True)]
    title: str = ""
    held: list[Block] = []
    for block in [*section.blocks[section.shown :], None]:
        if block is None or (isinstance(block, Heading) and block.level == 2):
            if held:
                alone = all(isinstance(one, TableBlock) and one.folded for one in held)
                made.append(Fold(title, tuple(held), alone and not title))
            title, held = block.text if block is not None else "", []
        else:
            held.append(block)
    return made
