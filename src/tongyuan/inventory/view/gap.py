"""Gaps: what a complete inventory would hold and this one does not, each with what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.algebra import codes
from tongyuan.inventory.account.emission import cross
from tongyuan.ledger.coding import plain
from tongyuan.ledger.figure.comparable import incomparable
from tongyuan.ledger.table import LIST, conform, split_list
from tongyuan.reference.factors.match import ancestors, burns_fuel, fuels, lineage, rule
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf, title

ROOM = "inventory"
LANGUAGES: tuple[Language, Language] = ("zh", "en")
LEAST_SHARE = 0.01
"""Share of a species' total in another year from which on a source is missed in a year without it."""
_CONTROLLABLE = ("SO2", "NOx", "TSP", "PM10", "PM2.5")


def expected(process: str, product: str) -> tuple[str, ...]:
    """Return the species an inventory of `process` and `product` is expected to hold.

    From shelf ``process_origin``: those of combustion where a fuel is burnt, else those of the process.
    Biomass gives biogenic CO2 and CH4.
    """
    burnt = product in fuels() and burns_fuel(process)
    names = rule("" if burnt else process)["expected"].split("|")
    if burnt and "biomass" in lineage("product", product):
        biogenic = {"CO2": "CO2_biogenic", "CH4_fossil": "CH4_biogenic"}
        names = [biogenic.get(name, name) for name in names]
    return tuple(name for name in names if name)


def _told(rows: pl.DataFrame, kind: str, key: str) -> pl.DataFrame:
    """Return `rows` (region, year, process, product, species) as gaps of a kind; each case is worded once."""
    case = ["process", "product", "species"]
    distinct = rows.select(case).unique(maintain_order=True)
    words: dict[str, list[str]] = {"meaning_zh": [], "meaning_en": []}
    for process, product, species in distinct.iter_rows():
        for language in LANGUAGES:
            told = title("product", product, language) if product else "–"
            names = {"process": title("process", process, language), "product": told}
            text = say(ROOM, key, language, **names, species=", ".join(species or ()))
            words[f"meaning_{language}"].append(text)
    worded = distinct.with_columns(pl.Series(name, texts, dtype=pl.String) for name, texts in words.items())
    told_rows = rows.join(worded, on=case, how="left", nulls_equal=True, maintain_order="left")
    return conform("gap", told_rows.with_columns(pl.lit(kind).alias("kind")))


class Sources(NamedTuple):
    """Keys, the class of each, and the activity of each [canonical unit]."""

    keys: pl.DataFrame
    """``key`` and the columns of the source key."""
    of: npt.NDArray[np.int64]
    total: npt.NDArray[np.float64]


def _without_control(
    sources: Sources, term: pl.DataFrame, installed: pl.DataFrame, share: float
) -> pl.DataFrame:
    """Return sources that matter for a pollutant devices usually remove and have no device at all."""
    relevant = term.filter(
        pl.col("species").is_in(_CONTROLLABLE),
        pl.col("origin").is_in(["combustion", "process"]),
        pl.col("scope") == "direct",
        ~pl.col("controlled"),
    ).with_columns(bare=~pl.col("key").is_in(installed["key"].unique().implode()))
    classes = int(sources.of.max(initial=-1)) + 1
    row, at = cross(sources.of, relevant["key"].to_numpy().astype(np.int64), classes)
    value = sources.total[row] * relevant["factor"].to_numpy()[at] * relevant["penetration"].to_numpy()[at]
    place, places = codes(sources.keys, ["region", "year"])
    name, names = codes(relevant, ["species"])
    group = place[row] * names.height + name[at]
    whole = np.bincount(group, weights=value, minlength=places.height * names.height)
    with np.errstate(divide="ignore", invalid="ignore"):
        chosen = (value / whole[group] >= share) & relevant["bare"].to_numpy()[at]
    found: pl.DataFrame = sources.keys[row[chosen]].hstack(relevant.select("species")[at[chosen]])
    return (
        found.sort("region", "year", "process", "product", "species")
        .group_by("region", "year", "process", "product", maintain_order=True)
        .agg(pl.col("species").unique(maintain_order=True))
    )


