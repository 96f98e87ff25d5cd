"""Emissions that others worked out: table ``emission`` of a workspace, brought into its inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tongyuan.inventory.account.account import place
from tongyuan.inventory.check.overlap import related
from tongyuan.ledger.check.check import capped
from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Bilingual, Finding, at_row
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.table import LIST, PLACE, conform, empty
from tongyuan.reference import units
from tongyuan.reference.species import media

METHOD = "given"
"""Method of a row that was given and not computed."""
_SOURCE = ("region", "year", "species", "scope")

Letters = Mapping[str, Mapping[str, str]]


class Given(NamedTuple):
    """Rows of others as rows of the inventory, the same rows as activity, and what is said about them."""

    emission: pl.DataFrame
    activity: pl.DataFrame
    findings: tuple[Finding, ...]


def given_emission(frame: pl.DataFrame | None, computed: pl.DataFrame, letters: Letters) -> Given:
    """Return the rows of table ``emission`` that a workspace gives.

    Scope is ``direct`` and origin that of the process where the table names none; the medium follows from the
    species, amounts come to t (energy TJ, water m3). The method is ``given`` and the row can be told back to
    its cell. A row that the inventory computes too is an error. A sum over substances
    (CO2e, HFCs, methane of any origin) is no species of the shelf and is refused on reading.

    Parameters
    ----------
    frame
        Table ``emission`` as read; None when there is none.
    computed
        Emissions of the inventory.
    letters
        Letters of the columns of each sheet.
    """
    if frame is None or frame.is_empty():
        return Given(computed.clear(), empty("activity"), ())
    if PLACE not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias(PLACE))
    rows = frame.with_row_index("number", offset=1)
    scale, unit, found = _scales(rows, letters)
    pairs = rows.select("process", pl.col("product").fill_null("")).unique()
    placed = {pair: place(*pair) for pair in pairs.iter_rows()}
    origin = pl.Series([placed[pair][0] for pair in _pairs(rows)], dtype=pl.String)
    scope = pl.Series([placed[pair][1] for pair in _pairs(rows)], dtype=pl.String)
    made = join_exact(rows.drop("medium"), media(), ["species"]).with_columns(
        *(pl.col(c) * scale for c in ("value", "uncontrolled", "lower", "upper")),
        unit.alias("unit"),
        pl.coalesce(_named("origin"), origin).alias("origin"),
        pl.coalesce(_named("scope"), scope).alias("scope"),
        pl.lit(METHOD).alias("method"),
        pl.concat_list(pl.format("emission:{}", "number")).alias("activity_id"),
        pl.lit(None, dtype=LIST).alias("factor_id"),
    )
    found += _doubles(made, computed, letters)
    as_activity = made.select(
        pl.col("activity_id").list.first(),
        "region",
        "year",
        "process",
        "value",
        "unit",
        pl.col("note").alias("source"),
        PLACE,
    )
    emission = conform("emission", made.drop("number", PLACE)).cast(computed.schema)
    return Given(emission.select(computed.columns), as_activity, capped(found))


def _named(column: str) -> pl.Expr:
    """Return a text column with null where it is empty."""
    return pl.when(pl.col(column) != "").then(column)


def _pairs(rows: pl.DataFrame) -> list[tuple[str, str]]:
    return list(rows.select("process", pl.col("product").fill_null("")).iter_rows())


def _scales(rows: pl.DataFrame, letters: Letters) -> tuple[pl.Series, pl.Series, list[Finding]]:
    """Return what brings each row to its canonical unit, that unit, and units that measure no amount."""
    known = {text: units.canonical(text) for text in rows["unit"].unique() if units.known(text)}
    fit = {text: found for text, found in known.items() if found[1] in ("t", "TJ", "m3")}
    odd = rows.filter(~pl.col("unit").is_in(list(fit)))
    found = [
        at_row("flows", "emission_unit", where, "unit", letters, unit=text)
        for where, text in odd.select(PLACE, "unit").iter_rows()
    ]
    scale = [fit[u][0] if u in fit else 0.0 for u in rows["unit"]]
    return pl.Series(scale, dtype=pl.Float64), pl.Series([fit.get(u, (0, u))[1] for u in rows["unit"]]), found


def _doubles(given: pl.DataFrame, computed: pl.DataFrame, letters: Letters) -> list[Finding]:
    """Return rows whose source the inventory computes as well: they would count twice."""
    mine = plain(computed.select(*_SOURCE, "process", pl.col("product").fill_null("")).unique())
    met = given.select("number", PLACE, *_SOURCE, "process", pl.col("product").fill_null("")).join(
        mine, on=_SOURCE, suffix="_computed"
    )
    alike = (
        (pl.col("product") == "")
        | (pl.col("product_computed") == "")
        | (pl.col("product") == pl.col("product_computed"))
    )
    found: dict[int, Finding] = {}
    for row in met.filter(alike).sort("number").iter_rows(named=True):
        if row["number"] in found or not related(row["process"], row["process_computed"]):
            continue
        process = Bilingual.titled("process", row["process_computed"])
        words = {"process": process, "species": row["species"], "year": row["year"]}
        found[row["number"]] = at_row("flows", "emission_double", row[PLACE], "species", letters, **words)
    return list(found.values())
