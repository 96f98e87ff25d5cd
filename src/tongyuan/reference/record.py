"""The shape of a factor record: the columns that the library, the fuel sets and every importer share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

COLUMNS: dict[str, pl.DataType] = {
    "record_id": pl.String(),
    "kind": pl.String(),
    "process": pl.String(),
    "product": pl.String(),
    "technology": pl.String(),
    "control": pl.String(),
    "region": pl.String(),
    "species": pl.String(),
    "value": pl.Float64(),
    "unit": pl.String(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "distribution": pl.String(),
    "basis": pl.String(),
    "class": pl.String(),
    "valid_from": pl.Int64(),
    "valid_to": pl.Int64(),
    "tier": pl.String(),
    "status": pl.String(),
    "source": pl.String(),
    "locator": pl.String(),
    "note": pl.String(),
}
"""Column and type, in the order of table ``factor``."""

REQUIRED = (
    "record_id",
    "kind",
    "process",
    "region",
    "species",
    "value",
    "unit",
    "status",
    "source",
    "locator",
)
"""Columns without which a record is not one."""

_OPEN = {"lower", "upper", "valid_from", "valid_to", "value"}


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return `rows` as a frame of factor records; missing text is ``""``, missing numbers are null.

    Raises
    ------
    KeyError
        If a row has a field that no record has.
    """
    table: dict[str, list[Any]] = {column: [] for column in COLUMNS}
    for row in rows:
        unknown = set(row) - set(COLUMNS)
        if unknown:
            raise KeyError(f"no record column {', '.join(sorted(unknown))}")
        for column, values in table.items():
            values.append(row.get(column, None if column in _OPEN else ""))
    return pl.DataFrame(table, schema=COLUMNS)
