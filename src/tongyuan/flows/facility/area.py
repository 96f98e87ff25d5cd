"""Enterprises within an area: their rows in its inventory, and what that takes off the area's own activity.

A fuel that an enterprise reports and that the energy balance or table ``activity`` of the area holds as well
counts once: with the enterprise. The area keeps the rest, and table ``facility_overlap`` shows both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tongyuan.facility.carbon.account import Carbon
from tongyuan.facility.carbon.works import WHOLE
from tongyuan.flows.facility.account import carbon_of, in_years
from tongyuan.flows.facility.cause import causes, controls
from tongyuan.flows.facility.monitor import monitored
from tongyuan.flows.source import Brought
from tongyuan.inventory.check.overlap import amount_in, related, same_product, settle
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import LIST, PLACE, conform, empty
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.language import Language, say
from tongyuan.reference.species import media

LANGUAGES: tuple[Language, ...] = ("zh", "en")
Letters = Mapping[str, Mapping[str, str]]
OWN = ["CO2", "CO2_biogenic"]
"""Species of a fuel that the enterprise's own account yields."""
SLACK = 0.01


class Enterprises(NamedTuple):
    """What enterprises bring to an inventory.

    `activity` yields the species that enterprises do not account themselves, through the devices in
    `control`; `emission` are the rows they do, and `sources` are these rows as activity, so that each can be
    told back. `held` is everything they report of what an area's own tables may hold as well.
    """

    activity: pl.DataFrame
    emission: pl.DataFrame
    sources: pl.DataFrame
    held: pl.DataFrame
    control: pl.DataFrame


def enterprises(workspace: Brought, areas: frozenset[str]) -> Enterprises:
    """Return the fuel and the emission of the enterprises of `workspace` by year.

    Parameters
    ----------
    workspace
        Tables and settings.
    areas
        Regions that the area's own tables name; an enterprise within one belongs to it.

    Raises
    ------
    FindingError
        If a row cannot be accounted.
    """
    if "facility" not in workspace.tables:
        nothing = empty("activity")
        return Enterprises(nothing, empty("emission"), nothing, nothing, empty("control"))
    made = carbon_of(workspace)
    require(made.findings)
    seen, refused = _measured(workspace, made)
    rows = _rows(made, seen, refused, areas)
    own = {n: workspace.tables.get(n, empty(n)) for n in ("device", "device_run", "control")}
    by_year = _yearly(causes(made).filter("acts"), areas)
    return rows._replace(control=controls(by_year, own["device"], own["device_run"], own["control"]))


def _measured(workspace: Brought, made: Carbon) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of ``facility_emission`` that go before the factors of the inventory, and those
    refused.

    They are what monitors, tests and balances say of pollutants, of the run or made anew; and the
    coefficients beside them, of the other months and outlets of the same installation, year and species:
    devices then act as they ran in those months. Refused are figures of installations and months with
    none that counts: a coefficient that would count another process twice.
    """
    earlier: Mapping[str, pl.DataFrame] = getattr(workspace, "made", {})
    rows = earlier.get("facility_emission")
    if rows is None:
        years = workspace.settings.account.years
        rows = in_years({"rows": monitored(workspace, made).emission}, years)["rows"]
    pollutant = pl.col("method").is_in(["monitored", "manual", "balance", "coefficient"])
    rows = rows.filter(pollutant, ~pl.col("species").is_in(OWN))
    place = ["facility", "month", "installation", "species"]
    refused = rows.filter(~pl.col("counted").any().over(place)).select(place).unique(maintain_order=True)
    rows = rows.filter("counted")
    known = pl.col("method") != "coefficient"
    at = [pl.col("facility"), pl.col("month").str.slice(0, 4), pl.col("species")]
    here = known.any().over(*at, "installation")
    everywhere = (known & (pl.col("installation") == WHOLE)).any().over(*at)
    return rows.filter(here | everywhere), refused


def _area(region: str, areas: frozenset[str]) -> str:
    """Return the region of the area's tables that holds `region`, else itself."""
    return next((name for name in lineage("region", region) if name in areas), region)


def _yearly(frame: pl.DataFrame, areas: frozenset[str]) -> pl.DataFrame:
    """Return monthly rows with year, region of the area, and the id of their source in that year."""
    regions = {name: _area(name, areas) for name in frame["region"].drop_nulls().unique()}
    identity = pl.format("facility:{}:{}:{}:{}", "facility", "installation", "product", "year")
    return frame.with_columns(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        pl.col("region").replace(regions).alias("region"),
        pl.col("product").fill_null(""),
    ).with_columns(identity.alias("activity_id"))


