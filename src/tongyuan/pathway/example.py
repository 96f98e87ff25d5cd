"""Generated worlds and small teaching cases for tests, documentation and benchmarks, mostly made up.

The worlds with an inventory of their own (a province, a park) are workspaces in ``ledger/examples``.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.problem.problem import Array


def typed(text: str) -> dict[str, pl.DataFrame]:
    """Return tables typed as text: a line ``[name]``, then a header and rows with commas, blanks ignored."""
    tables = {}
    for block in text.split("[")[1:]:
        name, _, body = block.partition("]")
        lines = [",".join(cell.strip() for cell in line.split(",")) for line in body.strip().splitlines()]
        tables[name] = pl.read_csv(StringIO("\n".join(lines)))
    return tables


STEEL = """
[node]
node,  group
north, key
south,

[period]
year, weight
2025, 5
2030, 5

[flow]
flow,        unit, kind
steel,       t,    material
electricity, MWh,  energy
coal,        GJ,   energy
scrap,       t,    material
ammonia,     t,    reagent

[technology_option]
technology, unit, capacity_unit, yearly_output, availability, lifetime, cost_capital, cost_fixed, cost_variable, potential, payer, sector
furnace,    t,    t/a,           1,             1,            30,       4000,         50,         300,           ,          steelmaker, steel
arc,        t,    t/a,           1,             1,            30,       1500,         40,         200,           4000,      steelmaker, steel
coal_power, MWh,  MW,            8760,          0.6,          30,       4e6,          1e5,        20,            ,          utility,    power
wind,       MWh,  MW,            8760,          0.25,         20,       1.6e7,        1.2e5,      5,             30,        utility,    power

[technology_flow]
technology, flow,        role,   coefficient
furnace,    coal,        input,  18
furnace,    steel,       output, 1
arc,        electricity, input,  0.5
arc,        scrap,       input,  1.1
arc,        steel,       output, 1
coal_power, coal,        input,  9
coal_power, electricity, output, 1
wind,       electricity, output, 1

[control_option]
technology, control, share_max, cost_capital, lifetime, cost_variable
furnace,    scr,     0.9,       200,          15,       20
coal_power, scr,     1,         60,           15,       4
coal_power, fgd_scr, 1,         100,          15,       8

[control_flow]
technology, control, flow,        role,  coefficient
furnace,    scr,     electricity, input, 0.03
furnace,    scr,     ammonia,     input, 0.001
coal_power, scr,     electricity, input, 0.02
coal_power, fgd_scr, electricity, input, 0.03

[control_removal]
control, species, efficiency
scr,     NOx,     0.8
fgd_scr, NOx,     0.85
fgd_scr, SO2,     0.95

[emission_coefficient]
technology, species, value,  unit,  lower,  upper,  distribution, factor_id
furnace,    CO2,     1.9,    t/t,   1.7,    2.1,    normal,       f0
furnace,    NOx,     0.0015, t/t,   0.001,  0.002,  normal,       f1
furnace,    SO2,     0.001,  t/t,   0.0007, 0.0013, normal,       f2
arc,        CO2,     0.08,   t/t,   0.06,   0.1,    normal,       f3
arc,        NOx,     0.0002, t/t,   0.0001, 0.0003, normal,       f4
coal_power, CO2,     0.85,   t/MWh, 0.8,    0.9,    normal,       f5
coal_power, NOx,     0.0008, t/MWh, 0.0006, 0.001,  normal,       f6
coal_power, SO2,     0.0006, t/MWh, 0.0004, 0.0008, normal,       f7

[demand]
node,  flow,        year, value, unit
north, steel,       2025, 8000,  t
north, steel,       2030, 8000,  t
south, steel,       2025, 4000,  t
south, steel,       2030, 4000,  t
north, electricity, 2025, 9e4,   MWh
north, electricity, 2030, 9e4,   MWh
south, electricity, 2025, 5e4,   MWh
south, electricity, 2030, 5e4,   MWh

[stock]
node,  technology, year_built, capacity, activity
north, furnace,    2010,       9000,     8000
south, furnace,    2010,       5000,     4000
north, coal_power, 2010,       20,       9e4
south, coal_power, 2010,       12,       5e4

[price]
flow,    direction, value, unit
coal,    purchase,  25,    CNY/GJ
scrap,   purchase,  2600,  CNY/t
ammonia, purchase,  3500,  CNY/t

[link]
from_node, to_node, flow,        limit, cost, loss
north,     south,   electricity, 2e4,   10,   0.03

[quantity_member]
quantity,             member,  weight,             unit
CO2e,                 CO2,     1,
pollution_equivalent, SO2,     1052.6315789473684, pollutant_equivalent/t
pollution_equivalent, NOx,     1052.6315789473684, pollutant_equivalent/t
all_steel,            furnace, 1,
all_steel,            arc,     1,

[measure]
measure,     technology, control, department
arc_furnace, arc,        ,        industry
wind_power,  wind,       ,        energy
scr,         ,           scr,     environment
fgd,         ,           fgd_scr, environment

