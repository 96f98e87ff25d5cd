"""Lines of the carbon report as the guides order them, and the fields of the tables of allocation.

Power has the forms C.3 (fuel), C.4 (production and totals), C.5 (how carbon and heat were determined) and C.6
(auxiliary) of its guide of 2026; other kinds have forms by what they account: fuel, material, product, total.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from tongyuan.facility.carbon.fuel import CO_FIRED, WITHOUT_OXIDATION
from tongyuan.facility.carbon.guide import printed
from tongyuan.facility.carbon.place import ROOM
from tongyuan.facility.carbon.works import quota_intensity
from tongyuan.ledger.table import conform, empty
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
            )
        )
    return pl.concat(parts)


def carbon_lines(fuel: pl.DataFrame, lines: pl.DataFrame, outputs: pl.DataFrame) -> pl.DataFrame:
    """Return table ``carbon_line``.

    Parameters
    ----------
    fuel
        Rows of fuel with their figures (:func:`tongyuan.facility.carbon.fuel.fuel_lines`).
    lines
        Lines of the account (:func:`tongyuan.facility.carbon.account.carbon`).
    outputs
        Table ``output`` with ``kind`` of the enterprise and ``guide``.

    Returns
    -------
    DataFrame
        Every month, installation and line, in the order of the form; `printed` has the decimals of the guide.
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
    )
    parts = [_long(counted, FUEL, "", "product")]
    other = lines.filter("counted", pl.col("table").fill_null("") != "fuel_use", pl.col("scope") == "direct")
    parts.append(_others(other))
    parts.append(_production(outputs))
    parts.append(_totals(lines.filter("counted", pl.col("species") == "CO2", pl.col("scope") == "direct")))
    every = pl.concat(parts)
    titles = every["title"].unique().to_list()
    names = {
        f"title_{language}": pl.col("title").replace_strict(
            {title: say(ROOM, f"line_{title}", language) for title in titles}, return_dtype=pl.String
        )
        for language in LANGUAGES
    }
    text = [printed(v, q) for v, q in every.select("value", "quantity").iter_rows()]
    made = every.with_columns(pl.Series("printed", text, dtype=pl.String), **names)
    order = ["facility", "month", "installation", "form", "item", "line"]
    return conform("carbon_line", made.drop("title", "quantity")).sort(order, maintain_order=True)


def _others(lines: pl.DataFrame) -> pl.DataFrame:
    """Return materials, clinker, cells and the closing line, one line each."""
    forms = {"material_use": "material", "output": "product", "cell_series": "product"}
    return lines.select(
        *KEYS,
        pl.col("table").fill_null("").replace_strict(forms, default="total").alias("form"),
        pl.lit("F").alias("line"),
        pl.when(pl.col("table").fill_null("") == "")
        .then("installation")
        .when(pl.col("product").fill_null("") != "")
        .then("product")
        .otherwise("species")
        .alias("item"),
        pl.lit("emission").alias("title"),
        pl.col("emission").alias("value"),
        pl.lit("t").alias("unit"),
        pl.lit("emission").alias("quantity"),
        pl.col("method").alias("origin"),
        "guide",
    )


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
        pl.lit("measured").alias("origin"), "guide",
    )  # fmt: skip
    more = [
        base.filter(pl.col(column).is_not_null()).select(
            *KEYS, pl.lit(where).alias("form") if where else "form", pl.lit(letter).alias("line"), "item",
            pl.lit(title).alias("title"), pl.col(column).cast(pl.Float64).alias("value"),
            pl.lit(unit).alias("unit"), pl.lit(quantity).alias("quantity"),
            pl.lit("measured").alias("origin"), "guide",
        )
        for column, letter, title, unit, quantity, where in (
            ("hours", "O", "hours", "h", "hours", ""), ("load", "P", "load", "%", "load", ""),
            ("heat_ratio", "R", "heat_ratio", "", "intensity", "C.6"),
        )
    ]  # fmt: skip
    return pl.concat([own, *more])


