"""Account: activity × factor × what control devices let pass, for every species, each row with its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from tongyuan.inventory.account import control as device
from tongyuan.inventory.account.algebra import KEY
from tongyuan.inventory.account.basis import Chosen, Rule, choose, told_back
from tongyuan.inventory.account.classes import acting, classes
from tongyuan.inventory.account.consumption import (
    CONSUMED,
    by_row,
    consumption,
    control_effect,
    from_devices,
    induced,
)
from tongyuan.inventory.account.emission import emission_rows
from tongyuan.inventory.account.rows import each, on_cluster, summed
from tongyuan.inventory.account.used import factor_used, uses
from tongyuan.inventory.check.issue import collect
from tongyuan.inventory.view.gap import Sources, gaps
from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import LIST, empty, split_list
from tongyuan.reference import units
from tongyuan.reference.factors.match import fuels, rule
from tongyuan.reference.factors.resolve import Resolution, resolve
from tongyuan.reference.species import media


class Settings(BaseModel):
    """How an inventory is computed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    species: tuple[str, ...] | None = None
    """Species wanted; None gives all there are factors for."""
    fuel_set: str = "C"
    """Fuel set whose heating values turn energy into mass or volume."""
    include_unverified: bool = False
    """Let factor records of status ``unverified`` act."""
    detail: Literal["activity", "key"] = "activity"
    """Emission rows per activity row, or per source key (summed first: for millions of rows)."""
    engine: Literal["embedded", "spark"] = "embedded"
    """Where activity is summed by key; ``spark`` implies detail ``key``."""
    parents: Mapping[str, str] = Field(default_factory=dict)
    """Parents of regions of one's own (a park → its city)."""
    basis: Rule = "never_higher"
    """When factors before control go before those after it (:mod:`tongyuan.inventory.account.basis`)."""
    devices_by_row: bool = False
    """Split what devices cause over the activity rows of their source; else one row per source."""
    gap_share: float = Field(default=0.01, ge=0, le=1)
    """Share of a species above which a source without any control row is reported as a gap."""


class Result(NamedTuple):
    """What one account yields; every frame is a table of the ledger."""

    emission: pl.DataFrame
    factor_used: pl.DataFrame
    control_effect: pl.DataFrame
    gap: pl.DataFrame
    issues: tuple[Finding, ...]
    consumption: pl.DataFrame
    """What control devices consume: region, year, process, control, product, amount, unit, record_id."""
    term: Callable[[], pl.DataFrame]
    """Return one row per key and species: the key, factor and its limits, penetration, record."""


def as_frame(table: Any) -> pl.DataFrame:
    """Return any table that speaks Arrow (polars, pandas, pyarrow, DuckDB) as a polars frame."""
    if isinstance(table, pl.DataFrame):
        return table
    return pl.DataFrame(table)


def prepare(activity: pl.DataFrame) -> pl.DataFrame:
    """Return activity in canonical units, with ids and with empty text for what is not specified.

    Raises
    ------
    ValueError
        If a value is missing or not finite.
    """
    text = ("process", "product", "technology")
    frame = activity.with_columns(
        pl.lit("").alias(c) for c in (*text, "activity_id", "excluded") if c not in activity.columns
    )
    if frame.schema["excluded"] != LIST:
        frame = frame.with_columns(split_list(pl.col("excluded").cast(pl.String)))
    if "uncertainty" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Float64).alias("uncertainty"))
    value = frame["value"].cast(pl.Float64)
    if value.null_count() or not bool(value.is_finite().all()):
        raise ValueError("activity has missing or non-finite values; missing is not zero")
    spellings = frame["unit"].unique().to_list()
    scale = {spelling: units.canonical(spelling) for spelling in spellings}
    table = pl.DataFrame(
        [(spelling, *found) for spelling, found in scale.items()],
        schema={"unit": pl.String, "scale": pl.Float64, "canonical": pl.String},
        orient="row",
    )
    frame = frame.join(table, on="unit", how="left", maintain_order="left")
    identity = pl.col("activity_id").fill_null("")
    row = pl.int_range(1, pl.len() + 1).cast(pl.String)
    return frame.with_columns(
        pl.col(*text).fill_null(""),
        pl.col("excluded").fill_null(pl.lit([], dtype=LIST)),
        pl.col("value").cast(pl.Float64) * pl.col("scale"),
        pl.col("canonical").alias("unit"),
        pl.col("uncertainty").cast(pl.Float64),
        pl.when(identity == "").then(row).otherwise(identity).alias("activity_id"),
    ).select("activity_id", *KEY, "value", "uncertainty", "excluded")


