"""What control devices consume and make, and what that emits: the price of control, in carbon and in waste.

Records with a control device say how much a device consumes, per activity (basis ``activity``) or per mass
it removes (``removed:<species>``), and what it makes (``yields:<species>``). Basis ``alternative:<species>``
names what may be used instead; it does not act. A substance (gypsum, slipped ammonia) is an emission of the
device; a fuel is burnt; a carbonate gives off its CO2; electricity causes the emission of the grid; a share
of the source's own energy (``energy``) causes that share of its greenhouse gases, which are part of the
source already and therefore stand as scope ``indirect``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import polars as pl

from tongyuan.inventory.account.control import of_devices
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import conform
from tongyuan.reference.factors.match import KEY, fuels, lineage
from tongyuan.reference.factors.resolve import EMISSION, resolve
from tongyuan.reference.shelf import shelf
from tongyuan.reference.species import media

CONSUMED = {
    "key": pl.UInt32,
    "control": pl.String,
    "product": pl.String,
    "amount": pl.Float64,
    "unit": pl.String,
    "record_id": pl.String,
    "tier": pl.String,
    "made": pl.Boolean,
}
CAUSED = {
    "key": pl.UInt32,
    "control": pl.String,
    "product": pl.String,
    "species": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "scope": pl.String,
    "record_id": pl.String,
    "tier": pl.String,
}
_PER_REMOVED = r"^(removed|yields):"


class Induced(NamedTuple):
    """What consumption emits."""

    emission: pl.DataFrame
    """key, control, product, species, value, unit, scope, record_id, tier."""
    unknown: pl.DataFrame
    """control, product, year: consumption that should emit carbon and has no factor for it."""


def consumption(
    keys: pl.DataFrame,
    activity: pl.DataFrame,
    removed: pl.DataFrame,
    at_key: pl.DataFrame,
    factors: pl.DataFrame,
    *,
    fuel_set: str,
    include_unverified: bool = False,
    parents: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what devices consume and make, and what could not be computed.

    Parameters
    ----------
    keys
        ``key``, the columns of the source key and ``unit``.
    activity
        ``key, value``: activity of each key [canonical unit].
    removed
        ``key, control, species, amount``: what each device removes [t].
    at_key
        ``installed`` of :class:`tongyuan.inventory.account.control.Removal`.
    factors
        Records; those with a control device and kind ``consumption`` or a factor kind are used.
    """
    kinds = ("consumption", *EMISSION)
    records = of_devices(sorted(at_key["control"].unique()), factors, kinds).with_columns(
        pl.col("basis").fill_null("")
    )
    records = records.filter(~pl.col("basis").str.starts_with("alternative:"))
    per_removed = pl.col("basis").str.contains(_PER_REMOVED)
    options = {
        "kinds": kinds,
        "fuel_set": fuel_set,
        "include_unverified": include_unverified,
        "parents": parents,
        "guard": False,
    }
    by = ["control", "per"]
    of_activity = records.filter(~per_removed).with_columns(per=pl.lit("activity"))
    of_removed = records.filter(per_removed).with_columns(per=pl.col("basis"))
    first = resolve(keys.select(*KEY, "unit"), of_activity, by=by, **options)  # type: ignore[arg-type]
    second = resolve(
        keys.select(*KEY, pl.lit("t").alias("unit")),
        of_removed,
        by=by,
        **options,  # type: ignore[arg-type]
    )
    where = join_exact(at_key, keys.select("key", *KEY, pl.col("unit").alias("activity_unit")), ["key"])
    by_activity = (
        where.join(first.factors.rename({"unit": "activity_unit"}), on=[*KEY, "activity_unit", "control"])
        .join(activity.rename({"value": "activity"}), on="key")
        .with_columns(
            (pl.col("value") * pl.col("applied") * pl.col("operation") * pl.col("activity")).alias("amount")
        )
    )
    by_removed = (
        where.join(second.factors.drop("unit"), on=[*KEY, "control"])
        .with_columns(pl.col("per").str.replace(_PER_REMOVED, "").alias("removed_species"))
        .join(
            removed.rename({"species": "removed_species", "amount": "removed"}),
            on=["key", "control", "removed_species"],
        )
        .with_columns((pl.col("value") * pl.col("removed")).alias("amount"))
    )
    columns = [
        "key",
        "control",
        pl.col("species").alias("product"),
        "amount",
        pl.col("factor_unit").str.split("/").list.first().alias("unit"),
        "record_id",
        "tier",
        (
            pl.col("per").str.starts_with("yields:")
            | (pl.col("kind") != "consumption")
            | pl.col("species").is_in(_substances().implode())
        ).alias("made"),
    ]
    result = pl.concat([by_activity.select(columns), by_removed.select(columns)])
    return result.sort("key", "control", "product"), pl.concat([first.issues, second.issues])


