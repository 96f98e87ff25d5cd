"""What stands in the base year: sources as technologies with stock, their fuels, and net demand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from tongyuan.ledger.finding import finding
from tongyuan.pathway.draft.driver import growth
from tongyuan.pathway.draft.ground import Ground, Sheets
from tongyuan.pathway.draft.key import named
from tongyuan.pathway.draft.service import ROOM, Served, conversion, fuel, price_of
from tongyuan.reference import units
from tongyuan.reference.factors.match import burns_fuel
from tongyuan.reference.shelf import shelf

DISTRIBUTED = {"electricity": "production"}
"""Flows of which the balance has primary production that no source of the inventory makes."""
BOUGHT_POWER = "energy.purchased_electricity"
NON_THERMAL = "non_thermal_power"


def present(found: list[Served], ground: Ground, sheets: Sheets) -> dict[str, float]:
    """Write the technologies of the base year with flows, fuels and demand; return the base of each service.

    Net demand is what the sources yield less what others of them take. Where they take more than they yield,
    the rest is bought if its price can be cited, else an error says so.
    """
    made: dict[str, float] = defaultdict(float)
    taken: dict[str, float] = defaultdict(float)
    flows = {row["flow"]: row for row in shelf("service_flow").to_dicts()}
    inputs = shelf("service_input").to_dicts()
    used: dict[str, str] = {}
    sheets.add("node", "default", node=ground.name, title_zh=ground.name, title_en=ground.name,
               region=ground.region)  # fmt: skip
    for year in ground.years:
        sheets.add("period", "default", year=year)
    for s in found:
        made[s.flow] += s.value
        used[s.flow] = s.unit
        _technology(s, ground, sheets)
        _fuel(s, ground, sheets, used)
        for row in inputs:
            if s.service.get("id") == row["service"]:
                coefficient, source, locator = conversion(row)
                unit = flows[row["flow"]]["unit"]
                per = coefficient * _scale(row, unit, s.unit)
                used[row["flow"]] = unit
                taken[row["flow"]] += per * s.value
                sheets.add("technology_flow", "shelf", technology=s.key.technology, flow=row["flow"],
                           role="input", coefficient=per, source=source, locator=locator,
                           note=row["note"])  # fmt: skip
    _chain(found, sheets, taken)
    if "electricity" in used:
        _non_thermal(ground, sheets, made)
    _buy(ground, sheets, flows, used, made, taken)
    services = {s.flow: s for s in found}
    for flow, base in made.items():
        net = base - taken.get(flow, 0.0)
        if net > 1e-9 * base:
            _demand(flow, net, services.get(flow), ground, sheets, flows)
    for flow, unit in used.items():
        known = flows.get(flow)
        own = services[flow].key if known is None else None
        words = named(own) if own is not None else {k: known[k] for k in ("title_zh", "title_en")}  # type: ignore[index]
        kind = known["kind"] if known else "service"
        sheets.add("flow", "shelf" if known else "inventory", flow=flow, unit=unit, kind=kind, **words)
    return dict(made)


def _chain(found: list[Served], sheets: Sheets, taken: dict[str, float]) -> None:
    """Let what a works makes for its own next step follow that step, in the proportion of the base year."""
    known = {(s.key.process, s.key.product): s for s in found}
    fed: set[str] = set()
    for row in shelf("service_chain").to_dicts():
        consumer = known.get((row["process"], row["product"]))
        supplier = known.get((row["supplier"], row["supplier_product"]))
        if consumer is None or supplier is None or supplier.key.technology in fed:
            continue
        fed.add(supplier.key.technology)
        taken[supplier.flow] += supplier.value
        sheets.add("technology_flow", "inventory", technology=consumer.key.technology, flow=supplier.flow,
                   role="input", coefficient=supplier.value / consumer.value, source=supplier.key.source,
                   locator=f"{supplier.value:.6g} {supplier.unit} ÷ {consumer.value:.6g} {consumer.unit}",
                   note=row["note"])  # fmt: skip


def _scale(row: dict[str, str], flow_unit: str, service_unit: str) -> float:
    """Return what a coefficient of shelf ``service_input`` is multiplied by to be flow per service."""
    from tongyuan.pathway.draft.ground import parameter

    text = parameter(row["parameter"])["unit"] if row["parameter"] else row["unit"]
    above, _, below = text.partition("/")
    return units.factor(plain(above), flow_unit) * units.factor(service_unit, plain(below))


def plain(text: str) -> str:
    """Return a unit of the library of technologies without what it is of: ``MWh_el`` is MWh."""
    return text.strip("()").split("_")[0].split(",")[0].strip()


def _technology(s: Served, ground: Ground, sheets: Sheets) -> None:
    key, service = s.key, s.service
    came = "inventory"
    most: float | None = s.value * max(1.0, max(growth(s.flow, ground).values()))
    if key.process == BOUGHT_POWER and not ground.area:
        most = None  # a park or a works takes what it needs from the grid, with its emissions
    sheets.add(
        "technology_option", came, technology=key.technology, unit=s.unit, capacity="free", potential=most,
        decline=ground.retire if service else None, **_bought(s),
        payer=service.get("payer") or key.process.split(".")[0],
        sector=key.process.split(".")[0], process=key.process, source=key.source, **named(key),
        note="" if service else "no service on the shelf joins this source to others: it stands as it is",
    )  # fmt: skip
    sheets.add("technology_flow", came, technology=key.technology, flow=s.flow, role="output",
               coefficient=1.0, source=s.source, locator=s.locator)  # fmt: skip
    sheets.add("technology_source", came, technology=key.technology, process=key.process,
               product=key.product, inventory_technology=key.variant, source=key.source)  # fmt: skip
    sheets.add(
        "stock", came, node=ground.name, technology=key.technology, activity=s.value, activity_unit=s.unit,
        source=key.source, locator=f"{key.value:g} {key.unit} → {s.value:.6g} {s.unit}",
    )  # fmt: skip


def _bought(s: Served) -> dict[str, Any]:
    """Return the price of electricity from outside as what its technology costs."""
    if s.key.process != BOUGHT_POWER:
        return {}
    row = next(r for r in shelf("service_price").to_dicts() if r["flow"] == "electricity")
    value = float(row["value"]) * units.factor(s.unit, row["unit"].partition("/")[2])
    return {"cost_variable": value, "price_year": int(row["price_year"]), "currency": row["currency"]}


def _fuel(s: Served, ground: Ground, sheets: Sheets, used: dict[str, str]) -> None:
    """Write the fuel a source burns as an input, where it has a price.

    Coal that is mined or washed, petrol that is sold and gas that is produced are not burnt there.
    """
    burns = burns_fuel(s.key.process) and s.service.get("rule") != "amount"
    flow = fuel(s.key.product) if burns else ""
    if s.key.energy is None or not flow:
        return
    used[flow] = "TJ"
    sheets.add("technology_flow", "inventory", technology=s.key.technology, flow=flow, role="input",
               coefficient=s.key.energy / s.value, source=s.key.source,
               locator=f"{s.key.energy:.6g} TJ ÷ {s.value:.6g} {s.unit}")  # fmt: skip


def _non_thermal(ground: Ground, sheets: Sheets, made: dict[str, float]) -> None:
    """Write wind, sun, water and atom of the balance as one technology: none of them is a source."""
    cells = ground.balance.filter(
        (pl.col("item") == "production") & (pl.col("product") == "electricity") & (pl.col("value") > 0.0)
    )
    if cells.is_empty():
        return
    value = sum(v * units.factor(u, "GWh") for v, u in cells.select("value", "unit").iter_rows())
    source = str(cells["source"][0] or "")
    made["electricity"] += value
    sheets.add("technology_option", "balance", technology=NON_THERMAL, unit="GWh", capacity="free",
               potential=value, payer="power", sector="energy", title_zh="现有非火电（风光水核）",
               title_en="Existing non-thermal power", source=source)  # fmt: skip
    sheets.add("technology_flow", "balance", technology=NON_THERMAL, flow="electricity", role="output",
               coefficient=1.0, source=source)  # fmt: skip
    sheets.add("stock", "balance", node=ground.name, technology=NON_THERMAL, activity=value,
               activity_unit="GWh", source=source)  # fmt: skip


def _buy(
    ground: Ground, sheets: Sheets, flows: dict[str, dict[str, str]], used: dict[str, str],
    made: dict[str, float], taken: dict[str, float],
) -> None:  # fmt: skip
    """Write prices of what is bought; what is also made here is bought no more than in the base year."""
    priced = set()
    for row in shelf("service_price").to_dicts():
        flow = row["flow"]
        if flow not in used or flow == "electricity":
            continue
        known = price_of(row, used[flow], ground.fuel_set)
        if known is None:
            continue
        priced.add(flow)
        lack = taken.get(flow, 0.0) - made[flow] if flow in made else None
        if lack is not None and lack <= 0.0:
            continue
        sheets.add("price", "shelf", flow=flow, direction="purchase", value=known[0], unit=known[1],
                   limit=lack, price_year=int(row["price_year"]) if row["price_year"] else None,
                   currency=row["currency"], payer="purchase", source=row["source"],
                   locator=row["locator"], note=row["note"])  # fmt: skip
    for flow, amount in taken.items():
        short = amount - made.get(flow, 0.0)
        if flow not in priced and short > 1e-9 * amount:
            words: dict[str, Any] = {"flow": flows[flow]["title_zh"], "made": f"{made.get(flow, 0.0):.6g}",
                                     "taken": f"{amount:.6g}", "unit": used[flow]}  # fmt: skip
            sheets.findings.append(finding(ROOM, "draft_net_demand", **words))


def _demand(
    flow: str, net: float, s: Served | None, ground: Ground, sheets: Sheets, flows: dict[str, dict[str, str]]
) -> None:
    times = growth(flow, ground)
    constant = set(times.values()) == {1.0}
    unit = s.unit if s is not None else flows[flow]["unit"]
    for year in ground.years:
        sheets.add(
            "demand", "default" if constant else "user", node=ground.name, flow=flow, year=year,
            value=net * times[year], unit=unit, source="" if s is None else s.key.source,
            locator=f"{ground.base_year}: {net:.6g} {unit} × {times[year]:.6g}",
            note="constant: no driver is given" if constant else "driver of the user",
        )  # fmt: skip
