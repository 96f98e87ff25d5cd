"""Generated worlds with time slices, of the size of a province or of the nation: for benchmarks and tests.

Numbers are drawn, not data: they are of a likely size and say nothing about any place.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case, Settings, draft

PARTS = ("night", "morning", "noon", "evening")
HOURS = (8.0, 5.0, 5.0, 6.0)
SEASONS = (("winter", 90.0), ("mild", 153.0), ("summer", 122.0))
SUN = (0.0, 0.25, 0.55, 0.05)
LOAD = (0.8, 1.05, 1.1, 1.15)

POWER = {
    # technology: capital [CNY/kW], fixed [CNY/kW/a], variable [CNY/MWh], life [a], fuel [GJ/MWh], least load
    "coal_small": (4000.0, 120.0, 12.0, 30.0, 9.6, 0.5),
    "coal_large": (3600.0, 90.0, 10.0, 30.0, 8.4, 0.35),
    "coal_chp": (4200.0, 110.0, 12.0, 30.0, 8.8, 0.4),
    "gas": (2600.0, 70.0, 8.0, 25.0, 6.8, 0.0),
    "nuclear": (15000.0, 300.0, 60.0, 50.0, 0.0, 0.8),
    "wind": (6000.0, 150.0, 0.0, 20.0, 0.0, 0.0),
    "offshore": (11000.0, 300.0, 0.0, 22.0, 0.0, 0.0),
    "solar": (3300.0, 50.0, 0.0, 25.0, 0.0, 0.0),
    "hydro": (9000.0, 100.0, 0.0, 60.0, 0.0, 0.0),
    "pumped_hydro": (6000.0, 80.0, 0.0, 50.0, 0.0, 0.0),
    "battery": (1500.0, 30.0, 0.0, 12.0, 0.0, 0.0),
}
SOURCES = ("wind", "offshore", "solar", "hydro", "nuclear")
SPECIES = ("CO2", "SO2", "NOx", "PM2.5")
RATE = {"CO2": (0.094, 0.056), "SO2": (4e-4, 1e-6), "NOx": (2.5e-4, 4e-5), "PM2.5": (8e-5, 1e-6)}
"""Tonnes per GJ of coal and of gas."""


def grid(
    nodes: int = 1,
    sectors: int = 60,
    years: tuple[int, ...] = (2025, 2030, 2035),
    seed: int = 0,
    ring: bool = True,
) -> Case:
    """Return a world with power and heat in twelve slices and industry with its alternatives and devices.

    Parameters
    ----------
    nodes
        Provinces, each sending power to the next.
    sectors
        Industrial services of a province, each with a present technology under three devices, an efficient
        and an electric one.
    ring
        Whether the last province sends to the first.
    """
    draw = np.random.default_rng(seed)
    places = [f"p{i:02d}" for i in range(nodes)]
    slices = [(f"{s}_{p}", d * h, s) for s, d in SEASONS for p, h in zip(PARTS, HOURS, strict=True)]
    flow: list[tuple[str, str, str]] = [("power", "MWh", "slice"), ("heat", "GJ", "slice")]
    flow += [("coal", "GJ", "year"), ("gas_fuel", "GJ", "year")]
    option, moved, rate, control, removal, demand, stock, shape = _lists(8)
    for k, (capital, fixed, variable, life, fuel, least) in POWER.items():
        option.append(
            (k, "MWh", "MW", "tracked", 1e3 * capital, 1e3 * fixed, variable, life, least, None, "")
        )
        moved.append((k, "power", "output", 1.0))
        if fuel:
            gas = k == "gas"
            moved.append((k, "gas_fuel" if gas else "coal", "input", fuel))
            rate += [(k, "", s, fuel * RATE[s][int(gas)]) for s in SPECIES]
    for k, f, role, value in (
        ("coal_boiler", "coal", "input", 1.25),
        ("coal_boiler", "heat", "output", 1.0),
        ("gas_boiler", "gas_fuel", "input", 1.1),
        ("gas_boiler", "heat", "output", 1.0),
        ("heat_pump", "power", "input", 0.1),
        ("heat_pump", "heat", "output", 1.0),
        ("ev", "power", "input", 0.15),
        ("ev", "travel", "output", 1.0),
        ("car", "travel", "output", 1.0),
        ("electrolyser", "power", "input", 0.05),
        ("electrolyser", "hydrogen", "output", 1.0),
        ("reformer", "gas_fuel", "input", 1.5),
        ("reformer", "hydrogen", "output", 1.0),
    ):
        moved.append((k, f, role, value))
    flow += [("travel", "km", "year"), ("hydrogen", "t", "year")]
    for k, unit, capital, variable, way in (
        ("coal_boiler", "GJ", 20.0, 4.0, ""),
        ("gas_boiler", "GJ", 10.0, 3.0, ""),
        ("heat_pump", "GJ", 80.0, 2.0, ""),
        ("ev", "km", 200.0, 20.0, "flexible_day"),
        ("car", "km", 150.0, 70.0, ""),
        ("electrolyser", "t", 900.0, 100.0, "flexible_year"),
        ("reformer", "t", 700.0, 100.0, ""),
    ):
        size = "MW" if unit == "GJ" else f"{unit}/a"
        option.append(
            (
                k,
                unit,
                size,
                "tracked",
                capital * (8.76e3 if unit == "GJ" else 1.0),
                0.0,
                variable,
                15.0,
                0.0,
                None,
                way,
            )
        )
    rate += [("coal_boiler", "", s, 1.25 * RATE[s][0] * (1.0 if s == "CO2" else 2.0)) for s in SPECIES]
    rate += [("gas_boiler", "", s, 1.1 * RATE[s][1]) for s in SPECIES] + [
        ("car", "", "CO2", 0.17),
        ("car", "", "NOx", 3e-4),
    ]
    for i in range(sectors):
        service, unit = f"good{i:03d}", "t"
        flow.append((service, unit, "year"))
        heat, power = draw.uniform(2.0, 20.0), draw.uniform(0.1, 0.8)
        for kind, part, electric, capital in (
            ("now", 1.0, 1.0, 300.0),
            ("better", 0.75, 1.1, 900.0),
            ("electric", 0.1, 3.0, 2400.0),
        ):
            k = f"{service}_{kind}"
            cost = capital * draw.uniform(0.8, 1.3)
            option.append(
                (k, unit, "t/a", "tracked", cost, 0.02 * cost, draw.uniform(20.0, 80.0), 20.0, 0.0, None, "")
            )
            moved += [
                (k, service, "output", 1.0),
                (k, "coal", "input", heat * part),
                (k, "power", "input", power * electric),
            ]
            rate += [(k, "", s, heat * part * RATE[s][0] * draw.uniform(0.7, 1.3)) for s in SPECIES]
            for j, c in enumerate(("basic", "good", "best")):
                control.append((k, c, 4.0 * (j + 1) ** 2 * draw.uniform(0.8, 1.2)))
    for j, c in enumerate(("basic", "good", "best")):
        removal += [(c, s, (0.5, 0.75, 0.93)[j] * (0.8 if s == "NOx" else 1.0)) for s in SPECIES[1:]]
    windy = draw.uniform(-1.0, 1.0, nodes) if nodes > 1 else np.zeros(1)
    for k, parts in (
        ("solar", SUN),
        ("wind", (0.33, 0.28, 0.2, 0.3)),
        ("offshore", (0.45, 0.4, 0.35, 0.42)),
        ("hydro", (0.3, 0.4, 0.4, 0.5)),
    ):
        for (name, _, season), part in zip(slices, parts * 3, strict=True):
            turn = {"winter": 0.8 if k in ("solar", "hydro") else 1.2, "summer": 1.1 if k == "solar" else 0.8}
            part = min(part * turn.get(season, 1.0), 0.6)
            shape += [(k, n, name, part * (1.0 + 0.6 * w), None) for n, w in zip(places, windy, strict=True)]
    shape += [
        (k, "", "", 0.95, None)
        for k in ("coal_small", "coal_large", "coal_chp", "gas", "nuclear", "pumped_hydro", "battery")
    ]
    shape += [(k, "", "", None, 0.25) for k in ("ev", "electrolyser")]
    scale = draw.uniform(0.5, 2.0, nodes)
    for n, size in zip(places, scale, strict=True):
        load = 1.5e8 * size
        for t, year in enumerate(years):
            grown = 1.02 ** (year - years[0])
            demand += [(n, "power", year, load * grown, "MWh"), (n, "heat", year, 4e8 * size * grown, "GJ")]
            demand += [
                (n, "travel", year, 5e7 * size * grown, "km"),
                (n, "hydrogen", year, 5e5 * size * (1 + t), "t"),
            ]
            demand += [(n, f"good{i:03d}", year, 1e7 * size * (1.0 - 0.01 * t), "t") for i in range(sectors)]
        for k, share, built in (
            ("coal_small", 0.2, 2005),
            ("coal_large", 0.35, 2015),
            ("coal_chp", 0.25, 2012),
            ("wind", 0.2, 2018),
            ("solar", 0.25, 2020),
        ):
            stock.append((n, k, built, load / 8760.0 * 1.6 * share, "MW"))
        stock += [(n, f"good{i:03d}_now", 2012, 1.1e7 * size, "t/a") for i in range(sectors)]
    frame = pl.DataFrame
    links = [*pairwise(places), *([(places[-1], places[0])] if ring and nodes > 2 else [])]
    total = float(scale.sum())
    target = [
        (f"{name}_{year}", family, s, share * total * base, year)
        for name, family, s, base in (
            ("carbon", "carbon", "CO2", 1.0e8 + sectors * 4e6),
            ("nox", "pollution", "NOx", 2e5 + sectors * 9e3),
        )
        for year, share in zip(years[1:], (0.85, 0.6, 0.45), strict=False)
    ]
    tables = {
        "node": frame({"node": places}),
        "period": frame({"year": list(years)}),
        "slice": frame(slices, schema=["slice", "hours", "season"], orient="row"),
        "flow": frame(flow, schema=["flow", "unit", "balance_time"], orient="row"),
        "technology_option": frame(
            option,
            schema=[
                "technology",
                "unit",
                "capacity_unit",
                "capacity",
                "cost_capital",
                "cost_fixed",
                "cost_variable",
                "lifetime",
                "load_min",
                "firm",
                "operation",
            ],
            orient="row",
            infer_schema_length=None,
        ),
        "technology_flow": frame(moved, schema=["technology", "flow", "role", "coefficient"], orient="row"),
        "control_option": frame(control, schema=["technology", "control", "cost_variable"], orient="row"),
        "control_flow": frame(
            [(k, c, "power", "input", 0.004 * (j % 3 + 1)) for j, (k, c, _) in enumerate(control)],
            schema=["technology", "control", "flow", "role", "coefficient"],
            orient="row",
        ),
        "control_removal": frame(removal, schema=["control", "species", "efficiency"], orient="row"),
        "emission_coefficient": frame(
            rate, schema=["technology", "control", "species", "value"], orient="row"
        ).with_columns(unit=pl.lit("t")),
        "demand": frame(demand, schema=["node", "flow", "year", "value", "unit"], orient="row"),
        "demand_slice": _loads(slices),
        "technology_slice": frame(
            shape,
            schema=["technology", "node", "slice", "availability", "share_max"],
            orient="row",
            infer_schema_length=None,
        ),
        "technology_swap": frame(
            {
                "technology": ["coal_chp"],
                "flow": ["heat"],
                "instead_of": ["power"],
                "rate": [0.15],
                "rate_unit": ["MWh/MWh"],
                "greatest": [1 / 0.75],
                "unit": ["MWh/MWh"],
            }
        ),
        "storage": frame(
            {
                "technology": ["pumped_hydro", "battery"],
                "flow": ["power"] * 2,
                "duration": [6.0, 4.0],
                "efficiency_in": [0.87, 0.93],
                "efficiency_out": [0.87, 0.93],
            }
        ),
        "reserve": frame({"flow": ["power"], "margin": [0.13], "peak_ratio": [1.12]}),
        "stock": frame(
            stock, schema=["node", "technology", "year_built", "capacity", "capacity_unit"], orient="row"
        ),
        "price": frame(
            {
                "flow": ["coal", "gas_fuel"],
                "direction": ["purchase"] * 2,
                "value": [32.0, 75.0],
                "unit": ["CNY/GJ"] * 2,
            }
        ),
        "link": frame(links, schema=["from_node", "to_node"], orient="row").with_columns(
            flow=pl.lit("power"),
            limit=pl.lit(2e7),
            cost=pl.lit(20.0),
            loss=pl.lit(0.05),
            full_hours=pl.lit(5000.0),
        ),
        "target": frame(
            target, schema=["target", "family", "quantity", "bound", "year"], orient="row"
        ).with_columns(quantity_kind=pl.lit("emission"), comparator=pl.lit("at_most"), unit=pl.lit("t")),
    }
    units = {o[0]: o[1] for o in option}
    per = pl.col("technology").replace_strict(units, return_dtype=pl.String)
    tables["emission_coefficient"] = tables["emission_coefficient"].with_columns(unit=pl.lit("t/") + per)
    return draft(tables, Settings(discount_rate=0.05, base_year=years[0]))


def _lists(count: int) -> tuple[list, ...]:  # type: ignore[type-arg]
    return tuple([] for _ in range(count))


def _loads(slices: list[tuple[str, float, str]]) -> pl.DataFrame:
    """Return the load shape of power, and of heat, of which half falls in winter."""
    cold = {"winter": 2.0, "mild": 0.8, "summer": 0.5}
    rows = []
    for flow in ("power", "heat"):
        weight = [
            h
            * (LOAD[i % 4] if flow == "power" else 1.0)
            * ({"summer": 1.1}.get(s, 1.0) if flow == "power" else cold[s])
            for i, (_, h, s) in enumerate(slices)
        ]
        rows += [(flow, name, w / sum(weight)) for (name, _, _), w in zip(slices, weight, strict=True)]
    return pl.DataFrame(rows, schema=["flow", "slice", "share"], orient="row")