@cache
def _rules() -> dict[str, dict[str, str]]:
    return {row["product"]: row for row in shelf("reagent").to_dicts()}


@cache
def _rule(product: str) -> dict[str, str]:
    """Return the row of shelf ``reagent`` for `product` or its nearest parent; an empty one otherwise."""
    for step in lineage("product", product):
        if step in _rules():
            return _rules()[step]
    return {"process": "", "when": "", "scope": "direct"}


def _substances() -> pl.Series:
    return shelf("species").filter(pl.col("medium") != "resource")["species"]


def _greenhouse() -> pl.Series:
    return shelf("species").filter(pl.col("medium") == "ghg")["species"]


def _questions(used: pl.DataFrame) -> pl.DataFrame:
    """Return each consumption with the keys whose factors tell what it emits, the preferred one first."""
    products = used["product"].unique().to_list()
    rules = pl.DataFrame(
        [(p, _rule(p)["process"], _rule(p)["when"], _rule(p)["scope"]) for p in products],
        schema=dict.fromkeys(("product", "rule_process", "when", "scope"), pl.String),
        orient="row",
    )
    ruled = join_exact(used, rules, ["product"])
    own = ruled.filter(pl.col("when") != "always").with_columns(
        pl.col("process").alias("ask_process"),
        pl.when(pl.col("when") == "own").then("of").otherwise("product").alias("ask_product"),
        pl.when(pl.col("when") == "own").then("technology").otherwise(pl.lit("")).alias("ask_technology"),
        pl.lit(0).alias("turn"),
    )
    other = ruled.filter(pl.col("when").is_in(["always", "otherwise"])).with_columns(
        pl.col("rule_process").alias("ask_process"),
        pl.col("product").alias("ask_product"),
        pl.lit("").alias("ask_technology"),
        pl.lit(1).alias("turn"),
    )
    return pl.concat([own, other])


