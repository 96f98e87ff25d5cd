"""Costs and benefits of a plan by stakeholder, against the plan without targets on pollution and carbon."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.flows.impact.response import NONE, full_in_tonnes, in_tonnes
from tongyuan.flows.plan.aimed_air import by_source
from tongyuan.flows.source import Inputs
from tongyuan.impact.air.full import Full
from tongyuan.impact.money.stakeholder import Entry, benefit_entry, cost_entry
from tongyuan.impact.money.value import discount_factor
from tongyuan.ledger.table import empty, from_rows
from tongyuan.reference import gwp


def valuation_of(inputs: Inputs) -> pl.DataFrame:
    """Return table ``valuation`` of every scenario: what is paid, passed on and gained, by whom.

    Health counts where the workspace brings a response and baseline deaths, and the settings a value of a
    death; climate where they give one of a tonne. Damage in the objective is these benefits told otherwise,
    and is left out. Empty where the settings value nothing.
    """
    impact, cost = inputs.settings.impact, inputs.made.get("plan_cost")
    emission = in_tonnes(inputs.made["plan_emission"])
    valued = impact.death_value is not None or impact.carbon_value is not None
    if not valued or cost is None or NONE not in emission["scenario"].to_list():
        return empty("valuation")
    full = full_in_tonnes(inputs.tables, impact) if impact.death_value is not None else None
    carbon = _carbon(emission, inputs.settings.account.gwp_set)
    currency = next((c for c in cost["currency"] if c), inputs.settings.plan.currency)
    paid = {
        (s, y, i, p or ""): v
        for s, y, i, p, v in cost.filter(pl.col("item") != "damage")
        .group_by("scenario", "year", "item", "payer", maintain_order=True)
        .agg(pl.col("value").sum())
        .iter_rows()
    }
    lines: list[dict[str, Any]] = []
    years = sorted(set(cost["year"]))
    for scenario in sorted(set(cost["scenario"]) - {NONE}):
        air = _deaths(full, emission, scenario)
        entries: list[Entry] = []
        keys = {key[1:] for key in paid if key[0] in (scenario, NONE)}
        for year, item, payer in sorted(keys):
            more = paid.get((scenario, year, item, payer), 0.0) - paid.get((NONE, year, item, payer), 0.0)
            entries += cost_entry(year, item, payer or "—", more)
        for year in years:
            if year in air and impact.death_value is not None:
                entries.append(benefit_entry(year, "health", air[year], impact.death_value))
            if impact.carbon_value is not None:
                less = carbon.get((NONE, year), 0.0) - carbon.get((scenario, year), 0.0)
                entries.append(benefit_entry(year, "climate", less, impact.carbon_value))
        lines += [_line(scenario, entry, inputs.settings.plan.discount_rate or 0.0, years[0], currency)
                  for entry in _joined(entries)]  # fmt: skip
    return from_rows("valuation", lines)


def _joined(entries: list[Entry]) -> list[Entry]:
    """Return entries of one year, item and stakeholder as one: several payers of a tax, one receiver."""
    found: dict[tuple[int, str, str], Entry] = {}
    for entry in entries:
        before = found.get(entry[:3])
        found[entry[:3]] = entry if before is None else before._replace(value=before.value + entry.value)
    return [entry for entry in found.values() if entry.value]


def _line(scenario: str, entry: Entry, rate: float, start: int, currency: str) -> dict[str, Any]:
    worth = entry.value * float(discount_factor(entry.year - start, rate))
    return entry._asdict() | {"scenario": scenario, "discounted": worth, "currency": currency}


def _carbon(emission: pl.DataFrame, gwp_set: str) -> dict[tuple[str, int], float]:
    """Return CO2e by scenario and year [t]."""
    potential = gwp.table(gwp_set).select("species", "gwp")
    rows = emission.join(potential, on="species").with_columns(pl.col("value") * pl.col("gwp"))
    summed = rows.group_by("scenario", "year").agg(pl.col("value").sum())
    return {(s, y): v for s, y, v in summed.iter_rows()}


def _deaths(full: Full | None, emission: pl.DataFrame, scenario: str) -> dict[int, float]:
    """Return deaths avoided against the scenario without targets, by year."""
    if full is None or not full.deaths:
        return {}
    found = {}
    now, before = (by_source(emission.filter(pl.col("scenario") == s)) for s in (scenario, NONE))
    for year in now:
        if year in before:
            found[year] = float(full.avoided(full.air(now[year]), full.air(before[year]))[0])
    return found
