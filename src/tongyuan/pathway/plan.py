"""A plan: the solution as ledger tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tongyuan.ledger.table import conform, empty, table
from tongyuan.pathway.case.measure import factor
from tongyuan.pathway.plan_slice import marginal, tables_by_slice, yearly
from tongyuan.pathway.problem.assemble import Aim, aim_vector, aims, fixed_part
from tongyuan.pathway.problem.base import flows
from tongyuan.pathway.problem.coefficient import emissions
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.solve.solution import Solution
from tongyuan.reference.language import say

NEGLIGIBLE = 1e-9
"""A difference below this share of what it is the difference of is none."""


@dataclass(frozen=True)
class Plan:
    """Status, discounted cost and the result tables of one solve; `problem` and `solution` for experts."""

    scenario: str
    status: str
    cost: float
    gap: float
    tables: Mapping[str, pl.DataFrame]
    problem: Problem
    solution: Solution

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.tables[name]


def tables(problem: Problem, solution: Solution, scenario: str = "") -> dict[str, pl.DataFrame]:
    """Return the ``plan_*`` tables of a solution.

    Production, consumption and emissions are worked out from the activities and the input tables, not
    taken from the solver's rows, so that :func:`tongyuan.pathway.audit.audit` can compare.
    """
    case, names, parts = problem.case, problem.codes, problem.parts
    x = solution.x

    def text(kind: list[str], code: pl.Series) -> pl.Series:
        return pl.Series(kind, dtype=pl.String).gather(code)

    years = pl.Series(names.year, dtype=pl.Int64)
    frame = parts["x"]
    value = np.maximum(x[frame["column"].to_numpy()], 0.0)
    units = parts["here"].select("o", "unit", "total")
    activity = (
        frame.select("o")
        .with_columns(
            node=text(names.node, frame["n"]),
            technology=text(names.technology, frame["k"]),
            control=text(names.control, frame["c"]),
            year=years.gather(frame["t"] - 1),
            value=pl.Series(value),
            reduced_cost=pl.Series(solution.reduced[frame["column"].to_numpy()]),
        )
        .join(units.select("o", "unit"), on="o", how="left", maintain_order="left")
        .with_columns(whole=pl.col("value").sum().over("o"))
        .with_columns(share=pl.when(pl.col("whole") > 0).then(pl.col("value") / pl.col("whole")))
        .drop("o", "whole")
    )
    result = {
        "plan_activity": activity,
        "plan_capacity": _capacity(problem, solution),
        "plan_emission": emissions(case, names, activity, running=True),
        "plan_flow": _flow(problem, solution, activity),
        "plan_link": _link(problem, solution),
        "plan_cost": _cost(problem, solution),
        "plan_measure": _measure(case["measure"], activity),
    }
    result |= tables_by_slice(problem, solution)
    named = {k: v.with_columns(scenario=pl.lit(scenario)) for k, v in result.items()}
    # activities stay in the order of their columns, which others count by
    return {k: conform(k, v) if k == "plan_activity" else ordered(k, v) for k, v in named.items()}


def ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` as table `name` of the ledger, its rows in the order of its keys."""
    keys = [c.name for c in table(name).columns if c.key]
    return conform(name, frame).sort(keys, nulls_last=True, maintain_order=True)


def _decode(problem: Problem, frame: pl.DataFrame) -> pl.DataFrame:
    names = problem.codes
    return frame.with_columns(
        node=pl.Series(names.node, dtype=pl.String).gather(frame["n"]),
        year=pl.Series(names.year, dtype=pl.Int64).gather(frame["t"] - 1),
    )


def _capacity(problem: Problem, solution: Solution) -> pl.DataFrame:
    parts, x = problem.parts, solution.x
    here = parts["here"].filter(pl.col("capacity") == "tracked")
    built = parts["built"].with_columns(
        built=pl.Series(x[parts["built"]["column"].to_numpy()]) * pl.col("scale")
    )
    total = parts["capacity"].with_columns(
        amount=pl.Series(x[parts["capacity"]["column"].to_numpy()]) * pl.col("coefficient")
    )
    retire = here["retire"].fill_null(0).to_numpy()
    here = here.with_columns(retired=pl.when(pl.col("retire").is_not_null()).then(pl.Series(x[retire])))
    apart = parts["apart"]
    if apart.height:
        own = apart.with_columns(own=pl.Series(x[apart["retire"].to_numpy()]) * pl.col("scale"))
        own = own.group_by("o", maintain_order=True).agg(pl.col("own").sum())
        here = here.join(own, on="o", how="left", maintain_order="left").with_columns(
            retired=pl.sum_horizontal("retired", "own")
        )
    frame = (
        here
        .join(built.select("o", "built"), on="o", how="left", maintain_order="left")
        .join(
            total.group_by("o", maintain_order=True).agg(pl.col("amount").sum()),
            on="o", how="left", maintain_order="left",
        )
        .with_columns(pl.col("amount", "built", "retired").fill_null(0.0).clip(0.0))
    )  # fmt: skip
    frame = _decode(problem, frame).with_columns(
        technology=pl.Series(problem.codes.technology, dtype=pl.String).gather(frame["k"])
    )
    return frame.select(
        "node", "technology", "year", "existing", "built", "retired", capacity="amount", unit="capacity_unit"
    )


