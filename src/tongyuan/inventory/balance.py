"""Energy balance → activity: which cells of a regional energy balance are burnt, and in which process.

The rules stand on the shelf ``balance_process``: transformation rows count their
inputs, final rows their use, industry its use less non-energy use. Electricity and heat are no direct
source. Carbon of blast-furnace and converter gas has already been counted in the coke they come from,
so these rows yield every species but CO2. Coke in industry is above all the reductant of blast furnaces
(84.5 % of industry's final use of coke in 2020 was in ferrous smelting, China Energy Statistical Yearbook
2021, final consumption by industry): it yields its CO2 only, for its sulphur and ash go to the slag, and
what a blast furnace emits follows from its output of iron.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import LIST, ONLY, conform
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf

LANGUAGES: tuple[Language, ...] = ("zh", "en")
COUNTED_IN_COKE = ("blast_furnace_gas", "converter_gas")


class BalanceActivity(NamedTuple):
    """What an energy balance says: the activity to account, and what is left out and why."""

    activity: pl.DataFrame
    gap: pl.DataFrame


def _net_of_non_energy(balance: pl.DataFrame) -> pl.DataFrame:
    keys = ["region", "year", "product", "unit"]
    feedstock = balance.filter(pl.col("item") == "industry_nonenergy").select(
        *keys, pl.col("value").alias("feedstock")
    )
    joined = join_exact(balance, feedstock, keys, may_lack=True)
    less = (pl.col("item") == "industry") & (pl.col("feedstock").fill_null(0.0) != 0)
    both = " · ".join(
        say("inventory", "balance_net", language, gross="{}", feedstock="{}") for language in LANGUAGES
    )
    numbers = [pl.col(c).round(6).cast(pl.String) for c in ("value", "feedstock")]
    remark = pl.format(both, *numbers, *numbers)
    return joined.with_columns(
        pl.when(less).then(pl.col("value") - pl.col("feedstock")).otherwise("value").alias("value"),
        pl.when(less).then(remark).otherwise("note").alias("note"),
    ).drop("feedstock")


def _amount(balance: pl.DataFrame) -> pl.DataFrame:
    """Keep the burnt amount of each cell: inputs of transformation, use of final sectors."""
    rule = pl.col("rule")
    amount = pl.when(rule == "input").then(-pl.col("value")).otherwise(pl.col("value"))
    return balance.with_columns(amount.alias("value")).filter(pl.col("value") > 0)


def _drop_total_of_split(balance: pl.DataFrame) -> pl.DataFrame:
    """Leave out the residential total wherever its urban and rural parts are given."""
    keys = ["region", "year", "product"]
    split = (
        balance.filter(pl.col("item").is_in(["residential_urban", "residential_rural"])).select(keys).unique()
    )
    total = balance.filter(pl.col("item") == "residential")
    return pl.concat(
        [
            balance.filter(pl.col("item") != "residential"),
            total.join(split, on=keys, how="anti"),
        ]
    )


STEEL = ("SO2", "NOx", "PM10", "PM2.5")
"""Pollutants of sintering, iron and steel making that coke alone does not give."""


def _gap(rows: pl.DataFrame, kind: str, sentence: str, species: Sequence[str] = ()) -> pl.DataFrame:
    return rows.select(
        "region",
        "year",
        "process",
        "product",
        pl.lit(list(species), dtype=LIST).alias("species"),
        pl.lit(kind).alias("kind"),
        pl.lit(say("inventory", sentence, "zh")).alias("meaning_zh"),
        pl.lit(say("inventory", sentence, "en")).alias("meaning_en"),
    ).unique(maintain_order=True)


def activity_from_balance(balance: pl.DataFrame) -> BalanceActivity:
    """Return the activity rows that a regional energy balance holds.

    Parameters
    ----------
    balance : DataFrame
        Ledger table ``energy_balance`` in physical units (one unit for each product).

    Returns
    -------
    BalanceActivity
        ``activity`` rows with ``activity_id`` ``energy_balance:<region>:<year>:<item>:<product>`` and
        ``gap`` rows for products that are left out (non-energy by nature).
    """
    fuels = shelf("product").filter(pl.col("kind") == "fuel").select("product")
    rules = shelf("balance_process")
    by_cell = rules.filter((pl.col("balance_item") != "") & (pl.col("product") != ""))
    by_item = rules.filter((pl.col("balance_item") != "") & (pl.col("product") == ""))
    left_out = rules.filter(pl.col("balance_item") == "").select("product")
    place = [pl.col("_place")] if "_place" in balance.columns else []

    cells = _drop_total_of_split(_net_of_non_energy(balance)).join(
        fuels, on="product", how="semi", maintain_order="left"
    )
    of_cell = by_cell.rename({"balance_item": "item", "process": "cell_process", "rule": "cell_rule"})
    of_item = by_item.select(pl.col("balance_item").alias("item"), "process", "rule")
    mapped = (
        join_exact(
            join_exact(cells, of_cell, ["item", "product"], may_lack=True), of_item, ["item"], may_lack=True
        )
        .with_columns(
            pl.coalesce("cell_process", "process").alias("process"),
            pl.coalesce("cell_rule", "rule").alias("rule"),
        )
        .filter(pl.col("process").is_not_null())
    )
    burnt = _amount(mapped)
    excluded = burnt.join(left_out, on="product", how="semi", maintain_order="left")
    kept = burnt.join(left_out, on="product", how="anti", maintain_order="left")
    reductant = pl.col("rule") == "reductant"
    activity = kept.select(
        pl.format("energy_balance:{}:{}:{}:{}", "region", "year", "item", "product").alias("activity_id"),
        "region",
        "year",
        "process",
        "product",
        pl.lit("").alias("technology"),
        "value",
        "unit",
        pl.lit(None, pl.Float64).alias("uncertainty"),
        pl.when(pl.col("product").is_in(COUNTED_IN_COKE))
        .then(pl.lit(["CO2"], dtype=LIST))
        .when(reductant)
        .then(pl.lit([ONLY, "CO2"], dtype=LIST))
        .otherwise(pl.lit([], dtype=LIST))
        .alias("excluded"),
        "source",
        "note",
        *place,
    )
    gap = pl.concat(
        [
            _gap(excluded, "excluded", "balance_non_energy"),
            _gap(kept.filter(reductant), "no_activity", "balance_reductant", STEEL),
        ]
    )
    return BalanceActivity(conform("activity", activity), conform("gap", gap))
