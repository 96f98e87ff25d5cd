"""A chemical park as a plan: heat cascade, hydrogen, waste of one works in another, whole units.

The heat cascade is the problem table of pinch analysis written as flows: heat of an interval of shifted
temperature goes to a stream, or down to the next interval. Every amount of the park is illustrative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.example import typed

FOUR_STREAMS = typed("""
[stream]
stream, heat, supply, target
cold_1, -230, 20,     135
hot_2,  330,  170,    60
cold_3, -240, 80,     140
hot_4,  180,  150,    30
""")["stream"]
"""The four-stream problem, heat in kW, temperatures in °C, least difference 10 K.

Hot utility 20 kW, cold utility 60 kW, pinch at 85 °C (90 °C of hot, 80 °C of cold streams). I. C. Kemp, Pinch
Analysis and Process Integration, second edition (2007), p. 4; data and result as printed in README.md of
FitzOReilly/pina@1e8e7d0.
"""

Interval = tuple[float, float]


def intervals(
    streams: pl.DataFrame, difference: float, at: Iterable[float] = ()
) -> tuple[list[Interval], list[float]]:
    """Return the intervals of shifted temperature from hot to cold, and the heat left in each.

    Parameters
    ----------
    streams
        ``stream, heat, supply, target``: heat to be taken from a stream, negative where it is to be given
        [kW], temperatures [°C]. A stream of one temperature has an interval of no width.
    difference
        Least difference of temperature between hot and cold streams [K]: half of it is taken from hot
        streams and added to cold ones.
    at
        Shifted temperatures at which an interval is split, as where a utility comes in.
    """
    shift = difference / 2.0
    parts = []
    for r in streams.to_dicts():
        move = -shift if r["heat"] > 0.0 else shift
        parts.append((max(r["supply"], r["target"]) + move, min(r["supply"], r["target"]) + move, r["heat"]))
    levels = sorted({t for high, low, _ in parts for t in (high, low)}.union(at), reverse=True)
    still = {high for high, low, _ in parts if high == low}
    bounds: list[Interval] = []
    for high, low in zip(levels, [*levels[1:], None], strict=True):
        bounds += [(high, high)] if high in still else []
        bounds += [(high, low)] if low is not None else []
    left = [
        sum(
            heat if high == low == h == b else heat * (h - b) / (high - low)
            for high, low, heat in parts
            if (high == low == h == b) or (high > low and h > b and high >= h and low <= b)
        )
        for h, b in bounds
    ]
    return bounds, left


def heat_cascade(
    streams: pl.DataFrame = FOUR_STREAMS,
    difference: float = 10.0,
    utility: Mapping[float, float] | None = None,
) -> dict[str, pl.DataFrame]:
    """Return streams to be heated and cooled as tables of a plan; one unit of activity is 1 kW.

    Heat of every interval is balanced: what its streams leave goes down to the next, never up, and what the
    last leaves to cooling water. The least purchase of heat is the hot utility target.

    Parameters
    ----------
    streams, difference
        See :func:`intervals`.
    utility
        Price of heat bought by its (shifted) temperature; one of 1 at the top when None.
    """
    bounds, left = intervals(streams, difference, utility or ())
    names = [f"heat_{i:02d}" for i in range(len(bounds))]
    moves, flows = [], [(n, "kW", "heat", "equal") for n in names]
    for i, name in enumerate(names):
        lower = names[i + 1] if i + 1 < len(names) else "warmth"
        moves += [(f"down_{i:02d}", name, "input", 1.0), (f"down_{i:02d}", lower, "output", 1.0)]
    flows.append(("warmth", "kW", "waste", "at_least"))
    prices = []
    for t, price in (utility or {bounds[0][0]: 1.0}).items():
        steam = f"steam_{t:g}"
        first = next(i for i, (high, _) in enumerate(bounds) if high <= t)
        moves += [(f"use_{steam}", steam, "input", 1.0), (f"use_{steam}", names[first], "output", 1.0)]
        flows.append((steam, "kW", "heat", "at_least"))
        prices.append((steam, price))
    return {
        "node": pl.DataFrame({"node": ["park"]}),
        "period": pl.DataFrame({"year": [2025], "weight": [1.0]}),
        "flow": pl.DataFrame(flows, schema=["flow", "unit", "kind", "balance"], orient="row"),
        "technology_option": pl.DataFrame(
            {"technology": list(dict.fromkeys(m[0] for m in moves))}
        ).with_columns(unit=pl.lit("kW"), capacity=pl.lit("free")),
        "technology_flow": pl.DataFrame(
            moves, schema=["technology", "flow", "role", "coefficient"], orient="row"
        ),
        "demand": pl.DataFrame(
            {"flow": names, "value": [-v for v in left], "unit": ["kW"] * len(names)}
        ).with_columns(node=pl.lit("park"), year=pl.lit(2025)),
        "price": pl.DataFrame(prices, schema=["flow", "value"], orient="row").with_columns(
            direction=pl.lit("purchase"), unit=pl.lit("CNY/kW")
        ),
    }  # fmt: skip


def pinches(plan: Mapping[str, pl.DataFrame], streams: pl.DataFrame, difference: float) -> list[float]:
    """Return the shifted temperatures that no heat of a plan of :func:`heat_cascade` crosses [°C]."""
    bounds, left = intervals(streams, difference)
    run = dict(plan["plan_activity"].select("technology", "value").iter_rows())
    scale = sum(abs(v) for v in left)
    crossed = [run.get(f"down_{i:02d}", 0.0) > 1e-9 * scale for i in range(len(bounds))]
    shut = {bounds[i][1] for i in range(len(bounds) - 1) if not crossed[i]}
    return sorted(shut)


PARK = """
[node]
node
park

