"""Relations that several checks stand on: a unit and a works by month, tests of one instrument, a
year's allowances."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy import stats

from tongyuan.facility.check.hours import HOURS
from tongyuan.facility.check.recompute import RECOMPUTED
from tongyuan.facility.check.units import UNITS

Get = Callable[[str], pl.DataFrame]
UNIT = ["facility", "installation", "month"]
PRODUCTS = {
    "clinker_t": ("clinker",),
    "iron_t": ("pig_iron",),
    "steel_t": ("crude_steel",),
    "sinter_t": ("sinter",),
    "aluminium_t": ("aluminium",),
}
LOW_GRADE = ("gangue", "coal_slime")


def unit_month(get: Get) -> pl.DataFrame:
    """Return a row per installation and month: fuels by family, products, hours, emission, what the
    device took."""
    fuel = get("fuel_use").filter(pl.col("state").is_in(["fired", "received"]))
    of = pl.col("family")
    coal = of == "coal"
    fired = fuel.group_by(UNIT).agg(
        pl.len().alias("fuels"),
        pl.col("gj").sum().alias("fuel_gj"),
        pl.col("gj").filter(coal).sum().alias("coal_gj"),
        pl.col("t").filter(coal).sum().alias("coal_t"),
        pl.col("t").sum().alias("fuel_t"),
        pl.col("e4m3").sum().alias("gas_e4m3"),
        pl.col("gj").filter(of == "gas").sum().alias("gas_gj"),
        pl.col("gj").filter(of == "biomass").sum().alias("biomass_gj"),
        pl.col("gj").filter(pl.col("own_secondary").fill_null(False)).sum().alias("secondary_gj"),
        pl.col("gj").filter(pl.col("product").is_in(LOW_GRADE)).sum().alias("low_grade_gj"),
        pl.col("gj").filter(of.is_in(["oil", "gas"])).sum().alias("ignition_gj"),
        ((pl.col("sulphur") * pl.col("t")).filter(coal).sum() / 100).alias("sulphur_t"),
        ((pl.col("ash") * pl.col("t")).filter(coal).sum() / 100).alias("ash_t"),
        ((pl.col("carbon_ar") * pl.col("t")).filter(coal).sum() / 100).alias("carbon_t"),
        pl.col("sulphur").filter(coal).is_null().any().alias("sulphur_unknown"),
        (pl.col("carbon_source") == "default_value").sum().alias("defaults"),
    )
    made = (
        get("output")
        .group_by(UNIT)
        .agg(
            pl.len().alias("outputs"),
            pl.col("mwh").filter(pl.col("product") == "electricity").sum().alias("power_mwh"),
            (pl.col("net") / pl.col("value") * pl.col("mwh"))
            .filter(pl.col("product") == "electricity")
            .sum()
            .alias("net_mwh"),
            pl.col("gj").filter(pl.col("product") == "heat").sum().alias("heat_gj"),
            *(
                pl.col("t").filter(pl.col("product").is_in(names)).sum().alias(k)
                for k, names in PRODUCTS.items()
            ),
            pl.col("hours").max().alias("hours"),
            pl.col("load").max().alias("load"),
            pl.col("heat_ratio").max().alias("heat_ratio"),
        )
    )
    emission = get("facility_emission").filter(pl.col("counted").fill_null(True))
    species = pl.col("species")
    out = emission.group_by(UNIT).agg(
        pl.col("value")
        .filter((species == "CO2") & (pl.col("scope").fill_null("direct") == "direct"))
        .sum()
        .alias("co2_t"),
        pl.col("value")
        .filter((species == "CO2") & (pl.col("origin") == "process"))
        .sum()
        .alias("process_co2_t"),
        pl.col("value").filter(species == "SO2").sum().alias("so2_t"),
        pl.col("value").filter(species == "NOx").sum().alias("nox_t"),
        pl.col("value").filter(species.is_in(["PM", "TSP"])).sum().alias("pm_t"),
    )
    run = get("device_run").join(
        get("device").select("facility", "device", "installation", "control"),
        on=["facility", "device"],
        how="left",
    )
    reagent, product = pl.col("reagent"), pl.col("by_product")
    device = run.group_by(UNIT).agg(
        pl.col("reagent_use").filter(reagent == "limestone").sum().alias("limestone_t"),
        pl.col("reagent_use")
        .filter(reagent.is_in(["ammonia", "urea", "ammonia_water"]))
        .sum()
        .alias("ammonia_t"),
        pl.col("by_product_made").filter(product == "gypsum").sum().alias("gypsum_t"),
        pl.col("power").sum().alias("device_kwh"),
        (pl.col("inlet") * pl.col("gas_volume"))
        .filter(pl.col("control") == "wet_fgd")
        .sum()
        .alias("raw_so2"),
        pl.col("gas_volume").max().alias("gas_volume"),
        pl.col("hours").min().alias("device_hours"),
        pl.len().alias("devices"),
    )
    material = (
        get("material_use")
        .group_by(UNIT)
        .agg(
            pl.col("value")
            .filter((pl.col("material") == "steel_scrap") | (pl.col("material") == "scrap"))
            .sum()
            .alias("scrap_t"),
            pl.col("value").filter(pl.col("material") == "limestone").sum().alias("flux_t"),
            pl.col("value").filter(pl.col("material").is_in(["raw_meal", "生料"])).sum().alias("raw_meal_t"),
            (pl.col("value") * pl.col("factor"))
            .filter(pl.col("material").is_in(["carbide_slag", "电石渣"]))
            .sum()
            .alias("slag_co2_t"),
        )
    )
    keys = pl.concat([fired.select(UNIT), made.select(UNIT)]).unique(maintain_order=True)
    frame = keys
    for part in (fired, made, out, device, material):
        frame = frame.join(part, on=UNIT, how="left")
    about = get("installation").select(
        "facility",
        "installation",
        "kind",
        "capacity",
        "rated",
        "fuel_class",
        "begin",
        "end",
        "chp",
        "line_capacity",
    )
    first = (pl.col("month") + "-01").str.to_date(strict=False)
    return (
        frame.join(about, on=UNIT[:2], how="left")
        .sort(UNIT)
        .with_columns(
            pl.col("installation").alias("subject"),
            pl.col("month").alias("period"),
            first.alias("first_day"),
            first.dt.month_end().alias("last_day"),
            first.dt.month_end().dt.day().cast(pl.Float64).alias("days"),
            first.dt.year().cast(pl.Int64).alias("year"),
        )
    )


def works_month(get: Get) -> pl.DataFrame:
    """Return a row per facility and month: what its units used, made and emitted, its starts and its
    water."""
    units = get("unit_month")
    sums = (
        "fuel_gj",
        "coal_t",
        "power_mwh",
        "heat_gj",
        "clinker_t",
        "iron_t",
        "steel_t",
        "sinter_t",
        "aluminium_t",
        "co2_t",
        "so2_t",
        "nox_t",
        "scrap_t",
        "sulphur_t",
        "ash_t",
        "gypsum_t",
        "limestone_t",
        "ammonia_t",
        "ignition_gj",
        "biomass_gj",
        "fuel_t",
        "device_hours",
        "flux_t",
    )
    frame = units.group_by(["facility", "month"]).agg(
        *(pl.col(k).sum() for k in sums), pl.len().alias("units")
    )
    fuel = get("fuel_use")
    furnace = get("installation").filter(pl.col("kind") == "blast_furnace").select("facility", "installation")
    fuel = fuel.filter(pl.col("state").is_in(["fired", "received"])).join(furnace, on=UNIT[:2], how="semi")
    coke = (
        fuel.filter(pl.col("family") == "coke")
        .group_by(["facility", "month"])
        .agg(pl.col("t").sum().alias("coke_t"))
    )
    mark = get("mark").with_columns(pl.col("time_from").dt.strftime("%Y-%m").alias("month"))
    starts = (
        mark.filter(pl.col("mark").is_in(["启动", "start", "启炉"]))
        .group_by(["facility", "month"])
        .agg(pl.len().alias("starts"))
    )
    water = get("water_use").select("facility", "month", "intake", "discharged")
    trade = (
        get("energy_trade")
        .group_by(["facility", "month"])
        .agg(
            pl.col("gj").filter(pl.col("kind") == "heat_sell").sum().alias("heat_sold_gj"),
            pl.col("mwh").filter(pl.col("kind") == "power_sell").sum().alias("power_sold_mwh"),
        )
    )
    waste = (
        get("waste_transfer")
        .group_by(["facility", "month"])
        .agg(
            pl.col("generated").filter(pl.col("waste").str.contains("灰|渣|ash")).sum().alias("ash_out_t"),
            pl.len().alias("wastes"),
        )
    )
    stack = (
        get("outlet_month")
        .group_by(["facility", "month"])
        .agg(
            pl.col("mass").filter(pl.col("species") == "SO2").sum().alias("so2_stack_t"),
            pl.col("mass").filter(pl.col("species") == "NOx").sum().alias("nox_stack_t"),
            pl.col("mass").filter(pl.col("species") == "CO2").sum().alias("co2_stack_t"),
            pl.col("hours_run").max().alias("stack_hours"),
        )
    )
    tax = (
        get("tax_account")
        .group_by(["facility", "month"])
        .agg(
            (pl.col("emission").filter(pl.col("species") == "SO2").sum() / 1000).alias("so2_tax_t"),
            (pl.col("emission").filter(pl.col("species") == "NOx").sum() / 1000).alias("nox_tax_t"),
            pl.len().alias("tax_lines"),
        )
    )
    plan = (
        get("monitoring_plan")
        .group_by("facility")
        .agg(pl.col("valid_from").min().alias("plan_from"), pl.len().alias("plan_lines"))
    )
    for part in (coke, starts, water, trade, waste, stack, tax):
        frame = frame.join(part, on=["facility", "month"], how="left")
    who = get("facility").select("facility", "kind", "ets_sector", "permit_class", "region")
    number = pl.col("month").str.slice(0, 4).cast(pl.Int64, strict=False) * 12 + pl.col("month").str.slice(
        5, 2
    ).cast(pl.Int64, strict=False)
    return (
        frame.join(who, on="facility", how="left")
        .join(plan, on="facility", how="left")
        .sort("facility", "month")
        .with_columns(
            pl.lit("works").alias("subject"),
            pl.col("month").alias("period"),
            number.alias("number"),
            pl.col("month").str.slice(0, 4).cast(pl.Int64, strict=False).alias("year"),
        )
    )


def reference_set(get: Get) -> pl.DataFrame:
    """Return a row per set of runs: pairs, means, relative accuracy from unrounded means (HJ 75 form of t).

    ``RA = (|mean d| + t(0.975, n − 1) · s / √n) / mean reference``; runs marked as not used are left out.
    """
    runs = get("reference_test").filter(pl.col("used").fill_null(True))
    gap = pl.col("reference") - pl.col("measured")
    keys = ["facility", "outlet", "parameter", "kind", "level", "day"]
    sets = (
        runs.with_columns(pl.col("time").dt.date().alias("day"))
        .group_by(keys, maintain_order=True)
        .agg(
            pl.len().alias("pairs"),
            pl.col("reference").mean().alias("mean_reference"),
            pl.col("measured").mean().alias("mean_measured"),
            gap.mean().alias("mean_gap"),
            gap.std().alias("spread"),
            pl.col("load").min().alias("load"),
            pl.col("gas_valid_to").min().alias("gas_valid_to"),
            pl.col("unit").first().alias("unit"),
            pl.col("reference").hash().sum().alias("print"),
        )
    )
    n = sets["pairs"].to_numpy()
    t = np.where(n > 1, stats.t.ppf(0.975, np.maximum(n - 1, 1)), np.nan)
    confidence = pl.Series("t", t) * sets["spread"] / pl.Series("n", np.sqrt(np.maximum(n, 1).astype(float)))
    span = get("monitor").group_by(["facility", "outlet", "parameter"]).agg(pl.col("span").max())
    return sets.with_columns(
        ((sets["mean_gap"].abs() + confidence) / sets["mean_reference"].abs() * 100).alias("accuracy"),
        (sets["mean_gap"].abs() / sets["mean_reference"].abs() * 100).alias("relative_error"),
        pl.col("parameter").alias("subject"),
        pl.col("day").dt.strftime("%Y-%m").alias("period"),
        pl.len().over(["facility", "print"]).alias("same_readings"),
    ).join(span, on=["facility", "outlet", "parameter"], how="left")


def allowance_year(get: Get) -> pl.DataFrame:
    """Return a row per facility and compliance year: what was allocated, traded, surrendered, and by
    which vintage."""
    a = get("allowance")
    amount, kind = pl.col("value"), pl.col("kind")
    emission = get("works_month").group_by(["facility", "year"]).agg(pl.col("co2_t").sum())
    out = a.group_by(["facility", "year"]).agg(
        *(
            amount.filter(kind == k).sum().alias(k)
            for k in (
                "pre_allocation",
                "allocation",
                "purchase",
                "sale",
                "ccer_purchase",
                "ccer_surrender",
                "surrender",
                "carry_over",
                "deduction",
                "borrowing",
            )
        ),
        pl.col("day").filter(kind.is_in(["surrender", "ccer_surrender"])).max().alias("surrendered_on"),
        amount.filter((kind == "surrender") & (pl.col("vintage") <= 2024)).sum().alias("old_surrender"),
        (amount.filter(kind == "allocation") % 1).max().alias("fraction"),
    )
    verified = (
        get("verification")
        .group_by(["facility", "year"])
        .agg(
            pl.col("verified")
            .filter(pl.col("parameter").is_in(["emission", "排放量", "CO2"]))
            .sum()
            .alias("verified")
        )
    )
    last = out.select(
        "facility", (pl.col("year") + 1).alias("year"), pl.col("allocation").alias("last_allocation")
    )
    return (
        out.join(emission, on=["facility", "year"], how="left")
        .join(verified, on=["facility", "year"], how="left")
        .join(last, on=["facility", "year"], how="left")
        .with_columns(
            pl.lit("allowance").alias("subject"),
            pl.col("year").cast(pl.String).alias("period"),
            pl.date(pl.col("year") + 1, 12, 31).alias("due"),
        )
    )


def outlet_limit_hour(get: Get) -> pl.DataFrame:
    """Return, by outlet, parameter and month, how many judged hours there were and how many lay over
    the limit."""
    limit = (
        get("permit_limit")
        .filter(pl.col("period") == "hour")
        .group_by(["facility", "outlet", "code"])
        .agg(pl.col("value").min().alias("limit_value"))
    )
    r = get("reading").filter(
        (pl.col("flag") == "N") & (pl.col("condition").fill_null("normal_run") == "normal_run")
    )
    r = r.join(limit, left_on=["facility", "outlet", "parameter"], right_on=["facility", "outlet", "code"])
    shown = pl.coalesce("converted", "value")
    return r.group_by(
        "facility", "outlet", "parameter", pl.col("hour").dt.strftime("%Y-%m").alias("month")
    ).agg(
        pl.col("limit_value").first(),
        shown.is_not_null().sum().alias("judged"),
        (shown > pl.col("limit_value")).sum().alias("over"),
    )


RELATIONS: Mapping[str, Callable[[Get], pl.DataFrame]] = {
    "unit_month": unit_month,
    "works_month": works_month,
    "reference_set": reference_set,
    "allowance_year": allowance_year,
    "outlet_limit_hour": outlet_limit_hour,
    **RECOMPUTED,
    **HOURS,
    **UNITS,
}
