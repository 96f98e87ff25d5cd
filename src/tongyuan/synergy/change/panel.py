"""Panels: emissions of many regions and years, read from any table, long or wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongyuan.ledger.finding import Finding, finding
from tongyuan.reference import units
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats
from tongyuan.synergy.index.indicator import KEY, frame_of

LISTED = 8


@dataclass(frozen=True)
class Panel:
    """Emissions of a panel.

    Attributes
    ----------
    regions, years, species : tuple
    value : array [years, regions, species] [t, or the unit of the user's table]
    driver : array [years, regions] or None
        Activity of the whole region (GDP, output).
    unit : tuple of str
        Unit of each species, empty where the table does not say.
    """

    regions: tuple[str, ...]
    years: tuple[int, ...]
    species: tuple[str, ...]
    value: Floats
    driver: Floats | None = None
    unit: tuple[str, ...] = ()

    def unit_of(self, species: str) -> str:
        """Return the unit of a species, empty where it is not known."""
        return self.unit[self.species.index(species)] if self.unit else ""


def panel_of(
    table: Any,
    *,
    species: Sequence[str] | None = None,
    driver: str | None = None,
    drop: bool = False,
    unit: str = "",
) -> Panel:
    """Read a panel from an emission table, from any long table or from a wide one.

    Parameters
    ----------
    table
        Long: ``region, year, species, value`` (with ``unit`` converted to t, ``scope`` ``direct`` only;
        rows of one case are summed). Wide: ``region, year`` and one column per species. All else in a wide
        table is ignored only when `species` names what is wanted.
    species : sequence of str
        Which species, in this order; all when not given.
    driver : str
        Column (wide) or species (long) that is the driver of the region.
    drop : bool
        Leave out regions that lack a figure, with all their years, instead of raising.
    unit : str
        Unit of the values of a table that does not say it.

    Returns
    -------
    Panel
    """
    frame = frame_of(table)
    if not set(KEY) <= set(frame.columns):
        raise check.refuse("wide_columns", unknown="–", known="region, year")
    nameless = frame.filter(pl.any_horizontal(pl.col(KEY).is_null())).height
    if nameless:
        raise check.refuse("panel_nameless", count=nameless)
    long = {"species", "value"} <= set(frame.columns)
    wanted_rows = set(species or ()) | ({driver} if driver else set())
    wide, held = _wide(frame, wanted_rows, unit) if long else (frame, {})
    wanted = list(species) if species else [c for c in wide.columns if c not in (*KEY, driver)]
    absent = [c for c in [*wanted, *([driver] if driver else [])] if c not in wide.columns]
    if absent or not wanted:
        known = ", ".join(c for c in wide.columns if c not in KEY)
        raise check.refuse("panel_species", absent=", ".join(absent) or "–", known=known)
    wide = wide.select(
        pl.col("region").cast(pl.String),
        pl.col("year").cast(pl.Int64),
        *(pl.col(c).cast(pl.Float64) for c in dict.fromkeys([*wanted, *([driver] if driver else [])])),
    )
    if wide.select(KEY).is_duplicated().any():
        row = wide.filter(wide.select(KEY).is_duplicated()).row(0, named=True)
        raise check.refuse("double_case", region=row["region"], year=row["year"])
    years = sorted(wide["year"].unique().to_list())
    columns = [c for c in wide.columns if c not in KEY]
    gaps = wide.with_columns(
        pl.any_horizontal([pl.col(c).is_null() | ~pl.col(c).is_finite() for c in columns]).alias("gap")
    )
    bad = (
        gaps.group_by("region")
        .agg((pl.col("gap").any() | (pl.len() < len(years))).alias("gap"))
        .filter("gap")
    )
    if bad.height and not drop:
        raise check.refuse(
            "panel_gap", count=bad.height, regions=", ".join(sorted(bad["region"].to_list())[:5])
        )
    wide = wide.filter(~pl.col("region").is_in(bad["region"].to_list())).sort("year", "region")
    regions = wide.filter(pl.col("year") == years[0])["region"].to_list()
    if not regions:
        raise check.refuse("no_rows")
    shape = (len(years), len(regions))
    value = wide.select(wanted).to_numpy().reshape(*shape, len(wanted))
    moved = None if driver is None else wide[driver].to_numpy().reshape(shape)
    named = tuple(held.get(name, unit) for name in wanted)
    values = check.not_negative(value, "value")
    return Panel(tuple(regions), tuple(years), tuple(wanted), values, moved, named)


def by_years(table: Any, entities: str, base: str | int) -> tuple[list[pl.DataFrame], list[Finding]]:
    """Return `table` in parts whose regions have the same years, by what is to be done with the others.

    Parameters
    ----------
    table
        As for :func:`panel_of`.
    entities : {'refuse', 'drop', 'keep'}
        ``refuse`` leaves the table whole, so that :func:`panel_of` names the gaps; ``drop`` leaves out
        regions that lack a year; ``keep`` puts regions with the same years together, each compared in its
        own years.
    base
        Base of the comparison; a kept region needs two years, and the base year where one is named.

    Returns
    -------
    parts, findings
    """
    frame = frame_of(table)
    if entities == "refuse" or not set(KEY) <= set(frame.columns):
        return [frame], []
    frame = frame.with_columns(pl.col("year").cast(pl.Int64))
    years = frame["year"].n_unique()
    held = frame.group_by("region").agg(pl.col("year").unique().sort().alias("years"))
    short = held.filter(
        pl.col("years").list.len() < years
        if entities == "drop"
        else (pl.col("years").list.len() < 2)
        | (~pl.col("years").list.contains(base) if isinstance(base, int) else pl.lit(False))
    )
    check_name = "entities_left_out" if entities == "drop" else "entities_short"
    listed = ", ".join(sorted(map(str, short["region"].to_list()))[:LISTED])
    told = [finding(check.ROOM, check_name, count=short.height, regions=listed)] if short.height else []
    kept = held.join(short, on="region", how="anti").with_columns(
        pl.col("years").cast(pl.List(pl.String)).list.join(",")
    )
    parts = [
        frame.join(part, on="region", how="semi", maintain_order="left")
        for _, part in kept.sort("years", "region").group_by("years", maintain_order=True)
    ]
    if not parts:
        raise check.refuse("no_rows")
    return parts, told


def _wide(frame: pl.DataFrame, wanted: set[str], given: str) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return a long table with one column for each species, masses in t, and the unit of each."""
    rows = frame
    if "scope" in rows.columns:
        rows = rows.filter(pl.col("scope").fill_null("direct") == "direct")
    if wanted:
        rows = rows.filter(pl.col("species").is_in(list(wanted)))
    if rows.is_empty():
        raise check.refuse(
            "panel_species",
            absent=", ".join(sorted(wanted)) or "–",
            known=", ".join(sorted(frame["species"].unique().to_list())),
        )
    held: dict[str, str] = dict.fromkeys(rows["species"].unique().to_list(), given)
    if "unit" in rows.columns:
        scales: dict[str, tuple[float, str]] = {}
        for unit in rows["unit"].unique().drop_nulls().to_list():
            try:
                scales[unit] = units.factor(unit, "t"), "t"
            except units.UnitError:
                scales[unit] = 1.0, unit
        rows = rows.with_columns(
            pl.col("value")
            * pl.col("unit").replace_strict({u: f for u, (f, _) in scales.items()}, default=1.0),
            pl.col("unit").replace_strict({u: n for u, (_, n) in scales.items()}, default=given),
        )
        for name, found in rows.group_by("species").agg(pl.col("unit").unique().sort()).iter_rows():
            if len(found) > 1:
                raise check.refuse("panel_units", species=name, units=", ".join(found))
            held[name] = found[0]
    missing = rows.filter(pl.col("value").is_null()).height
    if missing:
        raise check.refuse("not_finite", name="value", count=missing)
    summed = rows.group_by(*KEY, "species").agg(pl.col("value").sum())
    return summed.pivot(on="species", index=list(KEY), values="value"), held


def cases(panel: Panel, years: slice | NDArray[np.int64] = slice(None)) -> pl.DataFrame:
    """Return region and year of every case of `panel` (or of the years at those places), years outermost."""
    chosen = np.asarray(panel.years)[years]
    n = len(panel.regions)
    return pl.DataFrame(
        {
            "region": pl.Series(panel.regions, dtype=pl.String)[np.tile(np.arange(n), len(chosen))],
            "year": np.repeat(chosen, n),
        }
    )


def codes(names: Sequence[str], places: NDArray[Any]) -> pl.Series:
    """Return the names at `places`, as a column."""
    return pl.Series(names, dtype=pl.String)[places.reshape(-1).astype(np.int64)]


def column(array: Floats) -> pl.Series:
    """Return `array` as a column, NaN as missing."""
    return pl.Series(np.ascontiguousarray(array).reshape(-1)).fill_nan(None)
