"""Account: activity × factor × what control devices let pass, for every species, each row with its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from tongyuan.inventory.account import control as device
from tongyuan.inventory.account.algebra import KEY
from tongyuan.inventory.account.basis import Chosen, Rule, choose, told_back
from tongyuan.inventory.account.consumption import (
    CONSUMED,
    by_row,
    consumption,
    control_effect,
    from_devices,
    induced,
)
from tongyuan.inventory.account.rows import each, on_cluster, summed, yielded
from tongyuan.inventory.check.issue import collect
from tongyuan.inventory.view.gap import gaps
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import LIST, conform, empty, split_list
from tongyuan.reference import units
from tongyuan.reference.factors.match import fuels, rule
from tongyuan.reference.factors.resolve import resolve
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
    term: pl.DataFrame
    """One row per key and species: activity, factor and its limits [canonical], penetration, record."""
    consumption: pl.DataFrame
    """What control devices consume: region, year, process, control, product, amount, unit, record_id."""


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


def _limits(side: str, sign: int) -> pl.Expr:
    """Return the 95 % limit of value from the factor's limit and the activity's half width, in quadrature."""
    other = "upper" if side == "lower" else "lower"
    # where activity is less than nothing, the upper end of the factor makes the lower end of the emission
    end = pl.when(pl.col("amount") < 0).then(pl.col(f"factor_{other}")).otherwise(pl.col(f"factor_{side}"))
    factor = pl.col("amount") * pl.col("penetration") * (end - pl.col("factor"))
    driver = pl.col("value") * pl.col("uncertainty").fill_null(0.0) / 100
    limit = pl.col("value") + sign * (factor.pow(2) + driver.pow(2)).sqrt()
    return pl.when((pl.col("value") > 0) & (limit < 0)).then(0.0).otherwise(limit).alias(side)


def _cross(key: pl.Series, of: pl.Series, keys: int) -> tuple[pl.Series, pl.Series]:
    """Return, row for row of emission, the place of its activity row and that of its term (sorted by key).

    `key` and `of` are the keys of activity rows and of terms.
    """
    codes = key.to_numpy().astype(np.int64)
    count = np.bincount(of.to_numpy(), minlength=keys)
    first = np.cumsum(count) - count
    times = count[codes]
    row = np.repeat(np.arange(len(codes)), times)
    place = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + np.repeat(first[codes], times)
    return pl.Series("row", row, dtype=pl.UInt32), pl.Series("place", place, dtype=pl.UInt32)


def _row_of() -> pl.Expr:
    """Return the activity row an emission rests on; none where rows were summed."""
    return pl.when(pl.col("activity_id") != "").then(pl.concat_list("activity_id")).alias("activity_id")


def _emission(rows: pl.DataFrame, term: pl.DataFrame, keys: int) -> pl.DataFrame:
    names = ("region", "year", "process", "product", "technology", "origin", "scope", "medium", "species")
    numbers = ("factor", "factor_lower", "factor_upper", "penetration")
    ready = term.sort("key", "species").select(
        "key",
        *names,
        *numbers,
        pl.col("amount_unit").alias("unit"),
        "method",
        "tier",
        pl.concat_list("record_id").alias("factor_id"),
        pl.when(pl.col("controls") != "").then("controls").alias("control"),
        pl.col("control_basis").alias("basis"),
    )
    row, place = _cross(rows["key"], ready["key"], keys)
    if bool((rows["excluded"].list.len() > 0).any()):
        pairs = {"excluded": rows["excluded"][row], "species": ready["species"][place]}
        kept = yielded(pl.DataFrame([*(series.alias(n) for n, series in pairs.items()), row, place]))
        row, place = kept["row"], kept["place"]
    # a column at a time: beside what results only numbers are held
    amounts = ready.select(numbers)[place].with_columns(
        rows["uncertainty"][row], rows["value"][row].alias("amount")
    )
    amounts = amounts.with_columns((pl.col("amount") * pl.col("factor")).alias("uncontrolled"))
    amounts = amounts.with_columns((pl.col("uncontrolled") * pl.col("penetration")).alias("value"))
    amounts = amounts.select("value", "uncontrolled", _limits("lower", -1), _limits("upper", 1))
    behind = rows.select(_row_of())[row]
    texts = ready.drop("key", *numbers)[place]
    return pl.concat([texts, amounts, behind], how="horizontal").select(
        *names,
        "value",
        "unit",
        "uncontrolled",
        "lower",
        "upper",
        "method",
        "tier",
        "activity_id",
        "factor_id",
        "control",
        "basis",
        pl.lit(None, dtype=pl.String).alias("note"),
    )


def _uses(rows: pl.DataFrame, term: pl.DataFrame, caused: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, species, row_count and amount of everything a record acted in."""
    count = rows.group_by("key").agg(pl.len().cast(pl.Int64).alias("row_count"))
    of_terms = join_exact(term, count, ["key"]).select(
        "record_id", "species", "row_count", (pl.col("uncontrolled") * pl.col("penetration")).alias("amount")
    )
    of_devices = caused.select(
        "record_id", "species", pl.lit(1, dtype=pl.Int64).alias("row_count"), pl.col("value").alias("amount")
    )
    return pl.concat([of_terms, of_devices])


