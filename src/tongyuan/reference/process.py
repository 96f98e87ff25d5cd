"""The source tree: 部门 → 行业与工序 → 燃料或产品 → 技术, with its concordance to other classifications."""

from __future__ import annotations

from functools import cache
from typing import Literal

import polars as pl

from tongyuan.reference.shelf import Language, shelf, title

Scheme = Literal["ipcc_2006", "nfr", "gbt4754"]
SCHEMES: tuple[Scheme, ...] = ("ipcc_2006", "nfr", "gbt4754")
_ACTING = ("emission_factor", "generation_factor")


def sector(process: str) -> str:
    """Return the sector (first level) a process belongs to."""
    return process.partition(".")[0]


def path(process: str, language: Language = "zh") -> str:
    """Return the titles from the sector down to `process`, joined by ``→``."""
    steps = process.split(".")
    return " → ".join(title("process", ".".join(steps[: n + 1]), language) for n in range(len(steps)))


@cache
def _served() -> pl.DataFrame:
    from tongyuan.reference.factors.library import library

    return (
        library(include_unverified=True)
        .filter(pl.col("kind").is_in(_ACTING))
        .group_by("process", "product", "technology")
        .agg(pl.len().alias("records"), pl.col("species").unique().sort())
    )


def _titles(frame: pl.DataFrame, column: str, name: str, language: Language) -> pl.Expr:
    words = {i: title(name, i, language) if i else "" for i in frame[column].unique()}
    return pl.col(column).replace_strict(words, return_dtype=pl.String).alias(f"{column}_title")


def tree(language: Language = "zh") -> pl.DataFrame:
    """Return the four-level source tree: every process, and below it what the library knows.

    Parameters
    ----------
    language
        Language of the titles.

    Returns
    -------
    pl.DataFrame
        One row per ``sector, process, product, technology`` with their titles, the codes ``ipcc_2006``,
        ``nfr`` and ``gbt4754`` of the process, the number of ``records`` that act there and the list of
        their ``species``. A process without records of its own has one row with empty
        product and technology: it takes factors from its ancestors, or from the user.
    """
    processes = shelf("process").select("process", *SCHEMES).with_row_index("order")
    frame = (
        processes.join(_served(), on="process", how="left")
        .with_columns(
            pl.col("product", "technology").fill_null(""),
            pl.col("species").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            pl.col("records").fill_null(0),
            pl.col("process").str.split(".").list.first().alias("sector"),
        )
        .sort("order", "product", "technology")
    )
    levels = ("sector", "process", "product", "technology")
    shelves = ("process", "process", "product", "technology")
    frame = frame.with_columns(
        _titles(frame, column, name, language) for column, name in zip(levels, shelves, strict=True)
    )
    return frame.select(*levels, *(f"{c}_title" for c in levels), *SCHEMES, "records", "species")


def processes(scheme: Scheme, code: str) -> list[str]:
    """Return the processes that carry `code` in `scheme`, in the order of the tree.

    Raises
    ------
    ValueError
        If there is no such scheme.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"no scheme {scheme!r}; there are {', '.join(SCHEMES)}")
    return shelf("process").filter(pl.col(scheme) == code)["process"].to_list()