def place(process: str, product: str) -> tuple[str, str]:
    """Return origin and scope of an emission of `process` and `product`, by shelf ``process_origin``.

    A fuel in a process that burns fuel is combustion; bought electricity and heat are indirect.
    """
    found = rule(process)
    if (
        product in ("electricity", "heat")
        and found["origin"] != "energy_use"
        and found["burns_fuel"] == "yes"
    ):
        return "energy_use", "indirect"
    if product in fuels() and found["burns_fuel"] == "yes":
        found = rule("") if not process.startswith("agriculture") else found
        return "combustion", found["scope"]
    return found["origin"], found["scope"]


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    pairs = frame.select("process", "product").unique()
    placed = [place(*row) for row in pairs.iter_rows()]
    table = pairs.with_columns(
        pl.Series("origin", [p[0] for p in placed], dtype=pl.String),
        pl.Series("scope", [p[1] for p in placed], dtype=pl.String),
    )
    return frame.join(table, on=["process", "product"], how="left", maintain_order="left")


def account(
    activity: Any,
    control: Any = None,
    factors: Any = None,
    settings: Settings | None = None,
    *,
    grid: Any = None,
    basis: pl.DataFrame | None = None,
    own: pl.Series | None = None,
    as_categories: bool = False,
) -> Result:
    """Return the emissions of every activity row and species, and everything that explains them.

    Parameters
    ----------
    activity
        Table ``activity`` (any units of the same kind as the canonical ones).
    control
        Table ``control``; None when nothing is controlled.
    factors
        Records in the form of table ``factor``: the user's own and the library's, in one frame.
    settings
        See :class:`Settings`.
    grid
        Further records in the form of table ``factor``: the grid factors of this run.
    basis
        Bases decided elsewhere (:func:`tongyuan.inventory.account.basis.given_by`).
    own
        Ids of the user's own records; those of status ``measured`` always are.
    as_categories
        Whether the text of ``emission`` is held as categories (:mod:`tongyuan.ledger.coding`).

    Returns
    -------
    Result
        Rows of scope ``direct`` are what totals count. A species without factor has no row (see ``gap``).
    """
    chosen = settings or Settings()
    records = as_frame(factors) if factors is not None else empty("factor")
    if grid is not None:
        records = pl.concat([records, as_frame(grid)], how="diagonal_relaxed")
    prepared = prepare(as_frame(activity))
    devices = as_frame(control) if control is not None else empty("control")
    devices = devices.with_columns(pl.col("product", "technology").fill_null(""))
    if chosen.engine == "spark":
        keys, rows = on_cluster(prepared)
    else:
        keys, rows = summed(prepared) if chosen.detail == "key" else each(prepared)
    del prepared  # tables of many rows go as soon as they have been used
    common: dict[str, Any] = {"include_unverified": chosen.include_unverified, "parents": chosen.parents}

    alone = devices.is_empty()
    serving = [acting(records) if alone else records, devices, *([] if basis is None else [basis])]
    kinds = classes(keys, serving, chosen.parents, by_source=alone)
    found = resolve(kinds.first, records, chosen.species, fuel_set=chosen.fuel_set, **common)
    removal = device.removal(kinds.first, devices, records, **common)
    measured = records.filter(pl.col("status") == "measured")["record_id"]
    mine = measured if own is None else pl.concat([measured, own.cast(pl.String)])
    factor, bases = _one_basis(kinds.first, found, removal, mine, chosen.basis, basis)
    controlled = factor.filter("controlled").select("key", "species")
    removal = device.counted_twice(removal, controlled)
    term = _term(told_back(factor, removal.penetration), removal.penetration)
    at = rows["key"].to_numpy()
    amounts = rows.group_by("key").agg(pl.col("value").sum()).sort("key")
    total, count = amounts["value"].to_numpy(), np.bincount(at, minlength=keys.height)
    installed = kinds.spread(removal.installed)
    removed = _removed(kinds.spread(_of_term(removal.removal, term)), total)
    consumed, unconsumed = (
        consumption(
            kinds.alike(keys),
            amounts,
            removed.select("key", "control", "species", "amount"),
            installed,
            records,
            fuel_set=chosen.fuel_set,
            **common,
        )
        if installed.height
        else (pl.DataFrame(schema=CONSUMED), found.issues.clear())
    )
    caused = induced(kinds.alike(keys), consumed, records, fuel_set=chosen.fuel_set, **common)
    made = caused.emission
    if chosen.species is not None:
        made = made.filter(pl.col("species").is_in(list(chosen.species)))

    effects = control_effect(keys, removed, made)
    sources = Sources(keys, kinds.of, total)
    gap = gaps(sources, term, removal.installed, chosen.species, chosen.gap_share)
    use = uses(term, kinds.of, total, count, made)
    acted = factor_used(records, use, [removal.removal["record_id"], consumed["record_id"]])
    emission = emission_rows(rows, keys, kinds.of, term)
    induced_rows = from_devices(keys, made)
    if chosen.devices_by_row:
        induced_rows = by_row(induced_rows, rows)
    emission = pl.concat([emission, conform_like(induced_rows, emission)])
    bases = kinds.everywhere(keys, bases)
    issues = collect(found.issues, removal.issues, bases, unconsumed, caused.unknown)
    consumptions = join_exact(
        consumed.filter(~pl.col("made")), keys.select("key", "region", "year", "process"), ["key"]
    ).select("region", "year", "process", "control", "product", "amount", "unit", "record_id")
    return Result(
        emission if as_categories else plain(emission),
        acted,
        effects,
        gap,
        issues,
        consumptions,
        lambda: kinds.spread(term.drop("process", "product", "technology")).join(keys, on="key"),
    )


