"""Which category of a reporting form an emission belongs to, by the shelf ``exchange_line``."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal, get_args

import polars as pl

from tongyuan.reference.shelf import shelf
from tongyuan.reference.units import factor

Form = Literal["iamc", "crt", "nfr", "gpc"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)


@cache
def _rows() -> dict[tuple[str, str, str], dict[str, str]]:
    return {(row["process"], row["product"], row["origin"]): row for row in shelf("exchange_line").to_dicts()}


@cache
def category(form: Form, process: str, product: str, origin: str) -> str:
    """Return the category of `form` that a source belongs to, the empty text where it has none.

    The nearest process that the shelf names counts; of its rows the one that names product and origin, then
    product, then origin, then neither.
    """
    rows, place = _rows(), process
    while place:
        for key in ((product, origin), (product, ""), ("", origin), ("", "")):
            if (place, *key) in rows:
                return rows[(place, *key)][form]
        place = place.rpartition(".")[0]
    return ""


def names(form: Form) -> dict[str, str]:
    """Return what each category of `form` is called, in the order of the form."""
    held = shelf("exchange_code").filter(pl.col("form") == form)
    return dict(held.select("code", "name").iter_rows())


def memo(form: Form) -> frozenset[str]:
    """Return the categories of `form` that stand outside its total."""
    held = shelf("exchange_code").filter(pl.col("form") == form, pl.col("memo") == "yes")
    return frozenset(held["code"])


def columns(form: Form) -> pl.DataFrame:
    """Return the quantities of `form`: ``column, species, unit, label``, a row for each species of a column.

    `unit` is what values are converted to, `label` how the form prints it.
    """
    held = shelf("exchange_species").filter(pl.col("form") == form)
    return held.select("column", pl.col("species").str.split("|"), "unit", "label").explode("species")


def placed(emission: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return direct emissions by category and column of `form`, and what has no place in it.

    Parameters
    ----------
    emission
        Table ``emission``; rows of scope ``indirect`` and ``avoided`` are no part of these forms.

    Returns
    -------
    tuple
        ``region, year, code, column, label, value`` in the unit of the column, and ``region, year, reason,
        process, species, unit, value``: reason ``category`` (the form has none for the process), ``species``
        (none for the substance) or ``scope`` (indirect).
    """
    rows = emission.with_columns(pl.col("product", "origin").fill_null(""))
    keys = rows.select("process", "product", "origin").unique(maintain_order=True)
    codes = [category(form, *key) for key in keys.iter_rows()]
    rows = rows.join(
        keys.with_columns(pl.Series("code", codes, dtype=pl.String)),
        on=["process", "product", "origin"], how="left", maintain_order="left",
    ).filter(pl.col("scope").fill_null("direct") != "avoided")  # fmt: skip
    told = columns(form)
    direct = pl.col("scope").fill_null("direct") == "direct"
    known = pl.col("species").is_in(told["species"].implode())
    reason = (
        pl.when(~direct).then(pl.lit("scope"))
        .when(~known).then(pl.lit("species"))
        .when(pl.col("code") == "").then(pl.lit("category"))
    )  # fmt: skip
    rows = rows.with_columns(reason.alias("reason"))
    left = rows.filter(pl.col("reason").is_not_null(), pl.col("value") != 0)
    left = left.group_by("region", "year", "reason", "process", "species", "unit", maintain_order=True).agg(
        pl.col("value").sum()
    )
    kept = rows.filter(pl.col("reason").is_null()).join(told.rename({"unit": "to"}), on="species")
    pairs = kept.select("unit", "to").unique().rows()
    table = pl.DataFrame(
        [(*pair, factor(*pair)) for pair in pairs],
        schema={"unit": pl.String, "to": pl.String, "scale": pl.Float64}, orient="row",
    )  # fmt: skip
    kept = kept.join(table, on=["unit", "to"], how="left", maintain_order="left")
    summed = kept.group_by("region", "year", "code", "column", "label", maintain_order=True).agg(
        (pl.col("value") * pl.col("scale")).sum()
    )
    return summed, left
