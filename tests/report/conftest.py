"""A made-up province for the report room: numbers without meaning, in the shape of the real tables."""

from __future__ import annotations

import math
import shutil

import numpy as np
import polars as pl
import pytest
from tests.report.allocation_tables import allocated
from tests.report.facility_tables import checked
from tests.report.facility_tables import works as facility_works
from tests.report.finance_tables import projects, public
from tests.report.impact_tables import air, benefit, receptor
from tests.report.zoning_tables import screened

from tongyuan.ledger.table import conform, empty

REGION = "370000"
SCOPE = {
    "plan_coverage": [
        {"species": "CO2", "value": 2e6, "unit": "t", "changeable": 0.9, "constant": 0.1, "outside": 0.0},
        {"species": "NH3", "value": 3e3, "unit": "t", "changeable": 0.0, "constant": 0.75, "outside": 0.25},
    ],
    "plan_plausible": [
        {"quantity": "coal_price", "subject": "coal", "year": 2021, "value": 30.0, "unit": "CNY/GJ",
         "lower": 20.0, "upper": 28.0, "verdict": "above", "sentence_zh": "煤价高。",
         "sentence_en": "Coal is dear."},
    ],
    "not_offered": [
        {"item": "hydrogen", "subject": "", "reason": "chain", "title_zh": "氢", "title_en": "hydrogen"},
    ],
}  # fmt: skip
FUELS = {
    "energy.power": ["raw_coal", "natural_gas", "blast_furnace_gas"],
    "energy.heat": ["raw_coal", "natural_gas"],
    "energy.own_use": ["refinery_gas", "raw_coal"],
    "industry.combustion.boiler": ["raw_coal", "natural_gas", "straw"],
    "industry.combustion.kiln": ["raw_coal", "fuel_oil", "petroleum_coke"],
    "industry.steel.sinter": ["coke"],
    "industry.cement.clinker": ["raw_coal"],
    "transport.road.car": ["gasoline"],
    "transport.road.heavy_truck": ["diesel"],
    "transport.road.bus": ["diesel", "natural_gas"],
    "transport.rail": ["diesel"],
    "transport.ship.coastal": ["fuel_oil"],
    "transport.nonroad.agriculture": ["diesel"],
    "building.residential.urban": ["natural_gas", "lpg"],
    "building.residential.rural": ["raw_coal", "briquette", "straw"],
    "building.commercial": ["raw_coal", "natural_gas"],
    "agriculture.combustion": ["diesel"],
    "construction.combustion": ["diesel"],
}
OTHER = {
    "energy.coal_mining.underground": ("fugitive", ["CH4_fossil", "TSP", "PM10"]),
    "energy.fuel_distribution": ("evaporation", ["NMVOC"]),
    "energy.coking": ("process", ["SO2", "NMVOC", "BaP", "PM2.5", "PM10", "TSP"]),
    "energy.refining": ("process", ["NMVOC", "SO2"]),
    "industry.steel.blast_furnace": ("process", ["PM2.5", "PM10", "TSP", "CO"]),
    "industry.steel.bof": ("process", ["CO2", "PM2.5", "CO", "PCDDF"]),
    "industry.steel.eaf": ("process", ["CO2", "PM2.5", "PCDDF", "Zn"]),
    "industry.cement.grinding": ("process", ["PM2.5", "PM10", "TSP"]),
    "industry.lime": ("process", ["CO2", "PM10", "TSP"]),
    "industry.glass.flat": ("process", ["CO2", "NOx"]),
    "industry.aluminium.electrolysis": ("process", ["CO2", "CF4", "C2F6", "SO2"]),
    "industry.ammonia": ("process", ["CO2", "NH3"]),
    "industry.nitric_acid": ("process", ["N2O", "NOx"]),
    "industry.pulp_paper": ("process", ["COD", "NH3-N", "TN", "TP", "SS", "BOD5"]),
    "industry.textile": ("process", ["COD", "NH3-N", "TN", "petroleum"]),
    "solvent.coating.vehicle": ("evaporation", ["NMVOC"]),
    "solvent.coating.building": ("evaporation", ["NMVOC"]),
    "solvent.printing": ("evaporation", ["NMVOC"]),
    "fgas.air_conditioning": ("fugitive", ["HFC-134a", "HCFC-22"]),
    "fgas.switchgear": ("fugitive", ["SF6"]),
    "transport.road.evaporation": ("evaporation", ["NMVOC"]),
    "transport.road.wear": ("fugitive", ["PM2.5", "PM10", "Zn"]),
    "construction.dust": ("fugitive", ["PM2.5", "PM10", "TSP"]),
    "dust.road": ("fugitive", ["PM2.5", "PM10", "TSP"]),
    "agriculture.enteric": ("agriculture", ["CH4_biogenic"]),
    "agriculture.manure": ("agriculture", ["CH4_biogenic", "N2O", "NH3"]),
    "agriculture.fertiliser": ("agriculture", ["NH3", "N2O"]),
    "agriculture.rice": ("agriculture", ["CH4_biogenic"]),
    "agriculture.residue_burning": ("agriculture", ["PM2.5", "BC", "OC", "CO", "NMVOC", "CO2_biogenic"]),
    "agriculture.runoff": ("agriculture", ["TN", "TP", "COD"]),
    "land.forest": ("land", ["CO2"]),
    "waste.landfill": ("waste", ["CH4_biogenic", "NMVOC"]),
    "waste.incineration": ("waste", ["CO2", "CO2_biogenic", "NOx", "PCDDF", "Hg", "fly_ash"]),
    "waste.wastewater.domestic": ("waste", ["CH4_biogenic", "N2O", "COD", "NH3-N", "TN", "TP", "sludge"]),
    "waste.wastewater.industrial": ("waste", ["CH4_biogenic", "COD", "NH3-N"]),
}
COMBUSTION = [
    "CO2",
    "CH4_fossil",
    "N2O",
    "SO2",
    "NOx",
    "CO",
    "NMVOC",
    "NH3",
    "TSP",
    "PM10",
    "PM2.5",
    "BC",
    "OC",
    "Hg",
]
SIZE = {
    "CO2": 4e7,
    "CO2_biogenic": 5e6,
    "CH4_fossil": 2e4,
    "CH4_biogenic": 9e4,
    "N2O": 9e3,
    "SO2": 4e4,
    "NOx": 6e4,
    "CO": 3e5,
    "NMVOC": 6e4,
    "NH3": 1e5,
    "TSP": 9e4,
    "PM10": 6e4,
    "PM2.5": 3e4,
    "BC": 3e3,
    "OC": 4e3,
    "Hg": 1.5,
    "Zn": 30.0,
    "PCDDF": 2e-4,
    "BaP": 2.0,
    "CF4": 300.0,
    "C2F6": 30.0,
    "HFC-134a": 2e3,
    "HCFC-22": 9e3,
    "SF6": 90.0,
    "COD": 3e5,
    "NH3-N": 2e4,
    "TN": 8e4,
    "TP": 9e3,
    "SS": 1e5,
    "BOD5": 9e4,
    "petroleum": 2e3,
    "fly_ash": 2e5,
    "sludge": 6e5,
    "energy": 1e6,
    "electricity": 3e5,
    "water_withdrawal": 2e9,
}
MEDIUM = {
    "ghg": ["CO2", "CO2_biogenic", "CH4_fossil", "CH4_biogenic", "N2O", "CF4", "C2F6", "HFC-134a", "SF6"],
    "ods": ["HCFC-22"],
    "water": ["COD", "NH3-N", "TN", "TP", "SS", "BOD5", "petroleum"],
    "solid": ["fly_ash", "sludge"],
    "resource": ["energy", "electricity", "water_withdrawal"],
}
GWP = {"CO2": 1.0, "CH4_fossil": 29.8, "CH4_biogenic": 27.0, "N2O": 273.0, "CF4": 7380.0, "SF6": 24300.0}
CONTROLS = {
    "wet_fgd": {"SO2": 9e5, "CO2": -6e5},
    "scr": {"NOx": 8e5, "CO2": -1.5e5, "NH3": -3e3},
    "esp": {"PM10": 4e6, "PM2.5": 1.1e6, "CO2": -2e5},
    "rto": {"NMVOC": 9e4, "CO2": -8e4},
    "wwtp_aao": {"COD": 7e5, "TN": 6e4, "CO2": -9e4, "N2O": -400.0},
}


