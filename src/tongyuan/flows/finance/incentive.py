"""What a policy changes: the plan anew under charges, prices, subsidies and tariffs; who moves, who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.finance.appraisal.tariff import surcharge
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, draft
from tongyuan.pathway.case.check import check
from tongyuan.pathway.case.money import in_one_money
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.tell.incidence import incidence
from tongyuan.reference.units import UnitError, factor

Tables = dict[str, pl.DataFrame]
ROOM = "finance"
NEEDS = {"charge": ("quantity",), "price": ("flow",), "subsidy": ("technology",),
         "tariff": ("technology", "flow", "threshold", "threshold_unit")}  # fmt: skip
"""What a row of each kind has to name."""


def incentive(case: Case, policy: pl.DataFrame) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``incentive_move, incentive_revenue, incidence`` of policies on a plan.

    Both plans are of least cost under all targets of `case`; the second pays and receives what the policies
    say. What nobody could change is a revenue all the same (``unmoved``).

    Parameters
    ----------
    case
        A checked case: every amount in the units of its flows and technologies.
    policy
        Table ``policy``.

    Raises
    ------
    FindingError
        If a row lacks what its kind needs, names what the plan does not have, or a unit does not fit.
    """
    rows = policy.drop(PLACE, strict=False)
    require([finding(ROOM, "policy_none")] if rows.is_empty() else [])
    _named(case, rows)
    tables = {name: case[name] for name in case.tables}
    money = case.settings.currency
    per = _per_unit(case, rows, money)
    for row in rows.iter_rows(named=True):
        if row["kind"] == "charge":
            _in(row, f"{money}/{_unit_of(case, row['quantity'])}")
            tables["tax"] = _charged(tables.get("tax", empty("tax")), row)
        elif row["kind"] == "price":
            tables["price"] = _priced(tables["price"], row)
    if per:
        tables["technology_option"] = _costed(tables["technology_option"], per)
    before = least_cost(case, scenario="before")
    changed = draft(tables, case.settings)
    require(f for f in check(changed) if f.check != "negative_cost")  # a subsidy may exceed what a unit costs
    changed = in_one_money(changed)[0]
    after = least_cost(changed, scenario="policy")
    made = {
        "incentive_move": _moves(before, after, money),
        "incentive_revenue": _revenue(case, rows, per, before, after, money),
        "incidence": incidence(before, after),
    }
    moved = made["incentive_move"].filter(pl.col("change").abs() > 1e-6 * pl.col("before").abs())
    return made, () if moved.height else (finding(ROOM, "policy_unmoved"),)


def _named(case: Case, rows: pl.DataFrame) -> None:
    """Refuse rows that lack what their kind needs or name what is not there."""
    bad = []
    known = {
        "technology": set(case["technology_option"]["technology"]),
        "flow": set(case["flow"]["flow"]),
        "quantity": set(case["emission_coefficient"]["species"]) | set(case["quantity_member"]["quantity"]),
    }
    bought = set(case["price"].filter(pl.col("direction") == "purchase")["flow"])
    for row in rows.iter_rows(named=True):
        for column in NEEDS[row["kind"]]:
            if row[column] in (None, ""):
                bad.append(finding(ROOM, "policy_lacks", policy=row["policy"], wanted=column))
            elif column in known and row[column] not in known[column]:
                bad.append(finding(ROOM, "policy_unknown", policy=row["policy"], name=row[column],
                                   known=", ".join(sorted(known[column])[:12])))  # fmt: skip
        if row["kind"] == "price" and row["flow"] in known["flow"] and row["flow"] not in bought:
            bad.append(finding(ROOM, "policy_not_bought", policy=row["policy"], flow=row["flow"]))
    require(bad)


def _in(row: Mapping[str, Any], unit: str, value: str = "value", of: str = "unit") -> float:
    """Return an amount of a row in a unit.

    Raises
    ------
    FindingError
        If its unit does not convert.
    """
    try:
        return float(row[value]) * factor(str(row[of]), unit)
    except UnitError:
        require([finding(ROOM, "policy_unit", policy=row["policy"], unit=row[of], wanted=unit)])
        raise


def _per_unit(case: Case, rows: pl.DataFrame, money: str) -> dict[str, dict[str, float]]:
    """Return what each policy adds to the cost of a unit of each technology [money per unit of activity]."""
    units = dict(case["technology_option"].select("technology", "unit").unique("technology").iter_rows())
    flows = dict(case["flow"].select("flow", "unit").iter_rows())
    used = {(t, f): c for t, f, c in case["technology_flow"].filter(pl.col("role") == "input")
            .select("technology", "flow", "coefficient").iter_rows()}  # fmt: skip
    made: dict[str, dict[str, float]] = {}
    for row in rows.filter(pl.col("kind") == "subsidy").iter_rows(named=True):
        amount = _in(row, f"{money}/{units[row['technology']]}")
        made.setdefault(row["policy"], {})[row["technology"]] = -amount
    tariffs = rows.filter(pl.col("kind") == "tariff")
    for (policy, technology, flow, form), bands in tariffs.group_by(
        ["policy", "technology", "flow", "form"], maintain_order=True
    ):
        level = used.get((str(technology), str(flow)), 0.0)
        wanted = f"{flows[str(flow)]}/{units[str(technology)]}"
        lines = sorted((_in(r, wanted, "threshold", "threshold_unit"), _in(r, f"{money}/{flows[str(flow)]}"))
                       for r in bands.iter_rows(named=True))  # fmt: skip
        bounds, rates = [b for b, _ in lines], [r for _, r in lines]
        if len(set(bounds)) < len(bounds):
            require([finding(ROOM, "policy_bands", policy=policy)])
        paid = float(surcharge([level], bounds, rates, "wedge" if form == "wedge" else "cliff")[0])
        made.setdefault(str(policy), {})[str(technology)] = paid
    return made


