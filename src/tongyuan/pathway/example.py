"""Example worlds for tests, documentation and benchmarks; their figures are made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.pathway.case import Case, Settings, draft
from tongyuan.pathway.problem import Array


def steel(*, growth: float = 0.0) -> Case:
    """Return a two-node, two-period world: steel by furnace or arc, power from coal or wind, SCR.

    Every figure is illustrative. It has a measure that helps both families (arc furnace, wind) and one
    that cleans at the price of carbon (SCR takes electricity).
    """
    tables: dict[str, Any] = {
        "node": {"node": ["north", "south"], "group": ["key", ""]},
        "period": {"year": [2025, 2030], "weight": [5.0, 5.0]},
        "flow": {
            "flow": ["steel", "electricity", "coal", "scrap", "ammonia"],
            "unit": ["t", "MWh", "GJ", "t", "t"],
            "kind": ["material", "energy", "energy", "material", "reagent"],
        },
        "technology_option": {
            "technology": ["furnace", "arc", "coal_power", "wind"],
            "unit": ["t", "t", "MWh", "MWh"],
            "capacity_unit": ["t/a", "t/a", "MW", "MW"],
            "yearly_output": [1.0, 1.0, 8760.0, 8760.0],
            "availability": [1.0, 1.0, 0.6, 0.25],
            "lifetime": [30.0, 30.0, 30.0, 20.0],
            "cost_capital": [4000.0, 1500.0, 4.0e6, 1.6e7],
            "cost_fixed": [50.0, 40.0, 1.0e5, 1.2e5],
            "cost_variable": [300.0, 200.0, 20.0, 5.0],
            "potential": [None, 4000.0, None, 30.0],
            "payer": ["steelmaker", "steelmaker", "utility", "utility"],
            "sector": ["steel", "steel", "power", "power"],
        },
        "technology_flow": {
            "technology": ["furnace", "furnace", "arc", "arc", "arc", "coal_power", "coal_power", "wind"],
            "flow": ["coal", "steel", "electricity", "scrap", "steel", "coal", "electricity", "electricity"],
            "role": ["input", "output", "input", "input", "output", "input", "output", "output"],
            "coefficient": [18.0, 1.0, 0.5, 1.1, 1.0, 9.0, 1.0, 1.0],
        },
        "control_option": {
            "technology": ["furnace", "coal_power", "coal_power"],
            "control": ["scr", "scr", "fgd_scr"],
            "share_max": [0.9, 1.0, 1.0],
            "cost_capital": [200.0, 60.0, 100.0],
            "lifetime": [15.0, 15.0, 15.0],
            "cost_variable": [20.0, 4.0, 8.0],
        },
        "control_flow": {
            "technology": ["furnace", "furnace", "coal_power", "coal_power"],
            "control": ["scr", "scr", "scr", "fgd_scr"],
            "flow": ["electricity", "ammonia", "electricity", "electricity"],
            "role": ["input"] * 4,
            "coefficient": [0.03, 0.001, 0.02, 0.03],
        },
        "control_removal": {
            "control": ["scr", "fgd_scr", "fgd_scr"],
            "species": ["NOx", "NOx", "SO2"],
            "efficiency": [0.8, 0.85, 0.95],
        },
        "emission_coefficient": {
            "technology": ["furnace"] * 3 + ["arc"] * 2 + ["coal_power"] * 3,
            "species": ["CO2", "NOx", "SO2", "CO2", "NOx", "CO2", "NOx", "SO2"],
            "value": [1.9, 0.0015, 0.001, 0.08, 0.0002, 0.85, 0.0008, 0.0006],
            "unit": ["t/t"] * 5 + ["t/MWh"] * 3,
            "lower": [1.7, 0.001, 0.0007, 0.06, 0.0001, 0.8, 0.0006, 0.0004],
            "upper": [2.1, 0.002, 0.0013, 0.1, 0.0003, 0.9, 0.001, 0.0008],
            "distribution": ["normal"] * 8,
            "factor_id": [f"f{i}" for i in range(8)],
        },
        "demand": {
            "node": ["north", "north", "south", "south"] * 2,
            "flow": ["steel"] * 4 + ["electricity"] * 4,
            "year": [2025, 2030] * 4,
            "value": [8000.0, 8000.0 * (1 + growth), 4000.0, 4000.0 * (1 + growth), 9e4, 9e4, 5e4, 5e4],
            "unit": ["t"] * 4 + ["MWh"] * 4,
        },
        "stock": {
            "node": ["north", "south", "north", "south"],
            "technology": ["furnace", "furnace", "coal_power", "coal_power"],
            "year_built": [2010, 2010, 2010, 2010],
            "capacity": [9000.0, 5000.0, 20.0, 12.0],
            "activity": [8000.0, 4000.0, 9e4, 5e4],
        },
        "price": {
            "flow": ["coal", "scrap", "ammonia"],
            "direction": ["purchase"] * 3,
            "value": [25.0, 2600.0, 3500.0],
            "unit": ["CNY/GJ", "CNY/t", "CNY/t"],
        },
        "link": {
            "from_node": ["north"], "to_node": ["south"], "flow": ["electricity"], "limit": [2e4],
            "cost": [10.0],
            "loss": [0.03],
        },
        "quantity_member": {
            "quantity": ["CO2e", "pollution_equivalent", "pollution_equivalent", "all_steel", "all_steel"],
            "member": ["CO2", "SO2", "NOx", "furnace", "arc"],
            "weight": [1.0, 1000 / 0.95, 1000 / 0.95, 1.0, 1.0],
        },
        "measure": {
            "measure": ["arc_furnace", "wind_power", "scr", "fgd"],
            "technology": ["arc", "wind", "", ""],
            "control": ["", "", "scr", "fgd_scr"],
            "department": ["industry", "energy", "environment", "environment"],
        },
        "target": {
            "target": ["NOx_cap", "CO2_cap", "short_process"],
            "family": ["pollution", "carbon", "policy"],
            "quantity_kind": ["emission", "emission", "activity"],
            "quantity": ["NOx", "CO2e", "arc"],
            "denominator_kind": ["", "", "activity"],
            "denominator": ["", "", "all_steel"],
            "comparator": ["at_most", "at_most", "at_least"],
            "bound": [60.0, 0.85, 0.2],
            "unit": ["t", "", ""],
            "basis": ["absolute", "share_of_base", "absolute"],
            "year": [2030, 2030, 2030],
        },
    }  # fmt: skip
    return draft(
        {k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.05, base_year=2025)
    )


SPECIES = ("SO2", "NOx", "PM2.5", "NMVOC", "NH3", "CO2")


def national(
    nodes: int = 31, groups: int = 60, controls: int = 8, years: int = 6, seed: int = 0, coupled: bool = True
) -> Case:
    """Return a generated world of `nodes` × source `groups` × `controls` × `years` with six pollutants.

    Every source meets a demand of its own with one of its control options (limited shares, yearly rising
    demand); the emission of every pollutant is capped in every region and, when `coupled`, in the nation.
    Costs, efficiencies and demands are random numbers.
    """
    rng = np.random.default_rng(seed)
    node = [f"n{i:02d}" for i in range(nodes)]
    group = [f"g{i:02d}" for i in range(groups)]
    year = [2025 + 5 * i for i in range(years)]
    option = [f"c{i}" for i in range(1, controls)]
    sized = rng.lognormal(3.0, 1.0, (nodes, groups))
    rising = 1.0 + rng.uniform(-0.05, 0.08, groups)
    rate = rng.lognormal(-1.0, 0.8, (groups, len(SPECIES)))
    efficiency = np.sort(rng.uniform(0.0, 0.98, (groups, controls - 1, len(SPECIES))), axis=1)
    efficiency[:, :, -1] = rng.uniform(-0.05, 0.4, (groups, controls - 1))
    cost = np.sort(rng.lognormal(1.0, 0.7, (groups, controls - 1)), axis=1)
    share = rng.uniform(0.35, 0.95, (groups, controls - 1))
    local = rng.uniform(0.8, 1.25, (nodes, groups))
    g, c = np.repeat(np.arange(groups), controls - 1), np.tile(np.arange(controls - 1), groups)
    full = np.concatenate([np.zeros((groups, 1, len(SPECIES))), efficiency], axis=1)
    n_, g_, c_, s_ = (a.ravel() for a in np.indices((nodes, groups, controls, len(SPECIES))))
    value = local[n_, g_] * rate[g_, s_] * (1.0 - full[g_, c_, s_])
    dn, dg, dt = (a.ravel() for a in np.indices((nodes, groups, years)))
    amount = sized[dn, dg] * rising[dg] ** dt
    reference = _mixture(efficiency, share, np.linspace(0.15, 0.9, years))
    left = 1.0 - np.einsum("tgc,gcs->tgs", reference, full)
    allowed = np.einsum("ngt,ng,gs,tgs->nst", amount.reshape(nodes, groups, years), local, rate, left)
    names = pl.Series(["", *option])
    tables: dict[str, pl.DataFrame] = {
        "node": pl.DataFrame({"node": node}),
        "period": pl.DataFrame({"year": year, "weight": [5.0] * years}),
        "flow": pl.DataFrame({"flow": group, "unit": ["t"] * groups, "balance": ["equal"] * groups}),
        "technology_option": pl.DataFrame({"technology": group, "unit": ["t"] * groups,
        "capacity": ["free"] * groups}),
        "technology_flow": pl.DataFrame({"technology": group, "flow": group, "role": ["output"] * groups,
        "coefficient": [1.0] * groups}),
        "control_option": pl.DataFrame(
            {"technology": np.array(group)[g], "control": np.array(option)[c], "share_max": share.ravel(),
            "cost_variable": cost.ravel()}
        ),
        "emission_coefficient": pl.DataFrame(
            {
                "technology": pl.Series(group).gather(g_),
                "control": names.gather(c_),
                "species": pl.Series(SPECIES).gather(s_),
                "node": pl.Series(node).gather(n_),
                "value": value,
                "unit": pl.repeat("t/t", n_.size, eager=True),
            }
        ),
        "demand": pl.DataFrame(
            {
                "node": pl.Series(node).gather(dn), "flow": pl.Series(group).gather(dg),
                "year": pl.Series(year).gather(dt),
                "value": amount, "unit": pl.repeat("t", dn.size, eager=True),
            }
        ),
    }  # fmt: skip
    regional = allowed * rng.uniform(1.0, 1.15, allowed.shape)
    nation = allowed.sum(axis=0) * 1.002
    rn, rs, rt = (a.ravel() for a in np.indices(allowed.shape))
    caps = {
        "target": [f"{node[a]}-{SPECIES[b]}-{year[t]}" for a, b, t in zip(rn, rs, rt, strict=True)],
        "quantity": [SPECIES[b] for b in rs], "year": [year[t] for t in rt], "scope": [node[a] for a in rn],
        "bound": regional.ravel().tolist(),
    }  # fmt: skip
    if coupled:
        cs, ct = (a.ravel() for a in np.indices(nation.shape))
        caps["target"] += [f"nation-{SPECIES[b]}-{year[t]}" for b, t in zip(cs, ct, strict=True)]
        caps["quantity"] += [SPECIES[b] for b in cs]
        caps["year"] += [year[t] for t in ct]
        caps["scope"] += [""] * cs.size
        caps["bound"] += nation.ravel().tolist()
    count = len(caps["target"])
    tables["target"] = pl.DataFrame(
        {
            **caps,
            "quantity_kind": ["emission"] * count,
            "comparator": ["at_most"] * count,
            "family": ["pollution"] * count,
        }
    )
    return draft(tables, Settings(discount_rate=0.05))


def _mixture(efficiency: Array, share: Array, depth: Array) -> Array:
    """Return shares of the options (period, group, option) of a feasible plan: ever more of the best."""
    groups, options, _ = efficiency.shape

    def fill(order: Any) -> Array:
        """Give every option its greatest share, best first, until all is given."""
        chosen = np.zeros((groups, options + 1))
        rest = np.ones(groups)
        for rank in range(options):
            option = order[:, rank]
            part = np.minimum(share[np.arange(groups), option], rest)
            chosen[np.arange(groups), option + 1] = part
            rest = rest - part
        chosen[:, 0] = rest
        return chosen

    clean = fill(np.argsort(-efficiency[:, :, :-1].mean(axis=2), axis=1))
    lean = fill(np.argsort(-efficiency[:, :, -1], axis=1))
    none = np.zeros((groups, options + 1))
    none[:, 0] = 1.0
    d = depth[:, None, None]
    return np.asarray((1.0 - d) * none + d * (0.6 * clean + 0.4 * lean))


WATER_PROCESSES = (
    ("p1", 20.0, 0.0, 100.0),
    ("p2", 100.0, 50.0, 100.0),
    ("p3", 40.0, 50.0, 800.0),
    ("p4", 10.0, 400.0, 800.0),
)
"""Limiting water data: process, flow [t/h], greatest inlet and outlet concentration [ppm].

