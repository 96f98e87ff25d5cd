"""Lines of the carbon report as the guides order them.

Power has the forms C.3 (fuel), C.4 (production and totals), C.5 (how carbon and heat were determined) and C.6
(auxiliary) of its guide of 2026; other kinds have forms by what they account: fuel, material, product, total.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from tongyuan.facility.carbon.figure import SCHEMA
from tongyuan.facility.carbon.fuel import CO_FIRED, WITHOUT_OXIDATION
from tongyuan.facility.carbon.guide import printed
from tongyuan.facility.carbon.place import ROOM
from tongyuan.ledger.table import conform
from tongyuan.reference.language import Language, say

LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Line(NamedTuple):
    """One line of a form: letter, column it shows, quantity (for decimals), unit, column of where from."""

    line: str
    column: str
    quantity: str
    unit: str
    origin: str


FUEL = (
    Line("A", "amount", "amount", "", "metered_at"),
    Line("B", "carbon_used", "carbon", "tC", "method"),
    Line("C", "ncv_used", "ncv", "GJ", "heat_from"),
    Line("D", "cc_used", "carbon_per_heat", "tC/GJ", "content_from"),
    Line("E", "oxidation_percent", "oxidation", "%", "oxidation_from"),
    Line("F", "emission", "emission", "t", "worked_out"),
    Line("H", "biogenic", "emission", "t", "worked_out"),
)
LETTERS = "ABCDEGKSZFHMNOPRQ"
"""Lines in the order they are printed: what goes in before what comes out."""
GASES = ("CF4", "C2F6")
"""Gases of anode effects, which stand after the anodes."""
KEYS = ("facility", "month", "installation")


def _long(frame: pl.DataFrame, lines: tuple[Line, ...], form: str, item: str) -> pl.DataFrame:
    parts = []
    for line in lines:
        per = pl.concat_str(pl.lit(line.unit + "/" if line.column != "amount" else ""), "per")
        unit = per if line.column in ("amount", "carbon_used", "ncv_used") else pl.lit(line.unit)
        parts.append(
            frame.filter(pl.col(line.column).is_not_null()).select(
                *KEYS,
                pl.lit(form).alias("form") if form else pl.col("form"),
                pl.lit(line.line).alias("line"),
                pl.col(item).alias("item"),
                pl.lit(line.column).alias("title"),
                pl.col(line.column).cast(pl.Float64).alias("value"),
                unit.alias("unit"),
                pl.lit(line.quantity).alias("quantity"),
                pl.col(line.origin).alias("origin"),
                "guide",
                "kind",
                (pl.col("says") if line.line == "F" else pl.lit("")).alias("formula"),
            )
        )
    return pl.concat(parts)


def carbon_lines(
    fuel: pl.DataFrame, lines: pl.DataFrame, outputs: pl.DataFrame, figures: pl.DataFrame
) -> pl.DataFrame:
    """Return table ``carbon_line``.

    Parameters
    ----------
    fuel
        Rows of fuel with their figures (:func:`tongyuan.facility.carbon.fuel.fuel_lines`).
    lines
        Lines of the account (:func:`tongyuan.facility.carbon.account.carbon`).
    outputs
        Table ``output`` with ``kind`` of the enterprise and ``guide``.
    figures
        What the other lines are computed from (:func:`tongyuan.facility.carbon.figure.figures`).

    Returns
    -------
    DataFrame
        Every month, installation and line, in the order of the form; `printed` has the decimals of the guide,
        `formula` says how a line follows from the others.
    """
    default = pl.lit("guide_default")
    rated = (pl.col("oxidation_of") == WITHOUT_OXIDATION) & (pl.col("installation_kind") != CO_FIRED)
    by_heat = pl.col("carbon_used").is_null()
    counted = fuel.filter("counted").with_columns(
        pl.when(pl.col("kind") == "power").then(pl.lit("C.3")).otherwise(pl.lit("fuel")).alias("form"),
        pl.when(~rated).then(pl.col("oxidation_used") * 100).alias("oxidation_percent"),
        pl.when(pl.col("biogenic") != 0).then("biogenic").alias("biogenic"),
        pl.when(by_heat).then("cc_used").alias("cc_used"),
        pl.when(by_heat).then("ncv_used").alias("ncv_used"),
        pl.lit("measured").alias("metered_at"),
        pl.when("heat_tested").then(pl.lit("tested_heat")).otherwise(default).alias("heat_from"),
        *(
            pl.when(pl.col(given).is_null()).then(default).otherwise(pl.lit("measured")).alias(name)
            for given, name in (("carbon_per_heat", "content_from"), ("oxidation", "oxidation_from"))
        ),
        pl.lit("computed").alias("worked_out"),
        _says(rated).alias("says"),
    )
    parts = [_long(counted, FUEL, "", "product")]
    direct = lines.filter("counted", pl.col("scope") == "direct")
    parts += [figures, _rest(direct), _production(outputs), _totals(direct.filter(species="CO2"))]
    every = pl.concat([part.select(pl.col(c).cast(t) for c, t in SCHEMA.items()) for part in parts])
    titles = every["title"].unique().to_list()
    names = {
        f"title_{language}": pl.col("title").replace_strict(
            {title: say(ROOM, f"line_{title}", language) for title in titles}, return_dtype=pl.String
        )
        for language in LANGUAGES
    }
    text = [printed(v, q) for v, q in every.select("value", "quantity").iter_rows()]
    made = every.with_columns(pl.Series("printed", text, dtype=pl.String), **names)
    order: list[str | pl.Expr] = [
        "facility",
        "month",
        "installation",
        "form",
        pl.col("item").is_in(GASES),
        "item",
    ]
    place = pl.col("line").replace_strict({c: k for k, c in enumerate(LETTERS)}, return_dtype=pl.Int64)
    table = conform("carbon_line", made.drop("title", "quantity", "kind"))
    return table.sort(*order, place, maintain_order=True)


def _says(rated: pl.Expr) -> pl.Expr:
    """Return how CO2 of a fuel follows from its lines: tested carbon, or heat; waste by its own formula."""
    waste = pl.col("factor_id").fill_null("").str.starts_with("incineration")
    content = pl.when(pl.col("carbon_used").is_null()).then(pl.lit("C × D")).otherwise(pl.lit("B"))
    burnt = pl.when(rated).then(pl.lit("")).otherwise(pl.lit(" × E ÷ 100"))
    share = pl.when(pl.col("biogenic").fill_null(0.0) != 0).then(pl.lit(" − H")).otherwise(pl.lit(""))
    sign = pl.when(pl.col("state") == "given_out").then(pl.lit("−")).otherwise(pl.lit(""))
    text = pl.concat_str(pl.lit("F = "), sign, pl.lit("A × "), content, burnt, pl.lit(" × 44/12"), share)
    return pl.when(waste).then(pl.lit("F = A × CCW × FCF × EF × 44/12")).otherwise(text)


def _rest(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the line that closes the table of a works."""
    return lines.filter(pl.col("table").fill_null("") == "").select(
        *KEYS, "kind", pl.lit("total").alias("form"), pl.lit("F").alias("line"),
        pl.col("installation").alias("item"), pl.lit("emission").alias("title"),
        pl.col("emission").alias("value"), pl.lit("t").alias("unit"), pl.lit("emission").alias("quantity"),
        pl.col("method").alias("origin"), "guide", pl.lit("F = Q₀ − Σ Q").alias("formula"),
    )  # fmt: skip