def _left_out(burnt: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Return fuel with the species that its own account, its monitors or its tests yield."""
    at, all_of = ["facility", "month", "installation"], ["facility", "month"]
    names = pl.col("species").unique().alias("measured")
    own = seen.filter(pl.col("installation") != WHOLE).group_by(at).agg(names)
    whole = seen.filter(pl.col("installation") == WHOLE).group_by(all_of).agg(names.alias("everywhere"))
    rows = burnt.join(own, on=at, how="left", maintain_order="left")
    rows = rows.join(whole, on=all_of, how="left", maintain_order="left")
    nothing = pl.lit([], dtype=LIST)
    parts = (pl.lit(OWN, dtype=LIST), *(pl.col(c).fill_null(nothing) for c in ("measured", "everywhere")))
    return rows.with_columns(pl.concat_list(parts).list.unique().list.sort().alias("excluded"))


def _rows(made: Carbon, seen: pl.DataFrame, refused: pl.DataFrame, areas: frozenset[str]) -> Enterprises:
    keys = ["activity_id", "region", "year", "process", "product"]
    source = pl.lit(say("flows", "facility_source", "zh")).alias("source")
    every = _yearly(_left_out(causes(made), pl.concat([seen.select(refused.columns), refused])), areas)
    sums = every.group_by([*keys, "unit", "excluded", "acts"], maintain_order=True).agg(
        pl.col("amount").sum().alias("value")
    )
    numbered = pl.int_range(pl.len()).over(keys)
    held = sums.with_columns(
        pl.when(numbered == 0)
        .then("activity_id")
        .otherwise(pl.format("{}:{}", "activity_id", numbered + 1))
        .alias("activity_id"),
        source,
        pl.lit("").alias("technology"),
    )
    activity = held.filter("acts").drop("acts")
    measured = _yearly(seen, areas).with_columns(
        pl.col("value").alias("emission"), pl.col("method").alias("guide"), pl.lit("").alias("factor_id")
    )
    lines = pl.concat([_yearly(made.lines.filter("counted"), areas), measured], how="diagonal_relaxed")
    lines = lines.with_columns(pl.col("guide").alias("method"))
    emission = lines.group_by([*keys, "species", "origin", "scope", "method"], maintain_order=True).agg(
        pl.col("emission").sum().alias("value"),
        pl.col("factor_id").filter(pl.col("factor_id") != "").unique(maintain_order=True),
    )
    emission = emission.join(media(), on="species", how="left", maintain_order="left").with_columns(
        pl.lit("t").alias("unit"), pl.lit("").alias("technology"), pl.lit("").alias("control"),
    )  # fmt: skip
    sources = (
        emission.filter(~pl.col("activity_id").is_in(activity["activity_id"].implode()))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("value").sum())
        .with_columns(pl.lit("t").alias("unit"), source)
    )
    formed = conform("emission", emission.with_columns(pl.lit("facility").alias("tier")))
    return Enterprises(
        conform("activity", activity),
        formed,
        conform("activity", sources),
        conform("activity", held.drop("acts")),
        empty("control"),
    )


class Shared(NamedTuple):
    """The area's own activity without what enterprises hold, and the table of both."""

    area: pl.DataFrame
    overlap: pl.DataFrame
    findings: tuple[Finding, ...]


def taken_out(activity: pl.DataFrame, area: pl.DataFrame, *, fuel_set: str, letters: Letters) -> Shared:
    """Return the area's activity without what enterprises report of it.

    Parameters
    ----------
    activity
        Fuel of enterprises, as activity.
    area
        Activity of the area: its table, or its balance.
    fuel_set
        Fuel set whose heating values bring amounts by energy and by mass together.
    letters
        Letters of the columns of each sheet.

    Raises
    ------
    FindingError
        If an amount cannot be brought to the unit of the area.
    """
    if activity.is_empty() or area.is_empty():
        return Shared(area, empty("facility_overlap"), ())
    keys = ["region", "year", "process", "product"]
    whole = activity.with_columns(pl.lit("").alias(PLACE), pl.lit(None, LIST).alias("excluded"))
    settled = settle(whole, area, "activity", fuel_set=fuel_set, letters=letters)
    require(f for f in settled.findings if f.severity == "error")
    before = area.group_by(keys, maintain_order=True).agg(
        pl.col("value").sum().alias("area"), pl.col("unit").first()
    )
    after = settled.balance.group_by(keys).agg(pl.col("value").sum().alias("left"))
    both = before.join(after, on=keys, how="left", nulls_equal=True, maintain_order="left").with_columns(
        pl.col("left").fill_null(0.0)
    )
    changed = both.filter((pl.col("area") - pl.col("left")).abs() > 1e-12 * pl.col("area").abs())
    rows = []
    for row in changed.iter_rows(named=True):
        held = _held(whole, row, fuel_set)
        words = {"area": f"{row['area']:.6g}", "left": f"{row['left']:.6g}", "unit": row["unit"]}
        key = "overlap_more" if held > row["area"] * (1 + SLACK) else "overlap_less"
        rows.append(
            row
            | {"facilities": held, "difference": row["area"] - held}
            | {f"meaning_{name}": say("flows", f"facility_{key}", name, **words) for name in LANGUAGES}
        )
    table = pl.DataFrame(rows, schema_overrides=empty("facility_overlap").schema) if rows else None
    overlap = empty("facility_overlap") if table is None else conform("facility_overlap", table)
    return Shared(settled.balance, overlap, tuple(_told(overlap)))


def _held(activity: pl.DataFrame, cell: Mapping[str, object], fuel_set: str) -> float:
    """Return what enterprises hold of one row of the area, in its unit."""
    rows = activity.filter(pl.col("region") == cell["region"], pl.col("year") == cell["year"])
    held = 0.0
    for row in rows.iter_rows(named=True):
        product, process = str(cell["product"] or ""), str(cell["process"])
        alike = same_product(row["product"], product) and related(row["process"], process)
        held += (amount_in(row, str(cell["unit"]), fuel_set) or 0.0) if alike else 0.0
    return held


def _told(overlap: pl.DataFrame) -> list[Finding]:
    more = overlap.filter(pl.col("difference") < -SLACK * pl.col("area"))
    return [
        finding(
            "flows",
            "facility_more_than_area",
            region=row["region"],
            year=row["year"],
            process=Bilingual.titled("process", row["process"]),
            product=Bilingual.titled("product", row["product"] or ""),
            facilities=f"{row['facilities']:.6g}",
            area=f"{row['area']:.6g}",
            unit=row["unit"],
        )
        for row in more.to_dicts()
    ]