def gaps(
    sources: Sources,
    term: pl.DataFrame,
    installed: pl.DataFrame,
    species: Sequence[str] | None,
    share: float,
) -> pl.DataFrame:
    """Return table ``gap``: activity without any factor, expected species without, sources without control.

    Parameters
    ----------
    sources
        The keys, and the class of each.
    term, installed
        Factors and devices of each class (``key``).
    species
        Species that were wanted; others are not missed.
    share
        Share of a species' total from which on a source without control row is named.
    """
    source = ["region", "year", "process", "product"]
    keys = sources.keys.with_columns(pl.Series("class", sources.of, dtype=pl.UInt32))
    asked = keys.group_by(source).agg(pl.col("class").unique().sort()).sort(source)
    sets = asked.select("class").unique(maintain_order=True).with_row_index("set")
    have = term.select("species", pl.col("key").cast(pl.UInt32).alias("class"))
    held = (
        sets.explode("class")
        .join(have, on="class")
        .group_by("set")
        .agg(pl.col("species").unique().sort().alias("have"))
    )
    named = sets.join(held, on="set", how="left").drop("set")
    asked = asked.join(named, on="class", how="left", maintain_order="left").drop("class")
    cases = asked.select("process", "product", "have").unique()
    missing = [_missing(process, product, have, species) for process, product, have in cases.iter_rows()]
    cases = cases.with_columns(pl.Series("species", missing, dtype=LIST))
    asked = asked.join(
        cases, on=["process", "product", "have"], how="left", nulls_equal=True, maintain_order="left"
    )
    place = asked.with_row_index("place").select("place", "region", "year", "process", "product")
    nothing = _told(asked.filter(pl.col("have").is_null()).drop("have"), "no_factor", "gap_no_factor_at_all")
    some = asked.filter(pl.col("have").is_not_null() & pl.col("species").is_not_null()).drop("have")
    factorless = pl.concat([nothing, _told(some, "no_factor", "gap_no_factor")])
    ordered = factorless.join(place, on=source, how="left", maintain_order="left").sort("place").drop("place")
    bare = _without_control(sources, term, installed, share)
    return pl.concat([ordered, _told(bare, "no_control", "gap_no_control")])


def _missing(
    process: str, product: str, have: list[str] | None, species: Sequence[str] | None
) -> list[str] | None:
    """Return the species expected of a source beside those it has; None where it has none or all."""
    wanted = [s for s in expected(process, product) if species is None or s in species]
    return [s for s in wanted if s not in have] or None if have else None


def absent(emission: pl.DataFrame, *, area: bool) -> pl.DataFrame:
    """Return table ``gap``: sources known to exist that a year has no data for, with the species they miss.

    Parameters
    ----------
    emission
        Table ``emission``.
    area
        Whether the regions are administrative areas: sources that shelf ``process_origin`` says are
        everywhere (domestic wastewater, fertiliser, petrol stations …) are then missed too.

    Notes
    -----
    A source of another year is missed for the species of which it was at least ``LEAST_SHARE`` then. What
    begins or ends for good can be typed as zero activity, which is data.
    """
    direct = emission.filter(pl.col("scope") == "direct")
    place = ["region", "year"]
    cases = direct.select(place).unique().sort(place)
    held = direct.group_by("region", "process", "species", "year").agg(pl.col("value").sum())
    share = pl.col("value").abs() / pl.col("value").abs().sum().over("region", "year", "species")
    large = held.filter(share >= LEAST_SHARE).group_by("region", "process")
    seen = direct.select(*place, "process").unique()
    nothing = pl.lit(None, dtype=pl.String).alias("product")
    lacking = (
        incomparable(direct)
        .join(large.agg(pl.col("species").unique().sort()), on=["region", "process"])
        .join(cases, on="region")
        .join(seen, on=[*place, "process"], how="anti")
        .sort("region", "process", "year")
        .select(*place, "process", nothing, "species")
    )
    common = shelf("process_origin").filter((pl.col("everywhere") == "yes") & pl.lit(area))
    common = common.select("process", species=split_list(pl.col("expected")))
    there = pl.concat([seen, lacking.select(seen.columns)])
    upward = [(name, step) for name in there["process"].unique().to_list() for step in ancestors(name)]
    ladder = pl.DataFrame(upward, schema={"process": pl.String, "step": pl.String}, orient="row")
    reached = there.join(ladder, on="process").select(*place, pl.col("step").alias("process")).unique()
    missed = (
        cases.join(common, how="cross", maintain_order="left_right")
        .join(reached, on=[*place, "process"], how="anti", maintain_order="left")
        .select(*place, "process", nothing, "species")
    )
    return pl.concat(
        [_told(lacking, "no_activity", "gap_other_year"), _told(missed, "no_activity", "gap_common")]
    )


def filled(gap: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return `gap` without what is there after all: missing activity whose species the sector does emit.

    The sector is the first two parts of the process: pollutants of steel reported by process are not missing
    because the balance has coke only.
    """
    if gap.is_empty():
        return gap
    sector = pl.col("process").str.split(".").list.head(2).list.join(".")
    sources = emission.select("region", "year", "process", "species", "scope").unique()
    there = plain(sources.filter(pl.col("scope") == "direct")).select(
        "region", "year", sector.alias("sector"), pl.col("species")
    )
    missing = gap.with_row_index("row").filter(
        (pl.col("kind") == "no_activity") & (pl.col("species").list.len() > 0)
    )
    each = missing.with_columns(sector.alias("sector")).explode("species")
    left = (
        each.join(
            there.unique(), on=["region", "year", "sector", "species"], how="anti", maintain_order="left"
        )
        .group_by("row", maintain_order=True)
        .agg(pl.col("species").alias("still"))
    )
    numbered = gap.with_row_index("row").join(left, on="row", how="left", maintain_order="left")
    gone = pl.col("row").is_in(missing["row"].implode()) & pl.col("still").is_null()
    return (
        numbered.filter(~gone)
        .with_columns(pl.coalesce("still", "species").alias("species"))
        .drop("row", "still")
    )
