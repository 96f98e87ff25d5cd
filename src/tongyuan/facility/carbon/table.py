"""Lines of carbon as tables of the ledger: emission with its reason, missing months, the cost of defaults."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.carbon.place import ROOM, Tables
from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import Language, say


def emission_table(lines: pl.DataFrame) -> pl.DataFrame:
    """Return table ``facility_emission`` of the lines, with the reason for each method in both languages."""
    keys = ["method", "counted"]
    reasons = lines.select(keys).unique()
    words = pl.DataFrame(
        [(m, c, _reason(m, c, "zh"), _reason(m, c, "en")) for m, c in reasons.iter_rows()],
        schema={
            "method": pl.String, "counted": pl.Boolean,
            "reason_zh": pl.String, "reason_en": pl.String,
        },
        orient="row",
    )  # fmt: skip
    rows = lines.filter(pl.col("emission").is_not_null()).join(
        words, on=keys, how="left", maintain_order="left", nulls_equal=True
    )
    methods = {"tested_heat": "guide_default"}
    made = rows.select(
        "facility", "region", "month", "installation", pl.lit("").alias("outlet"), "process", "product",
        "species", pl.col("emission").alias("value"), pl.lit("t").alias("unit"), "origin", "scope",
        pl.col("method").replace(methods).alias("method"), "guide", "reason_zh", "reason_en", "factor_id",
        "counted",
    )  # fmt: skip
    keys = [c for c in made.columns if c not in ("value", "reason_zh", "reason_en", "factor_id")]
    sums = made.group_by(keys, maintain_order=True).agg(
        pl.col("value").sum(),
        pl.col("reason_zh", "reason_en").first(),
        pl.col("factor_id").filter(pl.col("factor_id") != "").unique(maintain_order=True),
    )
    return conform("facility_emission", sums)


def _reason(method: str, counted: bool, language: Language) -> str:
    return say(ROOM, f"reason_{method}" if counted else "reason_beside", language)


def missing_months(tables: Tables, lines: pl.DataFrame) -> pl.DataFrame:
    """Return table ``missing_month``: months of a year in which an installation that reports has no row.

    Months before an installation begins and after it ends are not missing.
    """
    counted = lines.filter(pl.col("problem") == "").select(
        "facility", "installation", pl.col("table").alias("item"), "month"
    )
    failed = lines.filter(pl.col("problem") != "").select(
        "facility", "installation", pl.col("table").alias("item"), "month"
    )
    seen = counted.unique().join(
        failed.unique(), on=["facility", "installation", "item", "month"], how="anti"
    )
    life = tables.get("installation", empty("installation")).select(
        "facility", "installation",
        pl.col("begin").dt.strftime("%Y-%m").alias("first"), pl.col("end").dt.strftime("%Y-%m").alias("last"),
    ).unique(["facility", "installation"], keep="first")  # fmt: skip
    years = pl.concat([counted, failed]).select(
        "facility", "installation", "item", pl.col("month").str.slice(0, 4).alias("year")
    ).unique()  # fmt: skip
    every = years.join(pl.DataFrame({"m": [f"{m:02d}" for m in range(1, 13)]}), how="cross").with_columns(
        (pl.col("year") + "-" + pl.col("m")).alias("month")
    )
    every = every.join(life, on=["facility", "installation"], how="left").filter(
        (pl.col("first").is_null() | (pl.col("month") >= pl.col("first")))
        & (pl.col("last").is_null() | (pl.col("month") <= pl.col("last")))
    )
    gone = every.join(seen, on=["facility", "installation", "item", "month"], how="anti")
    sums = gone.group_by("facility", "year", "installation", "item").agg(
        pl.col("month").sort().str.join(", ").alias("months"), pl.len().alias("count")
    )
    sums = sums.filter(pl.col("item") != "energy_trade").sort("facility", "year", "installation", "item")
    meaning = {
        f"meaning_{language}": pl.Series(
            [say(ROOM, "missing_month_meaning", language, count=n) for n in sums["count"]], dtype=pl.String
        )
        for language in ("zh", "en")
    }
    table = sums.drop("count").with_columns(pl.col("year").cast(pl.Int64)).with_columns(**meaning)
    return conform("missing_month", table)


def default_cost(fuel: pl.DataFrame) -> pl.DataFrame:
    """Return table ``default_cost``: what a default for carbon added against the enterprise's own mean.

    Parameters
    ----------
    fuel
        Rows of :func:`tongyuan.facility.carbon.fuel.fuel_lines`.
    """
    counted = fuel.filter("counted")
    own = (
        counted.filter(pl.col("carbon_used").is_not_null())
        .group_by("facility", "product")
        .agg(((pl.col("carbon_used") * pl.col("amount")).sum() / pl.col("amount").sum()).alias("own"))
    )
    rows = counted.filter(pl.col("carbon_used").is_null(), pl.col("per") == "t").join(
        own, on=["facility", "product"]
    )
    used = pl.col("ncv_used") * pl.col("cc_used")
    made = rows.select(
        "facility", "month", "installation", "product",
        pl.lit("carbon").alias("parameter"),
        used.alias("used"), "own", pl.lit("t/t").alias("unit"),
        (pl.col("emission") * (1 - pl.col("own") / used)).alias("emission"),
    )  # fmt: skip
    return conform("default_cost", made)