[period]
year, weight
2025, 5
2030, 5

[flow]
flow,        unit, kind,     balance
steam,       GJ,   heat,     at_least
electricity, MWh,  energy,   at_least
coal,        GJ,   energy,   at_least
gas,         GJ,   energy,   at_least
hydrogen,    t,    material, at_least
oxygen,      t,    material, at_least
acid,        t,    material, at_least
spent_acid,  t,    waste,    equal
liquor,      t,    waste,    equal
ash,         t,    waste,    equal
cement_feed, t,    material, at_least
sewage,      m3,   waste,    equal

[technology_option]
technology,       unit, capacity_unit, yearly_output, availability, lifetime, cost_capital, cost_fixed, cost_variable, unit_size, payer
coal_boiler,      GJ,   MW,            31536,         0.9,          25,       9e5,          2e4,        1,             ,          works_a
gas_boiler,       GJ,   MW,            31536,         0.9,          25,       5e5,          1e4,        0.5,           10,        works_a
heat_pump,        GJ,   MW,            31536,         0.9,          20,       4e6,          2e4,        1,             2,         works_a
reformer,         t,    t/a,           1,             0.95,         25,       9000,         200,        300,           2000,      works_b
electrolyser,     t,    t/a,           1,             0.95,         20,       42000,        800,        200,           1000,      works_b
acid_plant,       t,    t/a,           1,             0.95,         25,       600,          20,         250,           ,          works_b
acid_recovery,    t,    t/a,           1,             0.95,         20,       900,          30,         80,            5000,      works_b
incinerator,      t,    t/a,           1,             0.9,          20,       8000,         300,        400,           10000,     park
haul_away,        t,    t/a,           1,             1,            20,       0,            0,          2600,          ,          works_a
neutralise,       t,    t/a,           1,             1,            20,       0,            0,          500,           ,          works_a
ash_to_kiln,      t,    t/a,           1,             1,            20,       0,            0,          20,            ,          works_c
landfill,         t,    t/a,           1,             1,            20,       0,            0,          150,           ,          works_a
sewage_today,     m3,   m3/a,          1,             1,            20,       0,            0,          1.1,           ,          park
sewage_upgraded,  m3,   m3/a,          1,             1,            20,       4.5,          0.1,        1.9,           1e6,       park

