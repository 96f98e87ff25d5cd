"""Files → sheets: each kind of file through its own reader, and no failure of a reader reaches anybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.read.delimited import read_delimited
from tongyuan.ledger.read.grid import MEMORY_MAX, ROW, Marks, Sheet, column_index, grid_of, letter
from tongyuan.ledger.read.guard import PARQUET, TEXT, guard
from tongyuan.ledger.read.workbook import read_workbook
from tongyuan.ledger.table import LIST, join_list

_PACKED_MAX = 200
"""Largest ratio of the memory a Parquet file asks for to its size, beyond what any file may take."""
_WIDTH = 16
"""What a value takes at most in a column of text or numbers, besides long text [byte]."""


def sheets(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheets of the file at `path` and what is wrong with the file as a whole."""
    findings = guard(path)
    if findings:
        return [], findings
    try:
        suffix = path.suffix.lower()
        if suffix in TEXT:
            return read_delimited(path)
        if suffix in PARQUET:
            return _parquet(path)
        return read_workbook(path)
    except MemoryError:
        return [], [finding("ledger", "too_many_cells", file=path.name, limit=MEMORY_MAX / 2**20)]
    except PermissionError:
        return [], [finding("ledger", "file_locked", file=path.name)]
    except OSError as reason:
        why = reason.strerror or type(reason).__name__
        return [], [finding("ledger", "file_unreadable", file=path.name, reason=why)]
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a Rust library fails
            raise
        if suffix in PARQUET:
            return [], [finding("ledger", "corrupt_parquet", file=path.name)]
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return [], [finding("ledger", "file_unreadable", file=path.name, reason=why)]


def measured(path: Path, schema: Mapping[str, pl.DataType]) -> list[Finding]:
    """Return a finding where the columns that a Parquet file declares ask for too much memory."""
    flat = [name for name, dtype in schema.items() if not dtype.is_nested() or dtype == LIST]
    rows = int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    asked = rows * max(len(flat), 1) * _WIDTH
    if asked <= MEMORY_MAX or asked <= _PACKED_MAX * path.stat().st_size:
        return []
    limit = MEMORY_MAX / 2**20
    return [finding("ledger", "parquet_bomb", file=path.name, rows=rows, size=asked / 2**20, limit=limit)]


def _parquet(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheet of a Parquet file; what its footer declares is measured before it is read."""
    try:
        schema = pl.read_parquet_schema(path)
        flat = [name for name, dtype in schema.items() if not dtype.is_nested() or dtype == LIST]
        lazy = pl.scan_parquet(path, glob=False)
        wrong = measured(path, schema)
        if wrong:
            return [], wrong
        frame = lazy.select(flat).collect()
        text = sum(int(c.str.len_bytes().sum()) for c in frame.iter_columns() if c.dtype == pl.String)
        if text > MEMORY_MAX and text > _PACKED_MAX * path.stat().st_size:
            return [], [finding("ledger", "too_many_cells", file=path.name, limit=MEMORY_MAX / 2**20)]
        frame = frame.with_columns(join_list(pl.col(c)) for c in flat if schema[c] == LIST)
        nested = [pl.lit(None, dtype=pl.String).alias(name) for name in schema if name not in flat]
        return [grid_of(frame.with_columns(nested).select(schema.keys()))], []
    except (pl.exceptions.PolarsError, OSError):
        return [], [finding("ledger", "corrupt_parquet", file=path.name)]


__all__ = ["ROW", "Marks", "Sheet", "column_index", "grid_of", "letter", "measured", "sheets"]
