"""The air of receptors by the user's own response: who breathes what from whom, and what a plan does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from tongyuan.flows.plan.aimed_air import AGREE, PERSON, Emission, by_source, full_response
from tongyuan.flows.source import Inputs
from tongyuan.impact.air.full import AVOIDED, Full
from tongyuan.ledger.branch import ImpactSettings
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import empty, from_rows
from tongyuan.pathway.case.case import Settings, draft
from tongyuan.reference.shelf import identify
from tongyuan.reference.units import factor

Tables = Mapping[str, pl.DataFrame]

PLAN, CONTINUED, NONE = "plan", "continued", "none"
PER_KILOTONNE = 1000.0


def full_in_tonnes(tables: Tables, impact: ImpactSettings) -> Full | None:
    """Return the full response of a workspace with every emission in tonnes, None where it brings none.

    Raises
    ------
    FindingError
        If a unit does not fit what it measures, or a surface cannot be read.
    """
    if "response" not in tables or tables["response"].is_empty():
        return None
    species = tables["response"]["species"].unique(maintain_order=True).drop_nulls()
    tonne = pl.DataFrame({"technology": "any", "species": species, "value": 1.0, "unit": "t/t"})
    given = {n: tables[n] for n in ("response", "receptor") if n in tables}
    made = draft({**given, "emission_coefficient": tonne}, Settings(discount_rate=0.0))
    require(made.findings)
    return full_response(made["response"], made["receptor"], tables, impact)


def unit_of(tables: Tables, receptor: str) -> str:
    """Return the unit that a receptor is told in, the micro sign in place of a ``u``."""
    text = tables["response"].filter(pl.col("receptor") == receptor)["unit"][0]
    unit = str(text).rpartition("/")[0].strip("()")
    return "µ" + unit[1:] if unit.startswith("ug/") else unit


def contribution_of(inputs: Inputs) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return table ``contribution`` of the inventory's emissions by the response of the workspace.

    Every row is a region, sector and species; a last row of each receptor is the rest. Together they are the
    concentration.
    """
    full, emission = full_in_tonnes(inputs.tables, inputs.settings.impact), inputs.made.get("emission")
    if full is None or emission is None or emission.is_empty():
        return empty("contribution"), ()
    acting = {species for species, _ in full.response.sources}
    rows = emission.filter(pl.col("species").is_in(list(acting)), pl.col("scope") == "direct").with_columns(
        pl.col("process").str.split(".").list.first().alias("sector"),
        pl.col("value") * pl.col("unit").replace_strict({u: factor(u, "t") for u in emission["unit"].unique()
                                                         if u in MASSES}, default=None,
                                                        return_dtype=pl.Float64),
    )  # fmt: skip
    rows = rows.group_by("region", "year", "sector", "species", maintain_order=True).agg(
        pl.col("value").sum()
    )
    named = {node: identify("region", node) or node for _, node in full.response.sources if node}
    lost = [node for node, region in named.items() if region not in rows["region"].to_list()]
    if lost:
        return empty("contribution"), (finding("flows", "response_node", nodes=", ".join(lost)),)
    back = {region: node for node, region in named.items()}
    rows = rows.with_columns(node=pl.col("region").replace(back))
    lines = [line for (_,), part in rows.group_by(["year"], maintain_order=True)
             for line in _of_year(full, part, inputs.tables)]  # fmt: skip
    return from_rows("contribution", lines), tuple(_beyond(full, rows, inputs.tables))


MASSES = ("t", "kg", "kt", "g")


def _of_year(full: Full, rows: pl.DataFrame, tables: Tables) -> Iterator[dict[str, Any]]:
    year = rows["year"][0]
    known = {(s, n) for s, n in full.response.sources}
    amounts = _amounts(rows)
    added, rest = full.contributions(amounts)
    sums = dict.fromkeys(full.response.sources, 0.0)
    for (species, node), value in amounts.items():
        sums[(species, node) if (species, node) in known else (species, "")] += value
    air = full.air(amounts)
    for j, receptor in enumerate(full.response.receptors):
        unit, whole = unit_of(tables, receptor), air[receptor]
        head = {"receptor": receptor, "year": year, "unit": unit}
        for row in rows.iter_rows(named=True):
            source = (row["species"], row["node"])
            source = source if source in known else (row["species"], "")
            if not sums[source]:
                continue
            per = added[full.response.sources.index(source), j] / sums[source]
            value = row["value"] * per
            yield head | {
                "region": row["region"], "sector": row["sector"], "species": row["species"],
                "value": value, "share": value / whole if whole else None, "emission": row["value"],
                "potency": per * PER_KILOTONNE,
            }  # fmt: skip
        yield head | {"value": float(rest[j]), "share": float(rest[j]) / whole if whole else None}


def _amounts(rows: pl.DataFrame) -> dict[tuple[str, str], float]:
    summed = rows.group_by("species", "node", maintain_order=True).agg(pl.col("value").sum())
    return {(s, n): v for s, n, v in summed.iter_rows()}


