"""From the least-cost plan to tasks: measure, node, year, amount, cost, owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import quantity

ROOM = "programme"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
CHANGE = "task_of_change"


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
        node whose amount is not zero in some year. It says what every year asks, begins in the first and is
        due in the last of them, and has the amount of the last. The amount of a measure is its change
        against the baseline, where the table has one.
    plan
        Id of the plan the tasks belong to.
    cost
        Frame ``measure, node, year, value`` [CNY]: what a measure costs in a year; a frame with only
        ``measure, cost`` (table ``coordinate``: discounted, over all years) goes to its first task; the
        years of a task are summed.
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
        Table ``task``, adoption ``added``, by owner.
    """
    amounts = pl.concat([_measures(plan_measure, scenario), _activities(plan_activity, scenario)])
    amounts = amounts.filter(pl.col("amount").abs() > tolerance).sort("year", maintain_order=True)
    costs = _costs(cost)
    owned, named = owners or {}, titles or {}
    rows = []
    for _, part in amounts.group_by("measure", "node", "unit", maintain_order=True):
        row = part.row(-1, named=True)
        measure, node = row["measure"], row["node"]
        what, control = row["technology"], row["control"]
        words = named.get(measure) or named.get(what) or (what, what)
        lead = next((owned[k] for k in (measure, what, node) if k in owned), None)
        unit = row["unit"] or (units or {}).get(what, "")
        keys = [*((measure, node, year) for year in part["year"]), (what, "", None)]
        spent = [costs.pop(key) for key in keys if key in costs]
        told = {}
        for index, language in enumerate(LANGUAGES):
            place = f"{node} " if node else ""
            title = words[index] + (f" + {control}" if control else "")
            told[f"text_{language}"] = say(
                ROOM, row["sentence"], language,
                place=place, measure=title, amounts=_by_year(part, unit, language),
            ).strip()  # fmt: skip
        rows.append(
            {
                "plan": plan,
                "adoption": "added",
                "article": (articles or {}).get(what),
                **told,
                "lead": lead,
                "departments": lead,
                "start": part["year"][0],
                "deadline": row["year"],
                "node": node or None,
                "measure": measure,
                "amount": row["amount"],
                "unit": unit or None,
                "cost": sum(spent) if spent else None,
                "cost_unit": "CNY" if spent else None,
                "source": f"{row['table']}:{row['scenario']}",
            }
        )
    rows.sort(key=lambda row: (row["lead"] is None, row["lead"] or ""))
    for number, made in enumerate(rows, start=1):
        made["task"] = f"M{number:03d}"
    if not rows:
        return empty("task")
    frame = pl.DataFrame(rows, schema_overrides=empty("task").schema, infer_schema_length=None)
    return conform("task", frame)


def _by_year(part: pl.DataFrame, unit: str, language: Language) -> str:
    """Return what a task changes or reaches by every year, in words."""
    joint = "、" if language == "zh" else ", "
    told = []
    for year, amount, sentence in part.select("year", "amount", "sentence").iter_rows():
        size = abs(amount) if sentence == CHANGE else amount
        key = f"{sentence}_{'less' if amount < 0 else 'more'}" if sentence == CHANGE else f"{sentence}_by"
        text = quantity(size, unit, language)
        told.append(say(ROOM, key, language, year=year, amount=text))
    return joint.join(told)


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
    "technology": pl.String,
    "control": pl.String,
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
        pl.col("measure").alias("technology"),
        pl.lit("").alias("control"),
        pl.lit("").alias("node"),
        pl.col("year").cast(pl.Int64),
        pl.col(amount).cast(pl.Float64).alias("amount"),
        pl.col("unit").cast(pl.String).fill_null(""),
        pl.lit(CHANGE if amount == "change" else "task_of_measure").alias("sentence"),
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
        "technology",
        control.alias("control"),
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
