"""Flows, exchange, growth and whole units, evaluated anew from the reported tables and those of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.audit_slice import AMOUNTS, at_most, coded, same, violations
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.problem.base import base_year, vintages
from tongyuan.pathway.problem.slice import sliced
from tongyuan.pathway.problem.variable import options, standing

Plan = Mapping[str, pl.DataFrame]
UNIT = 1e-3
"""Share of a unit by which a number of whole ones may be missed, over the tolerance of the audit."""


def audit_limits(case: Case, names: Codes, plan: Plan) -> pl.DataFrame:
    """Return rows of table ``violation`` for what flows come from, exchange, growth and whole units."""
    parts = [p for p in _parts(case, names, plan) if p.height]
    return pl.concat([conform("violation", p) for p in parts]) if parts else empty("violation")


def _parts(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    yield from _flow(case, plan)
    yield from _demand(case, plan)
    yield from _trade(case, names, plan)
    yield from _link(case, plan)
    yield from _growth(case, names, plan)
    yield from _retired(case, names, plan)
    yield from _units(case, names, plan)


def _flow(case: Case, plan: Plan) -> Iterator[pl.DataFrame]:
    """What a flow of the year is made, used, sent and received is what activities and links say.

    Flows of time slices are those of :mod:`tongyuan.pathway.audit_slice`.
    """
    keys = ["node", "flow", "year"]
    table = plan["plan_flow"].filter(~pl.col("flow").is_in(sliced(case)))
    activity = plan["plan_activity"].select("node", "technology", "control", "year", "value")
    size = pl.max_horizontal(pl.col(*AMOUNTS).abs())
    for role, amount in (("output", "production"), ("input", "consumption")):
        own = []
        for rows, on in (
            (case["technology_flow"], ["technology"]),
            (case["control_flow"], ["technology", "control"]),
        ):
            rows = rows.filter(pl.col("role") == role).select(*on, "flow", "coefficient")
            made = activity.join(rows, on=on, maintain_order="left_right")
            own.append(made.select(*keys, amount=pl.col("value") * pl.col("coefficient")))
        if role == "output" and "plan_swap" in plan:
            swap = plan["plan_swap"]
            own.append(swap.select(*keys, amount="gained"))
            lost = swap.select("node", "year", flow="instead_of", amount=-pl.col("given_up"))
            own.append(lost.select(*keys, "amount"))
        yield same(_beside(table, own, keys), "flow", amount, "evaluated", size)
    link = plan["plan_link"]
    for amount, node in (("sent", "from_node"), ("received", "to_node")):
        moved = [link.select("flow", "year", node=node, amount=amount).select(*keys, "amount")]
        yield same(_beside(table, moved, keys), "flow", amount, "evaluated", size)


def _beside(table: pl.DataFrame, parts: list[pl.DataFrame], keys: list[str]) -> pl.DataFrame:
    summed = pl.concat(parts).group_by(keys, maintain_order=True).agg(evaluated=pl.col("amount").sum())
    both = table.join(summed, on=keys, how="left", maintain_order="left")
    return both.with_columns(pl.col("evaluated").fill_null(0.0))


def _demand(case: Case, plan: Plan) -> Iterator[pl.DataFrame]:
    """What is asked for is what table *demand* says, and none of it is left out of the flows."""
    keys = ["node", "flow", "year"]
    asked = case["demand"].filter(pl.col("year").is_in(case.years))
    asked = asked.group_by(keys, maintain_order=True).agg(asked=pl.col("value").sum())
    both = asked.join(plan["plan_flow"].select(*keys, "demand"), on=keys, how="full", coalesce=True)
    both = both.sort(keys).with_columns(pl.col("asked", "demand").fill_null(0.0))
    yield same(both, "demand", "demand", "asked")


def _trade(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """No more is bought or sold in a year than the limit, and nothing that has no price."""
    table = coded(names, plan["plan_flow"].select("node", "flow", "year", "purchase", "sale"))
    for direction in ("purchase", "sale"):
        rows = case["price"].filter(pl.col("direction") == direction)
        known = names.frame(rows.select("flow", "node", "year", "limit")).with_columns(priced=pl.lit(True))
        domain = table.with_row_index("i")
        found = resolve(domain, known, ["f"]).select("i", "limit", "priced") if known.height else None
        if found is None:
            domain = domain.with_columns(
                limit=pl.lit(None, dtype=pl.Float64), priced=pl.lit(None, dtype=pl.Boolean)
            )
        else:
            domain = domain.join(found, on="i", how="left", maintain_order="left")
        priced = pl.col("priced").is_not_null()
        domain = domain.with_columns(most=pl.when(priced).then("limit").otherwise(0.0)).drop_nulls("most")
        yield at_most(domain, f"{direction} limit", direction, "most")


def _link(case: Case, plan: Plan) -> Iterator[pl.DataFrame]:
    """No link carries more than its limit, none is invented, what arrives is what was sent less the loss."""
    keys = ["from_node", "to_node", "flow"]
    columns = ["limit", "loss"]
    rows = case["link"].select(*keys, "year", *columns, known=pl.lit(True))
    always = (
        rows.filter(pl.col("year").is_null()).drop("year").unique(keys, keep="first", maintain_order=True)
    )
    dated = rows.filter(pl.col("year").is_not_null())
    table = plan["plan_link"].join(dated, on=[*keys, "year"], how="left", maintain_order="left")
    table = table.join(always, on=keys, how="left", suffix="_always", maintain_order="left")
    exact = pl.col("known").is_not_null()
    table = table.with_columns(
        *(pl.when(exact).then(c).otherwise(f"{c}_always").alias(c) for c in columns),
        known=exact | pl.col("known_always").is_not_null(),
        node=pl.col("from_node") + " → " + pl.col("to_node"),
    ).with_columns(arrives=pl.col("sent") * (1.0 - pl.col("loss").fill_null(0.0)))
    capped = table.with_columns(most=pl.when("known").then("limit").otherwise(0.0)).drop_nulls("most")
    yield at_most(capped, "link", "sent", "most")
    yield same(table, "link", "received", "arrives")


def _growth(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """Capacity grows no faster than its rate allows, from the stock of the base year on."""
    here = options(case, names).filter(pl.col("capacity") == "tracked", pl.col("growth").is_not_null())
    if here.is_empty():
        return
    base = base_year(case)
    here = here.with_columns(first=standing(case, names, here, pl.lit(base)))
    table = coded(names, plan["plan_capacity"].select("node", "technology", "year", stands="capacity"))
    rows = here.select("n", "k", "t", "growth", "growth_start", "first").join(table, on=["n", "k", "t"])
    rows = rows.sort("n", "k", "t").with_columns(
        before=pl.col("stands").shift(1).over("n", "k").fill_null(pl.col("first")),
        past=pl.col("year").shift(1).over("n", "k").fill_null(base),
    )
    gap = (pl.col("year") - pl.col("past")).cast(pl.Float64)
    rows = rows.with_columns(
        room=(1.0 + pl.col("growth")).pow(gap) * pl.col("before") + pl.col("growth_start")
    )
    yield at_most(rows, "growth", "stands", "room")


def _retired(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """No more retires early than there is, and it stays so but for what would have ended by itself."""
    table = plan["plan_capacity"]
    yield at_most(table, "stock", "retired", "existing")
    keys = ["node", "technology"]
    later = table.sort(*keys, "year").with_columns(
        pl.col("existing", "retired").shift(1).over(keys).name.suffix("_past"),
        past=pl.col("year").shift(1).over(keys),
    ).drop_nulls("past")  # fmt: skip
    if later.is_empty():
        return
    here = coded(names, later.select("node", "technology", "year", "past")).with_row_index("o")
    both = standing(case, names, here, pl.col("past"), pl.col("year"))
    ended = pl.col("existing_past") - pl.Series(both)
    later = later.with_columns(least=(pl.col("retired_past") - ended).clip(0.0))
    yield at_most(later, "retired stays retired", "least", "retired", pl.col("existing_past"))


def _units(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """What comes or goes in units is a whole number of them."""
    here = options(case, names).filter(pl.col("unit_size").is_not_null())
    if here.height:
        table = coded(names, plan["plan_capacity"].select("node", "technology", "year", "built"))
        rows = here.select("n", "k", "t", "unit_size").join(table, on=["n", "k", "t"])
        yield _whole(rows, "whole units", "built")
    stock = vintages(case).filter(pl.col("unit_size").is_not_null())
    if stock.height and "plan_stock" in plan:
        keys = ["node", "technology", "class", "year_built"]
        size = stock.select(*keys, "unit_size").unique(keys, keep="first", maintain_order=True)
        rows = plan["plan_stock"].join(size, on=keys, nulls_equal=True, maintain_order="left")
        yield _whole(rows, "whole units closed", "retired")


def _whole(rows: pl.DataFrame, constraint: str, column: str) -> pl.DataFrame:
    count = pl.col(column) / pl.col("unit_size")
    rows = rows.with_columns(nearest=count.round() * pl.col("unit_size"))
    # excess in units; a number beside a whole one by what the solver calls whole is whole
    apart = ((count - count.round()).abs() - UNIT).clip(0.0)
    return violations(rows, constraint, pl.col(column), pl.col("nearest"), apart, pl.lit(1.0))