def _factor_used(factors: pl.DataFrame, uses: pl.DataFrame, keys_of: Sequence[pl.Series]) -> pl.DataFrame:
    """Return the records that acted, how many emission rows used each and its share of the species."""
    ordered = uses.sort("record_id", "species", "row_count", "amount")
    use = ordered.group_by("record_id", "species", maintain_order=True).agg(
        pl.col("row_count", "amount").sum()
    )
    total = ordered.group_by("species", maintain_order=True).agg(pl.col("amount").sum().alias("total"))
    use = (
        use.join(total, on="species", maintain_order="left")
        .with_columns(pl.when(pl.col("total") != 0).then(pl.col("amount") / pl.col("total")).alias("share"))
        .group_by("record_id", maintain_order=True)
        .agg(pl.col("row_count").sum(), pl.col("share").max())
    )
    others = pl.concat([pl.Series("record_id", [], dtype=pl.String), *keys_of]).unique()
    idle = pl.DataFrame({"record_id": others}).join(use, on="record_id", how="anti")
    use = pl.concat(
        [
            use,
            idle.with_columns(
                pl.lit(0, dtype=pl.Int64).alias("row_count"), pl.lit(None, dtype=pl.Float64).alias("share")
            ),
        ]
    )
    columns = [c for c in empty("factor").columns if c in factors.columns]
    acting = factors.select(columns).filter(pl.col("record_id").is_in(use["record_id"].implode()))
    found = join_exact(use, acting, ["record_id"]).sort("record_id")
    return conform("factor_used", found)


