"""Tables of projects: what each is worth, to whom, what its reductions cost, what a sum buys most of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.finance.appraisal.flow import capital_recovery, internal_rates, net_present_value, payback
from tongyuan.finance.appraisal.joint import joint_cost
from tongyuan.finance.appraisal.portfolio import best_portfolio
from tongyuan.ledger.table import from_rows
from tongyuan.reference import gwp, species

Array = npt.NDArray[np.float64]

GOVERNMENT = "government"


def yearly(flow: pl.DataFrame) -> pl.DataFrame:
    """Return ``project, payer, year, value`` of table ``cash_flow``, every year of a span a row of its own.

    Parameters
    ----------
    flow
        Table ``cash_flow`` in yuan.
    """
    span = pl.int_ranges("year", pl.col("year_to").fill_null(pl.col("year")) + 1)
    return (
        flow.with_columns(span.alias("year"))
        .explode("year", empty_as_null=False)
        .group_by("project", "payer", "year")
        .agg(pl.col("value").sum())
        .sort("project", "payer", "year")
    )


def _row(frame: pl.DataFrame, first: int, last: int) -> Array:
    values = np.zeros(last - first + 1)
    for year, value in frame.select("year", "value").iter_rows():
        values[year - first] += value
    return values


def reductions(cut: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return ``project, CO2e, equivalent`` of a year, from table ``project_reduction`` in tonnes.

    Raises
    ------
    KeyError
        If the set has no warming potential of a greenhouse gas.
    """
    warm = gwp.co2e(cut.select("project", "species", "value"), gwp_set)
    kinds = warm["species"].unique(maintain_order=True).to_list()
    worth = pl.DataFrame(
        {"species": kinds, "per": [species.get(s).equivalent_kg for s in kinds]},
        schema={"species": pl.String, "per": pl.Float64},
    )
    warm = warm.join(worth, on="species", how="left", maintain_order="left")
    return warm.group_by("project", maintain_order=True).agg(
        pl.col("co2e").sum().alias("CO2e"), (pl.col("value") * 1000 / pl.col("per")).sum().alias("equivalent")
    )


def appraise(
    investment: pl.DataFrame,
    flow: pl.DataFrame,
    cut: pl.DataFrame,
    *,
    rate: float,
    sensitivity: Sequence[float] = (),
    carbon_price: float | None = None,
    equivalent_price: float | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return tables ``appraisal`` and ``appraisal_payer`` of the projects that have flows.

    The flow of a project is the sum over payers, so that what passes between them cancels. Years count from
    its first flow, which is now.

    Parameters
    ----------
    investment
        Table ``investment``.
    flow
        What :func:`yearly` returns [CNY].
    cut
        What :func:`reductions` returns.
    rate, sensitivity
        Rate of discounting, and others beside it [1/yr].
    carbon_price, equivalent_price
        Prices that share a cost out [CNY per t CO2e, CNY per equivalent]; without both no cost is shared out.
    """
    falls = {r["project"]: r for r in cut.iter_rows(named=True)}
    lines: list[dict[str, Any]] = []
    payers: list[dict[str, Any]] = []
    for project in investment.iter_rows(named=True):
        own = flow.filter(pl.col("project") == project["project"])
        if own.is_empty():
            continue
        first, last = int(own["year"].min()), int(own["year"].max())  # type: ignore[arg-type]
        whole = _row(own, first, last)
        worth = float(net_present_value(whole, rate))
        around = [float(net_present_value(whole, other)) for other in sorted(sensitivity)]
        rates = internal_rates(whole)
        cost = -worth * capital_recovery(rate, project["lifetime"])
        line = {
            "project": project["project"],
            "title": project["title"],
            "category": project["category"],
            "discount_rate": rate,
            "net_present_value": worth,
            "net_present_value_high": around[0] if around else None,
            "net_present_value_low": around[-1] if around else None,
            "rates": len(rates),
            "rate": rates[0] if len(rates) == 1 else None,
            "payback": payback(whole, rate),
            "yearly_cost": cost,
        }
        made = falls.get(project["project"])
        if made:
            line |= {"CO2e": made["CO2e"], "equivalent": made["equivalent"]}
            line |= _shared(cost, made["CO2e"], made["equivalent"], carbon_price, equivalent_price)
        lines.append(line)
        for payer, part in own.group_by("payer", maintain_order=True):
            value = float(net_present_value(_row(part, first, last), rate))
            payers.append({"project": project["project"], "payer": payer[0], "net_present_value": value})
    return from_rows("appraisal", lines), from_rows("appraisal_payer", payers)


def _shared(
    cost: float, carbon: float, equivalent: float, price: float | None, other: float | None
) -> dict[str, float | None]:
    if price is None or other is None or max(carbon, equivalent) <= 0:
        return {}
    made = joint_cost(cost, [carbon, equivalent], [price, other])
    each = [float(c) if np.isfinite(c) else None for c in made.cost]
    return {"carbon_share": float(made.share[0]), "carbon_cost": each[0], "equivalent_cost": each[1]}


def government_money(flow: pl.DataFrame, rate: float) -> dict[str, float]:
    """Return the present value of what the government pays for each project, at its first year [CNY]."""
    begun = {p: int(y) for p, y in flow.group_by("project").agg(pl.col("year").min()).iter_rows()}
    paid: dict[str, float] = dict.fromkeys(begun, 0.0)
    for project, year, value in (
        flow.filter(pl.col("payer") == GOVERNMENT).select("project", "year", "value").iter_rows()
    ):
        paid[project] -= value / (1 + rate) ** (year - begun[project])
    return paid


def choose(
    investment: pl.DataFrame,
    cut: pl.DataFrame,
    money: dict[str, float],
    budget: float,
    carbon_price: float,
    equivalent_price: float,
) -> pl.DataFrame:
    """Return table ``portfolio``: which projects a sum of the government's buys most reduction with.

    The value of a project is its yearly reductions at the prices given. What takes no money of the
    government is not chosen among: it needs none.

    Parameters
    ----------
    investment, cut
        See :func:`appraise`.
    money
        What :func:`government_money` returns.
    budget
        [CNY]
    """
    falls = {
        r["project"]: carbon_price * r["CO2e"] + equivalent_price * r["equivalent"]
        for r in cut.iter_rows(named=True)
    }
    rows = [r for r in investment.iter_rows(named=True) if money.get(r["project"], 0.0) > 0]
    names = [r["project"] for r in rows]
    groups: dict[str, list[list[int]]] = {}
    for column in ("bundle", "rival"):
        held: dict[str, list[int]] = {}
        for k, r in enumerate(rows):
            if r[column]:
                held.setdefault(r[column], []).append(k)
        groups[column] = list(held.values())
    value = [falls.get(n, 0.0) for n in names]
    cost = [money[n] for n in names]
    best = best_portfolio(value, cost, budget, together=groups["bundle"], either=groups["rival"])
    lines = [
        {"project": n, "value": v, "budget": c, "chosen": taken}
        for n, v, c, taken in zip(names, value, cost, best.chosen.tolist(), strict=True)
    ]
    return from_rows("portfolio", lines)