def induced(
    keys: pl.DataFrame,
    consumed: pl.DataFrame,
    factors: pl.DataFrame,
    *,
    fuel_set: str,
    include_unverified: bool = False,
    parents: Mapping[str, str] | None = None,
) -> Induced:
    """Return the emissions that consumption causes.

    Parameters
    ----------
    keys
        ``key`` and the columns of the source key.
    consumed
        First result of :func:`consumption`.
    factors
        Records, those of grid electricity among them.
    """
    if consumed.is_empty():
        unknown = {"control": pl.String, "product": pl.String, "year": pl.Int64}
        return Induced(pl.DataFrame(schema=CAUSED), pl.DataFrame(schema=unknown))
    substance = pl.col("product").is_in(_substances().implode())
    itself = consumed.filter(substance)
    place = keys.select("key", "process", "technology", "region", "year", pl.col("product").alias("of"))
    used = join_exact(consumed.filter(~substance, ~pl.col("made")), place, ["key"])
    asked = _questions(used)
    ask = ["ask_process", "ask_product", "ask_technology", "region", "year", "unit"]
    answer = resolve(
        asked.select(pl.col(c).alias(c.removeprefix("ask_")) for c in ask).unique(maintain_order=True),
        factors,
        fuel_set=fuel_set,
        include_unverified=include_unverified,
        parents=parents,
    ).factors.select(
        *(pl.col(c.removeprefix("ask_")).alias(c) for c in ask),
        "species",
        pl.col("value").alias("factor"),
        pl.col("factor_unit").str.split("/").list.first().alias("species_unit"),
        pl.col("record_id").alias("factor_id"),
        pl.col("tier").alias("factor_tier"),
    )
    greenhouse = pl.col("species").is_in(_greenhouse().implode())
    caused = (
        asked.join(answer, on=ask)
        .filter((pl.col("when") != "own") | greenhouse)
        .filter(pl.col("turn") == pl.col("turn").min().over("key", "control", "product", "record_id"))
    )
    expects = [p for p in used["product"].unique() if p in fuels() or _rule(p)["when"]]
    unknown_use = used.filter(pl.col("product").is_in(expects)).join(
        caused.filter(greenhouse).select("key", "control", "product").unique(),
        on=["key", "control", "product"],
        how="anti",
    )
    direct = itself.select(
        "key",
        "control",
        pl.lit("").alias("product"),
        pl.col("product").alias("species"),
        pl.col("amount").alias("value"),
        "unit",
        pl.lit("direct").alias("scope"),
        "record_id",
        "tier",
    )
    through = caused.select(
        "key",
        "control",
        pl.col("ask_product").alias("product"),
        "species",
        (pl.col("amount") * pl.col("factor")).alias("value"),
        pl.col("species_unit").alias("unit"),
        "scope",
        pl.col("factor_id").alias("record_id"),
        pl.col("factor_tier").alias("tier"),
    )
    resource = used.filter(pl.col("product").is_in(["electricity", "heat"])).select(
        "key",
        "control",
        "product",
        pl.col("product").alias("species"),
        pl.col("amount").alias("value"),
        "unit",
        pl.lit("indirect").alias("scope"),
        "record_id",
        "tier",
    )
    row = [c for c in CAUSED if c != "value"]
    emission = (
        pl.concat([direct, through, resource])
        .group_by(row, maintain_order=True)
        .agg(pl.col("value").sum())
        .select(CAUSED.keys())
        .sort("key", "control", "product", "species", "record_id")
    )
    return Induced(
        emission, unknown_use.select("control", "product", "year").unique().sort("control", "product", "year")
    )


def from_devices(keys: pl.DataFrame, caused: pl.DataFrame) -> pl.DataFrame:
    """Return emission rows of what devices cause: origin ``control``."""
    place = keys.select("key", "process", "region", "year", pl.col("product").alias("of"))
    return join_exact(join_exact(caused, place, ["key"]), media(), ["species"]).with_columns(
        pl.when(pl.col("product") == "").then("of").otherwise("product").alias("product"),
        pl.lit("").alias("technology"),
        pl.lit("control").alias("origin"),
        pl.lit("control_consumption").alias("method"),
        pl.concat_list("record_id").alias("factor_id"),
        pl.concat_list("control"),
    )


def by_row(induced_rows: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Split emissions of devices over the activity rows of their key, in proportion to activity."""
    whole = pl.col("value").sum().over("key")
    shares = rows.select(
        "key", pl.concat_list("activity_id"), share=pl.col("value") / pl.when(whole != 0).then(whole)
    )
    return induced_rows.join(shares, on="key").with_columns(pl.col("value") * pl.col("share").fill_null(0.0))


def control_effect(keys: pl.DataFrame, removed: pl.DataFrame, caused: pl.DataFrame) -> pl.DataFrame:
    """Return table ``control_effect``: what devices removed beside what they caused, of every scope."""
    where = keys.select("key", "region", "year")
    gone = join_exact(removed, where, ["key"]).select(
        "region",
        "year",
        "control",
        "species",
        pl.col("amount").alias("removed"),
        pl.lit(0.0).alias("induced"),
        "unit",
    )
    made = join_exact(caused, where, ["key"]).select(
        "region",
        "year",
        "control",
        "species",
        pl.lit(0.0).alias("removed"),
        pl.col("value").alias("induced"),
        "unit",
    )
    both = (
        pl.concat([gone, made])
        .group_by("region", "year", "control", "species", "unit")
        .agg(pl.col("removed").sum(), pl.col("induced").sum())
    )
    return conform("control_effect", both.sort("region", "year", "control", "species"))
