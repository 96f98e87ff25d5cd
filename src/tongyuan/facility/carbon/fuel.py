"""Fuel of a month: amount, heat, carbon and oxidation of every row, each with where it comes from, and CO2.

Measured before default: carbon of the row, then of its samples, then carbon per heat given, then the default
of the guide's fuel set.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from tongyuan.facility.carbon.basis import conservative, content_as_received, heat_as_received
from tongyuan.reference import units
from tongyuan.reference.energy.fuels import get
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.method.equation import guide_combustion_co2, guide_combustion_co2_measured_carbon
from tongyuan.reference.shelf import shelf

WITHOUT_OXIDATION = "co_fired"
"""Guides whose oxidation factor serves co-fired power units only."""
CO_FIRED = "own_power"
MEASURED, BY_HEAT, BY_DEFAULT = "measured_carbon", "tested_heat", "guide_default"
_KEY = ["facility", "month", "installation", "product"]


@cache
def _default(product: str, fuel_set: str) -> tuple[float | None, float | None, float | None, str]:
    """Return heating value [GJ/t or GJ/10^4 m3], carbon [tC/GJ], oxidation and id of a fuel or its parent."""
    for name in lineage("product", product):
        try:
            fuel = get(name, fuel_set)
        except KeyError:
            continue
        content = None if fuel.carbon_content is None else fuel.carbon_content / 1000
        return fuel.ncv, content, fuel.oxidation, f"fuel-set-{fuel_set}:{name}"
    return None, None, None, ""


@cache
def _biogenic() -> frozenset[str]:
    names = shelf("product")["product"]
    found = {"biomass", "municipal_waste_biogenic"}
    return frozenset(name for name in names if found & set(lineage("product", name)))


def scaled(frame: pl.DataFrame, *, energy: bool = False) -> pl.DataFrame:
    """Bring amounts to t or 10^4 m3, with `energy` to GJ too (``amount``, ``per``).

    `per` is empty where the unit measures none of these.
    """
    pairs = {}
    for text in frame["unit"].drop_nulls().unique():
        factor, unit = units.canonical(text) if units.known(text) else (0.0, "")
        known = {"t": (factor, "t"), "m3": (factor / 1e4, "10^4 m3")}
        known |= {"TJ": (factor * 1000, "GJ")} if energy else {}
        pairs[text] = known.get(unit, (0.0, ""))
    table = pl.DataFrame(
        [(text, scale, per) for text, (scale, per) in pairs.items()],
        schema={"unit": pl.String, "scale": pl.Float64, "per": pl.String},
        orient="row",
    )
    joined = frame.join(table, on="unit", how="left", maintain_order="left")
    return joined.with_columns((pl.col("value") * pl.col("scale")).alias("amount")).drop("scale")


def sampled(samples: pl.DataFrame, *, unverified: bool = False) -> pl.DataFrame:
    """Return the months of samples: carbon and heat as received, weighted by the mass each stands for.

    A sample belongs to the month in which what it stands for ends. Several samples of which one lacks its
    mass weigh alike and say so (`plain_mean`).

    Parameters
    ----------
    samples
        Table ``fuel_sample``.
    unverified
        Whether the conversion of air-dry heat, which was not read in print, acts.

    Returns
    -------
    DataFrame
        ``facility, month, installation, product, state``, ``sample_carbon`` [%], ``sample_ncv`` [GJ/t],
        ``samples``, ``plain_mean``.
    """
    number = {c: samples[c].to_numpy() for c in ("carbon", "moisture_ar", "moisture_ad", "ash", "heat_net")}
    basis = samples["basis"].fill_null("ad").to_numpy()
    total, own = number["moisture_ar"], number["moisture_ad"]
    carbon = content_as_received(number["carbon"], basis, total, own, number["ash"])
    air_dry = heat_as_received(number["heat_net"], total, own) if unverified else np.full(len(basis), np.nan)
    of_heat = samples["heat_basis"].fill_null("ar").to_numpy()
    heat = np.select([of_heat == "ar", of_heat == "ad"], [number["heat_net"], air_dry], np.nan) / 1000
    known = samples.select(
        "facility",
        pl.col("covers_to").dt.strftime("%Y-%m").alias("month"),
        pl.col("installation").fill_null(""),
        "product",
        pl.col("state").fill_null("fired"),
        "mass",
    ).with_columns(
        pl.Series("carbon", carbon, dtype=pl.Float64).fill_nan(None),
        pl.Series("heat", heat, dtype=pl.Float64).fill_nan(None),
    )
    keys = ["facility", "month", "installation", "product", "state"]
    weight = pl.when(pl.col("mass").is_null().any().over(keys)).then(1.0).otherwise("mass").alias("weight")
    made = known.with_columns(weight)

    def mean(name: str) -> pl.Expr:
        present = pl.col(name).is_not_null()
        total = pl.col("weight").filter(present).sum()
        return pl.when(total > 0).then((pl.col(name) * pl.col("weight")).filter(present).sum() / total)

    return made.group_by(keys, maintain_order=True).agg(
        mean("carbon").alias("sample_carbon"),
        mean("heat").alias("sample_ncv"),
        pl.len().alias("samples"),
        (pl.col("mass").is_null().any() & (pl.len() > 1)).alias("plain_mean"),
    )


def metered(frame: pl.DataFrame, meters: pl.DataFrame, *, output: bool = False) -> pl.DataFrame:
    """Return amounts of meters that were not calibrated for their month brought to their conservative value.

    Column ``metered`` says ``late`` or ``never`` where that happened. A calibration counts for the month when
    it was made by its end and is valid at its beginning; without an end it is valid for twelve months.
    """
    wanted = meters.select(
        "facility", "meter", "required_precision", "calibrated_on", "valid_to", "measured_error"
    )
    found = frame.join(wanted, on=["facility", "meter"], how="left", maintain_order="left", nulls_equal=False)
    first = (pl.col("month") + "-01").str.to_date()
    until = pl.coalesce("valid_to", pl.col("calibrated_on").dt.offset_by("12mo"))
    need = pl.col("required_precision").is_not_null()
    late = need & (pl.col("calibrated_on") > first.dt.month_end()) & pl.col("measured_error").is_not_null()
    never = (
        need
        & ~late
        & (
            pl.col("calibrated_on").is_null()
            | (pl.col("calibrated_on") > first.dt.month_end())
            | (until < first)
        )
    )
    told = (
        pl.when(late.fill_null(False)).then(pl.lit("late")).when(never.fill_null(False)).then(pl.lit("never"))
    )
    found = found.with_columns(told.alias("metered"))
    error = np.where(found["metered"] == "late", found["measured_error"].to_numpy(), np.nan)
    changed = conservative(
        found["amount"].to_numpy(), found["required_precision"].to_numpy(), error, output=output
    )
    kept = (
        pl.when(pl.col("metered").is_not_null())
        .then(pl.Series(changed, dtype=pl.Float64))
        .otherwise("amount")
    )
    return found.with_columns(kept.alias("amount")).drop(wanted.columns[2:])


def fuel_lines(
    fuel: pl.DataFrame, samples: pl.DataFrame, meters: pl.DataFrame, *, unverified: bool = False
) -> pl.DataFrame:
    """Return every row of fuel with the figures that account it.

    Parameters
    ----------
    fuel
        Table ``fuel_use`` with the columns of :func:`tongyuan.facility.carbon.guide.guided` and
        ``installation_kind``.
    samples, meters
        Tables ``fuel_sample`` and ``meter``.
    unverified
        Whether what was not read in print acts.

    Returns
    -------
    DataFrame
        The rows with ``amount, per`` (t or 10^4 m3), ``metered``, ``ncv_used`` [GJ/per], ``carbon_used``
        [tC/per], ``cc_used`` [tC/GJ], ``oxidation_used`` [fraction], ``method``, ``factor_id``,
        ``emission`` [t CO2], ``biogenic`` [t CO2], ``counted`` and ``problem`` (``unit``, ``guide``,
        ``no_default``, ``carbon_missing``, ``moisture`` or empty).
    """
    rows = metered(scaled(fuel), meters)
    months = sampled(samples, unverified=unverified)
    own = months.filter(pl.col("installation") != "")
    whole = months.filter(pl.col("installation") == "").drop("installation")
    rows = rows.join(own, on=[*_KEY, "state"], how="left", maintain_order="left")
    rows = rows.join(
        whole,
        on=["facility", "month", "product", "state"],
        how="left",
        maintain_order="left",
        suffix="_whole",
    )
    rows = rows.with_columns(
        pl.coalesce(name, f"{name}_whole").alias(name) for name in ("sample_carbon", "sample_ncv", "samples")
    )
    pairs = rows.select("product", "fuel_set").unique()
    defaults = pl.DataFrame(
        [(p, s, *(_default(p, s) if s else (None, None, None, ""))) for p, s in pairs.iter_rows()],
        schema={
            "product": pl.String, "fuel_set": pl.String, "ncv_default": pl.Float64,
            "cc_default": pl.Float64, "oxidation_default": pl.Float64, "default_id": pl.String,
        },
        orient="row",
    )  # fmt: skip
    rows = rows.join(
        defaults, on=["product", "fuel_set"], how="left", maintain_order="left", nulls_equal=True
    )
    return _counted(_accounted(_resolved(rows, unverified), unverified))


def _resolved(rows: pl.DataFrame, unverified: bool) -> pl.DataFrame:
    """Choose heat, carbon and oxidation of each row."""
    total, own, ash = (rows[c].to_numpy() for c in ("moisture_ar", "moisture_ad", "ash"))
    tested = content_as_received(
        rows["carbon"].to_numpy(), rows["carbon_basis"].fill_null("ar").to_numpy(), total, own, ash
    )
    heat = rows["ncv"].to_numpy()
    basis = rows["ncv_basis"].fill_null("ar").to_numpy()
    air_dry = heat_as_received(heat * 1000, total, own) / 1000 if unverified else np.full(len(basis), np.nan)
    given = np.select([basis == "ar", basis == "ad"], [heat, air_dry], np.nan)
    rows = rows.with_columns(
        pl.Series("carbon_given", tested, dtype=pl.Float64).fill_nan(None),
        pl.Series("ncv_given", given, dtype=pl.Float64).fill_nan(None),
    )
    by_test = pl.col("carbon_source").fill_null("tested") == "tested"
    solid = pl.col("per") == "t"
    carbon = pl.when(by_test & solid).then(pl.coalesce("carbon_given", "sample_carbon")) / 100
    heat_tested = pl.col("ncv_source").fill_null("tested") == "tested"
    ncv = pl.coalesce(pl.when(heat_tested).then(pl.coalesce("ncv_given", "sample_ncv")), "ncv_default")
    high = pl.col("missing_carbon").cast(pl.Float64, strict=False) / 1000
    high = pl.when(pl.col("product").is_in(_coals()) & pl.lit(unverified)).then(high)
    content = pl.coalesce(pl.col("carbon_per_heat") / 1000, high, "cc_default")
    rated = (pl.col("oxidation_of") == WITHOUT_OXIDATION) & (pl.col("installation_kind") != CO_FIRED)
    oxidation = (
        pl.when(rated).then(1.0).otherwise(pl.coalesce(pl.col("oxidation") / 100, "oxidation_default"))
    )
    return rows.with_columns(
        carbon.alias("carbon_used"),
        ncv.alias("ncv_used"),
        content.alias("cc_used"),
        oxidation.alias("oxidation_used"),
        (heat_tested & pl.coalesce("ncv_given", "sample_ncv").is_not_null()).alias("heat_tested"),
        (pl.col("carbon").is_not_null() & pl.col("carbon_given").is_null()).alias("moisture_missing"),
        (pl.col("ncv").is_not_null() & pl.col("ncv_given").is_null()).alias("heat_unread"),
    )


def _accounted(rows: pl.DataFrame, unverified: bool) -> pl.DataFrame:
    """Apply the equation of the guide to each row."""
    measured = pl.col("carbon_used").is_not_null()
    high = pl.col("missing_carbon").cast(pl.Float64, strict=False)
    coal = pl.col("product").is_in(_coals())
    needs_test = coal & ~measured & pl.col("carbon_per_heat").is_null() & high.is_not_null()
    needs_test = needs_test & ~pl.lit(unverified)
    without_heat = pl.col("ncv_used").is_null() | pl.col("cc_used").is_null()
    problem = (
        pl.when(pl.col("per").fill_null("") == "").then(pl.lit("unit"))
        .when(pl.col("guide").fill_null("") == "").then(pl.lit("guide"))
        .when(pl.col("moisture_missing")).then(pl.lit("moisture"))
        .when(pl.col("heat_unread") & ~measured).then(pl.lit("heat_basis"))
        .when(needs_test).then(pl.lit("carbon_missing"))
        .when(~measured & without_heat).then(pl.lit("no_default"))
        .when(pl.col("oxidation_used").is_null()).then(pl.lit("no_default"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    method = (
        pl.when(measured).then(pl.lit(MEASURED))
        .when(pl.col("heat_tested")).then(pl.lit(BY_HEAT))
        .otherwise(pl.lit(BY_DEFAULT))
    )  # fmt: skip
    rows = rows.with_columns(problem.alias("problem"), method.alias("method"))
    column = {
        c: rows[c].to_numpy() for c in ("amount", "carbon_used", "ncv_used", "cc_used", "oxidation_used")
    }
    measured_co2 = guide_combustion_co2_measured_carbon(
        column["amount"], column["carbon_used"], column["oxidation_used"]
    )
    by_heat = guide_combustion_co2(
        column["amount"], column["ncv_used"], column["cc_used"], column["oxidation_used"]
    )
    co2 = np.where((rows["method"] == MEASURED).to_numpy(), measured_co2, by_heat)
    given_out = pl.when(pl.col("state") == "given_out").then(-1.0).otherwise(1.0)
    share = (
        pl.when(pl.col("product").is_in(_biogenic()))
        .then(1.0)
        .otherwise(pl.col("biomass_share").fill_null(0.0))
    )
    rows = rows.with_columns(pl.Series("co2", co2, dtype=pl.Float64).fill_nan(None))
    fine = pl.col("problem") == ""
    return rows.with_columns(
        pl.when(fine).then(pl.col("co2") * (1 - share) * given_out).alias("emission"),
        pl.when(fine).then(pl.col("co2") * share * given_out).alias("biogenic"),
        pl.when(pl.col("carbon_used").is_null()).then("default_id").otherwise(pl.lit("")).alias("factor_id"),
    ).drop("co2")


@cache
def _coals() -> tuple[str, ...]:
    """Return the coals whose carbon a power unit must test."""
    names = shelf("product")["product"]
    apart = {"coke", "semi_coke", "coking_product"}
    return tuple(n for n in names if "coal" in (line := lineage("product", n)) and not apart & set(line))


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    """Say which rows count: what is fired goes before what was received, what is left out does not count."""
    fired = (pl.col("state") == "fired").any().over(_KEY)
    kept = pl.col("excluded").fill_null("not_excluded") == "not_excluded"
    beside = (pl.col("state") == "received") & fired
    return rows.with_columns((kept & ~beside & (pl.col("problem") == "")).alias("counted"))


__all__ = ["BY_DEFAULT", "BY_HEAT", "CO_FIRED", "MEASURED", "fuel_lines", "metered", "sampled", "scaled"]
