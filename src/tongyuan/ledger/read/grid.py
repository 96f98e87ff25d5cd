"""Sheets as they are seen: a grid of text with row numbers and column letters, and the marks on its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

ROW = "_row"
"""Column of a grid that holds the row number a person sees."""

MEMORY_MAX = 300 * 2**20
"""Most memory that the grids of one file may take [byte]."""

CELL = 16
"""What a cell takes in a grid, blank or not, besides its text [byte]."""

_BLOCK_ROWS, _BLOCK_CELLS = 50_000, 400_000
"""Rows and cells that are held as Python objects before they go into columns."""


class TooMuch(ValueError):
    """Raised when a file asks for more memory than it may have."""


@dataclass
class Budget:
    """Memory that the sheets of one file may take together [byte]."""

    left: int = MEMORY_MAX

    def spend(self, amount: int) -> None:
        """Take `amount` bytes, or raise :class:`TooMuch`."""
        self.left -= amount
        if self.left < 0:
            raise TooMuch


@dataclass(frozen=True)
class Marks:
    """What a workbook says about its cells besides their values.

    `errors` are (column, row, code); `without_value` formulas saved without a result; `twice` cells (column
    and row) or rows (no column) that occur more than once; `percent` and `text` the rows of each column whose
    numbers are formatted as per cent, or are stored as text.
    """

    errors: tuple[tuple[str, int, str], ...] = ()
    without_value: tuple[tuple[str, int], ...] = ()
    twice: tuple[tuple[str, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    percent: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    text: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet (or one whole CSV or Parquet file) as text.

    `grid` has the column ``_row`` and one text column per sheet column, named by its letter; rows and columns
    without any value are left out. Numbers stand in it at full precision. `delimiter` is what separates the
    cells of a text file, `unended` the row and the number of cells of its last line when that has no end.
    """

    name: str
    grid: pl.DataFrame
    hidden: bool = False
    marks: Marks = field(default_factory=Marks)
    letters: bool = True
    delimiter: str = ""
    unended: tuple[int, int] | None = None

    @property
    def columns(self) -> list[str]:
        """Letters of the columns of the grid."""
        return [name for name in self.grid.columns if name != ROW]


def letter(index: int) -> str:
    """Return the letters of the sheet column with zero-based `index`."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(letters: str) -> int:
    """Return the zero-based index of the sheet column called `letters`."""
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - 64
    return index - 1


class Builder:
    """Collects the cells that exist, row by row, into a grid; only these take memory."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.columns: set[int] = set()
        self._rows: list[int] = []
        self._cells: list[dict[int, str]] = []
        self._held = 0
        self._height = 0
        self._blocks: list[pl.DataFrame] = []

    def add(self, row: int, cells: dict[int, str]) -> None:
        """Add the cells of one row: zero-based column → text."""
        if not cells:
            return
        self._rows.append(row)
        self._cells.append(cells)
        self.columns.update(cells)
        self._held += len(cells)
        self.budget.spend(sum(map(len, cells.values())))
        if self._held >= _BLOCK_CELLS or len(self._rows) >= _BLOCK_ROWS:
            self._flush()

    def _flush(self) -> None:
        used = sorted(set().union(*self._cells)) if self._cells else []
        self.budget.spend(len(self._rows) * (len(used) + 1) * CELL)
        block = {letter(c): pl.Series([cells.get(c) for cells in self._cells], dtype=pl.String) for c in used}
        self._blocks.append(pl.DataFrame(block | {ROW: pl.Series(self._rows, dtype=pl.Int64)}))
        self._height += len(self._rows)
        self._rows, self._cells, self._held = [], [], 0

    def frame(self) -> pl.DataFrame:
        """Return the grid, its rows and columns in order."""
        self._flush()
        names = [letter(c) for c in sorted(self.columns)]
        own = sum(block.height * block.width for block in self._blocks)
        self.budget.spend((self._height * (len(names) + 1) - own) * CELL)
        schema = dict.fromkeys(names, pl.String) | {ROW: pl.Int64}
        frame = pl.concat(self._blocks, how="diagonal")
        frame = frame.with_columns(
            pl.lit(None, dtype=pl.String).alias(n) for n in names if n not in frame.columns
        )
        frame = frame.select(*schema)
        return frame if frame[ROW].is_sorted() else frame.sort(ROW, maintain_order=True)


def as_text(column: pl.Series) -> pl.Series:
    """Return the values of a column as text."""
    if not (column.dtype.is_nested() or column.dtype == pl.Object):
        try:
            return column.cast(pl.String, strict=False)
        except pl.exceptions.PolarsError:
            pass
    return pl.Series(column.name, [None if v is None else str(v) for v in column.to_list()], dtype=pl.String)


def grid_of(frame: pl.DataFrame, *, name: str = "", header: bool = True) -> Sheet:
    """Return a typed frame as a sheet: its column names first, then its rows numbered from 1."""
    cells = [as_text(column) for column in frame.get_columns()]
    grid = pl.DataFrame(
        {letter(i): column.rename(letter(i)) for i, column in enumerate(cells)},
        schema={letter(i): pl.String for i in range(len(cells))},
    )
    rows = pl.Series(ROW, range(1, frame.height + 1), dtype=pl.Int64)
    grid = grid.with_columns(rows)
    if header:
        first = pl.DataFrame(
            {letter(i): [column] for i, column in enumerate(frame.columns)} | {ROW: [0]},
            schema=grid.schema,
        )
        grid = pl.concat([first, grid])
    return Sheet(name, grid, letters=False)