def _beyond(full: Full, rows: pl.DataFrame, tables: Tables) -> Iterator[Finding]:
    """Yield a finding for each receptor and source whose emission leaves the range of its coefficient."""
    years: dict[tuple[str, tuple[str, str]], list[int]] = {}
    for (year,), part in rows.group_by(["year"], maintain_order=True):
        for key in full.beyond(_amounts(part)):
            years.setdefault(key, []).append(int(str(year)))
    for (receptor, (species, node)), when in years.items():
        i, j = full.response.sources.index((species, node)), full.response.receptors.index(receptor)
        told = [str(y) for y in sorted(when)]
        yield finding(
            "flows", "response_beyond", receptor=receptor, species=species + (f"@{node}" if node else ""),
            years=Bilingual("、".join(told), ", ".join(told)),
            lower=f"{full.response.lower[i, j]:g}", upper=f"{full.response.upper[i, j]:g}",
        )  # fmt: skip


def plan_receptor_of(inputs: Inputs) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return table ``plan_receptor``: air of receptors with the plan and going on as today, deaths, cost.

    Deaths avoided are those of the baseline year at the air of the base, the air of the plan in place of that
    of going on as today. The cost is that beyond the plan without targets on pollution and carbon, and the
    cost of a unit is that cost over what the air is better than there.
    """
    full, emission = full_in_tonnes(inputs.tables, inputs.settings.impact), inputs.made["plan_emission"]
    names = set(emission["scenario"])
    if full is None or CONTINUED not in names:
        return empty("plan_receptor"), ()
    by = {s: by_source(in_tonnes(emission.filter(pl.col("scenario") == s))) for s in names}
    cost = _cost(inputs.made.get("plan_cost"))
    receptors = {r["receptor"]: r for r in inputs.tables["receptor"].iter_rows(named=True)} \
        if "receptor" in inputs.tables else {}  # fmt: skip
    lines: list[dict[str, Any]] = []
    for scenario in sorted(names - {CONTINUED, "base"}):
        for year, amounts in sorted(by[scenario].items()):
            if year not in by[CONTINUED]:
                continue
            after, before = full.air(amounts), full.air(by[CONTINUED][year])
            none = full.air(by[NONE][year]) if year in by.get(NONE, {}) else None
            outside = {receptor for receptor, _ in full.beyond(amounts)}
            for receptor in full.response.receptors:
                about = receptors.get(receptor, {})
                line = {
                    "scenario": scenario, "year": year, "receptor": receptor, "metric": about.get("metric"),
                    "region": about.get("region"), "before": before[receptor], "after": after[receptor],
                    "unit": unit_of(inputs.tables, receptor),
                    "reach": "outside" if receptor in outside else "inside",
                }  # fmt: skip
                if receptor in full.deaths:
                    deaths = full.avoided_of(receptor, after, before)
                    line |= dict(zip(("deaths", "deaths_lower", "deaths_upper"), map(float, deaths),
                                     strict=True))  # fmt: skip
                if none is not None and (scenario, year) in cost and (NONE, year) in cost:
                    more = cost[scenario, year][0] - cost[NONE, year][0]
                    better = none[receptor] - after[receptor]
                    line |= {"cost": more, "currency": cost[scenario, year][1]}
                    line["cost_per_unit"] = more / better if better > 1e-9 * abs(none[receptor]) else None
                lines.append(line)
    rows = in_tonnes(emission.filter(pl.col("scenario") == PLAN)).filter(
        pl.col("species").is_in([s for s, _ in full.response.sources])
    )
    gaps = _gaps(full, by.get(PLAN, {}), inputs)
    said = [finding("flows", "air_line", gap=f"{100 * max(gaps):.2g}")] if gaps else []
    return from_rows("plan_receptor", lines), (*_beyond(full, rows, inputs.tables), *said)


def _gaps(full: Full, plan: Emission, inputs: Inputs) -> list[float]:
    """Return by how much targets on the air are missed between the planner's line and the full response.

    Only shares beyond what is allowed (:data:`tongyuan.flows.plan.aimed_air.AGREE`).
    """
    shadow, target = inputs.made.get("shadow_price"), inputs.made.get("target")
    if shadow is None or target is None:
        return []
    aims = target.filter(pl.col("quantity_kind") == "concentration", pl.col("accumulation") != "cumulative")
    aims = aims.filter(pl.col("denominator_kind").fill_null("") == "", pl.col("scope").fill_null("") == "")
    found = []
    for name, quantity in aims.select("target", "quantity").iter_rows():
        for row in shadow.filter(pl.col("target") == name).iter_rows(named=True):
            if row["year"] not in plan:
                continue
            air = full.air(plan[row["year"]])
            own = PERSON if quantity == AVOIDED else unit_of(inputs.tables, quantity)
            true = float(full.avoided(air)[0]) if quantity == AVOIDED else air[quantity]
            line = row["value"] * (factor(row["unit"], own) if row["unit"] else 1.0)
            found.append(abs(true - line) / max(abs(true), 1e-9))
    return [gap for gap in found if gap > AGREE]


def in_tonnes(emission: pl.DataFrame) -> pl.DataFrame:
    """Return an emission table with masses in tonnes; other amounts stay as they are."""
    kinds = {u: factor(u, "t") if u in MASSES else 1.0 for u in emission["unit"].unique().drop_nulls()}
    times = pl.col("unit").replace_strict(kinds, default=1.0, return_dtype=pl.Float64)
    return emission.with_columns(pl.col("value") * times)


def _cost(cost: pl.DataFrame | None) -> dict[tuple[str, int], tuple[float, str]]:
    if cost is None:
        return {}
    kept = cost.filter(pl.col("item") != "damage").group_by("scenario", "year").agg(
        pl.col("value").sum(), pl.col("currency").first()
    )  # fmt: skip
    return {(s, y): (v, c or "") for s, y, v, c in kept.iter_rows()}
