"""Jobs of capacity in place, built and retired, with the coefficients of table ``job_coefficient``."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import codes, resolve
from tongyuan.pathway.plan import Plan

OF = {"operate": "capacity", "build": "built", "retire": "retired"}
"""Column of ``plan_capacity`` that a phase goes with."""


def jobs(case: Case, plan: Plan) -> pl.DataFrame:
    """Return persons at work: a year in operation, and person-years of building and of taking down.

    What is retired counts once, in the period in which it retires. Technologies without a coefficient are
    left out: no number is made up for them.

    Returns
    -------
    polars.DataFrame
        Table ``plan_job``: node, technology, year, phase, value and the capacity it goes with.
    """
    if case["job_coefficient"].is_empty():
        return empty("plan_job")
    names = codes(case)
    keys = ["node", "technology"]
    table = plan["plan_capacity"].sort(*keys, "year").with_columns(
        retired=(pl.col("retired") - pl.col("retired").shift(1).over(keys).fill_null(0.0)).clip(0.0)
    )  # fmt: skip
    parts = []
    for phase, column in OF.items():
        rate = case["job_coefficient"].filter(pl.col("phase") == phase).select("technology", "node", "value")
        domain = names.frame(table.select(*keys)).with_row_index("i")
        found = resolve(domain, names.frame(rate), ["k"], wild=("n",), give=("i",))
        rows = table.with_row_index("i").join(found, on="i", how="inner", maintain_order="left")
        parts.append(rows.select(
            "scenario", *keys, "year", phase=pl.lit(phase), value=pl.col("value") * pl.col(column),
            capacity=column, unit="unit",
        ))  # fmt: skip
    made = pl.concat(parts).filter(pl.col("capacity") != 0.0)
    return conform("plan_job", made.sort(*keys, "year", "phase"))
