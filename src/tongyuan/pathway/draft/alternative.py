"""Alternatives of the library for the services of the base year, with what they take, cost and may reach."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from tongyuan.pathway.draft.ground import Ground, Sheets, cost_library, identifier, shaped
from tongyuan.pathway.draft.missing import left_out
from tongyuan.pathway.draft.service import price_of
from tongyuan.reference import units
from tongyuan.reference.shelf import shelf

HOURS = 8760.0
ON_ROOFS = "pv_distributed"
"""The potential that parks and works have too; wind and open land are not theirs."""

FLOW_OF = {"electricity": "electricity", "scrap": "steel_scrap", "ore": "iron_ore", "gas": "natural_gas"}
"""Flows that the inputs of the library are (parameters ``input_…``)."""


def alternatives(ground: Ground, sheets: Sheets, base: dict[str, float]) -> None:
    """Write every alternative of the library that serves a demand of the base year.

    Parameters
    ----------
    base
        What the sources yield of every flow in the base year.
    """
    services = {row["flow"]: row for row in shelf("service_flow").to_dicts()}
    used = set(shelf("service_storage")["technology"]) if shaped(ground) else set()
    for row in shelf("service_option").to_dicts():
        used.add(row["technology"])
        if row["flow"] not in base:
            left_out(sheets, row["technology"], "no_service", of=services[row["flow"]])
            continue
        _alternative(row, services[row["flow"]], base[row["flow"]], ground, sheets)
    for (technology, _), cited in cost_library().items():
        if technology not in used:
            used.add(technology)
            left_out(sheets, technology, _reason(technology, cited["sector"]))


def _reason(technology: str, sector: str) -> str:
    """Return why a technology is not on the shelf ``service_option``."""
    library = cost_library()
    if (technology, "cost_capital") not in library and (technology, "cost_without_fuel") not in library:
        return "no_cost"
    if sector in ("transport", "ship"):
        return "no_utilisation"
    if sector in ("storage", "grid", "hydrogen", "ccs", "chemical", "water"):
        return "chain"
    if "biomass" in technology or "biogas" in technology or "waste" in technology:
        return "no_price"
    return "dominated" if sector in ("power", "heat", "building", "industry_heat") else "no_conversion"


def _alternative(
    row: dict[str, str], service: dict[str, str], base: float, ground: Ground, sheets: Sheets
) -> None:
    library, technology = cost_library(), row["technology"]
    titles = next(r for (t, _), r in library.items() if t == technology)
    use = _availability(row["availability"], ground)
    of_land = row["availability"] in ("wind", "pv") and row["potential_share"] != ON_ROOFS
    if use is None or (of_land and not ground.area):
        left_out(sheets, technology, "no_utilisation", of=service)
        return
    inputs = _inputs(row, service, sheets, ground)
    if inputs is None:
        left_out(sheets, technology, "no_price", of=service)
        return
    name = technology if row["flow"] == "electricity" else identifier(technology, row["flow"])
    unit = row["capacity_unit"]
    yearly = _yearly(unit, service["unit"])
    paid = costs(row, unit, service["unit"])
    turn = float(row["turnover"]) if row["turnover"] else None
    step = ground.years[0] - ground.base_year
    pace = 1.0 / turn if turn else ground.pace
    start = pace * base * max(step, 5) / (yearly * use[0])
    potential = _potential(row["potential_share"], base, yearly * use[0], ground)
    if potential == 0.0:
        left_out(sheets, technology, "no_utilisation", of=service)
        return
    sources = [*paid.pop("sources"), use[1], *([row["source"]] if row["source"] else [])]
    sheets.add(
        "technology_option", "library", technology=name, unit=service["unit"], capacity_unit=unit,
        capacity="tracked", availability=use[0], yearly_output=yearly, potential=potential, growth=0.0,
        growth_start=start, payer=row["payer"], sector=row["payer"], process=row["process"] or None,
        title_zh=titles["title_zh"] + ("" if row["flow"] == "electricity" else f"（{service['title_zh']}）"),
        title_en=titles["title_en"] + ("" if row["flow"] == "electricity" else f" ({service['title_en']})"),
        source=list(dict.fromkeys(s for s in sources if s)),
        locator=row["locator"] or f"technology_cost: {technology}",
        note="；".join(
            t for t in (
                row["note"],
                f"turnover {turn:g} years" if turn else f"at most {100 * pace:g}% of the service a year",
            ) if t
        ),
        **paid,
    )  # fmt: skip
    sheets.add("technology_flow", "shelf", technology=name, flow=row["flow"], role="output", coefficient=1.0)
    for flow, amount, cited in inputs:
        sheets.add("technology_flow", "library", technology=name, flow=flow, role="input",
                   coefficient=amount, source=cited["source"], locator=cited["locator"])  # fmt: skip
    if row["process"]:
        value, its_unit = _burnt(row, service, inputs)
        sheets.add("technology_source", "library", technology=name, process=row["process"],
                   product=row["product"], value=value, unit=its_unit,
                   source=f"technology_cost: {technology}")  # fmt: skip
    sheets.add("measure", "shelf", measure=row["measure"], technology=name, department=row["department"],
               title_zh=row["measure_zh"], title_en=row["measure_en"])  # fmt: skip


def _availability(text: str, ground: Ground) -> tuple[float, str] | None:
    """Return the share of a year at full load, and its source; wind and sun as of the region."""
    if text not in ("wind", "pv"):
        return (float(text) if text else 1.0), ""
    row = potentials(ground)
    if row is None or not row[f"{text}_output"] or float(row[f"{text}_capacity"]) == 0.0:
        return None
    return float(row[f"{text}_output"]) * 1000.0 / float(row[f"{text}_capacity"]) / HOURS, row["source"]


def potentials(ground: Ground) -> dict[str, Any] | None:
    """Return the row of shelf ``renewable_potential`` of the province, None outside of China's provinces."""
    home = f"{ground.region[:2]}0000" if re.fullmatch(r"\d{6}", ground.region) else ground.region
    rows = shelf("renewable_potential").filter(pl.col("region") == home).to_dicts()
    return rows[0] if rows else None


