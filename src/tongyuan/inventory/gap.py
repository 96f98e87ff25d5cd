"""Gaps: what a complete inventory would hold and this one does not, each with what it means."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.comparable import incomparable
from tongyuan.ledger.table import conform, empty
from tongyuan.reference.factors.match import burns_fuel, fuels, lineage, rule
from tongyuan.reference.language import say
from tongyuan.reference.shelf import shelf, title

ROOM = "inventory"
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


def _row(where: dict[str, object], kind: str, key: str, species: str = "") -> dict[str, object]:
    words = {
        language: say(
            ROOM,
            key,
            language,
            process=title("process", str(where["process"]), language),
            product=title("product", str(where["product"]), language) if where["product"] else "–",
            species=species.replace("|", ", "),
        )
        for language in ("zh", "en")
    }
    return {
        "region": where["region"],
        "year": where["year"],
        "process": where["process"],
        "product": where["product"],
        "species": species or None,
        "kind": kind,
        "meaning_zh": words["zh"],
        "meaning_en": words["en"],
    }


def _without_control(term: pl.DataFrame, installed: pl.DataFrame, share: float) -> pl.DataFrame:
    """Return sources that matter for a pollutant devices usually remove and have no device at all."""
    relevant = term.filter(
        pl.col("species").is_in(_CONTROLLABLE),
        pl.col("origin").is_in(["combustion", "process"]),
        pl.col("scope") == "direct",
        ~pl.col("controlled"),
    ).with_columns((pl.col("uncontrolled") * pl.col("penetration")).alias("value"))
    relevant = relevant.with_columns(
        (pl.col("value") / pl.col("value").sum().over("region", "year", "species")).alias("share")
    )
    return (
        relevant.join(installed.select("key").unique(), on="key", how="anti")
        .filter(pl.col("share") >= share)
        .sort("region", "year", "process", "product", "species")
        .group_by("region", "year", "process", "product", maintain_order=True)
        .agg(pl.col("species").unique(maintain_order=True).str.join("|"))
    )


def gaps(
    keys: pl.DataFrame,
    term: pl.DataFrame,
    installed: pl.DataFrame,
    species: Sequence[str] | None,
    share: float,
) -> pl.DataFrame:
    """Return table ``gap``: activity without any factor, expected species without, sources without control.

    Parameters
    ----------
    keys, term, installed
        As :func:`tongyuan.inventory.account.account` makes them.
    species
        Species that were wanted; others are not missed.
    share
        Share of a species' total from which on a source without control row is named.
    """
    rows: list[dict[str, object]] = []
    source = ["region", "year", "process", "product"]
    held = term.group_by(source).agg(pl.col("species").unique()).sort(source)
    asked = keys.select(source).unique().sort(source).join(held, on=source, how="left", maintain_order="left")
    for where in asked.iter_rows(named=True):
        have = set(where["species"] or ())
        if not have:
            rows.append(_row(where, "no_factor", "gap_no_factor_at_all"))
            continue
        wanted = [s for s in expected(where["process"], where["product"]) if species is None or s in species]
        missing = [s for s in wanted if s not in have]
        if missing:
            rows.append(_row(where, "no_factor", "gap_no_factor", "|".join(missing)))
    for where in _without_control(term, installed, share).iter_rows(named=True):
        rows.append(_row(where, "no_control", "gap_no_control", where["species"]))
    return conform("gap", pl.DataFrame(rows, schema_overrides=empty("gap").schema)) if rows else empty("gap")


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
    rows: list[dict[str, object]] = []
    cases = direct.select(place).unique().sort(place)
    held = direct.group_by("region", "process", "species", "year").agg(pl.col("value").sum())
    share = pl.col("value").abs() / pl.col("value").abs().sum().over("region", "year", "species")
    large = held.filter(share >= LEAST_SHARE)
    seen = direct.select(*place, "process").unique()
    for region, process in incomparable(direct).iter_rows():
        mine = large.filter((pl.col("region") == region) & (pl.col("process") == process))
        species = "|".join(mine["species"].unique().sort().to_list())
        has = seen.filter((pl.col("region") == region) & (pl.col("process") == process))["year"]
        for year in cases.filter(pl.col("region") == region)["year"]:
            if species and year not in has:
                where = {"region": region, "year": year, "process": process, "product": None}
                rows.append(_row(where, "no_activity", "gap_other_year", species))
    common = shelf("process_origin").filter((pl.col("everywhere") == "yes") & pl.lit(area))
    for region, year in cases.iter_rows():
        there = seen.filter((pl.col("region") == region) & (pl.col("year") == year))["process"]
        listed = {row["process"] for row in rows if (row["region"], row["year"]) == (region, year)}
        for process, species in common.select("process", "expected").iter_rows():
            under = f"{process}."
            if not any(name == process or name.startswith(under) for name in (*there, *listed)):
                where = {"region": region, "year": year, "process": process, "product": None}
                rows.append(_row(where, "no_activity", "gap_common", species))
    return conform("gap", pl.DataFrame(rows, schema_overrides=empty("gap").schema)) if rows else empty("gap")


def filled(gap: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return `gap` without what is there after all: missing activity whose species the sector does emit.

    The sector is the first two parts of the process: pollutants of steel reported by process are not missing
    because the balance has coke only.
    """
    sector = pl.col("process").str.split(".").list.head(2).list.join(".")
    there = emission.filter(pl.col("scope") == "direct").select(
        "region", "year", sector.alias("sector"), pl.col("species")
    )
    missing = gap.with_row_index("row").filter(
        (pl.col("kind") == "no_activity") & (pl.col("species").fill_null("") != "")
    )
    each = missing.with_columns(sector.alias("sector"), pl.col("species").str.split("|")).explode("species")
    left = (
        each.join(
            there.unique(), on=["region", "year", "sector", "species"], how="anti", maintain_order="left"
        )
        .group_by("row", maintain_order=True)
        .agg(pl.col("species").str.join("|").alias("still"))
    )
    numbered = gap.with_row_index("row").join(left, on="row", how="left", maintain_order="left")
    gone = pl.col("row").is_in(missing["row"].implode()) & pl.col("still").is_null()
    return (
        numbered.filter(~gone)
        .with_columns(pl.coalesce("still", "species").alias("species"))
        .drop("row", "still")
    )
