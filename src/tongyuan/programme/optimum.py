"""From the least-cost plan to tasks: measure, node, year, amount, cost, owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import say

ROOM = "programme"


def from_plan(
    plan_measure: Any = None,
    plan_activity: Any = None,
    *,
    plan: str,
    cost: Any = None,
    scenario: str | None = None,
    owners: Mapping[str, str] | None = None,
    titles: Mapping[str, tuple[str, str]] | None = None,
    articles: Mapping[str, int] | None = None,
    units: Mapping[str, str] | None = None,
    tolerance: float = 1e-9,
) -> pl.DataFrame:
    """Return the tasks that carry out a least-cost plan.

    Parameters
    ----------
    plan_measure, plan_activity
        Tables of those names; a task is made of every measure and of every technology (with its control) at a
        node in a year whose amount is not zero. The amount of a measure is its change against the baseline,
        where the table has one.
    plan
        Id of the plan the tasks belong to.
    cost
        Frame ``measure, node, year, value`` [CNY]: what a measure costs in a year; a frame with only
        ``measure, cost`` (table ``coordinate``: discounted, over all years) goes to its first task.
    scenario
        Which scenario; required when the tables hold more than one.
    owners
        Measure, technology or node → department; the measure goes before the node. Tasks without an entry
        have no owner, and the check names them.
    titles
        Measure or technology → Chinese and English title; the id where there is none.
    articles
        Measure or technology → article of the plan.
    units
        Measure → unit of its amount, where a table of one's own has none.
    tolerance
        Amounts up to this are nothing.

    Returns
    -------
    DataFrame
        Table ``task``, adoption ``added``.
    """
    amounts = pl.concat([_measures(plan_measure, scenario), _activities(plan_activity, scenario)])
    amounts = amounts.filter(pl.col("amount").abs() > tolerance)
    costs = _costs(cost)
    owned, named = owners or {}, titles or {}
    rows = []
    for number, row in enumerate(amounts.iter_rows(named=True), start=1):
        measure, node, year = row["measure"], row["node"], row["year"]
        what, _, control = measure.partition("+")
        words = named.get(measure) or named.get(what) or (what, what)
        lead = next((owned[k] for k in (measure, what, node) if k in owned), None)
        unit = row["unit"] or (units or {}).get(what, "")
        spent = costs.pop((measure, node, year), costs.pop((what, "", None), None))
        told = {}
        for index, language in enumerate(("zh", "en")):
            place = f"{node} " if node else ""
            title = words[index] + (f" + {control}" if control else "")
            told[f"text_{language}"] = say(
                ROOM, row["sentence"], language,  # type: ignore[arg-type]
                place=place, measure=title, year=year, amount=_amount(row["amount"]), unit=unit,
            ).strip()  # fmt: skip
        rows.append(
            {
                "plan": plan,
                "task": f"M{number:03d}",
                "adoption": "added",
                "article": (articles or {}).get(what),
                **told,
                "lead": lead,
                "departments": lead,
                "deadline": year,
                "node": node or None,
                "measure": measure,
                "amount": row["amount"],
                "unit": unit or None,
                "cost": spent,
                "cost_unit": None if spent is None else "CNY",
                "source": f"{row['table']}:{row['scenario']}",
            }
        )
    if not rows:
        return empty("task")
    frame = pl.DataFrame(rows, schema_overrides=empty("task").schema, infer_schema_length=None)
    return conform("task", frame)


def _amount(value: float) -> str:
    """Return `value` to four significant digits, large ones in full."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _frame(table: Any, scenario: str | None) -> pl.DataFrame | None:
    if table is None:
        return None
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)
    if "scenario" not in frame.columns:
        return frame.with_columns(pl.lit("").alias("scenario"))
    known = frame["scenario"].unique().sort().to_list()
    if scenario is None and len(known) > 1:
        raise ValueError(f"name one scenario of {', '.join(known)}")
    return frame if scenario is None else frame.filter(pl.col("scenario") == scenario)


_SCHEMA = {
    "table": pl.String,
    "scenario": pl.String,
    "measure": pl.String,
    "node": pl.String,
    "year": pl.Int64,
    "amount": pl.Float64,
    "unit": pl.String,
    "sentence": pl.String,
}


def _measures(table: Any, scenario: str | None) -> pl.DataFrame:
    frame = _frame(table, scenario)
    if frame is None:
        return pl.DataFrame(schema=_SCHEMA)
    if "unit" not in frame.columns:
        frame = frame.with_columns(unit=pl.lit(""))
    amount = "change" if frame["change"].null_count() < frame.height else "value"
    return frame.select(
        pl.lit("plan_measure").alias("table"),
        "scenario",
        "measure",
        pl.lit("").alias("node"),
        pl.col("year").cast(pl.Int64),
        pl.col(amount).cast(pl.Float64).alias("amount"),
        pl.col("unit").cast(pl.String).fill_null(""),
        pl.lit("task_of_change" if amount == "change" else "task_of_measure").alias("sentence"),
    )


def _activities(table: Any, scenario: str | None) -> pl.DataFrame:
    frame = _frame(table, scenario)
    if frame is None:
        return pl.DataFrame(schema=_SCHEMA)
    control = pl.col("control").fill_null("")
    joined = pl.when(control == "").then("technology").otherwise(pl.format("{}+{}", "technology", control))
    return frame.select(
        pl.lit("plan_activity").alias("table"),
        "scenario",
        joined.alias("measure"),
        "node",
        pl.col("year").cast(pl.Int64),
        pl.col("value").cast(pl.Float64).alias("amount"),
        pl.col("unit").cast(pl.String).fill_null(""),
        pl.lit("task_of_measure").alias("sentence"),
    )


def _costs(table: Any) -> dict[tuple[str, str, int | None], float]:
    frame = _frame(table, None)
    if frame is None:
        return {}
    if "value" not in frame.columns:
        return {(m, "", None): c for m, c in frame.select("measure", "cost").iter_rows() if c is not None}
    node = pl.col("node").fill_null("") if "node" in frame.columns else pl.lit("").alias("node")
    rows = frame.with_columns(node).group_by("measure", "node", "year").agg(pl.col("value").sum())
    return {(measure, place, year): value for measure, place, year, value in rows.iter_rows()}
