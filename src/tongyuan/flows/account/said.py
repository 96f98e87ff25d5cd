"""What is said of an emission: sums, intervals, key categories and comparisons, whole regions at a time.

None of these sees more than one region. An emission of many rows is therefore gone through in parts, so that
beside it only one part is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from tongyuan.inventory.view.key_category import key_category
from tongyuan.inventory.view.view import equivalents, summary, with_sector
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.coding import coded, plain
from tongyuan.ledger.table import PLACE

ROWS = 2_000_000
"""Rows of an emission that are gone through at a time; one region is never parted."""
LEAST_KNOWN = 0.5
"""Share of a total that must carry limits before an interval is shown."""
NOT_COUNTED = ("origin", "method", "tier", "control", "basis", "note")
"""Columns of an emission that no sum, interval or comparison asks for."""
_LINE = ("region", "year", "species")


class Said(NamedTuple):
    """Tables about an emission."""

    summary: pl.DataFrame
    uncertainty: pl.DataFrame
    key_category: pl.DataFrame
    sources: pl.DataFrame
    """Direct emissions by region, year, process and species: ``value`` and ``scope``."""
    compared: pl.DataFrame
    """The rows whose region, year and species somebody has published a total of, equivalents among them."""


def said(
    emission: pl.DataFrame,
    factor_used: pl.DataFrame,
    activity: pl.DataFrame,
    published: pl.DataFrame,
    settings: AccountSettings,
    first: Literal["approach_1", "approach_1_truncated"],
) -> Said:
    """Return what is said of `emission`, whose text is categories.

    Parameters
    ----------
    emission, factor_used, activity
        Tables of an account.
    published
        Table ``published_total``.
    settings
        Draws, seed, base year and set of warming potentials.
    first
        Method of error propagation that stands beside first order and drawn factors.
    """
    from tongyuan.inventory.uncertainty.uncertainty import (
        DRAWN_MAX,
        Method,
        uncertainty,  # statistics are loaded when they are asked for
    )

    kinds, sums = [], []
    for part in by_regions(emission.select(*_LINE, "process", "unit", "medium", "value", "scope")):
        direct = part.filter(pl.col("scope") == "direct")
        kinds.append(direct.unique([*_LINE, "unit", "process"]))
        sums.append(direct.group_by("region", "year", "process", "species").agg(pl.col("value").sum()))
    sources = pl.concat(sums)
    methods: tuple[Method, ...] = (first, "first_order", "monte_carlo")
    many = emission.height > ROWS
    draws = settings.draws
    if many and _groups(pl.concat(kinds), settings.gwp_set) * draws > DRAWN_MAX:
        draws = 0
    base_year = settings.base_year
    if base_year is None and sources.height:
        base_year = int(str(sources["year"].min()))
    wanted = coded("emission", published.select(_LINE).unique())
    activity = activity.drop(PLACE, strict=False)
    found: list[tuple[pl.DataFrame, ...]] = []
    for part in by_regions(emission.drop(NOT_COUNTED, strict=False)):
        seen = pl.concat([part, equivalents(part, settings.gwp_set)])
        behind = activity
        if many:
            here = plain(part.select("region").unique())["region"]
            behind = activity.filter(pl.col("region").is_in(here.implode()))
        intervals = uncertainty(
            seen,
            factor_used,
            behind,
            methods=methods,
            draws=draws,
            seed=settings.seed,
            least_known=LEAST_KNOWN,
        )
        keys = coded("key_category", key_category(seen, base_year=base_year))
        compared = seen.clear()
        if wanted.height:
            compared = seen.join(wanted, on=_LINE, how="semi", maintain_order="left")
        found.append((summary(seen), intervals, keys, compared))
    summaries, intervals, keys, compared = (pl.concat(frames) for frames in zip(*found, strict=True))
    if len(found) > 1:
        intervals = pl.concat([intervals.filter(pl.col("method") == name) for name in methods])
    sources = plain(sources).with_columns(scope=pl.lit("direct"))
    return Said(summaries, intervals, keys, sources, plain(compared))


def by_regions(emission: pl.DataFrame, rows: int = ROWS) -> Iterator[pl.DataFrame]:
    """Yield `emission` in parts of at most so many rows, or of one region, in the order of regions."""
    if emission.height <= rows:
        yield emission
        return
    counts = plain(emission.group_by("region").len()).sort("region")
    runs = _runs(emission["region"])
    names: list[str] = []
    held = 0

    def chosen() -> pl.DataFrame:
        if runs is None:
            return emission.filter(pl.col("region").is_in(names))
        places = sorted(runs[name] for name in names)
        return pl.concat([emission.slice(start, height) for start, height in places], rechunk=True)

    for name, count in counts.iter_rows():
        if names and held + count > rows:
            yield chosen()
            names, held = [], 0
        names.append(name)
        held += count
    yield chosen()


def _runs(region: pl.Series) -> dict[str, tuple[int, int]] | None:
    """Return where the rows of each region begin and how many follow; None if those of one lie apart."""
    code = region.to_physical().to_numpy()
    starts = np.flatnonzero(np.diff(code, prepend=code[0] + 1))
    heights = np.diff(starts, append=len(code))
    names = region[starts].cast(pl.String).to_list()
    if len(set(names)) < len(names):
        return None
    return dict(zip(names, zip(starts.tolist(), heights.tolist(), strict=True), strict=True))


def _groups(few: pl.DataFrame, gwp_set: str) -> int:
    """Return the number of totals and sums of sectors that have an interval, of `few` direct rows of each."""
    every = with_sector(pl.concat([few, equivalents(few, gwp_set)]))
    return _count(every, [*_LINE, "unit"]) + _count(every, [*_LINE, "unit", "sector"])


def _count(frame: pl.DataFrame, by: Sequence[str]) -> int:
    return frame.select(by).unique().height