def _of_term(removal: pl.DataFrame, term: pl.DataFrame) -> pl.DataFrame:
    """Return what devices remove of each class, with the factor of the species and its unit."""
    return removal.join(
        term.select("key", "species", "factor", unit="amount_unit"),
        on=["key", "species"],
        maintain_order="left",
    )


def _removed(removal: pl.DataFrame, total: npt.NDArray[np.float64]) -> pl.DataFrame:
    """Return what devices remove at each key: ``amount`` [t] of what is generated (``uncontrolled``)."""
    activity = pl.Series(total[removal["key"].to_numpy()], dtype=pl.Float64)
    return removal.with_columns(uncontrolled=activity * pl.col("factor")).with_columns(
        amount=pl.col("uncontrolled") * pl.col("removed")
    )


def conform_like(rows: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with the columns and types of `like`; absent columns are empty."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in like.schema.items()
    )


def _one_basis(
    keys: pl.DataFrame,
    found: Resolution,
    removal: device.Removal,
    own: pl.Series,
    rule: Rule,
    given: pl.DataFrame | None,
) -> Chosen:
    """Return factors with one basis, before or after control, for each source over all years."""
    factor = keys.join(found.factors, on=list(KEY))
    passing = removal.penetration.join(device.of_own(removal, own), on=["key", "species"], how="left")
    after = pl.col("basis").fill_null("") == "controlled"

    def of(which: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
        def best(wanted: pl.DataFrame) -> pl.DataFrame:
            fitted = keys.join(found.among(which), on=list(KEY)).select(factor.columns)
            return fitted.join(wanted, on=["key", "species"], how="semi")

        return best

    return choose(factor, passing, of(~after), of(after), own=own, rule=rule, given=given)


def _term(factor: pl.DataFrame, penetration: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each class of keys and species, sorted: factor and limits, what passes, record."""
    passed = factor.join(
        penetration, on=["key", "species"], how="left", maintain_order="left", validate="m:1"
    )
    placed = join_exact(passed, media(), ["species"])
    return (
        _placed(placed)
        .sort("key", "species")
        .select(
            "key",
            "process",
            "product",
            "technology",
            "species",
            "medium",
            "origin",
            "scope",
            pl.col("value").alias("factor"),
            pl.col("lower").alias("factor_lower"),
            pl.col("upper").alias("factor_upper"),
            pl.col("penetration").fill_null(1.0),
            "controls",
            "record_id",
            pl.concat_str(
                pl.lit("factor_tier_"), pl.when(pl.col("tier") == "").then(pl.lit("1")).otherwise("tier")
            ).alias("method"),
            "tier",
            "controlled",
            "control_basis",
            pl.col("factor_unit").str.split("/").list.first().alias("amount_unit"),
        )
    )
