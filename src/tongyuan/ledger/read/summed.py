"""Activity of very many rows in Parquet, summed by source while it is read: one row for each, part by part.

A part (one file) is summed as it stands where its numbers are numbers within the bounds of the table, and
every row has an id and a source. Rows are alike that are equal in every column but amount, uncertainty, id,
source and remark; names and units are then read once for each kind of row. Any other part is read row by row,
so that whatever is wrong with it is said at its row.

Sums do not depend on the order of rows, on threads or on the engine: an amount is cut into whole numbers of
units that are powers of two, these are added exactly, and the sum is rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ldexp
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.check.check import repeated_id
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.read.grid import ROW, Sheet, grid_of
from tongyuan.ledger.read.guard import PARQUET, guard
from tongyuan.ledger.read.header import find_header, table_called, table_of
from tongyuan.ledger.read.sheet import measured
from tongyuan.ledger.table import LIST, PLACE, join_list, names, table
from tongyuan.reference.language import catalogue

NAME = "activity"
"""The table that is summed."""
TOLD = ("activity_id", "source", "note")
"""Columns of which a sum tells one value, or the first and the last."""
WIDE, LOWEST, BINS = 8, -96, 25
"""Amounts are binned by powers of two: so many to a bin, from the lowest on, so many bins."""
PIECE = 32
"""Bits of each whole number but the first."""
STRIPPED = " \t\r\n\u00a0\u3000\ufeff"
"""What may stand around a text without being part of it."""


class Layout(NamedTuple):
    """What the columns of a Parquet part are."""

    path: Path
    columns: tuple[str, ...]
    """All columns, in order."""
    named: Mapping[str, str]
    """Columns of the table by name → column of the part."""
    alike: tuple[str, ...]
    """Columns in which rows that are summed are equal."""
    lists: frozenset[str]
    """Those of them that are lists of words."""
    bounds: Mapping[str, tuple[float, float]]
    """Least and greatest of amount and uncertainty."""


class Engine(NamedTuple):
    """Where parts are summed."""

    sums: Callable[[Sequence[Layout]], Mapping[Path, pl.DataFrame]]
    """Parts → the sums of each (:func:`pieces`)."""
    twice: Callable[[Sequence[Layout], pl.Series], pl.Series]
    """Parts and further ids → ids that occur more than once among all of these, some of them if many do."""


def layout(path: Path) -> Layout | None:
    """Return the layout of the Parquet part at `path`; None where it cannot be summed as it stands."""
    if path.suffix.lower() not in PARQUET or guard(path):
        return None
    try:
        schema = pl.read_parquet_schema(path)
        if measured(path, schema):
            return None
    except (pl.exceptions.PolarsError, OSError):
        return None
    if PLACE in schema or any(dtype.is_nested() and dtype != LIST for dtype in schema.values()):
        return None
    head = grid_of(pl.DataFrame(schema=dict.fromkeys(schema, pl.String)))
    name = table_called(path.stem) or table_of(head, names())
    header = find_header(NAME, head) if name == NAME else None
    if header is None or header.twice:
        return None
    named = {column.name: head.grid[letter][0] for letter, column in header.columns.items()}
    needed = {c.name for c in table(NAME).columns if c.required} | {"activity_id"}
    numbers = [c for c in table(NAME).columns if c.type == "number" and c.name in named]
    texts = [named[c] for c in named if c not in {n.name for n in numbers}]
    if not needed <= set(named) or not all(schema[named[c.name]].is_numeric() for c in numbers):
        return None
    if not all(_spelled(schema[column]) for column in texts):
        return None
    alike = tuple(named[c] for c in named if c not in {*TOLD, *(n.name for n in numbers)})
    bounds = {c.name: (c.minimum or 0.0, np.inf if c.maximum is None else c.maximum) for c in numbers}
    lists = frozenset(column for column in texts if schema[column] == LIST)
    return Layout(path, tuple(schema), named, alike, lists, bounds)


def _spelled(dtype: pl.DataType) -> bool:
    return dtype in (pl.String, LIST) or dtype.is_integer() or isinstance(dtype, (pl.Categorical, pl.Enum))


def unreadable() -> tuple[str, ...]:
    """Return what a text that is told may not begin with: its row is an example, or an error of Excel."""
    marks = catalogue("ledger")["example_mark"]
    return ("#", marks["zh"].rstrip("：: "), marks["en"].rstrip("：: "))


def pieces(part: Layout) -> pl.LazyFrame:
    """Return the sums of a part: a row for each kind of row and bin (``_bin``) of amounts.

    ``_high, _low`` are the sums of the two whole numbers an amount is cut into, ``_square0 …`` those of the
    square of amount times uncertainty; ``_first`` is the number of the first row, ``_rows`` and ``_unfit``
    count rows and those that cannot be summed. Beside them stand the least and the greatest text of ``TOLD``
    and uncertainty.
    """
    value = pl.col(part.named["value"]).cast(pl.Float64)
    uncertain = pl.lit(None, dtype=pl.Float64)
    if "uncertainty" in part.named:
        uncertain = pl.col(part.named["uncertainty"]).cast(pl.Float64)
    texts = {name: pl.col(part.named[name]).cast(pl.String) for name in TOLD if name in part.named}
    stripped = {name: text.str.strip_chars(STRIPPED) for name, text in texts.items()}
    frame = pl.scan_parquet(part.path, glob=False, row_index_name="_first").select(
        *(_worded(part, column) for column in part.alike),
        pl.col("_first").cast(pl.Int64) + 1,
        value.alias("_value"),
        uncertain.alias("_uncertainty"),
        *(text.alias(f"_{name}") for name, text in stripped.items()),
    )
    least, greatest = part.bounds["value"]
    spread, widest = part.bounds.get("uncertainty", (0.0, 0.0))
    top = 2.0 ** (LOWEST + WIDE * BINS)
    fits = pl.col("_value").is_between(max(least, 0.0), min(greatest, top), closed="left")
    fits &= (pl.col("_value") == 0) | (pl.col("_value") >= 2.0**LOWEST)
    fits &= pl.col("_uncertainty").is_null() | pl.col("_uncertainty").is_between(spread, widest)
    for name in stripped:
        held = pl.col(f"_{name}")
        if name != "note":
            fits &= held != ""
        for mark in unreadable():
            fits &= ~held.str.starts_with(mark).fill_null(False)
    steps = [2.0 ** (LOWEST + WIDE * step) for step in range(1, BINS)]
    frame = frame.with_columns(
        _unfit=~fits.fill_null(False),
        _bin=pl.sum_horizontal((pl.col("_value") >= step).cast(pl.Int32) for step in steps),
    )
    unit = pl.lit(2.0).pow(pl.col("_bin") * WIDE + (LOWEST + WIDE - PIECE))
    square = (pl.col("_value") * pl.col("_uncertainty").fill_null(0.0)).pow(2)
    shift = pl.lit(2.0).pow(pl.col("_bin") * (2 * WIDE) + (2 * LOWEST + 2 * WIDE + 18 - PIECE))
    whole = 2.0**PIECE
    frame = frame.with_columns(_scaled=pl.col("_value") / unit, _square=square / shift)
    frame = frame.with_columns(_high=pl.col("_scaled").floor(), _square0=pl.col("_square").floor())
    frame = frame.with_columns(
        _low=(pl.col("_scaled") - pl.col("_high")) * whole,
        _rest=(pl.col("_square") - pl.col("_square0")) * whole,
    )
    frame = frame.with_columns(_square1=pl.col("_rest").floor())
    frame = frame.with_columns(_square2=((pl.col("_rest") - pl.col("_square1")) * whole).floor())
    told = [f"_{name}" for name in (*stripped, "uncertainty")]
    return frame.group_by(*part.alike, "_bin").agg(
        *(pl.col(c).cast(pl.Int64, strict=False).sum() for c in SUMS),
        pl.col("_first").min(),
        pl.len().cast(pl.Int64).alias("_rows"),
        pl.col("_unfit").cast(pl.Int64).sum(),
        *(pl.col(c).min().alias(f"{c}_min") for c in told),
        *(pl.col(c).max().alias(f"{c}_max") for c in told),
        pl.col("_uncertainty").count().cast(pl.Int64).alias("_known"),
    )


SUMS = ("_high", "_low", "_square0", "_square1", "_square2")
"""Sums of whole numbers."""


def _worded(part: Layout, column: str) -> pl.Expr:
    """Return a column of equal cells as it is grouped: lists as canonical text."""
    return join_list(pl.col(column)).alias(column) if column in part.lists else pl.col(column)


def sums_here(parts: Sequence[Layout]) -> dict[Path, pl.DataFrame]:
    """Sum the parts here, one after the other."""
    return {part.path: pieces(part).collect(engine="streaming") for part in parts}


def twice_here(parts: Sequence[Layout], others: pl.Series) -> pl.Series:
    """Return the ids that occur more than once in the parts and `others`.

    Ids are held as numbers of 64 bits, and read again only where two of these are equal.
    """
    of = pl.col("id").hash()
    every = [others.alias("id").to_frame().lazy(), *(ids(part) for part in parts)]
    held = np.sort(np.concatenate([part.select(of).collect().to_series().to_numpy() for part in every]))
    alike = pl.Series(np.unique(held[1:][held[1:] == held[:-1]]), dtype=pl.UInt64)
    if alike.is_empty():
        return others.clear()
    met = pl.concat([part.select("id").filter(of.is_in(alike.implode())).collect() for part in every])
    return met.filter(pl.col("id").is_duplicated())["id"].unique()


EMBEDDED = Engine(sums_here, twice_here)


def sum_parts(paths: Sequence[Path], engine: Engine = EMBEDDED) -> dict[Path, Sheet]:
    """Return the sums of the parts among `paths` that can be summed, as sheets, by path.

    A row of a sheet has the number of the first row it sums, the amount, and the uncertainty of the sum.
    """
    parts = [found for path in paths if (found := layout(path)) is not None]
    try:
        made = engine.sums(parts) if parts else {}
    except (pl.exceptions.PolarsError, OSError):
        return {}
    fit = (part for part in parts if part.path in made and not made[part.path]["_unfit"].sum())
    return {part.path: _sheet(part, made[part.path]) for part in fit}


def _sheet(part: Layout, sums: pl.DataFrame) -> Sheet:
    """Return the sums of a part as a sheet with its columns."""
    every = [c for c in sums.columns if c not in part.alike]
    extremes = [c for c in every if c.endswith(("_min", "_max"))]
    rows = (
        sums.group_by(part.alike)
        .agg(
            pl.col("_bin", *SUMS),
            pl.col("_first").min(),
            pl.col("_rows", "_known").sum(),
            *(pl.col(c).min() if c.endswith("_min") else pl.col(c).max() for c in extremes),
        )
        .sort("_first")
    )
    value = _whole(rows, ("_high", "_low"), WIDE, LOWEST + WIDE - PIECE)
    cells = {column: rows[column] for column in part.alike}
    cells[part.named["value"]] = pl.Series(value, dtype=pl.Float64)
    if "uncertainty" in part.named:
        square = _whole(rows, SUMS[2:], 2 * WIDE, 2 * LOWEST + 2 * WIDE + 18 - PIECE)
        cells[part.named["uncertainty"]] = _spread(rows, np.array(value), np.array(square))
    for name in TOLD:
        if name in part.named:
            cells[part.named[name]] = _told(rows, name)
    nothing = pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    frame = pl.DataFrame([cells.get(c, nothing).alias(c) for c in part.columns])
    sheet = grid_of(frame)
    numbers = pl.concat([pl.Series(ROW, [0], dtype=pl.Int64), rows["_first"].alias(ROW)])
    return Sheet(sheet.name, sheet.grid.with_columns(numbers), letters=False)


def _whole(rows: pl.DataFrame, columns: Sequence[str], step: int, lowest: int) -> list[float]:
    """Return the exact sums of the pieces of each row, each rounded once.

    A piece of bin b in the first of `columns` counts ``2 ** (step * b + lowest)``, in each further one
    ``2 ** PIECE`` times less.
    """
    found = []
    last = lowest - PIECE * (len(columns) - 1)
    for bins, *sums in rows.select("_bin", *columns).iter_rows():
        least = min(bins)
        total = 0
        for place, *parts in zip(bins, *sums, strict=True):
            amount = 0
            for piece in parts:
                amount = (amount << PIECE) + piece
            total += amount << step * (place - least)
        found.append(ldexp(float(total), step * least + last))
    return found


def _spread(rows: pl.DataFrame, value: npt.NDArray[np.float64], square: npt.NDArray[np.float64]) -> pl.Series:
    """Return the uncertainty of each sum [%]: its half widths added in quadrature over its amount."""
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.minimum(np.sqrt(square) / value, rows["_uncertainty_max"].fill_null(0.0).to_numpy())
    alone = (rows["_rows"] == 1) | (rows["_known"] == 0) | (pl.Series(value) == 0)
    return rows["_uncertainty_max"].zip_with(alone, pl.Series(half).fill_nan(None))


def _told(rows: pl.DataFrame, name: str) -> pl.Series:
    """Return the one text of each sum, or the first and the last in their order."""
    least, greatest = (pl.col(f"_{name}_{side}") for side in ("min", "max"))
    both = pl.format("{} … {}", least, greatest)
    return rows.select(pl.when(least == greatest).then(least).otherwise(both)).to_series()


def ids(part: Layout) -> pl.LazyFrame:
    """Return ``id`` and number of each row of a part."""
    text = pl.col(part.named["activity_id"]).cast(pl.String).str.strip_chars(STRIPPED).alias("id")
    rows = pl.scan_parquet(part.path, glob=False, row_index_name=ROW)
    return rows.select(text, pl.col(ROW).cast(pl.Int64) + 1)


def repeated_ids(paths: Sequence[Path], others: pl.DataFrame, engine: Engine) -> list[Finding]:
    """Return a finding for each row whose id an earlier row has, in the summed parts and in other files.

    Parameters
    ----------
    paths
        Parts that were summed.
    others
        ``activity_id`` and place (``_place``) of the rows of other files.
    engine
        Where ids are counted.
    """
    parts = [found for path in paths if (found := layout(path)) is not None]
    own = others.select(id="activity_id", place=PLACE).filter(pl.col("id").fill_null("") != "")
    twice = engine.twice(parts, own["id"])
    if twice.is_empty():
        return []
    of = pl.col("id").is_in(twice.implode())
    rows = [own.filter(of)]
    for part in parts:
        place = pl.format("{}||{}", pl.lit(part.path.name), ROW)
        rows.append(ids(part).filter(of).select("id", place=place).collect())
    return repeated_id(pl.concat(rows))
