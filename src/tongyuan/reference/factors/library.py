"""The library of cited records: loaded once, checked as it loads, then searched, shown and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.factors.match import ancestors, lineage
from tongyuan.reference.language import say
from tongyuan.reference.record import COLUMNS, REQUIRED
from tongyuan.reference.shelf import Language, fold, read_text_csv, shelf

ROOM = "reference.factors"
KINDS = ("emission_factor", "generation_factor", "removal_efficiency", "consumption", "parameter")
STATUSES = ("measured", "official", "secondary", "derived", "unverified")
FIELDS = {
    "process": ("process",),
    "product": ("product",),
    "technology": ("technology",),
    "control": ("control",),
    "region": ("factor_region",),
    "species": ("species", "product", "parameter"),
    "source": ("source",),
}
"""Shelves on which the word in a column must stand."""

_MAY_BE_EMPTY = ("product", "technology", "control")


class LibraryError(ValueError):
    """Raised when records of the library may not load; names every offender and what is wrong with it."""

    def __init__(self, offenders: Iterable[tuple[str, str, str]]) -> None:
        self.offenders = tuple(offenders)
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """Return one line per offender."""
        return "\n".join(
            say(ROOM, check, language, record=record, text=text) for record, check, text in self.offenders
        )


def topics() -> tuple[str, ...]:
    """Return the names of the topic files of the library."""
    folder = files("tongyuan.reference.factors") / "library"
    return tuple(sorted(f.name.removesuffix(".csv") for f in folder.iterdir() if f.name.endswith(".csv")))


@cache
def _known(name: str) -> frozenset[str]:
    frame = shelf(name)
    return frozenset(frame[frame.columns[0]])


def _words(frame: pl.DataFrame, column: str) -> Iterator[tuple[str, str, str]]:
    known = frozenset[str]().union(*(_known(name) for name in FIELDS[column]))
    wrong = frame.filter(~pl.col(column).is_in(list(known)))
    if column in _MAY_BE_EMPTY:
        wrong = wrong.filter(pl.col(column) != "")
    for record, text in wrong.select("record_id", column).iter_rows():
        yield record, f"unknown_{column}", text


def _readable(unit: str) -> bool:
    try:
        units.split_ratio(unit)
    except units.UnitError:
        return False
    return True


def offenders(frame: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Return every reason why a record of `frame` may not load, as (record id, check, text).

    Parameters
    ----------
    frame
        Records in the columns of table ``factor``, every column as text.
    """
    found: list[tuple[str, str, str]] = []
    for column in REQUIRED:
        found += [(r, "missing", column) for r in frame.filter(pl.col(column) == "")["record_id"]]
    found += [
        (r, "duplicate", "") for r in frame.filter(pl.col("record_id").is_duplicated())["record_id"].unique()
    ]
    for column, allowed in (("kind", KINDS), ("status", STATUSES)):
        wrong = frame.filter(~pl.col(column).is_in(list(allowed)))
        found += [(r, f"unknown_{column}", text) for r, text in wrong.select("record_id", column).iter_rows()]
    for column in FIELDS:
        found += _words(frame.filter(pl.col(column) != "") if column in REQUIRED else frame, column)
    bad = [unit for unit in frame["unit"].unique() if unit and not _readable(unit)]
    found += [
        (r, "unit", u)
        for r, u in frame.filter(pl.col("unit").is_in(bad)).select("record_id", "unit").iter_rows()
    ]
    for column in ("value", "lower", "upper"):
        wrong = frame.filter((pl.col(column) != "") & ~_finite(column))
        found += [(r, "number", text) for r, text in wrong.select("record_id", column).iter_rows()]
    numbers = frame.with_columns(pl.col("value", "lower", "upper").cast(pl.Float64, strict=False))
    outside = (pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))
    found += [(r, "limits", "") for r in numbers.filter(outside)["record_id"]]
    share = (pl.col("kind") == "removal_efficiency") & ((pl.col("value") < 0) | (pl.col("value") > 1))
    found += [
        (r, "efficiency", str(v)) for r, v in numbers.filter(share).select("record_id", "value").iter_rows()
    ]
    acting = frame.filter((pl.col("class") != "") & (pl.col("kind") != "parameter"))
    found += [(r, "class", text) for r, text in acting.select("record_id", "class").iter_rows()]
    return found


def _finite(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False).is_finite().fill_null(False)


def typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of text with the column types of table ``factor``; empty numbers become null."""
    return frame.select(
        (pl.col(column) if dtype == pl.String else pl.col(column).replace("", None)).cast(dtype)
        for column, dtype in COLUMNS.items()
    )


@cache
def _all() -> pl.DataFrame:
    folder = files("tongyuan.reference.factors") / "library"
    frames = [
        read_text_csv(folder / f"{topic}.csv").with_columns(pl.lit(topic).alias("topic"))
        for topic in topics()
    ]
    frame = pl.concat(frames)
    wrong = offenders(frame)
    if wrong:
        raise LibraryError(wrong)
    return typed(frame).with_columns(frame["topic"])


def library(kind: str | None = None, include_unverified: bool = False) -> pl.DataFrame:
    """Return the records of the library in the columns of table ``factor``.

    Parameters
    ----------
    kind
        Only this kind: ``emission_factor``, ``generation_factor``, ``removal_efficiency``,
        ``consumption`` or ``parameter``.
    include_unverified
        Whether records of status ``unverified`` are there; they never act unless asked for.

    Raises
    ------
    LibraryError
        If any record lacks its citation or does not fit the shelves.
    ValueError
        If there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(KINDS)}")
    frame = _all().drop("topic")
    if kind is not None:
        frame = frame.filter(pl.col("kind") == kind)
    return frame if include_unverified else frame.filter(pl.col("status") != "unverified")


