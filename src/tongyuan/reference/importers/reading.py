"""Opening the files of importers: CSV in the usual encodings, or the first sheet of a workbook."""

from __future__ import annotations

import io
import math
from pathlib import Path

import polars as pl

from tongyuan.reference.finding import Finding
from tongyuan.reference.quality import about


def read_table(path: Path, required: tuple[str, ...]) -> tuple[pl.DataFrame | None, list[Finding]]:
    """Return the file as a frame of text, and what is wrong with it.

    Parameters
    ----------
    path
        ``.csv`` in UTF-8 or GB18030, or ``.xlsx`` (first sheet).
    required
        Columns that must be there.
    """
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
            frame = pl.read_excel(path, engine="calamine", infer_schema_length=0)
        else:
            content = path.read_bytes()
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = content.decode("gb18030")
            frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except FileNotFoundError:
        return None, [about("file_unreadable", reason=f"{path.name}: not found")]
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return None, [about("file_unreadable", reason=f"{path.name}: {reason}")]
    frame = frame.rename({column: column.strip() for column in frame.columns})
    missing = [column for column in required if column not in frame.columns]
    if missing:
        return None, [about("column_missing", columns=", ".join(missing))]
    return frame.with_columns(pl.all().cast(pl.String).fill_null("").str.strip_chars()), []


def number(text: str) -> float | None:
    """Return a number, or None where the cell is no plain number (``1,234`` and ``0,05`` are refused)."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
