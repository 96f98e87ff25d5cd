"""Gaps: what a complete inventory would hold and this one does not, each with what it means."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.factors.match import burns_fuel, fuels, lineage, rule
from tongyuan.reference.language import say
from tongyuan.reference.shelf import title

ROOM = "inventory"
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
