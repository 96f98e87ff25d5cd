"""The verified data that the tables for the allocation of allowances ask for, by year."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.carbon.figure import effect_weight
from tongyuan.facility.carbon.place import ROOM
from tongyuan.facility.carbon.works import quota_intensity
from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import Language, say

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def allocation_lines(
    lines: pl.DataFrame,
    outputs: pl.DataFrame,
    installations: pl.DataFrame,
    slag: pl.DataFrame,
    figures: pl.DataFrame,
) -> pl.DataFrame:
    """Return table ``allocation_line``: the verified data that the tables of allocation ask for, by year.

    Parameters
    ----------
    lines
        Lines of the account.
    outputs
        Table ``output`` with ``kind``, ``installation_kind`` and ``amount`` [t or GJ].
    installations
        Table ``installation``.
    slag
        Carbide slag of kiln lines (:func:`tongyuan.facility.carbon.figure.slag`).
    figures
        What lines are computed from (:func:`tongyuan.facility.carbon.figure.figures`).

    Returns
    -------
    DataFrame
        Fields by their circled numbers where the table has them: steel ① pig iron, ② ironmaking, ③ sinter,
        ④ = (② + ③) / ①, ⑤ crude steel, ⑥ works; cement ① clinker, ② total, ③ per tonne, and slag, k, clinker
        factor, slag rate, fuel and process CO2; aluminium ① liquid aluminium, ② material, ③ anode effects,
        ④ per tonne, ⑤ total; power electricity, heat, hours, load and emission.

    References
    ----------
    Allocation plans of power 2025/26 and of industry 2026 (consultation of 2026-07-27), tables.
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
    run = made.filter(pl.col("kind") == "power", pl.col("product") == "electricity")
    run = run.group_by(*by, "installation").agg(
        pl.col("hours").sum(),
        ((pl.col("hours") * pl.col("load")).sum() / pl.col("hours").sum()).alias("load"),
    )
    add(run, "power", "hours", "line_hours", pl.col("hours"), "h")
    add(run, "power", "load", "line_load", pl.col("load"), "%")
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
    parts = direct.filter(kind="cement").group_by(*by, "installation").agg(
        pl.col("emission").filter(pl.col("origin") == "combustion").sum().alias("burnt"),
        pl.col("emission").filter(pl.col("origin") == "process").sum().alias("process"),
    )  # fmt: skip
    used = slag.with_columns(year).group_by(*by, "installation").agg(
        pl.col("slag").sum(), pl.col("k").first(), pl.col("clinker").sum(),
        ((pl.col("factor") * pl.col("clinker")).sum() / pl.col("clinker").sum()).alias("factor"),
    )  # fmt: skip
    rate = pl.col("slag") * pl.col("k") / (pl.col("clinker") * pl.col("factor")) * 100
    for frame, line, title, value, unit in (
        (used, "slag", "slag", pl.col("slag"), "t"), (used, "k", "slag_k", pl.col("k"), "t/t"),
        (used, "factor", "clinker_factor", pl.col("factor"), "t/t"), (used, "rate", "slag_rate", rate, "%"),
        (parts, "fuel", "fuel_emission", pl.col("burnt"), "t"),
        (parts, "process", "process_emission", pl.col("process"), "t"),
    ):  # fmt: skip
        add(frame, "cement", line, f"allocation_{title}", value, unit)
    for line, title, value, unit in (
        ("①", "liquid", pl.col("liquid"), "t"), ("②", "anode", pl.col("anode"), "t"),
        ("③", "effect", pl.col("effect"), "t"),
        ("④", "aluminium_intensity", (pl.col("anode") + pl.col("effect")) / pl.col("liquid"), "t/t"),
        ("⑤", "aluminium_total", pl.col("anode") + pl.col("effect"), "t"),
    ):  # fmt: skip
        add(_cells(lines, figures, year), "aluminium", line, f"allocation_{title}", value, unit)
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


def _cells(lines: pl.DataFrame, figures: pl.DataFrame, year: pl.Expr) -> pl.DataFrame:
    """Return liquid aluminium [t] and the CO2e of anodes and of anode effects by cell series and year."""
    by = ["facility", "year", "installation"]
    weight = pl.col("species").replace_strict(effect_weight(), default=None, return_dtype=pl.Float64)
    emitted = lines.filter("counted", pl.col("table") == "cell_series").with_columns(year)
    sums = emitted.group_by(by).agg(
        pl.col("emission").filter(pl.col("species") == "CO2").sum().alias("anode"),
        (pl.col("emission") * weight).filter(pl.col("species") != "CO2").sum().alias("effect"),
    )
    liquid = figures.filter(pl.col("item") == "anode", pl.col("line") == "A").with_columns(year)
    return sums.join(liquid.group_by(by).agg(pl.col("value").sum().alias("liquid")), on=by, how="left")
