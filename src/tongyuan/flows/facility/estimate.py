"""What nothing measured: pollutants of installations by mass balance and by coefficients, month by month."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tongyuan.facility.carbon.account import Carbon
from tongyuan.facility.pollutant.balance import AT, balanced, bottom_share
from tongyuan.flows.account.gather import account_settings, factor_records, own_records, parents_of
from tongyuan.flows.facility.cause import causes, running
from tongyuan.flows.source import Brought
from tongyuan.inventory.account.account import account as account_factors
from tongyuan.inventory.account.control import removal
from tongyuan.ledger.table import conform, empty
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.factors.resolve import resolve
from tongyuan.reference.language import say
from tongyuan.reference.shelf import shelf
from tongyuan.reference.species import media

PLACE = ["facility", "installation", "month"]
SOURCE = ["region", "year", "process", "product"]
STAYS = {"retention": "sulphur_retention", "bottom": "bottom_ash_share"}


def wanted(given: dict[str, pl.DataFrame]) -> frozenset[str]:
    """Return the air pollutants an account keeps: those of the tax, of the headline, and of the record."""
    names = set(shelf("main_pollutant")["species"]) | set(shelf("tax_equivalent")["species"])
    for table in ("permit_limit", "manual_test"):
        names |= set(given.get(table, empty(table))["species"].drop_nulls())
    air = set(media().filter(pl.col("medium") == "air")["species"])
    return frozenset(names & air)


def estimated(workspace: Brought, made: Carbon, species: Collection[str]) -> pl.DataFrame:
    """Return balances and coefficients of every installation, month and species.

    Parameters
    ----------
    workspace
        Tables and settings.
    made
        The carbon of its enterprises.
    species
        Air pollutants asked for.

    Returns
    -------
    DataFrame
        ``facility, month, installation, product, process, species, method, mass`` [t], ``fault, uncertainty``
        [95 %, fraction], ``factor_id``.
    """
    rows = causes(made).filter("acts").with_row_index("row")
    if rows.is_empty() or not species:
        return pl.DataFrame(schema=SCHEMA)
    rows, control = _placed(rows, workspace)
    regions = dict(rows.select("of", "region").unique().iter_rows())
    parents = {**parents_of(workspace), **regions}
    activity = rows.select(
        pl.col("row").cast(pl.String).alias("activity_id"),
        pl.col("of").alias("region"),
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        "process", "product", pl.lit("").alias("technology"), pl.col("amount").alias("value"), "unit",
    )  # fmt: skip
    records = factor_records(workspace)
    settings = account_settings(workspace.settings.account, parents).model_copy(
        update={
            "detail": "activity",
            "engine": "embedded",
            "species": tuple(sorted({*species, "SO2", "TSP"})),
        }
    )
    result = account_factors(activity, control, records, settings, own=own_records(workspace))
    emission = (
        result.emission.filter(pl.col("scope") == "direct", pl.col("medium") == "air")
        .filter(pl.col("species").is_in(list(species)), pl.col("activity_id").list.len() == 1)
        .with_columns(pl.col("activity_id").list.first().cast(pl.UInt32).alias("row"))
        .filter(pl.col("origin") != "control")
    )
    half = (pl.col("upper") - pl.col("lower")) / 2 / pl.col("value")
    term = result.term()
    unsure = _removal_unsure(term, control, records, settings.include_unverified, parents)
    emission = emission.join(unsure, on=[*SOURCE, "species"], how="left")
    placed = rows.select("row", *AT, pl.col("process").alias("of_process"))
    by_factor = _of_whole(emission.join(placed, on="row"), records).select(
        *AT,
        pl.col("of_process").alias("process"),
        "species",
        pl.lit("coefficient").alias("method"),
        pl.col("value").alias("mass"),
        "fault",
        pl.when(pl.col("value") > 0).then(_together(half, pl.col("unsure"))).alias("uncertainty"),
        pl.col("factor_id").list.join("|"),
    )
    passing = _passing(rows, term, unsure)
    known = _stays(passing, records, settings.include_unverified, parents)
    known = _own_bottom(known, workspace.tables.get("waste_transfer", empty("waste_transfer")))
    samples = workspace.tables.get("fuel_sample", empty("fuel_sample"))
    by_mass = balanced(made.fuel.filter("counted"), samples, known)
    by_mass = by_mass.filter(pl.col("species").is_in(list(species)))
    return pl.concat([f.select(pl.col(c).cast(t) for c, t in SCHEMA.items()) for f in (by_factor, by_mass)])


SCHEMA = {
    "facility": pl.String(), "month": pl.String(), "installation": pl.String(), "product": pl.String(),
    "process": pl.String(), "species": pl.String(), "method": pl.String(), "mass": pl.Float64(),
    "fault": pl.String(), "uncertainty": pl.Float64(), "factor_id": pl.String(),
}  # fmt: skip


def _placed(rows: pl.DataFrame, workspace: Brought) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every installation a place of its own (`of`), and the devices that stand there.

    Months in which the same devices run for the same share of the hours are one place.
    """
    tables = workspace.tables
    device, run = (tables.get(n, empty(n)) for n in ("device", "device_run"))
    month = pl.col("month")
    alive = (pl.col("begin").is_null() | (pl.col("begin").dt.strftime("%Y-%m") <= month)) & (
        pl.col("end").is_null() | (pl.col("end").dt.strftime("%Y-%m") >= month)
    )
    fitted = (
        rows.select(*PLACE, "region", "process")
        .unique()
        .join(device.select("facility", "installation", "device", "control", "begin", "end"), on=PLACE[:2])
        .filter(alive)
        .join(running(run), on=["facility", "device", "month"], how="left")
        .with_columns(pl.col("operation").fill_null(1.0))
    )
    fitted = fitted.join(
        _of_area(tables.get("control", empty("control")), fitted), on=[*PLACE, "process"], how="anti"
    )
    named = fitted.group_by(*PLACE, "process", "control").agg(pl.col("operation").max())
    signs = (
        named.sort("control")
        .group_by(PLACE)
        .agg(pl.format("{}:{}:{}", "process", "control", "operation").sort().str.join(" ").alias("sign"))
    )
    placed = rows.join(signs, on=PLACE, how="left", maintain_order="left").with_columns(
        pl.col("sign").fill_null("").rank("dense").over(PLACE[:2]).alias("sign")
    )
    placed = placed.with_columns(pl.format("facility:{}:{}:{}", *PLACE[:2], "sign").alias("of")).drop("sign")
    at = placed.select(*PLACE, "process", "of").unique()
    control = named.join(at, on=[*PLACE, "process"]).select(
        pl.col("of").alias("region"),
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        "process", pl.lit("").alias("product"), pl.lit("").alias("technology"), "control",
        pl.lit(1.0).alias("applied"), "operation",
        pl.lit(say("flows", "facility_source", "zh")).alias("source"),
    )  # fmt: skip
    own = conform("control", control.unique(maintain_order=True).sort("region", "year", "process", "control"))
    area = tables.get("control")
    return placed, own if area is None else pl.concat([area, own], how="diagonal_relaxed")