def medium(species: str) -> str:
    return next((m for m, held in MEDIUM.items() if species in held), "air")


def unit(species: str) -> str:
    return {"energy": "TJ", "electricity": "TJ", "water_withdrawal": "m3"}.get(species, "t")


def province() -> dict[str, pl.DataFrame]:
    """Return all tables of a made-up province for 2014 and 2021."""
    draw = np.random.default_rng(7)
    rows = []

    def add(process: str, product: str, origin: str, species: str, scope: str = "direct") -> None:
        size = SIZE[species] * math.exp(draw.normal(0, 1.1))
        if process == "land.forest":
            size = -3e7
        for year, growth in (
            (2014, 1.0),
            (2021, math.exp(draw.normal(-0.25 if species != "CO2" else 0.1, 0.3))),
        ):
            rows.append(
                {
                    "region": REGION,
                    "year": year,
                    "process": process,
                    "product": product,
                    "technology": "",
                    "origin": origin,
                    "scope": scope,
                    "medium": medium(species),
                    "species": species,
                    "value": size * growth,
                    "unit": unit(species),
                    "method": "emission_factor",
                    "tier": "1",
                    "activity_id": f"a{len(rows)}",
                    "factor_id": [f"f{len(rows) % 400}"],
                    "control": "",
                }
            )

    for process, products in FUELS.items():
        for product in products:
            for species in COMBUSTION:
                name = "CO2_biogenic" if species == "CO2" and product == "straw" else species
                add(process, product, "combustion", name)
            add(process, product, "energy_use", "energy")
    for process, (origin, kinds) in OTHER.items():
        for species in kinds:
            add(process, "", origin, species)
    add("energy.power", "", "control", "CO2")
    add("industry.cement.clinker", "", "process", "CO2")
    add("industry.other", "electricity", "energy_use", "CO2", "indirect")
    add("industry.other", "electricity", "energy_use", "electricity")
    add("energy.power", "", "energy_use", "water_withdrawal")
    emission = conform("emission", pl.DataFrame(rows))
    return {"emission": emission} | _others(emission, draw)


