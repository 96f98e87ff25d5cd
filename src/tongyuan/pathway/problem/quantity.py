"""Linear quantities a target can bound: their columns and weights, and their value in reported tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import codes, resolve
from tongyuan.pathway.case.measure import units_of
from tongyuan.pathway.problem.problem import Problem

KINDS = (
    "emission", "concentration", "activity", "capacity", "production", "consumption", "purchase", "cost",
)  # fmt: skip
"""Kinds of quantity a target may bound and an objective may count."""


def names(case: Case, kind: str) -> set[str]:
    """Return the names a quantity of `kind` may have in `case`, without groups."""
    if kind == "emission":
        return set(case["emission_coefficient"]["species"])
    if kind == "concentration":
        return set(case["response"]["receptor"])
    if kind == "activity":
        return set(case["technology_option"]["technology"])
    if kind == "capacity":
        return set(case["technology_option"].filter(pl.col("capacity") == "tracked")["technology"])
    return set(case["flow"]["flow"]) if kind in ("production", "consumption", "purchase") else {"total"}


def members(case: Case, quantity: str, kind: str = "emission") -> dict[str, float]:
    """Return the members of a group with their weights per unit of each; the quantity itself has weight 1.

    A weight is in the unit of the group per unit of the member; see
    :class:`tongyuan.pathway.case.measure.Units`.
    """
    if not (case["quantity_member"]["quantity"] == quantity).any():
        return {quantity: 1.0}
    return units_of(case.tables).weights(kind, quantity)


def species_needed(case: Case, quantities: list[str] | None = None) -> set[str]:
    """Return the species whose emission is a column: those of targets, taxes and `quantities`."""
    wanted: set[str] = set(quantities or [])
    target = case["target"]
    for kind, name in (("quantity_kind", "quantity"), ("denominator_kind", "denominator")):
        wanted |= set(target.filter(pl.col(kind) == "emission")[name].unique())
        if target.height and bool((target[kind] == "concentration").any()):
            wanted |= set(case["response"]["species"])
    wanted |= set(case["tax"]["quantity"])
    known = set(case["emission_coefficient"]["species"].unique())
    return {s for q in wanted for s in members(case, q) if s in known}


def costs(case: Case, quantity: str) -> pl.Expr:
    """Return which cost terms a quantity counts: those of an item or payer, or all of the objective."""
    if quantity not in ("", "total"):
        return (pl.col("payer") == quantity) | (pl.col("item") == quantity)
    return pl.lit(True) if case.settings.include_damage else pl.col("item") != "damage"


def scope_nodes(case: Case, scope: str) -> list[str]:
    """Return the nodes of a scope: all when empty, one node, or the nodes of a group."""
    node = case["node"]
    if not scope:
        return node["node"].to_list()
    if scope in set(node["node"]):
        return [scope]
    return node.filter(pl.col("group") == scope)["node"].to_list()


def vector(
    problem: Problem, kind: str, quantity: str, years: list[int], scope: str = "", control: str = "",
    cumulative: bool | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return the quantity as weights on columns, ``column, weight``, for one or more years.

    Parameters
    ----------
    cumulative
        Every year counts with the years its period represents; when None, over several years only.
    """
    case, names, parts = problem.case, problem.codes, problem.parts
    nodes = [names.node.index(n) for n in scope_nodes(case, scope)]
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    many = len(years) > 1 if cumulative is None else cumulative
    times = pl.DataFrame(
        {
            "t": [names.year.index(y) + 1 for y in years],
            "times": [weights[y] if many else 1.0 for y in years],
        },
        schema={"t": pl.Int32, "times": pl.Float64},
    )
    weight = members(case, quantity, kind)

    def pick(frame: pl.DataFrame, code: str, index: list[str], value: pl.Expr) -> pl.DataFrame:
        table = pl.DataFrame(
            {
                code: [index.index(m) for m in weight if m in index],
                "share": [w for m, w in weight.items() if m in index],
            },
            schema={code: pl.Int32, "share": pl.Float64},
        )
        chosen = frame.filter(pl.col("n").is_in(nodes))
        chosen = chosen.join(times, on="t", maintain_order="left").join(table, on=code, maintain_order="left")
        return chosen.select("column", weight=value * pl.col("share") * pl.col("times"))

    if kind == "emission":
        rows = pick(parts["emission"], "s", names.species, pl.lit(1.0))
    elif kind == "concentration":
        response = names.frame(case["response"].filter(pl.col("receptor") == quantity))
        reach = resolve(
            parts["emission"].filter(pl.col("n").is_in(nodes)).with_row_index("i"),
            response.select("s", "n", "value"),
            ["s"],
            wild=("n",),
        )
        rows = reach.join(times, on="t", maintain_order="left").select(
            "column", weight=pl.col("value") * pl.col("times")
        )
    elif kind == "activity":
        if control:
            frame = parts["x"].filter(pl.col("c") == names.control.index(control))
        else:
            frame = parts["here"].select("n", "k", "t", column="total")
        rows = pick(frame, "k", names.technology, pl.lit(1.0))
    elif kind == "capacity":
        here = parts["here"]
        frame = parts["capacity"].join(here.select("o", "n", "k", "t"), on="o", maintain_order="left")
        rows = pick(frame, "k", names.technology, pl.col("coefficient"))
    elif kind in ("production", "consumption"):
        side, sign = ("output", 1.0) if kind == "production" else ("input", -1.0)
        frame = parts["flow"].filter(pl.col("side") == side, pl.col("coefficient") != 0.0)
        rows = pick(frame, "f", names.flow, sign * pl.col("coefficient"))
    elif kind == "purchase":
        frame = parts["trade"].filter(pl.col("direction") == "purchase")
        rows = pick(frame, "f", names.flow, pl.lit(1.0))
    elif kind == "cost":
        frame = problem.terms.filter(pl.col("n").is_in(nodes)).join(times, on="t", maintain_order="left")
        rows = frame.filter(costs(case, quantity)).select("column", weight=pl.col("cost") * pl.col("times"))
    else:
        raise ValueError(f"no quantity of kind {kind!r}")
    rows = rows.group_by("column", maintain_order=True).agg(pl.col("weight").sum()).sort("column")
    return rows.with_columns(pl.col("column").cast(pl.Int64))


