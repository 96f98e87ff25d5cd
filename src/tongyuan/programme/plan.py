"""Plans as tables: the national plan of 29 articles, provincial targets, and the series observed so far.

A plan is a mapping of the four tables ``task``, ``milestone``, ``indicator`` and ``programme_target``.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.shelf import shelf

Plan = dict[str, pl.DataFrame]
PlanLike = Mapping[str, pl.DataFrame]

TABLES = ("task", "milestone", "indicator", "programme_target")
"""Tables a plan consists of."""

NATIONAL = "national"
NATION = "100000"
DOCUMENT = "《减污降碳协同增效实施方案》环综合〔2022〕42号"


def _blank(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with empty text as missing."""
    return frame.with_columns(pl.col(pl.String).replace("", None))


def national_plan() -> Plan:
    """Return the national plan: its tasks, indicators and targets.

    Returns
    -------
    dict of str to DataFrame
        Tables ``task`` (one row per measure of articles 4 to 29, with departments and time limits),
        ``milestone`` (none), ``indicator`` and ``programme_target``.
    """
    tasks = _blank(shelf("plan_task")).select(
        pl.lit(NATIONAL).alias("plan"),
        "task",
        pl.col("article").cast(pl.Int64),
        "text_zh",
        "text_en",
        "lead",
        "departments",
        pl.col("deadline").cast(pl.Int64),
        pl.lit(DOCUMENT).alias("source"),
    )
    targets = targets_of(NATIONAL)
    return {
        "task": conform("task", tasks),
        "milestone": empty("milestone"),
        "indicator": indicators_of(targets, NATIONAL),
        "programme_target": targets,
    }


def targets_of(plan: str) -> pl.DataFrame:
    """Return the targets on the shelf of `plan`: ``national``, ``national_other`` or ``shandong``."""
    rows = _blank(shelf("programme_target")).filter(pl.col("plan") == plan)
    if rows.is_empty():
        known = ", ".join(shelf("programme_target")["plan"].unique().sort())
        raise KeyError(f"no targets of plan {plan!r}; there are {known}")
    return conform(
        "programme_target",
        rows.with_columns(
            pl.col("year", "base_year", "article").cast(pl.Int64), pl.col("value").cast(pl.Float64)
        ),
    )


def targets_in(region: str) -> pl.DataFrame:
    """Return every target on the shelf whose region is `region`, whatever plan it belongs to; maybe none."""
    rows = _blank(shelf("programme_target")).filter(pl.col("region") == region)
    plans = rows["plan"].unique(maintain_order=True).to_list()
    parts = [empty("programme_target"), *(targets_of(name) for name in plans)]
    return pl.concat(parts).filter(pl.col("region") == region)


def indicators_of(targets: pl.DataFrame, plan: str) -> pl.DataFrame:
    """Return the indicators of the shelf that `targets` name, as indicators of `plan`."""
    task = targets.group_by("indicator", maintain_order=True).agg(pl.col("task").drop_nulls().first())
    rows = (
        _blank(shelf("programme_indicator"))
        .join(task, on="indicator", how="inner", maintain_order="left")
        .with_columns(pl.lit(plan).alias("plan"))
    )
    return conform("indicator", rows)


def known_indicators(plan: str = NATIONAL) -> pl.DataFrame:
    """Return every indicator of the shelf, as indicators of `plan`."""
    return conform("indicator", _blank(shelf("programme_indicator")).with_columns(pl.lit(plan).alias("plan")))


def observations() -> pl.DataFrame:
    """Return the observed national (and other published) series of the plan's indicators, as printed.

    Rows of another scope than the target are marked as not comparable; part-year figures keep their period;
    years without a figure have no row.
    """
    rows = _blank(shelf("programme_observation")).with_columns(
        pl.col("value", "lower", "upper").cast(pl.Float64), pl.col("comparable") == "yes"
    )
    return conform("indicator_observation", rows.drop("observation", "base_year"))


def articles() -> pl.DataFrame:
    """Return the 29 articles with their titles, departments and text."""
    return shelf("plan_article").with_columns(pl.col("article").cast(pl.Int64))
