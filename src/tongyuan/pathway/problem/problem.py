"""The linear problem: a labelled sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes

if TYPE_CHECKING:
    from tongyuan.pathway.problem.timed import Timed

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

SPREAD = 16
"""Up to how many numbers for each place :func:`matched` counts."""

LABELS = ("n", "k", "c", "f", "s", "t")


@dataclass(frozen=True)
class Problem:
    """min cost·x with row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper, some x integer.

    `columns` and `rows` name every column and row: ``kind``, ``subject`` and the codes ``n, k, c, f, s, t``
    of node, technology, control, flow, species and year (0 where it has none). `timed` holds what is found
    slice by slice, a :class:`~tongyuan.pathway.problem.timed.Timed` or None.
    """

    case: Case
    codes: Codes
    columns: pl.DataFrame
    rows: pl.DataFrame
    matrix: sparse.csc_matrix
    cost: Array
    lower: Array
    upper: Array
    integer: npt.NDArray[np.bool_]
    row_lower: Array
    row_upper: Array
    terms: pl.DataFrame
    factor: Array
    parts: dict[str, pl.DataFrame] = field(default_factory=dict)
    timed: Timed | None = None

    def label(self, row: dict[str, object]) -> str:
        """Return a readable name of one row of `rows` or `columns`."""
        pieces = [str(row["kind"])]
        if row.get("subject"):
            pieces.append(str(row["subject"]))
        for short, name in zip("nkcfs", ("node", "technology", "control", "flow", "species"), strict=True):
            code = row[short]
            if code:
                pieces.append(getattr(self.codes, name)[code])
        if row["t"]:
            pieces.append(str(self.codes.year[int(str(row["t"])) - 1]))
        return "/".join(pieces)

    def named(self, which: str) -> pl.DataFrame:
        """Return ``columns`` or ``rows`` with names in place of codes."""
        frame: pl.DataFrame = getattr(self, which)
        texts = {
            name: pl.Series(name, getattr(self.codes, name), dtype=pl.String).gather(frame[short])
            for short, name in zip("nkcfs", ("node", "technology", "control", "flow", "species"), strict=True)
        }
        years = pl.Series("year", [None, *self.codes.year], dtype=pl.Int64).gather(frame["t"])
        return frame.select("kind", "subject").with_columns(**texts, year=years)


class Builder:
    """Collects columns, rows, entries and cost terms; nothing in it loops over variables."""

    def __init__(self) -> None:
        self.n_columns = 0
        self.n_rows = 0
        self.columns: list[pl.DataFrame] = []
        self.rows: list[pl.DataFrame] = []
        self.bounds: list[tuple[Array, Array, bool]] = []
        self.row_bounds: list[tuple[Array, Array]] = []
        self.entries: list[tuple[Index, Index, Array]] = []
        self.terms: list[pl.DataFrame] = []

    def copy(self) -> Builder:
        """Return a builder that goes on from here on its own."""
        other = Builder()
        for name, value in vars(self).items():
            setattr(other, name, list(value) if isinstance(value, list) else value)
        return other

    def add_columns(
        self,
        kind: str,
        labels: pl.DataFrame,
        lower: float | Array,
        upper: float | Array,
        integer: bool = False,
    ) -> Index:
        """Add one column per row of `labels`; return their numbers."""
        size = labels.height
        if not size:
            return np.empty(0, dtype=np.int64)
        self.columns.append(_labels(kind, labels))
        self.bounds.append((_full(lower, size), _full(upper, size), integer))
        self.n_columns += size
        return np.arange(self.n_columns - size, self.n_columns)

    def add_rows(self, kind: str, labels: pl.DataFrame, lower: float | Array, upper: float | Array) -> Index:
        """Add one row per row of `labels`; return their numbers."""
        size = labels.height
        if not size:
            return np.empty(0, dtype=np.int64)
        self.rows.append(_labels(kind, labels))
        self.row_bounds.append((_full(lower, size), _full(upper, size)))
        self.n_rows += size
        return np.arange(self.n_rows - size, self.n_rows)

    def add_entries(self, rows: npt.ArrayLike, columns: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Add matrix entries; those at one place are summed."""
        r, c, v = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=float))
        self.entries.append((r.astype(np.int64), c.astype(np.int64), v.astype(np.float64)))

    def add_cost(self, item: str, frame: pl.DataFrame) -> None:
        """Add yearly costs: `frame` has ``column, n, t, payer, cost``."""
        frame = frame.filter(pl.col("cost") != 0.0)
        self.terms.append(
            frame.select(
                pl.col("column").cast(pl.Int64), pl.col("n").cast(pl.Int32), pl.col("t").cast(pl.Int32),
                pl.col("payer"), pl.lit(item).alias("item"), pl.col("cost").cast(pl.Float64),
            )
        )  # fmt: skip


def matched(of: pl.Series, to: pl.Series) -> tuple[Index, Index]:
    """Join two columns of whole numbers from 0: every pair of places that hold the same number.

    Returns
    -------
    tuple
        Places in `of`, rising, and in `to`, rising for each of them: the inner join in the order of both.
        Numbers that lie dense, as codes and columns do, are counted; others are sought.
    """
    left, right = (s.to_numpy().astype(np.int64) for s in (of, to))
    if not (left.size and right.size):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    order = np.argsort(right, kind="stable")
    most = int(max(left.max(), right.max())) + 1
    if most <= SPREAD * (left.size + right.size):
        count = np.bincount(right, minlength=most)
        start, times = (np.cumsum(count) - count)[left], count[left]
    else:
        start = np.searchsorted(right, left, side="left", sorter=order)
        times = np.searchsorted(right, left, side="right", sorter=order) - start
    first = np.repeat(np.arange(left.size), times)
    within = np.arange(first.size) - np.repeat(np.cumsum(times) - times, times)
    return first, order[start[first] + within]


def packed(frame: pl.DataFrame, codes: Sequence[str], sizes: Sequence[int]) -> pl.Series:
    """Return several columns of codes as one number, `sizes` being those of all but the first."""
    number = pl.col(codes[0]).cast(pl.Int64)
    for code, size in zip(codes[1:], sizes, strict=True):
        number = number * size + pl.col(code)
    return frame.select(number).to_series()


def _full(value: float | Array, size: int) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (size,)).copy()


def _labels(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.lit(kind).alias("kind"),
        (pl.col("subject") if "subject" in frame.columns else pl.lit("")).alias("subject"),
        *[
            (pl.col(c).cast(pl.Int32) if c in frame.columns else pl.lit(0, dtype=pl.Int32)).alias(c)
            for c in LABELS
        ],
    )
