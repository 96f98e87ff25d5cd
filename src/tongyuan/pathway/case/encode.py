"""Dictionary codes for the names of a case, and the look-up of rows that may hold for every node or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.known import remembered


@dataclass(frozen=True, eq=False)
class Codes:
    """Names in order of their code; code 0 of every kind is the empty name."""

    node: list[str]
    technology: list[str]
    control: list[str]
    flow: list[str]
    species: list[str]
    year: list[int]
    slice: list[str] = field(default_factory=lambda: [""])

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return `frame` with names replaced by codes (``node`` → ``n`` and so on)."""
        expressions = []
        for name, short in (
            ("node", "n"), ("technology", "k"), ("control", "c"), ("flow", "f"), ("species", "s"),
            ("slice", "l"),
        ):  # fmt: skip
            if name in frame.columns:
                kinds = pl.Enum(getattr(self, name))
                expressions.append(pl.col(name).cast(kinds).to_physical().cast(pl.Int32).alias(short))
        if "year" in frame.columns:
            number = dict(zip(self.year, range(1, len(self.year) + 1), strict=True))
            found = pl.col("year").replace_strict(number, default=None, return_dtype=pl.Int32)
            if frame["year"].null_count() < frame.height:
                frame = frame.filter(found.is_not_null() | pl.col("year").is_null())
            expressions.append(found.fill_null(0).alias("t"))
        drop = [
            c
            for c in ("node", "technology", "control", "flow", "species", "slice", "year")
            if c in frame.columns
        ]
        return frame.with_columns(expressions).drop(drop)


@remembered
def codes(case: Case) -> Codes:
    """Number every node, technology, control option, flow, species and year of `case`."""

    def names(column: str, *tables: str) -> list[str]:
        seen: dict[str, None] = {"": None}
        for name in tables:
            seen.update(dict.fromkeys(case[name][column].unique(maintain_order=True).to_list()))
        return list(seen)

    found = Codes(
        node=names("node", "node"),
        technology=names("technology", "technology_option"),
        control=names("control", "control_option", "control_removal", "emission_coefficient", "stock"),
        flow=names("flow", "flow"),
        species=names("species", "emission_coefficient", "control_removal", "response"),
        year=case.years,
        slice=names("slice", "slice"),
    )
    return case.known.one(found)


def resolve(
    domain: pl.DataFrame,
    rows: pl.DataFrame,
    on: Sequence[str],
    wild: Sequence[str] = ("n", "t"),
    long: Sequence[str] = (),
    give: Sequence[str] | None = None,
    in_order: bool = True,
) -> pl.DataFrame:
    """Join to every row of `domain` the most specific of the `rows` that hold for it.

    Parameters
    ----------
    domain
        Frame with a row number ``i`` and the code columns of `on` and `wild`.
    rows
        Frame with the same code columns, in which code 0 of a `wild` column means "every".
    long
        Further columns of `rows` (such as the species) for each of which one row is wanted.
    give
        Columns of `domain` to return; all when None.
    in_order
        Whether the order of rows shall be the same every time: that of `domain` within each degree of
        detail. It costs time where there are many.

    A row that names the first of `wild` goes before one that does not, then one that names the second, and
    so on: a row of a node before one without, and of those a row of a year before one without.

    Returns
    -------
    polars.DataFrame
        Inner join, at most one row per ``i`` and `long`; rows of `domain` without a match are absent.
    """
    keep = [c for c in rows.columns if c not in wild and c not in on]
    given = [c for c in domain.columns if give is None or c in give]
    ends = rows.select(
        [pl.col(c).min().alias(f"{c}_min") for c in wild] + [pl.col(c).max().alias(f"{c}_max") for c in wild]
    ).row(0, named=True)
    order: Literal["left_right", "none"] = "left_right" if in_order else "none"
    found = []
    for specific in product((True, False), repeat=len(wild)):
        pairs = list(zip(wild, specific, strict=True))
        if rows.is_empty() or any(ends[f"{c}_max"] == 0 if s else ends[f"{c}_min"] > 0 for c, s in pairs):
            continue
        mixed = [
            pl.col(c) > 0 if s else pl.col(c) == 0
            for c, s in pairs
            if ends[f"{c}_min"] == 0 and ends[f"{c}_max"] > 0
        ]
        part = rows.filter(mixed) if mixed else rows
        exact = [*on, *(c for c, s in pairs if s)]
        joined = domain.join(part.select(*exact, *keep), on=exact, how="inner", maintain_order=order)
        found.append(joined.select(*given, *keep))
    if not found:
        return domain.clear().select(given).hstack(rows.clear().select(keep))
    if len(found) == 1:
        return found[0]
    return pl.concat(found, how="vertical").unique(["i", *long], keep="first", maintain_order=True)
