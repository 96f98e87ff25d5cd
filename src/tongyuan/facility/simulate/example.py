"""The example world of three enterprises by month: a simulated power plant, a cement line, a steel works.

The plant comes out of the simulator. The steel works adds up to the totals that a verification report prints
for a long-process works in Hubei in 2023 (fuel 7,440,300 t, process 692,200 t, carbon of products 296,800 t
of CO2, crude steel 4,352,000 t); how the totals split into fuels, materials, processes and months, and the
whole cement line, are illustrative. Everything is marked 示例.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.stack import NOTE
from tongyuan.facility.simulate.tables import tables_of_year
from tongyuan.ledger.table import table
from tongyuan.reference.energy.fuels import CO2_PER_CARBON, get
from tongyuan.reference.method.parameter import parameter

POWER, CEMENT, STEEL = "91370100MA0000001X", "91370400MA0000002X", "91370600MA0000003X"
YEAR = 2025
FUEL, PROCESS, PRODUCT, CRUDE = 7_440_300.0, 692_200.0, 296_800.0, 4_352_000.0
"""Totals of the steel works [t CO2; crude steel t], verification report of 2024-06-03, year 2023."""
SPLIT = {"coke": 0.62, "anthracite": 0.28, "bituminous": 0.10}
"""Illustrative shares of the fuel's CO2."""

Row = dict[str, Any]


def months() -> list[tuple[str, float]]:
    """Return the months of the year with their share of its days."""
    days = [calendar.monthrange(YEAR, m)[1] for m in range(1, 13)]
    return [(f"{YEAR}-{m:02d}", d / sum(days)) for m, d in enumerate(days, 1)]


def frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """Return rows as table `name`; what they leave out is empty, and the note says that it is an example."""
    schema = table(name).dtypes
    base = {"note": NOTE} if "note" in schema else {}
    return pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)


def _co2(product: str) -> float:
    """Return t CO2 per t of a fuel by the defaults of the steel guide, without oxidation."""
    fuel = get(product, "ets_2025")
    return (fuel.ncv or 0.0) * (fuel.carbon_content or 0.0) / 1000 * CO2_PER_CARBON


def steel() -> dict[str, pl.DataFrame]:
    """Return the steel works by month."""
    who = {"facility": STEEL}
    fuel: list[Row] = []
    material: list[Row] = []
    output: list[Row] = []
    net = {product: FUEL * share / _co2(product) for product, share in SPLIT.items()}

    def factor(name: str, item: str = "") -> float:
        return parameter("steel", name, edition="ets_steel_2025", item=item).value

    electrode, scrap = 2_000.0, 400_000.0
    fluxes = PROCESS - electrode * factor("electrode") - scrap * factor("material", "scrap")
    dolomite = 0.3 * fluxes / factor("flux", "dolomite")
    limestone = 0.7 * fluxes / factor("flux", "limestone")
    benzol = 8_000.0
    tar = (
        PRODUCT
        - CRUDE * factor("sequestered", "crude_steel")
        - benzol * factor("sequestered", "crude_benzol")
    ) / factor("sequestered", "coal_tar")
    flows = (
        ("limestone", "in", limestone), ("dolomite", "in", dolomite), ("electrode", "in", electrode),
        ("scrap", "in", scrap), ("crude_steel", "out", CRUDE), ("coal_tar", "out", tar),
        ("crude_benzol", "out", benzol),
    )  # fmt: skip
    iron = 0.96 * CRUDE
    gas, stoves = 1600 * iron / 1e4, 0.45
    for month, share in months():
        at = {**who, "month": month}
        fuel += [
            {
                **at,
                "installation": "全厂",
                "product": p,
                "state": "net_bought",
                "value": v * share,
                "unit": "t",
            }
            for p, v in net.items()
        ]
        steps = (
            ("烧结", "coke", "fired", 0.06 * net["coke"], "t"),
            ("炼铁", "coke", "fired", 0.90 * net["coke"], "t"),
            ("炼铁", "anthracite", "fired", 0.85 * net["anthracite"], "t"),
            ("炼铁", "blast_furnace_gas", "given_out", (1 - stoves) * gas, "10^4 m3"),
            ("转炉", "converter_gas", "given_out", 100 * CRUDE / 1e4, "10^4 m3"),
            ("自备电厂", "blast_furnace_gas", "fired", 0.45 * gas, "10^4 m3"),
        )  # fmt: skip
        fuel += [
            {**at, "installation": i, "product": p, "state": s, "value": v * share, "unit": u}
            for i, p, s, v, u in steps
        ]
        material += [
            {**at, "installation": "全厂", "material": m, "direction": d, "value": v * share}
            for m, d, v in flows
        ]
        made = (("炼铁", "pig_iron", iron), ("转炉", "crude_steel", CRUDE), ("烧结", "sinter", 1.35 * iron))
        output += [
            {**at, "installation": i, "product": p, "value": v * share, "unit": "t", "hours": 8400 * share}
            for i, p, v in made
        ]
    kinds = {"烧结": "sinter", "炼铁": "blast_furnace", "转炉": "converter", "自备电厂": "own_power"}
    begin = date(2008, 1, 1)
    fitted = (("烧结", "wet_fgd"), ("烧结", "scr"), ("烧结", "fabric_filter"), ("炼铁", "fabric_filter"))
    return {
        "facility": frame(
            "facility",
            [{**who, "name": "示例钢铁（示例）", "kind": "steel", "region": "370600", "industry": "3120",
              "permit_class": "key", "ets_sector": "steel", "ets_from": 2024}],
        ),
        "installation": frame(
            "installation",
            [{**who, "installation": name, "kind": kind, "begin": begin} for name, kind in kinds.items()],
        ),
        "device": frame(
            "device",
            [
                {**who, "device": f"TA00{n}", "installation": name, "control": control, "begin": begin}
                for n, (name, control) in enumerate(fitted, 1)
            ],
        ),
        "fuel_use": frame("fuel_use", fuel),
        "material_use": frame("material_use", material),
        "output": frame("output", output),
    }  # fmt: skip