def _others(emission: pl.DataFrame, draw: np.random.Generator) -> dict[str, pl.DataFrame]:
    direct = emission.filter(pl.col("scope") == "direct").with_columns(
        pl.col("process").str.split(".").list.first().alias("sector")
    )
    keys = ["region", "year", "sector", "species"]
    plain = direct.group_by(*keys, "unit").agg(pl.col("value").sum()).select(*keys, "value", "unit")
    carbon = (
        plain.filter(pl.col("species").is_in(list(GWP)))
        .with_columns(pl.col("value") * pl.col("species").replace_strict(GWP, return_dtype=pl.Float64))
        .group_by("region", "year", "sector", "unit")
        .agg(pl.col("value").sum())
        .with_columns(pl.lit("CO2e").alias("species"))
        .select(*keys, "value", "unit")
    )
    equivalents = [
        plain.filter(pl.col("species").is_in(kinds))
        .group_by("region", "year", "sector", "unit")
        .agg(pl.col("value").sum())
        .with_columns(pl.lit(name).alias("species"))
        .select(*keys, "value", "unit")
        for name, kinds in (("AP_equivalent", ["SO2", "NOx", "NH3"]), ("WP_equivalent", ["COD", "NH3-N"]))
    ]
    summary = pl.concat([plain, carbon, *equivalents]).sort("year", "sector", "species")
    totals = (
        summary.group_by("region", "year", "species", "unit")
        .agg(pl.col("value").sum())
        .sort("year", "species")
    )
    wide = {s: float(draw.uniform(0.04, 0.9)) for s in sorted(set(totals["species"]))} | {"BaP": 5.2}
    uncertainty = [
        {
            "region": r,
            "year": y,
            "group": "total",
            "species": s,
            "value": v,
            "unit": u,
            "lower": v * (1 - 0.6 * w / (1 + w)),
            "upper": v * (1 + w),
            "method": "monte_carlo",
            "draws": 10000,
            "seed": 1,
        }
        for r, y, s, u, v in totals.iter_rows()
        for w in (wide[s],)
    ]
    return {
        "summary": conform("summary", summary),
        "uncertainty": conform("uncertainty", pl.DataFrame(uncertainty)),
        "key_category": _key_category(direct),
        "comparison": _comparison(totals),
        "gap": _gap(),
        "control_effect": _control_effect(),
        "factor_used": _factor_used(emission, draw),
        "activity": _activity(emission),
        "observation": conform(
            "observation",
            pl.DataFrame(
                [
                    {
                        "region": REGION,
                        "period": p,
                        "indicator": i,
                        "value": v,
                        "unit": u,
                        "source": "统计公报",
                    }
                    for i, u, p, v in (
                        ("地区生产总值", "亿元", "2014", 59426.6),
                        ("地区生产总值", "亿元", "2021", 83095.9),
                        ("常住人口", "万人", "2021", 10169.99),
                        ("PM2.5 年均浓度", "ug/m3", "2021", 39.0),
                    )
                ]
            ),
        ),
        "finding": pl.DataFrame(
            {
                "severity": ["notice", "warning", "warning"],
                "place": ["energy_balance.xlsx · 2021 · C14", "activity.csv · F31", "activity.csv · F40"],
                "message": [
                    "A total closes to 0.1.",
                    "An unusual value: 1e9 <b>t</b>.",
                    "A unit was converted.",
                ],
                "next_step": ["Nothing to do.", "Check the unit.", "Check the unit."],
            }
        ),
        "run": pl.DataFrame(
            {
                "key": ["version", "seed", "draws", "gwp", "input.activity.csv"],
                "value": ["0.1.0", "1", "10000", "AR6 GWP100", "sha256:" + "ab" * 32],
            }
        ),
    }