def _flow(problem: Problem, solution: Solution, activity: pl.DataFrame) -> pl.DataFrame:
    case, names, parts = problem.case, problem.codes, problem.parts
    x = solution.x
    keys = ["node", "flow", "year"]

    def column(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        return frame.group_by(keys, maintain_order=True).agg(pl.col("value").sum().alias(name))

    def exchange(frame: pl.DataFrame) -> pl.DataFrame:
        return _decode(problem, frame).with_columns(
            flow=pl.Series(names.flow, dtype=pl.String).gather(frame["f"]),
            value=pl.Series(np.maximum(x[frame["column"].to_numpy()], 0.0)),
        )

    trade, sent = exchange(parts["trade"]), exchange(parts["sent"])
    arrived = exchange(parts["sent"].with_columns(n="g")).with_columns(pl.col("value") * pl.col("arriving"))
    demand = case["demand"].select(*keys, demand="value")
    place = parts["balance"]
    dual = solution.dual[place["row"].to_numpy()] / problem.factor[place["t"].to_numpy() - 1]
    place = pl.concat(
        [
            place.select("n", "f", "t", marginal_value=pl.Series(dual)),
            marginal(problem, solution),
        ]
    )
    base = _decode(problem, place).with_columns(
        flow=pl.Series(names.flow, dtype=pl.String).gather(place["f"])
    )
    further = yearly(problem, solution)
    table = base.select(*keys, "marginal_value")
    for part, name in (
        (pl.concat([flows(case, activity, "output"), _side(further, "output")]), "production"),
        (pl.concat([flows(case, activity, "input"), _side(further, "input")]), "consumption"),
        (trade.filter(pl.col("direction") == "purchase"), "purchase"),
        (trade.filter(pl.col("direction") == "sale"), "sale"),
        (arrived, "received"),
        (sent, "sent"),
    ):
        table = table.join(column(part, name), on=keys, how="left", maintain_order="left")
    table = table.join(demand, on=keys, how="left", maintain_order="left").join(
        case["flow"].select("flow", "unit"), on="flow", how="left", maintain_order="left"
    )
    amounts = ["production", "consumption", "purchase", "sale", "received", "sent", "demand"]
    surplus = (
        pl.col("production") - pl.col("consumption") + pl.col("purchase") - pl.col("sale")
        + pl.col("received") - pl.col("sent") - pl.col("demand")
    )  # fmt: skip
    largest = pl.max_horizontal(pl.col(amounts).abs())
    return table.with_columns(pl.col(amounts).fill_null(0.0)).with_columns(
        surplus=pl.when(surplus.abs() > NEGLIGIBLE * largest).then(surplus).otherwise(0.0)
    )


def _side(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return rows.filter(pl.col("side") == side).drop("side")


def _link(problem: Problem, solution: Solution) -> pl.DataFrame:
    """Return what every node sends to every other."""
    sent = problem.parts["sent"]
    node = pl.Series(problem.codes.node, dtype=pl.String)
    value = np.maximum(solution.x[sent["column"].to_numpy()], 0.0)
    rows = _decode(problem, sent).with_columns(
        from_node=node.gather(sent["n"]),
        to_node=node.gather(sent["g"]),
        flow=pl.Series(problem.codes.flow, dtype=pl.String).gather(sent["f"]),
        sent=pl.Series(value),
        received=pl.Series(value) * sent["arriving"],
    )
    units = problem.case["flow"].select("flow", "unit")
    return rows.join(units, on="flow", how="left", maintain_order="left").select(
        "from_node", "to_node", "flow", "year", "sent", "received", "unit"
    )


def _cost(problem: Problem, solution: Solution) -> pl.DataFrame:
    terms = problem.terms
    amount = terms["cost"].to_numpy() * solution.x[terms["column"].to_numpy()]
    rows = terms.with_columns(
        value=pl.Series(amount), discounted=pl.Series(amount * problem.factor[terms["t"].to_numpy() - 1])
    )
    summed = (
        rows.group_by("n", "t", "payer", "item", maintain_order=True)
        .agg(pl.col("value", "discounted").sum())
        .sort("n", "t", "payer", "item")
    )
    return _decode(problem, summed).select(
        "node",
        "year",
        "payer",
        "item",
        "value",
        "discounted",
        currency=pl.lit(problem.case.settings.currency),
    )


def _measure(measure: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Return the use of every measure, one row per unit of its technologies: t and MWh have no sum."""
    if measure.is_empty():
        return empty("plan_measure").drop("scenario")
    rows = measure_rows(measure, activity.select("technology", "control").unique(maintain_order=True))
    used = activity.join(rows, on=["technology", "control"], maintain_order="left_right")
    return used.group_by("measure", "year", "unit", maintain_order=True).agg(pl.col("value").sum())


def measure_rows(measure: pl.DataFrame, present: pl.DataFrame) -> pl.DataFrame:
    """Return which of the `present` pairs of technology and control belong to which measure.

    A row with a technology and no control takes the whole technology under every control; a row with a
    control and no technology takes that control on every technology.
    """
    both = measure.filter((pl.col("technology") != "") & (pl.col("control") != ""))
    technology = measure.filter((pl.col("technology") != "") & (pl.col("control") == "")).select(
        "measure", "technology"
    )
    control = measure.filter((pl.col("technology") == "") & (pl.col("control") != "")).select(
        "measure", "control"
    )
    columns = ["measure", "technology", "control"]
    return pl.concat(
        [
            present.join(
                both.select(columns), on=["technology", "control"], maintain_order="left_right"
            ).select(columns),
            present.join(technology, on="technology", maintain_order="left_right").select(columns),
            present.join(control, on="control", maintain_order="left_right").select(columns),
        ]
    ).unique(maintain_order=True)


def shadow(problem: Problem, solution: Solution, scenario: str = "") -> pl.DataFrame:
    """Return the shadow price of every target: what tightening it by one unit more costs.

    The dual value is d(discounted cost)/d(bound). Divided by discount factor and years represented it is in
    the money of the target's year; its sign is turned so that a positive price is a cost of ambition. Bound,
    value and price are in the unit of the target. For a ratio the dual is multiplied by the denominator;
    where both measure the same thing the price is per percentage point.
    """
    rows_of_targets = problem.rows.with_row_index("row").filter(pl.col("kind") == "target")
    rows = []
    for aim, index in zip(aims(problem.case, problem.codes), rows_of_targets["row"], strict=True):
        dual, value = float(solution.dual[index]), reached(problem, solution, aim)
        counted = problem.factor[problem.codes.year.index(aim.year)] if not aim.cumulative else 1.0
        _, below = aim_vector(problem, aim)
        price, unit = (dual if aim.comparator != "at_most" else -dual) * aim.scale, aim.unit
        if below is not None:
            price *= _total(below, solution) + fixed_part(problem.case, aim, below=True)
        if aim.pure:
            # one percentage point is 0.01 of a pure number
            price, unit = price / (100.0 * factor(aim.unit, "")), "pp"
        price += 0.0  # turns -0.0 into 0.0
        span = max(abs(value), abs(aim.bound), 1e-300)
        binding = abs(price) > 0.0 and abs(value - aim.bound) <= 1e-6 * span
        bound, value = aim.bound / aim.scale, value / aim.scale
        words = {
            f"sentence_{language}": say(
                "pathway", "shadow_binding" if binding else "shadow_free", language,
                target=aim.target, year=aim.year, price=f"{price / counted:,.6g}", unit=unit or "1",
                currency=problem.case.settings.currency, value=f"{value:,.6g}", bound=f"{bound:,.6g}",
            )
            for language in ("zh", "en")
        }  # fmt: skip
        rows.append(
            {
                "scenario": scenario, "target": aim.target, "year": aim.year, "bound": bound,
                "value": value,
                "binding": binding, "shadow_price": price / counted, "discounted": price, "unit": unit,
                **words,
            }
        )  # fmt: skip
    return ordered("shadow_price", pl.DataFrame(rows)) if rows else empty("shadow_price")


def _total(rows: pl.DataFrame, solution: Solution) -> float:
    return float(rows["weight"].to_numpy() @ solution.x[rows["column"].to_numpy()])


def reached(problem: Problem, solution: Solution, aim: Aim) -> float:
    """Return the value of an aim's quantity (or ratio) in a solution, in the unit of its bound."""
    rows, below = aim_vector(problem, aim)
    top = _total(rows, solution) + fixed_part(problem.case, aim)
    if below is None:
        return top
    bottom = _total(below, solution) + fixed_part(problem.case, aim, below=True)
    return top / bottom if bottom else float("nan")