def _production(outputs: pl.DataFrame) -> pl.DataFrame:
    """Return what was produced: electricity, heat, products, hours and load."""
    power, heat = pl.col("product") == "electricity", pl.col("product") == "heat"
    line = pl.when(power).then(pl.lit("M")).when(heat).then(pl.lit("N")).otherwise(pl.lit("P"))
    quantity = pl.when(power).then(pl.lit("electricity")).when(heat).then(pl.lit("heat"))
    form = pl.when(pl.col("kind") == "power").then(pl.lit("C.4")).otherwise(pl.lit("product"))
    base = outputs.with_columns(form.alias("form"), pl.col("product").alias("item"))
    own = base.select(
        *KEYS, "form", line.alias("line"), "item", pl.lit("output").alias("title"), "value",
        pl.col("unit"), quantity.otherwise(pl.lit("output")).alias("quantity"),
        pl.lit("measured").alias("origin"), "guide", "kind", pl.lit("").alias("formula"),
    )  # fmt: skip
    more = [
        base.filter(pl.col(column).is_not_null()).select(
            *KEYS, pl.lit(where).alias("form") if where else "form", pl.lit(letter).alias("line"), "item",
            pl.lit(title).alias("title"), pl.col(column).cast(pl.Float64).alias("value"),
            pl.lit(unit).alias("unit"), pl.lit(quantity).alias("quantity"),
            pl.lit("measured").alias("origin"), "guide", "kind", pl.lit("").alias("formula"),
        )
        for column, letter, title, unit, quantity, where in (
            ("hours", "O", "hours", "h", "hours", ""), ("load", "P", "load", "%", "load", ""),
            ("heat_ratio", "R", "heat_ratio", "", "intensity", "C.6"),
        )
    ]  # fmt: skip
    return pl.concat([own, *more])


def _totals(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the total of CO2 of every installation and month; other gases stand in tonnes of their own."""
    sums = lines.group_by(*KEYS, "kind", maintain_order=True).agg(
        pl.col("emission").sum().alias("value"), pl.col("guide").first()
    )
    form = pl.when(pl.col("kind") == "power").then(pl.lit("C.4")).otherwise(pl.lit("total"))
    return sums.select(
        *KEYS, form.alias("form"), pl.lit("Q").alias("line"), pl.lit("").alias("item"),
        pl.lit("unit_total").alias("title"), "value", pl.lit("t").alias("unit"),
        pl.lit("emission").alias("quantity"), pl.lit("computed").alias("origin"), "guide", "kind",
        pl.when(pl.col("kind") == "aluminium").then(pl.lit("Q = Σ F(CO2)")).otherwise(pl.lit("Q = Σ F"))
        .alias("formula"),
    )  # fmt: skip