def _key_category(direct: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for quantity in ("CO2", "SO2", "NMVOC", "NH3", "PM2.5"):
        part = (
            direct.filter((pl.col("species") == quantity) & (pl.col("year") == 2021) & (pl.col("value") > 0))
            .group_by("region", "year", "process", "product", "unit")
            .agg(pl.col("value").sum())
            .sort("value", descending=True)
            .with_columns(
                (pl.col("value") / pl.col("value").sum()).alias("share"), pl.lit(quantity).alias("quantity")
            )
            .with_columns(pl.col("share").cum_sum().alias("cumulative"))
            .with_columns(
                (pl.col("cumulative") - pl.col("share") < 0.95).alias("key_level"),
                (pl.col("share") * 0.8).alias("trend"),
                (pl.col("share") > 0.05).alias("key_trend"),
                pl.lit("").alias("technology"),
            )
        )
        parts.append(conform("key_category", part))
    return pl.concat(parts)


def _comparison(totals: pl.DataFrame) -> pl.DataFrame:
    held = {(y, s): v for _, y, s, _, v in totals.iter_rows()}
    rows = [
        {
            "region": REGION,
            "year": y,
            "species": s,
            "boundary": "全省工业源与生活源",
            "computed": held[y, s],
            "published": held[y, s] / r,
            "unit": "t",
            "ratio": r,
            "source": "山东省生态环境统计年报",
            "explanation_zh": "公布值不含非道路移动机械和农业源。",
            "explanation_en": "Published totals leave out non-road machines and farming.",
        }
        for y, s, r in (
            (2014, "SO2", 0.87),
            (2021, "SO2", 1.31),
            (2014, "NOx", 1.18),
            (2021, "NOx", 2.4),
            (2021, "COD", 0.62),
            (2021, "NH3-N", 1.05),
            (2021, "CO2", 0.97),
        )
    ]
    return conform("comparison", pl.DataFrame(rows))


def _gap() -> pl.DataFrame:
    rows = [
        {
            "region": REGION,
            "year": y,
            "process": p,
            "product": "",
            "species": s,
            "kind": k,
            "meaning_zh": "该源没有数据，合计偏低。",
            "meaning_en": "No figures for this source; totals are too low.",
        }
        for y, p, s, k in (
            (2014, "transport.ship.inland", "NOx", "no_activity"),
            (2014, "transport.ship.inland", "SO2", "no_activity"),
            (2021, "industry.brick", "", "no_activity"),
            (2021, "fgas.foam", "HFC-134a", "no_factor"),
            (2021, "industry.steel.bof", "CO2", "part_year"),
            (2021, "", "", "excluded"),
        )
    ]
    return conform("gap", pl.DataFrame(rows))


def _control_effect() -> pl.DataFrame:
    rows = [
        {
            "region": REGION,
            "year": y,
            "control": c,
            "species": s,
            "removed": max(v, 0.0) * g,
            "induced": max(-v, 0.0) * g,
            "unit": "t",
        }
        for y, g in ((2014, 0.7), (2021, 1.0))
        for c, effects in CONTROLS.items()
        for s, v in effects.items()
    ]
    return conform("control_effect", pl.DataFrame(rows))


def _factor_used(emission: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    statuses = ["official"] * 5 + ["secondary"] * 3 + ["derived", "measured", "unverified"]
    rows = [
        {
            "record_id": f"cn-{i:04d}",
            "kind": "emission_factor",
            "process": row["process"],
            "product": row["product"],
            "technology": "",
            "control": "",
            "region": "CN",
            "species": row["species"],
            "value": float(draw.lognormal(1, 2)),
            "unit": "kg/t",
            "tier": str(1 + i % 3),
            "status": statuses[i % len(statuses)],
            "source": "城市大气污染物排放清单编制技术手册",
            "locator": f"表 {i % 40}",
            "row_count": 1 + i % 7,
            "share": float(draw.uniform(0, 0.3)),
        }
        for i, row in enumerate(emission.filter(pl.col("year") == 2021).to_dicts())
    ]
    return conform("factor_used", pl.DataFrame(rows))


def _activity(emission: pl.DataFrame) -> pl.DataFrame:
    keys = emission.select("region", "year", "process", "product").unique(maintain_order=True)
    return conform(
        "activity",
        keys.with_columns(
            pl.lit(100.0).alias("value"),
            pl.lit("t").alias("unit"),
            pl.lit("中国能源统计年鉴 2022").alias("source"),
        ),
    )


@pytest.fixture(scope="session")
def tables() -> dict[str, pl.DataFrame]:
    return (
        checked()
        | facility_works()
        | province()
        | air()
        | benefit()
        | receptor()
        | allocated()
        | projects()
        | screened()
        | public()
        | {"co_control": co_control(), "target_status": target_status(), "task": task()}
    )


def co_control() -> pl.DataFrame:
    rows = [
        (REGION, 2021, 2014, name, "CO2e", 1000.0, "t", -500.0, "t", -0.4, 0.02, -20.0, -3.0, quadrant)
        for name, quadrant in (("SO2", "pollution_only"), ("NOx", "axis"), ("APeq", "co_reduction"))
    ]
    return pl.DataFrame(rows, schema=empty("co_control").schema, orient="row")


def task() -> pl.DataFrame:
    row = {
        "plan": "sd",
        "task": "M001",
        "adoption": "added",
        "text_zh": "脱硝：到 2030 年比基准情景增加 3 GWh",
        "text_en": "Denitrification: 3 GWh above the baseline by 2030",
        "lead": "environment",
        "measure": "scr",
        "amount": 3.0,
        "unit": "GWh",
        "deadline": 2030,
    }
    return conform("task", pl.DataFrame([row]))


def target_status() -> pl.DataFrame:
    row = {
        "plan": "national",
        "target": "cn.steel.2025",
        "indicator": "short_process_steel",
        "title_zh": "短流程炼钢占比",
        "title_en": "Share of short-process steelmaking",
        "region": "100000",
        "year": 2025,
        "comparator": "at_least",
        "value": 15.0,
        "unit": "%",
        "observed_year": 2024,
        "observed": 10.0,
        "state": "behind",
        "probability": 0.003,
    }
    return conform("target_status", pl.DataFrame([row]))


@pytest.fixture
def no_tables() -> dict[str, pl.DataFrame]:
    known = (
        "emission",
        "summary",
        "uncertainty",
        "key_category",
        "comparison",
        "gap",
        "control_effect",
        "factor_used",
    )
    return {name: empty(name) for name in known}


@pytest.fixture
def lone_year(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {"emission": tables["emission"].filter(pl.col("year") == 2021)}


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def planned() -> dict[str, pl.DataFrame]:
    """Tables as the plan flow makes them, of the illustrative world with steel and power."""
    from tongyuan.pathway.ask.coalition import attribute, coordinates, macc_expert, macc_system
    from tongyuan.pathway.ask.dividend import dividend
    from tongyuan.pathway.ask.robust import Doubt, joint, probability
    from tongyuan.pathway.ask.safe import robust
    from tongyuan.pathway.ask.sweep import alternatives, pareto
    from tongyuan.pathway.example import steel
    from tongyuan.pathway.problem.base import base_point

    case = steel()
    shared = dividend(case)
    together = shared.plans["together"]
    base = {k: v.with_columns(year=pl.lit(2021, dtype=pl.Int64)) for k, v in base_point(case).items()}
    made = {}
    for name in (
        "plan_activity", "plan_capacity", "plan_emission", "plan_cost", "plan_flow", "plan_link",
    ):  # fmt: skip
        scenarios = [shared.plans[s][name] for s in ("none", "pollution", "carbon")]
        plan = together[name].with_columns(scenario=pl.lit("plan"))
        made[name] = pl.concat([*([base[name]] if name in base else []), *scenarios, plan])
    none = shared.plans["none"]["plan_measure"].select("measure", "year", "unit", baseline="value")
    doubt = Doubt(case)
    found = robust(doubt, 0.9)
    safe = found.plan
    sure = [
        probability(doubt, p).with_columns(scenario=pl.lit(s))
        for s, p in (("plan", together), ("robust", safe))
    ]
    levels = [(None, together), (0.9, safe)]
    certainty = [
        {
            "level": level, "status": "reached", "cost": p.cost, "extra": p.cost - together.cost,
            "lowest": probability(doubt, p)["probability"].min(), "together": joint(doubt, p),
            "saving": found.gap if level else None, "reason": found.reason if level else "",
        }
        for level, p in levels
    ]  # fmt: skip
    used = [p.drop("baseline", "change") for p in (together["plan_measure"], safe["plan_measure"])]
    measure = pl.concat([used[0].with_columns(scenario=pl.lit("plan")), used[1]]).join(
        none, on=["measure", "year", "unit"], how="left"
    )
    quantities = [("emission", "CO2e"), ("emission", "pollution_equivalent"), ("cost", "total")]
    notes = {
        "kind": ["assumption", "not_carried"],
        "subject": ["demand", "voc"],
        "sentence_zh": ["需求不变。", "没有成本。"],
        "sentence_en": ["Demand stays.", "No cost."],
        "source": ["", "plan"],
    }
    return {
        **{
            k: case[k]
            for k in (
                "target",
                "measure",
                "technology_option",
                "control_option",
                "node",
                "flow",
                "technology_flow",
            )
        },
        **made,
        "plan_measure": conform(
            "plan_measure", measure.with_columns(change=pl.col("value") - pl.col("baseline"))
        ),
        "shadow_price": together["shadow_price"],
        "dividend": shared.dividend,
        "cross_effect": shared.cross_effect,
        "coordinate": coordinates(case, together),
        "macc": pl.concat([macc_expert(case, together), macc_system(case, steps=3)]),
        "front": pareto(case, [("emission", "CO2e")], 3),
        "alternative": alternatives(case, 0.02),
        "attribution": attribute(case, together, quantities, keep=("policy",)),
        "target_probability": pl.concat(sure),
        "certainty": conform("certainty", pl.DataFrame(certainty, infer_schema_length=None)),
        "plan_note": conform("plan_note", pl.DataFrame(notes)),
        **{name: conform(name, pl.DataFrame(rows)) for name, rows in SCOPE.items()},
    }