def _charged(tax: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    line = {"tax": row["policy"], "quantity": row["quantity"], "value": row["value"], "unit": row["unit"]}
    return pl.concat([tax, conform("tax", pl.DataFrame([line]))], how="diagonal_relaxed")


def _priced(price: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    """Return prices with the addition on what is bought of a flow."""
    bought = (pl.col("flow") == row["flow"]) & (pl.col("direction") == "purchase")
    added = {unit: _in(row, unit) for unit in price.filter(bought)["unit"].unique()}
    more = pl.col("unit").replace_strict(added, default=0.0, return_dtype=pl.Float64)
    return price.with_columns(pl.when(bought).then(pl.col("value") + more).otherwise("value").alias("value"))


def _costed(option: pl.DataFrame, per: Mapping[str, Mapping[str, float]]) -> pl.DataFrame:
    """Return technologies with what the policies add to a unit of them."""
    whole: dict[str, float] = {}
    for amounts in per.values():
        for technology, amount in amounts.items():
            whole[technology] = whole.get(technology, 0.0) + amount
    more = pl.col("technology").replace_strict(whole, default=0.0, return_dtype=pl.Float64)
    return option.with_columns((pl.col("cost_variable").fill_null(0.0) + more).alias("cost_variable"))


def _moves(before: Plan, after: Plan, money: str) -> pl.DataFrame:
    keys = ["node", "technology", "control", "year"]
    one = before["plan_activity"].select(*keys, "unit", before="value")
    other = after["plan_activity"].select(*keys, after="value")
    rows = one.join(other, on=keys, how="full", coalesce=True, nulls_equal=True)
    rows = rows.with_columns(pl.col("before", "after").fill_null(0.0), currency=pl.lit(money))
    for name, plan in (("before", before), ("after", after)):
        rows = rows.join(_own(plan, f"cost_{name}"), on=["node", "technology", "year"], how="left")
        whole = pl.col(name).sum().over("node", "technology", "year")
        each = pl.when(whole > 0).then(pl.col(f"cost_{name}") / whole)
        rows = rows.with_columns(each.alias(f"cost_{name}"))
    rows = rows.with_columns(change=pl.col("after") - pl.col("before"))
    rows = rows.filter((pl.col("before") > 0) | (pl.col("after") > 0))
    return conform("incentive_move", rows.sort("year", "node", "technology", "control"))


def _own(plan: Plan, name: str) -> pl.DataFrame:
    """Return the own cost of every technology, node and year: what is bought and damage are left out."""
    problem = plan.problem
    terms = problem.terms.filter(~pl.col("item").is_in(["damage", "purchase", "sale", "link"]))
    place = problem.columns.select("n", "k")[terms["column"].to_numpy()]
    rows = terms.with_columns(
        pl.Series(name, terms["cost"].to_numpy() * plan.solution.x[terms["column"].to_numpy()]),
        node=pl.Series(problem.codes.node, dtype=pl.String).gather(place["n"]),
        technology=pl.Series(problem.codes.technology, dtype=pl.String).gather(place["k"]),
        year=pl.Series(problem.codes.year, dtype=pl.Int64).gather(terms["t"] - 1),
    )
    return rows.group_by("node", "technology", "year").agg(pl.col(name).sum())


def _revenue(
    case: Case,
    rows: pl.DataFrame,
    per: Mapping[str, Mapping[str, float]],
    before: Plan,
    after: Plan,
    money: str,
) -> pl.DataFrame:
    lines = []
    flows = dict(case["flow"].select("flow", "unit").iter_rows())
    for year in case.years:
        sums: dict[str, list[float]] = {}
        for row in rows.filter(pl.col("kind").is_in(["charge", "price"])).iter_rows(named=True):
            for place, plan in enumerate((before, after)):
                if row["kind"] == "charge":
                    unit = _unit_of(case, row["quantity"])
                    amount = quantity.value(case, plan.tables, "emission", row["quantity"], [year])
                    paid = _in(row, f"{money}/{unit}") * amount
                else:
                    own = plan["plan_flow"].filter(pl.col("flow") == row["flow"], pl.col("year") == year)
                    paid = _in(row, f"{money}/{flows[row['flow']]}") * float(own["purchase"].sum())
                sums.setdefault(row["policy"], [0.0, 0.0])[place] += paid
        for policy, amounts in per.items():
            for place, plan in enumerate((before, after)):
                own = plan["plan_activity"].filter(pl.col("year") == year)
                paid = sum(float(own.filter(pl.col("technology") == t)["value"].sum()) * a
                           for t, a in amounts.items())  # fmt: skip
                sums.setdefault(policy, [0.0, 0.0])[place] += paid
        lines += [
            {"policy": policy, "year": year, "unmoved": one, "revenue": other, "currency": money}
            for policy, (one, other) in sums.items()
        ]
    return conform("incentive_revenue", pl.DataFrame(lines))


def _unit_of(case: Case, name: str) -> str:
    """Return the unit a species or group is counted in."""
    members = case["quantity_member"].filter(pl.col("quantity") == name)
    species = members["member"][0] if members.height else name
    found = case["emission_coefficient"].filter(pl.col("species") == species)["unit"]
    return str(found[0]).partition("/")[0] if found.len() else "t"