def value(
    case: Case, tables: Mapping[str, pl.DataFrame], kind: str, quantity: str, years: list[int],
    scope: str = "", control: str = "", cumulative: bool | None = None,
) -> float:  # fmt: skip
    """Return the quantity as the reported tables have it, without looking at the problem.

    `tables` are the ``plan_*`` tables of one scenario, see :func:`tongyuan.pathway.plan.tables`; `cumulative`
    is that of :func:`vector`.
    """
    nodes = scope_nodes(case, scope)
    weights = case["period"].select("year", times="weight")
    many = len(years) > 1 if cumulative is None else cumulative
    if not many:
        weights = pl.DataFrame({"year": years, "times": [1.0] * len(years)})
    weights = weights.filter(pl.col("year").is_in(years))
    share = members(case, quantity, kind)

    def total(frame: pl.DataFrame, column: str, by: str) -> float:
        group = pl.DataFrame({by: list(share), "member_weight": list(share.values())})
        rows = frame.filter(pl.col("node").is_in(nodes))
        rows = rows.join(weights, on="year", maintain_order="left").join(group, on=by, maintain_order="left")
        return float(np.sum((rows[column] * rows["member_weight"] * rows["times"]).to_numpy()))

    if kind == "emission":
        return total(tables["plan_emission"], "value", "species")
    if kind == "concentration":
        known = codes(case)
        response = known.frame(
            case["response"].filter(pl.col("receptor") == quantity).select("species", "node", "value")
        )
        rows = tables["plan_emission"].filter(
            pl.col("species").is_in(known.species), pl.col("node").is_in(nodes)
        )
        rows = rows.join(weights, on="year", maintain_order="left").rename({"value": "emitted"})
        domain = known.frame(rows.select("node", "species", "emitted", "times")).with_row_index("i")
        reach = resolve(domain, response, ["s"], wild=("n",))
        return float((reach["emitted"] * reach["value"] * reach["times"]).sum())
    if kind == "activity":
        frame = tables["plan_activity"]
        return total(frame.filter(pl.col("control") == control) if control else frame, "value", "technology")
    if kind == "capacity":
        return total(tables["plan_capacity"], "capacity", "technology")
    if kind in ("production", "consumption", "purchase"):
        return total(tables["plan_flow"], kind, "flow")
    frame = tables["plan_cost"].filter(pl.col("node").is_in(nodes))
    frame = frame.join(weights, on="year", maintain_order="left")
    frame = frame.filter(costs(case, quantity))
    return float((frame["value"] * frame["times"]).sum())