def _totals(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the total of every installation and month."""
    sums = lines.group_by(*KEYS, "kind", maintain_order=True).agg(
        pl.col("emission").sum().alias("value"), pl.col("guide").first()
    )
    form = pl.when(pl.col("kind") == "power").then(pl.lit("C.4")).otherwise(pl.lit("total"))
    return sums.select(
        *KEYS, form.alias("form"), pl.lit("Q").alias("line"), pl.lit("").alias("item"),
        pl.lit("unit_total").alias("title"), "value", pl.lit("t").alias("unit"),
        pl.lit("emission").alias("quantity"), pl.lit("computed").alias("origin"), "guide",
    )  # fmt: skip


def allocation_lines(lines: pl.DataFrame, outputs: pl.DataFrame, installations: pl.DataFrame) -> pl.DataFrame:
    """Return table ``allocation_line``: the verified data that the tables of allocation ask for, by year.

    Parameters
    ----------
    lines
        Lines of the account.
    outputs
        Table ``output`` with ``kind``, ``installation_kind`` and ``amount`` [t or GJ].
    installations
        Table ``installation``.

    Returns
    -------
    DataFrame
        Fields by their circled numbers where the table has them: steel ① pig iron, ② ironmaking, ③ sinter,
        ④ = (② + ③) / ①, ⑤ crude steel, ⑥ works; cement ① clinker, ② total, ③ per tonne; aluminium ① liquid
        aluminium, ② material, ③ anode effects, ④ per tonne, ⑤ total; power electricity, heat, emission.
    """
    year = pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")
    direct = lines.filter("counted", pl.col("scope") == "direct", pl.col("species") == "CO2").with_columns(
        year
    )
    made = outputs.with_columns(year)
    by = ["facility", "year"]
    emission = direct.group_by(*by, "kind", "installation", "installation_kind").agg(pl.col("emission").sum())
    product = made.group_by(*by, "kind", "installation", "product").agg(pl.col("amount").sum())
    rows: list[pl.DataFrame] = []

    def add(frame: pl.DataFrame, form: str, line: str, title: str, value: pl.Expr, unit: str) -> None:
        at = pl.col("installation") if "installation" in frame.columns else pl.lit("whole")
        rows.append(
            frame.select(
                *by, at.alias("installation"), pl.lit(form).alias("form"), pl.lit(line).alias("line"),
                pl.lit(title).alias("title"), value.cast(pl.Float64).alias("value"),
                pl.lit(unit).alias("unit"),
            )
        )  # fmt: skip

    power = emission.filter(kind="power")
    for name, unit, per in (("electricity", "MWh", 3.6), ("heat", "GJ", 1.0)):
        made_of = product.filter(kind="power", product=name)
        add(made_of, "power", name, f"allocation_{name}", pl.col("amount") / per, unit)
    add(power, "power", "emission", "allocation_emission", pl.col("emission"), "t")
    iron = product.filter(pl.col("kind") == "steel", pl.col("product") == "pig_iron").group_by(by).agg(
        pl.col("amount").sum().alias("iron")
    )  # fmt: skip
    raw = product.filter(pl.col("kind") == "steel", pl.col("product") == "crude_steel").group_by(by).agg(
        pl.col("amount").sum().alias("steel")
    )  # fmt: skip
    steel = emission.filter(kind="steel").group_by(by).agg(
        pl.col("emission").filter(pl.col("installation_kind") == "blast_furnace").sum().alias("ironmaking"),
        pl.col("emission").filter(pl.col("installation_kind") == "sinter").sum().alias("sinter"),
        pl.col("emission").sum().alias("works"),
    ).join(iron, on=by, how="left").join(raw, on=by, how="left")  # fmt: skip
    steel = steel.with_columns(pl.when(pl.col("iron") > 0).then("iron").alias("iron"))
    numbers = (steel[c].to_numpy() for c in ("sinter", "ironmaking", "iron"))
    steel = steel.with_columns(pl.Series("metric", quota_intensity(*numbers), dtype=pl.Float64))
    for line, title, value, unit in (
        ("①", "pig_iron", pl.col("iron"), "t"), ("②", "ironmaking", pl.col("ironmaking"), "t"),
        ("③", "sinter", pl.col("sinter"), "t"), ("④", "steel_intensity", pl.col("metric"), "t/t"),
        ("⑤", "crude_steel", pl.col("steel"), "t"), ("⑥", "works", pl.col("works"), "t"),
    ):  # fmt: skip
        add(steel, "steel", line, f"allocation_{title}", value, unit)
    clinker = product.filter(pl.col("kind") == "cement", pl.col("product").str.starts_with("clinker"))
    clinker = clinker.group_by(*by, "installation").agg(pl.col("amount").sum().alias("clinker"))
    cement = emission.filter(kind="cement").group_by(*by, "installation").agg(pl.col("emission").sum())
    cement = cement.join(clinker, on=[*by, "installation"], how="left")
    per_t = pl.col("emission") / pl.col("clinker")
    for line, title, value, unit in (
        ("①", "clinker", pl.col("clinker"), "t"), ("②", "emission", pl.col("emission"), "t"),
        ("③", "cement_intensity", per_t, "t/t"),
    ):  # fmt: skip
        add(cement, "cement", line, f"allocation_{title}", value, unit)
    every = pl.concat(rows).filter(pl.col("value").is_not_null() & pl.col("value").is_not_nan())
    if every.is_empty():
        return empty("allocation_line")
    names = {
        f"title_{language}": pl.col("title").replace_strict(
            {t: say(ROOM, t, language) for t in every["title"].unique()}, return_dtype=pl.String
        )
        for language in LANGUAGES
    }
    sizes = installations.select(
        "facility", "installation",
        pl.concat_str(pl.col("capacity").cast(pl.String), pl.lit(" "), "capacity_unit").alias("text"),
    ).unique(["facility", "installation"], keep="first")  # fmt: skip
    named = every.with_columns(**names).join(sizes, on=["facility", "installation"], how="left")
    order = ["facility", "year", "form", "installation", "line"]
    return conform("allocation_line", named.drop("title")).sort(order)