def account(
    activity: Any,
    control: Any = None,
    factors: Any = None,
    settings: Settings | None = None,
    *,
    grid: Any = None,
    basis: pl.DataFrame | None = None,
    own: pl.Series | None = None,
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
    common: dict[str, Any] = {"include_unverified": chosen.include_unverified, "parents": chosen.parents}

    found = resolve(keys, records, chosen.species, fuel_set=chosen.fuel_set, **common)
    factor, unresolved = keys.join(found.factors, on=list(KEY)), found.issues
    del found  # tables of many rows go as soon as they have been used
    measured = records.filter(pl.col("status") == "measured")["record_id"]
    mine = measured if own is None else pl.concat([measured, own.cast(pl.String)])
    factor, bases = _one_basis(keys, factor, devices, records, mine, chosen, basis, common)
    controlled = factor.filter("controlled").select("key", "species")
    removal = device.removal(keys, devices, records, controlled=controlled, **common)
    factor = told_back(factor, removal.penetration)
    total = rows.group_by("key").agg(pl.col("value").sum()).sort("key")
    term = _term(factor, removal.penetration, total)
    del factor
    removed = (
        removal.removal.join(
            term.select("key", "species", "uncontrolled", "amount_unit"), on=["key", "species"]
        )
        .with_columns((pl.col("uncontrolled") * pl.col("removed")).alias("amount"))
        .rename({"amount_unit": "unit"})
    )
    consumed, unconsumed = (
        consumption(
            keys,
            total,
            removed.select("key", "control", "species", "amount"),
            removal.installed,
            records,
            fuel_set=chosen.fuel_set,
            **common,
        )
        if removal.installed.height
        else (pl.DataFrame(schema=CONSUMED), unresolved.clear())
    )
    caused = induced(keys, consumed, records, fuel_set=chosen.fuel_set, **common)
    made = caused.emission
    if chosen.species is not None:
        made = made.filter(pl.col("species").is_in(list(chosen.species)))

    effects = control_effect(keys, removed, made)
    gap = gaps(keys, term, removal.installed, chosen.species, chosen.gap_share)
    used = [removal.removal["record_id"], consumed["record_id"]]
    acted = _factor_used(records, _uses(rows, term, made), used)
    emission = _emission(rows, term, keys.height)
    induced_rows = from_devices(keys, made)
    if chosen.devices_by_row:
        induced_rows = by_row(induced_rows, rows)
    emission = pl.concat([emission, conform_like(induced_rows, emission)])
    issues = collect(unresolved, removal.issues, bases, unconsumed, caused.unknown)
    use = join_exact(
        consumed.filter(~pl.col("made")), keys.select("key", "region", "year", "process"), ["key"]
    ).select("region", "year", "process", "control", "product", "amount", "unit", "record_id")
    return Result(
        emission,
        acted,
        effects,
        gap,
        issues,
        term.drop("amount_unit"),
        use,
    )


def conform_like(rows: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with the columns and types of `like`; absent columns are empty."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in like.schema.items()
    )


def _one_basis(
    keys: pl.DataFrame,
    factor: pl.DataFrame,
    devices: pl.DataFrame,
    records: pl.DataFrame,
    own: pl.Series,
    chosen: Settings,
    given: pl.DataFrame | None,
    common: dict[str, Any],
) -> Chosen:
    """Return factors with one basis, before or after control, for each source over all years."""
    removal = device.removal(keys, devices, records, **common)
    passing = removal.penetration.join(device.of_own(removal, own), on=["key", "species"], how="left")
    after = pl.col("basis").fill_null("") == "controlled"

    def of(which: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
        def found(wanted: pl.DataFrame) -> pl.DataFrame:
            asked = keys.join(wanted.select("key").unique(), on="key", how="semi")
            species = wanted["species"].unique().to_list()
            best = resolve(asked, records.filter(which), species, fuel_set=chosen.fuel_set, **common)
            fitted = asked.join(best.factors, on=list(KEY)).select(factor.columns)
            return fitted.join(wanted, on=["key", "species"], how="semi")

        return found

    return choose(factor, passing, of(~after), of(after), own=own, rule=chosen.basis, given=given)


def _term(factor: pl.DataFrame, penetration: pl.DataFrame, total: pl.DataFrame) -> pl.DataFrame:
    passed = factor.join(
        penetration, on=["key", "species"], how="left", maintain_order="left", validate="m:1"
    )
    placed = join_exact(passed, media(), ["species"])
    joined = join_exact(placed, total.rename({"value": "activity"}), ["key"])
    return _placed(joined).select(
        "key",
        *KEY,
        "species",
        "medium",
        "origin",
        "scope",
        "activity",
        pl.col("value").alias("factor"),
        pl.col("lower").alias("factor_lower"),
        pl.col("upper").alias("factor_upper"),
        "factor_unit",
        "distribution",
        pl.col("penetration").fill_null(1.0),
        pl.col("controls").fill_null(""),
        (pl.col("activity") * pl.col("value")).alias("uncontrolled"),
        "record_id",
        pl.concat_str(
            pl.lit("factor_tier_"), pl.when(pl.col("tier") == "").then(pl.lit("1")).otherwise("tier")
        ).alias("method"),
        "tier",
        "status",
        "basis",
        "region_matched",
        "process_matched",
        "product_matched",
        "technology_matched",
        "heating_value",
        "controlled",
        "control_basis",
        pl.col("factor_unit").str.split("/").list.first().alias("amount_unit"),
    )
