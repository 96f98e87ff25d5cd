"""What a document shows of a table that may have any number of rows: the rows that matter and the rest."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import TableBlock

ROWS = 1_000
"""Rows of one table that a document shows at most; the whole table is in the Parquet file of the run."""
PIECE = 2_000_000
"""Rows whose sizes are held at a time."""
_APART = ("scope", "species", "quantity", "unit", "method")
"""Columns whose values are never compared or added with one another."""
ADDITIVE = {"emission": ("scope", "species", "unit"), "summary": ("species", "unit")}
"""Tables whose rows are parts of a whole, and the columns that each whole has one value of."""
SUMMED = ("value", "uncontrolled", "comparable")


class Excerpt(NamedTuple):
    """Rows that are shown, how many rows of the table they are, and whether they are the largest ones."""

    frame: pl.DataFrame
    shown: int
    largest: bool
    rest: pl.DataFrame
    """Sums of the rows that are not shown, one for each whole; empty where rows do not add up."""


def excerpt(name: str, frame: pl.DataFrame, most: int = ROWS) -> Excerpt:
    """Return what a document shows of table `name`.

    Parameters
    ----------
    name
        Name of the table; only tables in ``ADDITIVE`` have a rest that is a sum.
    frame
        The whole table.
    most
        Rows shown at most, the sums of the rest not counted.

    Returns
    -------
    Excerpt
        Of a table with values, the same number of rows for each species (method, unit …): those of the
        largest size, in the order of the table. Of any other table, its first rows. A short table is whole.
    """
    if frame.height <= most:
        return Excerpt(frame, frame.height, False, frame.clear())
    key = (name, most)
    known = _HELD.get(key)
    if known is not None and known[0]() is frame:
        return known[1]
    found = _excerpt(name, frame, most)
    _HELD[key] = (weakref.ref(frame), found)
    return found


_HELD: dict[tuple[str, int], tuple[weakref.ref[pl.DataFrame], Excerpt]] = {}
"""The last excerpt of each table: the workbooks of several languages show the same rows."""


def _excerpt(name: str, frame: pl.DataFrame, most: int) -> Excerpt:
    """Return the excerpt of a table of more than `most` rows."""
    apart = [c for c in _APART if c in frame.columns]
    if "value" not in frame.columns or not apart:
        return Excerpt(frame.head(most), most, False, frame.clear())
    each = max(1, most // frame.select(apart).unique().height)
    starts = range(0, frame.height, PIECE)
    parts = [_largest(frame.slice(start, PIECE), apart, each, start) for start in starts]
    near = parts[0] if len(parts) == 1 else _first(pl.concat(parts), apart, each)
    chosen = near["_row"]
    largest = frame[chosen.head(most)]
    if name not in ADDITIVE:
        return Excerpt(largest, largest.height, True, frame.clear())
    summed = [c for c in SUMMED if c in frame.columns]
    by = [c for c in ADDITIVE[name] if c in frame.columns]
    added = frame.select(list(dict.fromkeys([*by, *summed])))
    left = added.filter(_without(chosen.head(most), added.height))
    rest = left.group_by(by, maintain_order=True).agg(pl.col(summed).sum(), pl.len().alias("rows")).sort(by)
    return Excerpt(largest, largest.height, True, rest)


def _largest(part: pl.DataFrame, apart: list[str], each: int, start: int) -> pl.DataFrame:
    """Return ``_row``, kind and ``_size`` of the largest rows of each kind; `part` begins at row `start`."""
    size = pl.col("value").abs().fill_nan(None).fill_null(-1.0).alias("_size")
    sized = part.select(*apart, size).with_row_index("_row", start)
    ends = sized.group_by(apart).agg(pl.col("_size").top_k(each).min().alias("_end"))
    near = sized.join(ends, on=apart, nulls_equal=True).filter(pl.col("_size") >= pl.col("_end"))
    return _first(near.drop("_end").sort("_row"), apart, each)


def _first(near: pl.DataFrame, apart: list[str], each: int) -> pl.DataFrame:
    """Return the largest rows of each kind; of equal ones the first."""
    return near.filter(pl.col("_size").rank("ordinal", descending=True).over(apart) <= each)


def _without(rows: pl.Series, height: int) -> pl.Series:
    """Return which of so many rows are not among `rows`."""
    kept = np.ones(height, dtype=np.bool_)
    kept[rows.to_numpy()] = False
    return pl.Series(kept)


def cut(block: TableBlock, language: Language) -> TableBlock:
    """Return a table of a page or a Word document with at most ``ROWS`` rows; its note says so."""
    if len(block.rows) <= ROWS:
        return block
    told = say("report", "page.cut", language, count=len(block.rows), shown=ROWS)
    note = " ".join(part for part in (block.note, told) if part)
    return replace(block, rows=block.rows[:ROWS], sources=block.sources[:ROWS], note=note)