def _potential(text: str, base: float, full: float, ground: Ground) -> float | None:
    """Return the greatest capacity: a share of the service, or that of the province [MW].

    Places within a province have no potential of their own on the shelf: pace limits them.
    """
    if not text:
        return None
    if re.fullmatch(r"[0-9.]+", text):
        return float(text) * base / full
    row = potentials(ground)
    if row is None or ground.region[2:] != "0000":
        return None
    return float(row[text]) * 1000.0


def _yearly(unit: str, service: str) -> float:
    """Return the service that a unit of capacity yields in a year at full load."""
    if unit.endswith("/a"):
        return units.factor(unit.removesuffix("/a").strip("()"), service)
    return HOURS * units.factor(f"{unit} h", service)


def _inputs(
    row: dict[str, str], service: dict[str, str], sheets: Sheets, ground: Ground
) -> list[tuple[str, float, dict[str, str]]] | None:
    """Return flow, amount and cited row of what a unit of service takes; None where one has no price."""
    library, technology = cost_library(), row["technology"]
    found: list[tuple[str, float, dict[str, str]]] = []
    flows = {r["flow"]: r for r in shelf("service_flow").to_dicts()}
    output = row["output"]
    if output.startswith("energy:"):
        cited = library[technology, f"input_{output.removeprefix('energy:')}"]
        flow = "electricity" if output == "energy:electricity" else row["product"]
        above, _, below = cited["unit"].partition("/")
        scale = units.factor(above, flows[flow]["unit"]) * units.factor(service["unit"], below.strip("()"))
        found.append((flow, float(cited["value"]) * scale, cited))
    elif output:
        cited = library[tuple(output.rsplit(".", 1))] if "." in output else library[technology, "efficiency"]  # type: ignore[index]
        flow = "electricity" if output == "electricity" else FUEL_OF[row["product"]]
        scale = units.factor(service["unit"], flows[flow]["unit"])
        relative = 1.0
        if row["turnover"]:  # energy at the wheel
            relative = 1.0
        found.append((flow, relative * scale / float(cited["value"]), cited))
    if row["flow"] == "crude_steel":
        eaf = library["eu_electric_arc_furnace", "input_electricity"]
        found.append(("electricity", float(eaf["value"]) * units.factor("MWh", "GWh"), eaf))
        scrap = next(r for r in shelf("service_input").to_dicts() if r["service"] == "eaf"
                     and r["flow"] == "steel_scrap")  # fmt: skip
        found.append(("steel_scrap", float(scrap["coefficient"]), scrap))
    for flow, _, _ in found:
        if not _available(flow, flows, sheets, ground):
            return None
    return found