Y. P. Wang and R. Smith, Wastewater minimisation, Chemical Engineering Science 49 (1994) 981–1006, example of
four operations and one contaminant (mass loads 2, 5, 30 and 4 kg/h); least fresh water with reuse 90 t/h.
"""


def water_reuse() -> dict[str, pl.DataFrame]:
    """Return the published source–sink water-reuse case as tables of a plan; one unit of activity is 1 t/h.

    Every process takes its flow at no more than its inlet limit: its water may be fresh or the effluent of
    another process (a grade), and the contaminant it may bring in is a flow that the grades use up.
    """
    grades = sorted({out for *_, out in WATER_PROCESSES})
    flows = [("fresh_water", "t", "water", "at_least"), ("sewage", "t", "waste", "at_least")]
    flows += [(f"water_{g:g}ppm", "t", "water", "equal") for g in grades]
    technology, moves, demand = [("discharge_" + f"{g:g}ppm", "sewage") for g in grades], [], []
    for g in grades:
        moves += [
            (f"discharge_{g:g}ppm", f"water_{g:g}ppm", "input", 1.0),
            (f"discharge_{g:g}ppm", "sewage", "output", 1.0),
        ]
    for name, amount, inlet, _ in WATER_PROCESSES:
        flows += [(f"{name}_water", "t", "service", "equal"), (f"{name}_load", "g", "waste", "at_least")]
        demand += [(f"{name}_water", amount, "t"), (f"{name}_load", -amount * inlet, "g")]
        for source, ppm in [("fresh_water", 0.0)] + [(f"water_{g:g}ppm", g) for g in grades]:
            use = f"{source}_to_{name}"
            technology.append((use, name))
            moves += [
                (use, source, "input", 1.0),
                (use, f"{name}_water", "output", 1.0),
                (use, f"{name}_load", "input", ppm),
            ]
    arising = {f"water_{g:g}ppm": sum(a for _, a, _, out in WATER_PROCESSES if out == g) for g in grades}
    demand += [(flow, -amount, "t") for flow, amount in arising.items()]
    return {
        "node": pl.DataFrame({"node": ["park"]}),
        "period": pl.DataFrame({"year": [2025], "weight": [1.0]}),
        "flow": pl.DataFrame(flows, schema=["flow", "unit", "kind", "balance"], orient="row"),
        "technology_option": pl.DataFrame(
            {"technology": [t for t, _ in technology], "unit": ["t"] * len(technology),
            "capacity": ["free"] * len(technology)}
        ),
        "technology_flow": pl.DataFrame(
            [m for m in moves if m[3] > 0.0], schema=["technology", "flow", "role", "coefficient"],
            orient="row"
        ),
        "demand": pl.DataFrame(
            [("park", f, 2025, v, u) for f, v, u in demand], schema=["node", "flow", "year", "value",
            "unit"], orient="row"
        ),
        "price": pl.DataFrame({"flow": ["fresh_water"], "direction": ["purchase"], "value": [1.0],
        "unit": ["CNY/t"]}),
    }  # fmt: skip


def park() -> Case:
    """Return a worked steel park: captive power on by-product gas, cement next door, shared sewage works.

    Units of the park are nodes; steam steps down, fly ash and slag go to cement, coke-oven gas to power or
    boiler, sewage is treated to a grade that may be reused. The water part holds the published case of
    :func:`water_reuse`; all other figures are illustrative.
    """
    water = water_reuse()
    node = ["steelworks", "power", "cement", "sewage_works", "park"]
    flow = [
        ("steel", "t", "material", "at_least"), ("electricity", "MWh", "energy", "at_least"), ("coal", "GJ",
        "energy", "at_least"),
        ("coke_oven_gas", "GJ", "energy", "equal"), ("steam_high", "GJ", "heat", "at_least"), ("steam_low",
        "GJ", "heat", "at_least"),
        ("slag", "t", "waste", "equal"), ("fly_ash", "t", "waste", "equal"), ("clinker", "t", "material",
        "at_least"),
        ("cement", "t", "service", "at_least"), ("raw_sewage", "t", "waste", "equal"), ("reclaimed_water",
        "t", "water", "at_least"),
        ("process_water", "t", "service", "at_least"), ("tap_water", "t", "water", "at_least"),
    ]  # fmt: skip
    technology = [
        ("steelmaking", "t", "steelworks", 300.0), ("gas_power", "MWh", "power", 30.0), ("coal_chp", "MWh",
        "power", 25.0),
        ("gas_boiler", "GJ", "steelworks", 2.0), ("flare", "GJ", "steelworks", 0.0), ("steam_let_down",
        "GJ", "power", 0.0),
        ("slag_landfill", "t", "steelworks", 60.0), ("ash_landfill", "t", "power", 60.0),
        ("cement_blending", "t", "cement", 40.0),
        ("cement_pure", "t", "cement", 30.0), ("clinker_kiln", "t", "cement", 120.0), ("sewage_treatment",
        "t", "sewage_works", 1.5),
        ("sewage_reclaiming", "t", "sewage_works", 2.5), ("use_tap", "t", "steelworks", 0.0),
        ("use_reclaimed", "t", "steelworks", 0.1),
    ]  # fmt: skip
    moves = {
        "steelmaking": "-coal 16,-process_water 3,-electricity 0.35,-steam_low 0.5,+steel 1,"
        "+coke_oven_gas 3,+slag 0.35,+raw_sewage 2",
        "gas_power": "-coke_oven_gas 10,+electricity 1",
        "coal_chp": "-coal 11,+electricity 1,+steam_high 2,+fly_ash 0.06",
        "gas_boiler": "-coke_oven_gas 1.1,+steam_low 1", "flare": "-coke_oven_gas 1",
        "steam_let_down": "-steam_high 1,+steam_low 1", "slag_landfill": "-slag 1",
        "ash_landfill": "-fly_ash 1",
        "cement_blending": "-clinker 0.6,-slag 0.25,-fly_ash 0.1,+cement 1",
        "cement_pure": "-clinker 0.95,+cement 1",
        "clinker_kiln": "-coal 3.2,-electricity 0.06,+clinker 1",
        "sewage_treatment": "-raw_sewage 1,-electricity 0.0004",
        "sewage_reclaiming": "-raw_sewage 1,-electricity 0.001,+reclaimed_water 0.75",
        "use_tap": "-tap_water 1,+process_water 1", "use_reclaimed": "-reclaimed_water 1,+process_water 1",
    }  # fmt: skip
    rows = [
        (t, part.split()[0][1:], "output" if part[0] == "+" else "input", float(part.split()[1]))
        for t, text in moves.items()
        for part in text.split(",")
    ]
    links = [
        ("steelworks", "power", "coke_oven_gas"), ("power", "steelworks", "electricity"), ("power",
        "cement", "electricity"),
        ("power", "sewage_works", "electricity"), ("power", "steelworks", "steam_low"), ("power",
        "steelworks", "steam_high"),
        ("steelworks", "cement", "slag"), ("power", "cement", "fly_ash"), ("steelworks", "sewage_works",
        "raw_sewage"),
        ("power", "sewage_works", "raw_sewage"), ("sewage_works", "steelworks", "reclaimed_water"),
    ]  # fmt: skip
    emission = [
        ("steelmaking", "CO2", 1.5), ("steelmaking", "NOx", 0.001), ("gas_power", "CO2", 0.45),
        ("gas_power", "NOx", 0.0004),
        ("coal_chp", "CO2", 1.05), ("coal_chp", "NOx", 0.0009), ("gas_boiler", "CO2", 0.05), ("flare",
        "CO2", 0.045),
        ("clinker_kiln", "CO2", 0.83), ("clinker_kiln", "NOx", 0.0012), ("sewage_treatment", "COD", 0.00005),
        ("sewage_reclaiming", "COD", 0.00001),
    ]  # fmt: skip

    def joined(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([frame, water[name]], how="diagonal_relaxed") if name in water else frame

    options = pl.DataFrame(
        [(t, n, u, "free", c) for t, u, n, c in technology],
        schema=["technology", "node", "unit", "capacity", "cost_variable"],
        orient="row",
    )
    own = water["technology_option"].with_columns(node=pl.lit("park"))
    tables = {
        "node": pl.DataFrame({"node": node}),
        "period": water["period"],
        "flow": joined("flow", pl.DataFrame(flow, schema=["flow", "unit", "kind", "balance"], orient="row")),
        "technology_option": pl.concat([options, own], how="diagonal_relaxed"),
        "technology_flow": joined("technology_flow", pl.DataFrame(rows, schema=["technology", "flow",
        "role", "coefficient"], orient="row")),
        "link": pl.DataFrame([(*x, 0.5) for x in links], schema=["from_node", "to_node", "flow", "cost"],
        orient="row"),
        "demand": joined(
            "demand",
            pl.DataFrame(
                {"node": ["steelworks", "cement"], "flow": ["steel", "cement"], "year": [2025] * 2,
                "value": [1000.0, 1500.0], "unit": ["t", "t"]}
            ),
        ),
        "price": joined(
            "price",
            pl.DataFrame(
                {
                    "flow": ["coal", "electricity", "tap_water"], "direction": ["purchase"] * 3,
                    "value": [28.0, 600.0, 5.0],
                    "unit": ["CNY/GJ", "CNY/MWh", "CNY/t"],
                }
            ),
        ),
        "emission_coefficient": pl.DataFrame(
            [(t, s, v, f"t/{u}") for t, s, v in emission for u in ["unit"]], schema=["technology",
            "species", "value", "unit"], orient="row"
        ),
        "quantity_member": pl.DataFrame({"quantity": ["CO2e"], "member": ["CO2"], "weight": [1.0]}),
        "target": pl.DataFrame(
            {
                "target": ["COD_cap"], "family": ["pollution"], "quantity_kind": ["emission"],
                "quantity": ["COD"],
                "comparator": ["at_most"], "bound": [0.05], "unit": ["t"],
            }
        ),
    }  # fmt: skip
    return draft(tables, Settings(discount_rate=0.05))