[target]
target,        family,    quantity_kind, quantity, denominator_kind, denominator, comparator, bound, unit, basis,         year
NOx_cap,       pollution, emission,      NOx,      ,                 ,            at_most,    60,    t,    absolute,      2030
CO2_cap,       carbon,    emission,      CO2e,     ,                 ,            at_most,    0.85,  ,     share_of_base, 2030
short_process, policy,    activity,      arc,      activity,         all_steel,   at_least,   0.2,   ,     absolute,      2030
"""  # noqa: E501


def steel(*, growth: float = 0.0) -> Case:
    """Return a two-node, two-period world: steel by furnace or arc, power from coal or wind, SCR.

    Every figure is illustrative. It has a measure that helps both families (arc furnace, wind) and one
    that cleans at the price of carbon (SCR takes electricity). Demand of steel grows by `growth` to 2030.
    """
    tables = typed(STEEL)
    grown = (pl.col("flow") == "steel") & (pl.col("year") == 2030)
    tables["demand"] = tables["demand"].with_columns(
        pl.when(grown).then(pl.col("value") * (1.0 + growth)).otherwise("value").alias("value")
    )
    return draft(tables, Settings(discount_rate=0.05, base_year=2025))


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
        "technology_option": pl.DataFrame(
            {"technology": group, "unit": ["t"] * groups, "capacity": ["free"] * groups}
        ),
        "technology_flow": pl.DataFrame(
            {"technology": group, "flow": group, "role": ["output"] * groups, "coefficient": [1.0] * groups}
        ),
        "control_option": pl.DataFrame(
            {
                "technology": np.array(group)[g],
                "control": np.array(option)[c],
                "share_max": share.ravel(),
                "cost_variable": cost.ravel(),
            }
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
                "node": pl.Series(node).gather(dn),
                "flow": pl.Series(group).gather(dg),
                "year": pl.Series(year).gather(dt),
                "value": amount,
                "unit": pl.repeat("t", dn.size, eager=True),
            }
        ),
    }
    regional = allowed * rng.uniform(1.0, 1.15, allowed.shape)
    nation = allowed.sum(axis=0) * 1.002
    rn, rs, rt = (a.ravel() for a in np.indices(allowed.shape))
    caps = {
        "target": [f"{node[a]}-{SPECIES[b]}-{year[t]}" for a, b, t in zip(rn, rs, rt, strict=True)],
        "quantity": [SPECIES[b] for b in rs],
        "year": [year[t] for t in rt],
        "scope": [node[a] for a in rn],
        "bound": regional.ravel().tolist(),
    }
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


WATER = """
[process]
process, amount, inlet, outlet
p1,      20,     0,     100
p2,      100,    50,    100
p3,      40,     50,    800
p4,      10,     400,   800
"""
"""Limiting water data: flow [t/h], greatest inlet and outlet concentration [ppm].

Y. P. Wang and R. Smith, Wastewater minimisation, Chemical Engineering Science 49 (1994) 981–1006, example of
four operations and one contaminant (mass loads 2, 5, 30 and 4 kg/h); least fresh water with reuse 90 t/h.
"""


def water_reuse() -> dict[str, pl.DataFrame]:
    """Return the published source–sink water-reuse case as tables of a plan; one unit of activity is 1 t/h.

    Every process takes its flow at no more than its inlet limit: its water may be fresh or the effluent of
    another process (a grade), and the contaminant it may bring in is a flow that the grades use up.
    """
    processes = typed(WATER)["process"].to_dicts()
    grades = sorted({p["outlet"] for p in processes})
    water = {"fresh_water": 0, **{f"water_{g}ppm": g for g in grades}}
    flows = [(name, "t", "water", "equal" if g else "at_least") for name, g in water.items()]
    flows.append(("sewage", "t", "waste", "at_least"))
    moves = []
    for name, grade in water.items():
        if grade:
            moves += [(f"drain_{name}", name, "input", 1.0), (f"drain_{name}", "sewage", "output", 1.0)]
    demand = [
        (f"water_{g}ppm", -float(sum(p["amount"] for p in processes if p["outlet"] == g)), "t")
        for g in grades
    ]
    for process in processes:
        need, load = f"{process['process']}_water", f"{process['process']}_load"
        flows += [(need, "t", "service", "equal"), (load, "g", "waste", "at_least")]
        demand += [(need, float(process["amount"]), "t")]
        demand += [(load, -float(process["amount"] * process["inlet"]), "g")]
        for name, grade in water.items():
            use = f"{name}_to_{process['process']}"
            moves += [(use, name, "input", 1.0), (use, need, "output", 1.0)]
            moves += [(use, load, "input", float(grade))] if grade else []
    technologies = list(dict.fromkeys(m[0] for m in moves))
    return {
        "node": pl.DataFrame({"node": ["park"]}),
        "period": pl.DataFrame({"year": [2025], "weight": [1.0]}),
        "flow": pl.DataFrame(flows, schema=["flow", "unit", "kind", "balance"], orient="row"),
        "technology_option": pl.DataFrame({"technology": technologies}).with_columns(
            unit=pl.lit("t"), capacity=pl.lit("free")
        ),
        "technology_flow": pl.DataFrame(
            moves, schema=["technology", "flow", "role", "coefficient"], orient="row"
        ),
        "demand": pl.DataFrame(demand, schema=["flow", "value", "unit"], orient="row").with_columns(
            node=pl.lit("park"), year=pl.lit(2025)
        ),
        "price": pl.DataFrame(
            {"flow": ["fresh_water"], "direction": ["purchase"], "value": [1.0], "unit": ["CNY/t"]}
        ),
    }