FUEL_OF = {"natural_gas": "natural_gas", "diesel": "diesel"}


def _available(flow: str, flows: dict[str, dict[str, str]], sheets: Sheets, ground: Ground) -> bool:
    """Return whether a flow is made or bought here, writing its price where it is not yet."""
    if any(r["flow"] == flow for r in sheets.of("price")):
        return True
    if any(r["flow"] == flow and r["role"] == "output" for r in sheets.of("technology_flow")):
        return True
    row = next((r for r in shelf("service_price").to_dicts() if r["flow"] == flow), None)
    known = None if row is None else price_of(row, flows[flow]["unit"], ground.fuel_set)
    if row is None or known is None:
        return False
    if not any(r["flow"] == flow for r in sheets.of("flow")):
        sheets.add("flow", "shelf", flow=flow, unit=flows[flow]["unit"], kind=flows[flow]["kind"],
                   title_zh=flows[flow]["title_zh"], title_en=flows[flow]["title_en"])  # fmt: skip
    sheets.add("price", "shelf", flow=flow, direction="purchase", value=known[0], unit=known[1],
               price_year=int(row["price_year"]) if row["price_year"] else None, currency=row["currency"],
               payer="purchase", source=row["source"], locator=row["locator"], note=row["note"])  # fmt: skip
    return True


def _burnt(
    row: dict[str, str], service: dict[str, str], inputs: list[tuple[str, float, dict[str, str]]]
) -> tuple[float, str]:
    """Return the activity of the inventory behind a unit of an alternative: its fuel [TJ], or its product."""
    for flow, amount, _ in inputs:
        if flow in FUEL_OF.values():
            return amount, "TJ"
    return 1.0, service["unit"]


def costs(row: dict[str, str], unit: str, service: str) -> dict[str, Any]:
    """Return the costs of an alternative per unit of capacity and of service, in one money."""
    library, technology = cost_library(), row["technology"]
    plain = library.get((technology, "cost_without_fuel"))
    if plain is not None:
        below = plain["unit"].partition("/")[2].strip("()")
        value = float(plain["value"]) * units.factor(service, below)
        return {"cost_capital": 0.0, "cost_variable": value, "currency": plain["currency"],
                "price_year": _year(plain), "sources": [plain["source"]], "lifetime": None}  # fmt: skip
    cited = library[technology, "cost_capital"]
    if row["turnover"]:
        return {"cost_capital": 0.0, "currency": cited["currency"], "price_year": _year(cited),
                "sources": [cited["source"]], "lifetime": float(row["turnover"])}  # fmt: skip
    capital = float(cited["value"]) * _per(cited["unit"], unit)
    fixed = library.get((row["fixed_from"] or technology, "cost_fixed"))
    life = library.get((row["life_from"] or row["fixed_from"] or technology, "lifetime"))
    variable = library.get((technology, "cost_variable"))
    found: dict[str, Any] = {
        "cost_capital": capital,
        "currency": cited["currency"],
        "price_year": _year(cited),
    }
    found["lifetime"] = float(life["value"]) if life else None
    if fixed is not None:
        share = "%" in fixed["unit"]
        found["cost_fixed"] = (
            capital * float(fixed["value"]) / 100.0 if share
            else float(fixed["value"]) * _per(fixed["unit"].removesuffix("/year"), unit)
        )  # fmt: skip
    if variable is not None and variable["currency"] == cited["currency"]:
        below = re.sub(r"_\w+$", "", variable["unit"].partition("/")[2])
        found["cost_variable"] = float(variable["value"]) * units.factor(service, below)
    found["sources"] = [c["source"] for c in (cited, fixed, life) if c is not None]
    return found


def _year(row: dict[str, str]) -> int:
    """Return the price year of a cost; where its source states none, that of the document (2025)."""
    return int(row["price_year"]) if row["price_year"] else 2025


def _per(text: str, unit: str) -> float:
    """Return what a cost of the library (``EUR/kW_th``) is multiplied by to be per `unit` of capacity."""
    if text.startswith("10^6 "):
        return 1.0 if unit == "t/a" else float("nan")
    power = re.match(r"(kW|MW)(?!h)", text.partition("/")[2])
    return units.factor(unit, power.group(1)) if power else float("nan")