def cement() -> dict[str, pl.DataFrame]:
    """Return the cement line by month; stopped in January, as lines do in winter."""
    who = {"facility": CEMENT}
    working = [(m, s) for m, s in months() if not m.endswith("-01")]
    total = sum(share for _, share in working)
    clinker, coal, slag = 1_500_000.0, 205_000.0, 40_000.0
    fuel, material, output, trade = [], [], [], []
    for month, share in working:
        at, part = {**who, "month": month, "installation": "1号窑"}, share / total
        fuel.append(
            {**at, "product": "bituminous", "state": "fired", "value": coal * part, "unit": "t", "ncv": 23.4}
        )
        material.append({**at, "material": "carbide_slag", "direction": "in", "value": slag * part})
        output.append(
            {**at, "product": "clinker", "value": clinker * part, "unit": "t", "hours": min(7200 * part, 744)}
        )
        trade.append(
            {
                **who,
                "month": month,
                "kind": "power_buy",
                "document": "",
                "value": 9300 * part,
                "unit": "万千瓦时",
            }
        )
    return {
        "facility": frame(
            "facility",
            [{**who, "name": "示例水泥（示例）", "kind": "cement", "region": "370400", "industry": "3011",
              "permit_class": "key", "ets_sector": "cement", "ets_from": 2024}],
        ),
        "installation": frame(
            "installation",
            [{**who, "installation": "1号窑", "kind": "kiln_line", "capacity": 5000.0, "capacity_unit": "t/d",
              "line_capacity": 5000.0, "clinker": "portland", "begin": date(2010, 1, 1)}],
        ),
        "device": frame(
            "device",
            [{**who, "device": f"TA00{n}", "installation": "1号窑", "control": c}
             for n, c in enumerate(("sncr", "fabric_filter"), 1)],
        ),
        "fuel_use": frame("fuel_use", fuel),
        "material_use": frame("material_use", material),
        "output": frame("output", output),
        "energy_trade": frame("energy_trade", trade),
    }  # fmt: skip


def power(*, hours: bool = True) -> dict[str, pl.DataFrame]:
    """Return the simulated cogeneration plant with its hours."""
    year = metered(seed=YEAR, year=YEAR)
    return tables_of_year(year, POWER, region="370100", name="示例热电", hours=hours)


def enterprises(*, hours: bool = True) -> dict[str, pl.DataFrame]:
    """Return the tables of the three enterprises together.

    Parameters
    ----------
    hours
        Whether the stack data of the plant are among them.
    """
    every: dict[str, list[pl.DataFrame]] = {}
    worlds: tuple[Mapping[str, pl.DataFrame], ...] = (power(hours=hours), cement(), steel())
    for world in worlds:
        for name, rows in world.items():
            every.setdefault(name, []).append(rows)
    return {name: pl.concat(parts, how="diagonal_relaxed") for name, parts in every.items()}