def _of_area(given: pl.DataFrame, fitted: pl.DataFrame) -> pl.DataFrame:
    """Return the places whose region, year and process table ``control`` of the area names devices for."""
    named = set(given.select("region", "year", "process").iter_rows())
    places = fitted.select(*PLACE, "region", "process").unique()
    inside = [
        any((home, int(month[:4]), process) in named for home in lineage("region", region))
        for month, region, process in places.select("month", "region", "process").iter_rows()
    ]
    return places.filter(pl.Series(inside, dtype=pl.Boolean)).select(*PLACE, "process")


def _of_whole(emission: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return coefficients with a `fault` where one of a whole industry meets a works told process by process.

    A coefficient that a process inherits (of steel making as a whole, say) holds the emission of its other
    processes too; where these stand in the works by themselves, it would count them twice.
    """
    process = dict(records.select("record_id", "process").unique("record_id").iter_rows())
    told: dict[tuple[str, str], set[str]] = {}
    for facility, month, own in emission.select("facility", "month", "of_process").unique().iter_rows():
        told.setdefault((facility, month), set()).add(own)
    faults: dict[tuple[str, str, str, str], str] = {}

    def fault(facility: str, month: str, own: str, factor: str) -> str:
        key = (facility, month, own, factor)
        if key not in faults:
            above = process.get(factor) or ""
            inherited = above in lineage("process", own)[1:]
            others = (p for p in told[facility, month] if p != own)
            inside = inherited and any(above in lineage("process", p)[1:] for p in others)
            faults[key] = "of_whole" if inside else ""
        return faults[key]

    columns = ("facility", "month", "of_process", pl.col("factor_id").list.first().fill_null(""))
    found = [fault(*row) for row in emission.select(*columns).iter_rows()]
    return emission.with_columns(pl.Series("fault", found, pl.String))


def _together(*parts: pl.Expr) -> pl.Expr:
    """Return independent relative half widths in quadrature; null where one is not known."""
    return sum((part**2 for part in parts), pl.lit(0.0)).sqrt()


def _removal_unsure(
    term: pl.DataFrame,
    control: pl.DataFrame,
    records: pl.DataFrame,
    unverified: bool,
    parents: dict[str, str],
) -> pl.DataFrame:
    """Return by source and species how little is known of the share that devices let pass (`unsure`).

    The relative half width ``Δη / (1 − η)`` of each device, in quadrature: nothing without
    devices, null where an efficiency has no limits.
    """
    keys = term.select("key", *SOURCE, "technology").unique(maintain_order=True)
    found = removal(keys, control, records, include_unverified=unverified, parents=parents)
    limits = records.select("record_id", "lower", "upper").unique("record_id", keep="first")
    share = (
        found.removal.join(
            found.installed.select("key", "control", "applied", "operation"), on=["key", "control"]
        )
        .join(limits, on="record_id", how="left")
        .with_columns((pl.col("applied") * pl.col("operation")).alias("acts"))
        .filter(pl.col("acts") > 0)
    )
    width = (
        pl.col("acts") * (pl.col("upper") - pl.col("lower")) / 2 / (1 - pl.col("acts") * pl.col("efficiency"))
    )
    each = share.group_by("key", "species").agg(
        pl.when(width.is_not_null().all()).then((width**2).sum().sqrt()).alias("width"),
        pl.lit(True).alias("fitted"),
    )
    placed = term.select("key", *SOURCE, "species").join(each, on=["key", "species"], how="left")
    unsure = pl.when(pl.col("fitted").is_null()).then(0.0).otherwise("width")
    return placed.select(*SOURCE, "species", unsure.alias("unsure")).unique([*SOURCE, "species"])


def _passing(rows: pl.DataFrame, term: pl.DataFrame, unsure: pl.DataFrame) -> pl.DataFrame:
    """Return what devices let pass of SO2 and particulates, and how sure that is."""
    at = ["of", "year", "process", "product"]
    found = rows.with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    seen = term.join(unsure, on=[*SOURCE, "species"], how="left").rename({"region": "of"})
    for species in ("SO2", "TSP"):
        one = seen.filter(pl.col("species") == species).unique(at).select(
            *at,
            pl.col("penetration").alias(f"pass_{species}"),
            pl.col("unsure").alias(f"unsure_{species}"),
        )  # fmt: skip
        found = found.join(one, on=at, how="left", maintain_order="left")
    return found


def _own_bottom(known: pl.DataFrame, waste: pl.DataFrame) -> pl.DataFrame:
    """Take the share of bottom ash from the works' own slag and fly ash where no parameter gives it."""
    year = pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")
    found = known.with_columns(year).join(
        bottom_share(waste), on=["facility", "year"], how="left", maintain_order="left"
    )
    return found.with_columns(pl.coalesce("bottom", "own_bottom").alias("bottom")).drop("year", "own_bottom")


def _stays(
    rows: pl.DataFrame, records: pl.DataFrame, unverified: bool, parents: dict[str, str]
) -> pl.DataFrame:
    """Return rows with the share of sulphur kept in the ash and the share of ash that falls to the bottom."""
    keys = rows.select(
        "process", "product", pl.lit("").alias("technology"), pl.col("of").alias("region"), "year"
    ).unique(maintain_order=True)  # fmt: skip
    found = resolve(
        keys, records, tuple(STAYS.values()), kinds=("parameter",), include_unverified=unverified,
        parents=parents, guard=False,
    ).factors  # fmt: skip
    for name, parameter in STAYS.items():
        values = found.filter(pl.col("species") == parameter).select(
            pl.col("region").alias("of"), "year", "process", "product", pl.col("value").alias(name)
        )
        rows = rows.join(values, on=["of", "year", "process", "product"], how="left", maintain_order="left")
    return rows.select(*AT, "process", *STAYS, "pass_SO2", "pass_TSP", "unsure_SO2", "unsure_TSP")