def counts() -> pl.DataFrame:
    """Return how many records each topic holds: ``topic, records, values, unverified``.

    `values` counts each figure of a source once, where several records repeat it for other processes,
    products or provinces.
    """
    return (
        _all()
        .group_by("topic")
        .agg(
            pl.len().alias("records"),
            pl.struct("source", "locator", "species", "value", "unit", "kind").n_unique().alias("values"),
            (pl.col("status") == "unverified").sum().alias("unverified"),
        )
        .sort("topic")
    )


def show(record_id: str) -> dict[str, Any]:
    """Return one record with its citation: the fields of the record and, under ``citation``, of its source.

    Raises
    ------
    KeyError
        If the library has no such record.
    """
    rows = _all().filter(pl.col("record_id") == record_id).to_dicts()
    if not rows:
        raise KeyError(record_id)
    citation = shelf("source").filter(pl.col("id") == rows[0]["source"]).to_dicts()[0]
    return {**rows[0], "citation": citation}


@cache
def _index() -> pl.DataFrame:
    """Return record_id, text: all the words under which a record may be found, folded."""
    frame = _all()
    aliases = shelf("alias")
    text = [pl.col("record_id"), pl.col("class"), pl.col("note"), pl.col("topic")]
    for column, names in FIELDS.items():
        words: dict[str, str] = {}
        for name in names:
            rows = shelf(name)
            key = rows.columns[0]
            titles = [c for c in ("title_zh", "title_en", "title") if c in rows.columns]
            for row in rows.select(key, *titles).iter_rows():
                words.setdefault(row[0], " ".join(row))
            for alias, identifier in (
                aliases.filter(pl.col("shelf") == name).select("alias", "id").iter_rows()
            ):
                if identifier in words:
                    words[identifier] += f" {alias}"
        text.append(pl.col(column).replace_strict(words, default=pl.col(column), return_dtype=pl.String))
    joined = frame.select("record_id", pl.concat_str(text, separator=" ", ignore_nulls=True).alias("text"))
    return joined.with_columns(pl.Series("text", [fold(t) for t in joined["text"]]))


def search(
    text: str = "",
    *,
    species: str | None = None,
    process: str | None = None,
    product: str | None = None,
    kind: str | None = None,
    include_unverified: bool = False,
) -> pl.DataFrame:
    """Return the records whose id, titles, aliases, class, note or source hold every word.

    Parameters
    ----------
    text
        Words separated by blanks; width and case do not matter.
    species, product
        Identifier the record must have.
    process
        Process of the record, or an ancestor of it.
    kind, include_unverified
        As for `library`.
    """
    frame = library(kind, include_unverified)
    wanted = _index()
    for word in text.split():
        wanted = wanted.filter(pl.col("text").str.contains(fold(word), literal=True))
    frame = frame.join(wanted.select("record_id"), on="record_id", how="semi", maintain_order="left")
    if species is not None:
        frame = frame.filter(pl.col("species") == species)
    if product is not None:
        frame = frame.filter(pl.col("product") == product)
    if process is not None:
        frame = frame.filter(
            (pl.col("process") == process) | pl.col("process").str.starts_with(f"{process}.")
        )
    return frame


def normalised(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with ``value_canonical`` and ``unit_canonical``: the value in canonical units."""
    ratio = {unit: units.split_ratio(unit) for unit in ["fraction", *frame["unit"].unique()]}
    scale = {unit: r.numerator / r.denominator for unit, r in ratio.items()}
    name = {
        unit: f"{r.numerator_unit}/{r.denominator_unit}" if r.denominator_unit else r.numerator_unit
        for unit, r in ratio.items()
    }
    return frame.with_columns(
        (pl.col("value") * pl.col("unit").replace_strict(scale, return_dtype=pl.Float64)).alias(
            "value_canonical"
        ),
        pl.col("unit").replace_strict(name, return_dtype=pl.String).alias("unit_canonical"),
    )


def compare(
    process: str, product: str = "", species: str | None = None, *, include_unverified: bool = True
) -> pl.DataFrame:
    """Return every factor that could serve a process and product, side by side in canonical units.

    Records of the process and its ancestors and of the product and its parents are candidates; the
    nearest come first. Unverified records are shown, for comparison only.

    Parameters
    ----------
    process, product
        Identifiers of the source tree; product may stay empty.
    species
        Only this species.
    include_unverified
        Whether unverified records are shown.

    Returns
    -------
    pl.DataFrame
        Columns of table ``factor`` with ``value_canonical``, ``unit_canonical``, ``process_depth`` and
        ``product_depth``.
    """
    processes = {step: depth for depth, step in enumerate(ancestors(process))}
    products = {
        step: depth for depth, step in enumerate([*lineage("product", product), ""] if product else [""])
    }
    frame = library(include_unverified=include_unverified).filter(
        pl.col("kind").is_in(["emission_factor", "generation_factor"]),
        pl.col("process").is_in(list(processes)),
        pl.col("product").is_in(list(products)),
    )
    if species is not None:
        frame = frame.filter(pl.col("species") == species)
    return (
        normalised(frame)
        .with_columns(
            pl.col("process")
            .replace_strict(processes, return_dtype=pl.Int64, default=None)
            .alias("process_depth"),
            pl.col("product")
            .replace_strict(products, return_dtype=pl.Int64, default=None)
            .alias("product_depth"),
        )
        .sort("species", "process_depth", "product_depth", "technology", "region", "valid_from", "record_id")
    )
