"""Text of a table of many rows as categories: each word is held once, and a number in every row.

A category of a column is the same in every frame, so that frames can be put together. Text that most rows
have for themselves (ids of activity rows) stays text.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.ledger.table import LIST, table

SPACE = "tongyuan"
"""Name space of the categories."""

_FEW = ("origin", "scope", "medium", "basis")
"""Columns whose words are choices of the ledger."""
_MANY = ("region", "control", "note", "factor_id", "ids")
"""Columns that may hold more words than sixteen bits can number."""
_OWN = ("activity_id",)
"""Columns whose words are those of single rows."""


@cache
def category(column: str) -> pl.Categorical:
    """Return the type of column `column` with its text as categories."""
    size = pl.UInt8 if column in _FEW else pl.UInt32 if column in _MANY else pl.UInt16
    return pl.Categorical(pl.Categories(column, namespace=SPACE, physical=size))


@cache
def coded_types(name: str) -> dict[str, pl.DataType]:
    """Return the type of each column of table `name` with its text as categories."""
    found: dict[str, pl.DataType] = {}
    for column, dtype in table(name).dtypes.items():
        if column in _OWN:
            found[column] = dtype
        elif dtype == pl.String:
            found[column] = category(column)
        elif dtype == LIST:
            found[column] = pl.List(category(column))
        else:
            found[column] = dtype
    return found


def coded(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame`, whose columns are some of table `name`, with its text as categories."""
    types = coded_types(name)
    return frame.with_columns(
        pl.col(column).cast(types[column])
        for column, dtype in frame.schema.items()
        if column in types and dtype != types[column]
    )


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with its categories as text."""
    texts = [column for column, dtype in frame.schema.items() if isinstance(dtype, pl.Categorical)]
    lists = [
        column
        for column, dtype in frame.schema.items()
        if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Categorical)
    ]
    if not texts and not lists:
        return frame
    return frame.with_columns(pl.col(texts).cast(pl.String), pl.col(lists).cast(LIST))
