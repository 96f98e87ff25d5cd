"""The figures behind every line that is no fuel's: what was used or made, and what a unit of it emits."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.facility.carbon.material import ALUMINIUM, CEMENT
from tongyuan.reference import gwp
from tongyuan.reference.method.parameter import parameter

KEYS = ("facility", "month", "installation")
SCHEMA = pl.Schema({
    "facility": pl.String(), "month": pl.String(), "installation": pl.String(), "kind": pl.String(),
    "form": pl.String(), "line": pl.String(), "item": pl.String(), "title": pl.String(),
    "value": pl.Float64(), "unit": pl.String(), "quantity": pl.String(), "origin": pl.String(),
    "guide": pl.String(), "formula": pl.String(),
})  # fmt: skip
FORMULA = {
    "material": "F = A × G",
    "left": "F = −A × G",
    "clinker": "F = A × G",
    "anode": "F = A × K × (1 − S − Z) × 44/12",
    "effect": "F = A × G ÷ 1000",
    "power": "F = M × G",
}
"""How a line follows from those above it; letters are those of the lines."""


def figures(
    materials: pl.DataFrame, clinker: pl.DataFrame, cells: pl.DataFrame, trade: pl.DataFrame
) -> pl.DataFrame:
    """Return the inputs and the emission of materials, clinker, cells and power, one row for each line.

    Parameters
    ----------
    materials, clinker, cells, trade
        Rows of :func:`~tongyuan.facility.carbon.material.material_lines`, ``clinker_lines``, ``cell_lines``
        and :func:`~tongyuan.facility.carbon.trade.trade_lines`.

    Returns
    -------
    DataFrame
        :data:`SCHEMA`, in the order of each form; `formula` stands with the line it yields.
    """
    out = pl.col("emission") < 0
    flows = materials.filter("counted").with_columns(
        pl.concat_str("material", "direction", separator=" ").alias("item"),
        pl.when(out).then(pl.lit(FORMULA["left"])).otherwise(pl.lit(FORMULA["material"])).alias("says"),
    )
    made = clinker.with_columns(pl.col("product").alias("item"), pl.lit(FORMULA["clinker"]).alias("says"))
    anode = cells.filter(pl.col("species") == "CO2").with_columns(
        pl.lit("anode").alias("item"), pl.lit(FORMULA["anode"]).alias("says"),
        *(pl.col(f"anode_{n}").fill_null(parameter("aluminium", f"anode_{n}", edition=ALUMINIUM).value)
          for n in ("sulphur", "ash")),
    )  # fmt: skip
    effect = cells.filter(pl.col("species") != "CO2").with_columns(
        pl.col("species").alias("item"), pl.lit(FORMULA["effect"]).alias("says")
    )
    bought = trade.filter("counted").with_columns(
        pl.concat_str("trade_kind", "document", separator=" ", ignore_nulls=True).alias("item"),
        pl.lit("whole").alias("installation"),
        pl.lit(FORMULA["power"]).alias("says"),
        (pl.col("emission") / pl.col("factor_used")).alias("amount"),
    )
    a, f = ("A", "amount", "t", "amount"), ("F", "emission", "t", "emission")
    g = ("G", "factor", "t/t", "carbon")
    parts = [
        *_lines(flows, "material", {"value": a, "factor_used": g, "emission": f}),
        *_lines(made, "product", {"amount": a, "factor_used": g, "emission": f}),
        *_lines(
            anode,
            "product",
            {
                "liquid": a, "factor_used": ("K", "anode_net", "t/t", "carbon_per_heat"),
                "anode_sulphur": ("S", "anode_sulphur", "", "carbon"),
                "anode_ash": ("Z", "anode_ash", "", "carbon"), "emission": f,
            },
        ),
        *_lines(
            effect, "product", {"liquid": a, "factor_used": ("G", "factor", "kg/t", "carbon"), "emission": f}
        ),
        *_lines(
            bought,
            "power",
            {
                "amount": ("M", "electricity", "MWh", "electricity"),
                "factor_used": ("G", "factor", "t/MWh", "carbon"), "emission": f,
            },
        ),
    ]  # fmt: skip
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts])


def _lines(
    rows: pl.DataFrame, form: str, columns: Mapping[str, tuple[str, str, str, str]]
) -> list[pl.DataFrame]:
    parts = []
    for column, (line, title, unit, quantity) in columns.items():
        given = {"A": pl.lit("measured"), "M": pl.lit("measured"), "F": pl.lit("computed")}
        parts.append(
            rows.select(
                *KEYS, "kind", pl.lit(form).alias("form"), pl.lit(line).alias("line"), "item",
                pl.lit(title).alias("title"), pl.col(column).cast(pl.Float64).alias("value"),
                pl.lit(unit).alias("unit"), pl.lit(quantity).alias("quantity"),
                given.get(line, pl.col("method")).alias("origin"), "guide",
                (pl.col("says") if line == "F" else pl.lit("")).alias("formula"),
            ).cast(SCHEMA)
        )  # fmt: skip
    return parts


def slag(materials: pl.DataFrame, clinker: pl.DataFrame) -> pl.DataFrame:
    """Return by kiln line and month what the table of allocation asks of carbide slag.

    ``rate = slag · k / (clinker · EF)``: a share of the carbon of the raw meal, not of its mass.

    Returns
    -------
    DataFrame
        ``facility, installation, month, slag`` [t], ``k, factor`` [t/t], ``clinker`` [t].

    References
    ----------
    Allocation plan 2026 of steel, cement and aluminium (consultation of 2026-07-27), table of cement.
    """
    k = parameter("cement", "substitute", edition=CEMENT, item="carbide_slag").value
    at = ["facility", "installation", "month"]
    used = materials.filter(pl.col("material") == "carbide_slag").group_by(at).agg(
        pl.col("value").sum().alias("slag")
    )  # fmt: skip
    made = clinker.group_by(at).agg(
        pl.col("amount").sum().alias("clinker"), pl.col("factor_used").first().alias("factor")
    )
    return made.join(used, on=at, how="left").with_columns(pl.lit(k).alias("k"))


def effect_weight() -> dict[str, float]:
    """Return the warming potentials of the anode-effect gases in the aluminium guide (those of AR5)."""
    return {gas: gwp.value(gas, "AR5") for gas in ("CF4", "C2F6")}
