"""Carbon that is no fuel's: clinker, fluxes, electrodes, products that keep carbon, anodes, burnt waste."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from tongyuan.reference.factors.match import lineage
from tongyuan.reference.method.equation import (
    ets_anode_co2,
    ets_anode_effect,
    ets_clinker_co2,
    guide_incineration_co2,
)
from tongyuan.reference.method.parameter import ParameterError, parameter
from tongyuan.reference.method.stoichiometry import KG_PER_T
from tongyuan.reference.shelf import shelf

STEEL, CEMENT, ALUMINIUM, GENERAL = (
    "ets_steel_2025", "ets_cement_guide", "ets_aluminium_2024", "guide_24_industries",
)  # fmt: skip
FLUXES = ("limestone", "dolomite")
WASTE = {"municipal_waste": "municipal", "industrial_waste": "hazardous"}
SLOT = ("facility", "month", "installation")


@cache
def _factor(kind: str, material: str, direction: str) -> tuple[float | None, str]:
    """Return t CO2 per t of a material (positive) and the id of its record, for an enterprise of `kind`."""
    if kind == "cement" and material in set(shelf("clinker_substitute")["clinker_substitute"]):
        asked = ("cement", "substitute", CEMENT, material)
    elif material == "electrode":
        asked = ("steel", "electrode", STEEL if kind == "steel" else GENERAL, "")
    else:
        name = "flux" if material in FLUXES else "sequestered" if direction == "out" else "material"
        asked = ("steel", name, STEEL if kind == "steel" else GENERAL, material)
    try:
        found = parameter(asked[0], asked[1], edition=asked[2], item=asked[3])
    except ParameterError:
        return None, ""
    return found.value, found.id


def material_lines(materials: pl.DataFrame) -> pl.DataFrame:
    """Return every row of materials with its factor and CO2.

    Parameters
    ----------
    materials
        Table ``material_use`` with the column ``kind`` of its enterprise.

    Returns
    -------
    DataFrame
        The rows with ``factor_used`` [t CO2/t], ``factor_id``, ``method``, ``emission`` [t]
        (negative for what leaves with its carbon, and for raw materials of clinker that bring no
        carbonate), ``counted`` and ``problem`` (``factor`` where there is none).

    Notes
    -----
    Limestone of a power unit's desulphurisation is outside its guide: kept, not counted.
    """
    keys = materials.select("kind", "material", "direction").unique()
    table = pl.DataFrame(
        [(*key, *_factor(*key)) for key in keys.iter_rows()],
        schema={
            "kind": pl.String, "material": pl.String, "direction": pl.String,
            "factor_default": pl.Float64, "factor_id": pl.String,
        },
        orient="row",
    )  # fmt: skip
    rows = materials.join(
        table, on=["kind", "material", "direction"], how="left", maintain_order="left", nulls_equal=True
    )
    own = (pl.col("factor_source").fill_null("guide") == "tested") & pl.col("factor").is_not_null()
    substitute = (pl.col("kind") == "cement") & pl.col("factor_id").fill_null("").str.contains("substitute")
    sign = pl.when((pl.col("direction") == "out") | substitute).then(-1.0).otherwise(1.0)
    used = pl.when(own).then("factor").otherwise("factor_default")
    outside = pl.col("kind") == "power"
    return rows.with_columns(
        used.alias("factor_used"),
        pl.when(own).then(pl.lit("measured_carbon")).otherwise(pl.lit("guide_default")).alias("method"),
        (pl.col("value") * used * sign).alias("emission"),
        pl.when(own).then(pl.lit("")).otherwise("factor_id").alias("factor_id"),
        (~outside & used.is_not_null()).alias("counted"),
        pl.when(~outside & used.is_null()).then(pl.lit("factor")).otherwise(pl.lit("")).alias("problem"),
    ).drop("factor_default")


@cache
def _clinkers() -> tuple[str, ...]:
    return tuple(name for name in shelf("product")["product"] if "clinker" in lineage("product", name))


def clinker_lines(outputs: pl.DataFrame) -> pl.DataFrame:
    """Return the process CO2 of clinker, one row for each row of output that is clinker.

    Parameters
    ----------
    outputs
        Table ``output`` with ``amount`` [t] and ``clinker``, the kind that the line makes (Portland when
        it names none).
    """
    rows = outputs.filter(pl.col("product").is_in(_clinkers()))
    kinds = rows["clinker"].fill_null("").replace("", "portland").to_list()
    found = {kind: parameter("cement", "clinker", edition=CEMENT, item=kind) for kind in set(kinds)}
    factors = [found[kind].value for kind in kinds]
    values = [ets_clinker_co2(a, f) for a, f in zip(rows["amount"].to_list(), factors, strict=True)]
    return rows.with_columns(
        pl.Series("factor_used", factors, dtype=pl.Float64),
        pl.Series("factor_id", [found[kind].id for kind in kinds], dtype=pl.String),
        pl.Series("emission", values, dtype=pl.Float64),
    )


def cell_lines(series: pl.DataFrame) -> pl.DataFrame:
    """Return CO2 of anodes, CF4 and C2F6 of anode effects of cell series, one row a species.

    Parameters
    ----------
    series
        Table ``cell_series``.

    Returns
    -------
    DataFrame
        The rows three times with ``species``, ``emission`` [t of the species], ``factor_used``,
        ``factor_id`` and ``method``.
    """
    read = {
        name: parameter("aluminium", name, edition=ALUMINIUM)
        for name in ("anode_net", "anode_sulphur", "anode_ash")
    }
    liquid = series["liquid"].to_numpy()
    own = series["anode_net"].is_not_null()
    net = (series["anode_net"] / KG_PER_T).fill_null(read["anode_net"].value)
    sulphur = series["anode_sulphur"].fill_null(read["anode_sulphur"].value)
    ash = series["anode_ash"].fill_null(read["anode_ash"].value)
    co2 = ets_anode_co2(liquid * net.to_numpy(), sulphur.to_numpy(), ash.to_numpy())
    parts = [
        series.with_columns(
            pl.lit("CO2").alias("species"),
            pl.Series("emission", co2, dtype=pl.Float64),
            pl.Series("factor_used", net, dtype=pl.Float64),
            pl.Series("factor_id", np.where(own, "", read["anode_net"].id), dtype=pl.String),
            pl.Series("method", np.where(own, "measured_carbon", "guide_default"), dtype=pl.String),
        )
    ]
    for species in ("CF4", "C2F6"):
        default = parameter("aluminium", "effect", edition=ALUMINIUM, item=species)
        given = series[species.lower()]
        factor = given.fill_null(default.value)
        parts.append(
            series.with_columns(
                pl.lit(species).alias("species"),
                pl.Series("emission", ets_anode_effect(liquid, factor.to_numpy()), dtype=pl.Float64),
                factor.alias("factor_used"),
                pl.Series("factor_id", np.where(given.is_null(), default.id, ""), dtype=pl.String),
                pl.Series(
                    "method", np.where(given.is_null(), "guide_default", "measured_carbon"), dtype=pl.String
                ),
            )
        )
    return pl.concat(parts)


def waste_lines(fuel: pl.DataFrame) -> pl.DataFrame:
    """Return fossil and biogenic CO2 of waste that is burnt, for the rows of fuel that are waste.

    Parameters
    ----------
    fuel
        Rows of :func:`tongyuan.facility.carbon.fuel.fuel_lines`.

    Returns
    -------
    DataFrame
        All rows; for waste ``emission``, ``biogenic``, ``factor_id``, ``method`` and an empty ``problem``.
    """
    parts = [fuel.filter(~pl.col("product").is_in(list(WASTE)) | (pl.col("per").fill_null("") != "t"))]
    for product, item in WASTE.items():
        rows = fuel.filter((pl.col("product") == product) & (pl.col("per").fill_null("") == "t"))
        carbon, share, combustion = (
            parameter("incineration", name, edition=GENERAL, item=item)
            for name in ("carbon", "fossil_share", "combustion")
        )
        amount = rows["amount"].to_numpy()
        fossil, rest = (
            guide_incineration_co2(amount, carbon.value, s, combustion.value)
            for s in (share.value, 1 - share.value)
        )
        parts.append(
            rows.with_columns(
                pl.Series("emission", fossil, dtype=pl.Float64),
                pl.Series("biogenic", rest, dtype=pl.Float64),
                pl.lit(carbon.id).alias("factor_id"),
                pl.lit("guide_default").alias("method"),
                pl.lit("").alias("problem"),
                (pl.col("excluded").fill_null("not_excluded") == "not_excluded").alias("counted"),
            )
        )
    return pl.concat(parts)
