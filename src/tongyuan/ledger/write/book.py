"""Workbooks whose cells of text and numbers are written in one step, to the same bytes.

The library writes a cell through a list of attributes, each searched for what must be escaped. A reference
and the number of a format hold nothing of the kind, and nearly all cells have no more.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_letters = cache(xl_col_to_name)


class Sheet(Worksheet):
    """A sheet; rows and columns are numbers, never a reference in text."""

    fh: Any
    write_string: Any = Worksheet._write_string
    write_number: Any = Worksheet._write_number

    def _calculate_spans(self) -> None:
        """Note the first and the last column of each sixteen rows, by the cells that are there."""
        if self.comments:
            super()._calculate_spans()
            return
        reach: dict[int, tuple[int, int]] = {}
        for row, cells in self.table.items():
            if cells:
                low, high = reach.get(row // 16, (min(cells), 0))
                reach[row // 16] = (min(low, *cells), max(high, *cells))
        self.row_spans = {block: f"{low + 1}:{high + 1}" for block, (low, high) in reach.items()}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write the element of a cell that has a format of its own; the library writes any other."""
        kind = cell.__class__.__name__
        if cell.format and kind == "Number":
            style = cell.format._get_xf_index()
            self.fh.write(f'<c r="{_letters(col)}{row + 1}" s="{style}"><v>{cell.number:.16G}</v></c>')
        elif cell.format and kind == "String" and not self.constant_memory:
            style = cell.format._get_xf_index()
            self.fh.write(f'<c r="{_letters(col)}{row + 1}" s="{style}" t="s"><v>{cell.string}</v></c>')
        else:
            super()._write_cell(row, col, cell)


class Book(Workbook):
    """A workbook of such sheets."""

    worksheet_class = Sheet
