"""Emission rows of activity: each row times every factor of the class of its key, with text as categories."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.rows import yielded
from tongyuan.ledger.coding import category, coded

Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.uint32]
BLOCK = 250_000
"""Rows of an emission that are put together at a time, about: what is held beside them stays small."""
_NUMBERS = ("factor", "factor_lower", "factor_upper", "penetration")
_TEXTS = ("process", "product", "technology", "origin", "scope", "medium", "species")
_COLUMNS = (
    "region",
    "year",
    *_TEXTS,
    "value",
    "unit",
    "uncontrolled",
    "lower",
    "upper",
    "method",
    "tier",
    "activity_id",
    "factor_id",
    "control",
    "basis",
    "note",
)


def cross(of: Codes, term: Codes, classes: int) -> tuple[Places, Places]:
    """Return each row with each of its terms: the place of the row and that of the term.

    Parameters
    ----------
    of
        Class of each row, shape (rows,).
    term
        Class of each term, ascending; shape (terms,).
    classes
        Number of classes.
    """
    count = np.bincount(term, minlength=classes)
    first = np.cumsum(count) - count
    times = count[of]
    row = np.repeat(np.arange(len(of), dtype=np.uint32), times)
    place = np.arange(len(row), dtype=np.int64)
    place += np.repeat(first[of] - (np.cumsum(times) - times), times)
    return row, place.astype(np.uint32)


def _limits(side: str, sign: int) -> pl.Expr:
    """Return the 95 % limit of value from the factor's limit and the activity's half width, in quadrature."""
    other = "upper" if side == "lower" else "lower"
    # where activity is less than nothing, the upper end of the factor makes the lower end of the emission
    end = pl.when(pl.col("amount") < 0).then(pl.col(f"factor_{other}")).otherwise(pl.col(f"factor_{side}"))
    factor = pl.col("amount") * pl.col("penetration") * (end - pl.col("factor"))
    driver = pl.col("value") * pl.col("uncertainty").fill_null(0.0) / 100
    limit = pl.col("value") + sign * (factor.pow(2) + driver.pow(2)).sqrt()
    return pl.when((pl.col("value") > 0) & (limit < 0)).then(0.0).otherwise(limit).alias(side)


def _row_of() -> pl.Expr:
    """Return the activity row an emission rests on; none where rows were summed."""
    return pl.when(pl.col("activity_id") != "").then(pl.concat_list("activity_id")).alias("activity_id")


def emission_rows(rows: pl.DataFrame, keys: pl.DataFrame, of: Codes, term: pl.DataFrame) -> pl.DataFrame:
    """Return table ``emission`` of `rows`, its text as categories.

    Parameters
    ----------
    rows
        ``key, value, uncertainty, activity_id, excluded`` (:mod:`tongyuan.inventory.account.rows`).
    keys
        ``key`` and the columns of the source key.
    of
        Class of each key.
    term
        Factors of each class (``key``), sorted by class and species.
    """
    ready = coded(
        "emission",
        term.select(
            *_TEXTS,
            *_NUMBERS,
            pl.col("amount_unit").alias("unit"),
            "method",
            "tier",
            pl.concat_list("record_id").alias("factor_id"),
            pl.col("controls").alias("control"),
            pl.col("control_basis").alias("basis"),
        ),
    )
    step = max(1, BLOCK * max(int(of.max(initial=-1)) + 1, 1) // max(term.height, 1))
    starts = range(0, max(rows.height, 1), step)
    return pl.concat([_block(rows[start : start + step], keys, of, term, ready) for start in starts])


def _block(
    rows: pl.DataFrame, keys: pl.DataFrame, of: Codes, term: pl.DataFrame, ready: pl.DataFrame
) -> pl.DataFrame:
    """Return the emission of some rows; `ready` are the columns that `term` gives it."""
    at = rows["key"].to_numpy()
    first, last = cross(of[at], term["key"].to_numpy().astype(np.int64), int(of.max(initial=-1)) + 1)
    row, place = pl.Series("row", first), pl.Series("place", last)
    if bool((rows["excluded"].list.len() > 0).any()):
        pairs = {"excluded": rows["excluded"][row], "species": term["species"][place]}
        kept = yielded(pl.DataFrame([*(series.alias(n) for n, series in pairs.items()), row, place]))
        row, place = kept["row"], kept["place"]
    # a column at a time: beside what results only numbers are held
    amounts = ready.select(_NUMBERS)[place].with_columns(
        rows["uncertainty"][row], rows["value"][row].alias("amount")
    )
    amounts = amounts.with_columns((pl.col("amount") * pl.col("factor")).alias("uncontrolled"))
    amounts = amounts.with_columns((pl.col("uncontrolled") * pl.col("penetration")).alias("value"))
    amounts = amounts.select("value", "uncontrolled", _limits("lower", -1), _limits("upper", 1))
    places = keys.select(pl.col("region").cast(category("region")), "year")[at]
    behind = places.hstack(rows.select(_row_of()))[row]
    del first, last, row
    texts = ready.drop(_NUMBERS)[place]
    note = pl.lit(None, dtype=category("note")).alias("note")
    return pl.concat([behind, texts, amounts], how="horizontal").with_columns(note).select(_COLUMNS)