[technology_flow]
technology,      flow,        role,   coefficient
coal_boiler,     coal,        input,  1.2
coal_boiler,     steam,       output, 1
coal_boiler,     ash,         output, 0.009
gas_boiler,      gas,         input,  1.06
gas_boiler,      steam,       output, 1
heat_pump,       electricity, input,  0.11
heat_pump,       steam,       output, 1
reformer,        gas,         input,  165
reformer,        hydrogen,    output, 1
electrolyser,    electricity, input,  52
electrolyser,    hydrogen,    output, 1
electrolyser,    oxygen,      output, 8
acid_plant,      electricity, input,  0.1
acid_plant,      acid,        output, 1
acid_recovery,   spent_acid,  input,  1.1
acid_recovery,   steam,       input,  1.5
acid_recovery,   acid,        output, 1
incinerator,     liquor,      input,  1
incinerator,     steam,       output, 9
incinerator,     ash,         output, 0.05
haul_away,       liquor,      input,  1
neutralise,      spent_acid,  input,  1
ash_to_kiln,     ash,         input,  1
ash_to_kiln,     cement_feed, output, 1
landfill,        ash,         input,  1
sewage_today,    sewage,      input,  1
sewage_today,    electricity, input,  0.0005
sewage_upgraded, sewage,      input,  1
sewage_upgraded, electricity, input,  0.0009

[emission_coefficient]
technology,      species, value,    unit
coal_boiler,     CO2,     0.114,    t/GJ
coal_boiler,     SO2,     0.00012,  t/GJ
coal_boiler,     NOx,     0.00012,  t/GJ
gas_boiler,      CO2,     0.0595,   t/GJ
gas_boiler,      NOx,     0.00006,  t/GJ
reformer,        CO2,     9.3,      t/t
incinerator,     CO2,     1.6,      t/t
incinerator,     NOx,     0.0012,   t/t
neutralise,      COD,     0.002,    t/t
sewage_today,    COD,     0.00006,  t/m3
sewage_upgraded, COD,     0.00003,  t/m3

[stock]
node, technology,   year_built, capacity, activity
park, coal_boiler,  2010,       60,       1.4e6
park, reformer,     2012,       6000,     4000
park, acid_plant,   2008,       60000,    50000
park, haul_away,    2015,       20000,    16000
park, neutralise,   2015,       40000,    22000
park, landfill,     2015,       40000,    12600
park, sewage_today, 2012,       8e6,      6e6

[demand]
node, flow,       year, value, unit
park, steam,      2025, 1.4e6, GJ
park, steam,      2030, 1.4e6, GJ
park, hydrogen,   2025, 4000,  t
park, hydrogen,   2030, 5500,  t
park, acid,       2025, 50000, t
park, acid,       2030, 50000, t
park, spent_acid, 2025, -22000, t
park, spent_acid, 2030, -22000, t
park, liquor,     2025, -16000, t
park, liquor,     2030, -16000, t
park, sewage,     2025, -6e6,   m3
park, sewage,     2030, -6e6,   m3

[price]
flow,        direction, value, unit
coal,        purchase,  30,    CNY/GJ
gas,         purchase,  75,    CNY/GJ
electricity, purchase,  480,   CNY/MWh
oxygen,      sale,      120,   CNY/t
cement_feed, sale,      25,    CNY/t

[target]
target,  family,    quantity_kind, quantity, comparator, bound, basis,         year
co2,     carbon,    emission,      CO2,      at_most,    0.85,  share_of_base, 2030
cod,     pollution, emission,      COD,      at_most,    0.6,   share_of_base, 2030
"""  # noqa: E501


def chemical_park() -> Case:
    """Return a park of three works: steam, hydrogen, acid, waste exchanged, sewage and an incinerator.

    Gas boilers, heat pumps, reformers, electrolysers, acid recovery, the incinerator and the upgrade of the
    sewage works come in whole units. Every figure is illustrative.
    """
    return draft(typed(PARK), Settings(discount_rate=0.08, base_year=2025))
