"""Views of the tables that several sections share: sector totals, years, what to show first."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.figure.comparable import incomparable
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import empty
from tongyuan.reference import species as species_shelf
from tongyuan.report.base import label

Tables = Mapping[str, pl.DataFrame]
NEGLIGIBLE = 1e-9
"""Share of a total below which a difference is rounding."""


def rows(tables: Tables, name: str) -> pl.DataFrame:
    """Return table `name`, or an empty one of its schema when it is absent."""
    frame = tables.get(name)
    if frame is not None:
        return frame
    try:
        return empty(name)
    except KeyError:
        return pl.DataFrame()


def has(tables: Tables, name: str) -> bool:
    """Tell whether table `name` is there and has rows."""
    frame = tables.get(name)
    return frame is not None and frame.height > 0


def once(*names: str) -> Callable[[Callable[[Tables], pl.DataFrame]], Callable[[Tables], pl.DataFrame]]:
    """Return a decorator of views of the tables `names`: those of the same tables are made once.

    Only the last view is kept, and none of its tables.
    """

    def decorated(view: Callable[[Tables], pl.DataFrame]) -> Callable[[Tables], pl.DataFrame]:
        held: list[tuple[list[Any], pl.DataFrame]] = []

        @wraps(view)
        def found(tables: Tables) -> pl.DataFrame:
            frames = [tables.get(name) for name in names]
            for known, made in held:
                pairs = zip(frames, known, strict=True)
                if all(b is None if a is None else b is not None and b() is a for a, b in pairs):
                    return made
            made = view(tables)
            held[:] = [([None if frame is None else weakref.ref(frame) for frame in frames], made)]
            return made

        return found

    return decorated


@once("emission", "summary")
def sector_totals(tables: Tables) -> pl.DataFrame:
    """Return direct emissions summed to year, sector and species over all regions present.

    Table ``summary`` is taken where it has a species; other species are summed from ``emission``.

    Returns
    -------
    polars.DataFrame
        Columns year, sector, species, medium, value, comparable, unit; `comparable` is the part of the value
        from sources with data in every year, the only part that changes between years are taken on.

    Raises
    ------
    FindingError
        If a species comes in more than one unit.
    """
    parts: list[pl.DataFrame] = []
    columns = ["year", "sector", "species", "value", "comparable", "unit"]
    media: dict[str, str] = {}
    if has(tables, "emission"):
        emission = tables["emission"]
        media |= dict(plain(emission.select("species", "medium").unique()).iter_rows())
        summed = set(tables["summary"]["species"]) if has(tables, "summary") else set()
        scopes = plain(emission.select("species", "scope").unique())
        left = sorted(set(scopes.filter(pl.col("scope") == "direct")["species"]) - summed)
        if left:
            direct = plain(emission.filter(pl.col("scope") == "direct"))
            parts.append(
                _compared(direct, "process")
                .filter(pl.col("species").is_in(left))
                .with_columns(pl.col("process").str.split(".").list.first().alias("sector"))
                .select(columns)
            )
    if has(tables, "summary"):
        summary = _compared(tables["summary"], "sector").select(columns)
        parts.append(summary)
    if not parts:
        return pl.DataFrame(
            schema={
                "year": pl.Int64,
                "sector": pl.String,
                "species": pl.String,
                "medium": pl.String,
                "value": pl.Float64,
                "comparable": pl.Float64,
                "unit": pl.String,
            }
        )
    joined = pl.concat(parts, how="vertical_relaxed")
    mixed = (
        joined.group_by("species").agg(pl.col("unit").unique().sort()).filter(pl.col("unit").list.len() > 1)
    )
    if mixed.height:
        raise FindingError(
            finding("report", "mixed_units", species=species, units=", ".join(units))
            for species, units in mixed.sort("species").iter_rows()
        )
    media = {s: media.get(s) or label.medium(s) for s in joined["species"].unique().to_list()}
    return (
        joined.group_by("year", "sector", "species", "unit")
        .agg(pl.col("value", "comparable").sum())
        .with_columns(pl.col("species").replace_strict(media, return_dtype=pl.String).alias("medium"))
        .select("year", "sector", "species", "medium", "value", "comparable", "unit")
        .sort("year", "sector", "species")
    )


def _compared(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return `rows` with the part of each value that is comparable between years, where that is not known.

    It is all of the value or nothing, by whether every year has the source.
    """
    if "comparable" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.Float64).alias("comparable"))
    apart = incomparable(rows, source).with_columns(pl.lit(0.0).alias("apart"))
    joined = rows.join(apart, on=["region", source], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("comparable", "apart", "value").alias("comparable")).drop("apart")


def years(totals: pl.DataFrame) -> list[int]:
    """Return the years of the totals, in order."""
    return sorted(set(totals["year"].to_list()))


def species_in_order(totals: pl.DataFrame) -> list[str]:
    """Return the species of the totals in the order of their shelf."""
    return sorted(totals["species"].unique().to_list(), key=label.species_order)


def sectors_in_order(totals: pl.DataFrame) -> list[str]:
    """Return the sectors of the totals in the order of the source tree."""
    return sorted(totals["sector"].unique().to_list(), key=label.sector_order)


def headline(totals: pl.DataFrame, most: int) -> list[str]:
    """Return the first `most` species people ask for that are present and not all zero."""
    present = set(totals.filter(pl.col("value") != 0)["species"].unique().to_list())
    return [species for species in species_shelf.headline() if species in present][:most]


def unit_of(totals: pl.DataFrame, species: str) -> str:
    """Return the canonical unit of a species; electrical energy is told apart for display."""
    unit: str = totals["unit"].filter(totals["species"] == species)[0]
    return "electricity" if species == "electricity" and unit == "TJ" else unit


class Moved(NamedTuple):
    """A species in the first and the last year: like for like, and with every source of each year.

    `before` and `after` are of the sources that both years have; `apart_before` and `apart_after` come from
    sources that some year has no data for. All are None where a year has no row of the species.
    """

    first: int
    last: int
    before: float | None
    after: float | None
    apart_before: float | None
    apart_after: float | None

    @property
    def same(self) -> bool:
        """Whether both years rest on the same sources."""
        pairs = ((self.before, self.apart_before), (self.after, self.apart_after))
        return all(not apart or abs(apart) <= NEGLIGIBLE * abs(held or 0.0) for held, apart in pairs)


def moved(totals: pl.DataFrame, species: str, sector: str | None = None, year: int | None = None) -> Moved:
    """Return how a species (of one sector) moved from the first year of `totals` to the last or `year`."""
    first, last = years(totals)[0], years(totals)[-1] if year is None else year
    before, after = (value_of(totals, y, species, sector, "comparable") for y in (first, last))
    whole = [value_of(totals, y, species, sector) for y in (first, last)]
    apart = [None if a is None or b is None else a - b for a, b in zip(whole, (before, after), strict=True)]
    return Moved(first, last, before, after, *apart)


def value_of(
    totals: pl.DataFrame, year: int, species: str, sector: str | None = None, column: str = "value"
) -> float | None:
    """Return the total of a species in a year (of one sector), None where there is no row."""
    # asked for every figure of a report: a query for each would cost ten times as much
    wanted = (totals["year"] == year) & (totals["species"] == species)
    chosen = totals[column].filter(wanted if sector is None else wanted & (totals["sector"] == sector))
    return float(chosen.sum()) if chosen.len() else None


def region_of(tables: Tables) -> str:
    """Return the region the report is about, an empty text where regions are several."""
    for name in ("summary", "emission"):
        found = rows(tables, name)
        if found.height and found["region"].n_unique() == 1:
            return str(found["region"][0])
    return ""
