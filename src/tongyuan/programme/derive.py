"""A region's own plan, made from its parent: tasks adopted, adapted or added, local targets and owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.programme.plan import Plan, PlanLike, known_indicators


def derive(
    parent: PlanLike,
    region: str,
    plan: str,
    *,
    drop: Iterable[str] = (),
    adapt: pl.DataFrame | None = None,
    add: pl.DataFrame | None = None,
    targets: pl.DataFrame | None = None,
    indicators: pl.DataFrame | None = None,
    milestones: pl.DataFrame | None = None,
    owners: Mapping[str, str] | None = None,
    start: int | None = None,
    deadline: int | None = None,
) -> Plan:
    """Return the plan of `region` derived from `parent`.

    Parameters
    ----------
    parent
        Tables of the parent plan.
    region
        Id of the region the plan is for.
    plan
        Id of the new plan.
    drop
        Parent tasks that are left out (the check names each of them).
    adapt
        Rows with ``task`` (of the parent) and the columns of table ``task`` that change.
    add
        Rows of table ``task`` that the parent does not have; ``plan`` and ``adoption`` are filled in.
    targets
        Local targets, rows of table ``programme_target``; without any the parent's targets are adopted.
    indicators
        Further indicators, rows of table ``indicator``.
    milestones
        Rows of table ``milestone``.
    owners
        Department of the parent → department here, for lead and supporting departments and for indicators.
    start, deadline
        Years for tasks that have none.

    Returns
    -------
    dict of str to DataFrame
        The four tables of a plan.
    """
    tasks = parent["task"].filter(~pl.col("task").is_in(list(drop)))
    tasks = tasks.with_columns(
        pl.lit(plan).alias("plan"), pl.col("task").alias("parent"), pl.lit("adopted").alias("adoption")
    )
    if adapt is not None and adapt.height:
        tasks = _adapted(tasks, adapt)
    if owners:
        tasks = _owned(tasks, owners)
    if add is not None and add.height:
        own = add.with_columns(pl.lit(plan).alias("plan"), pl.lit("added").alias("adoption"))
        tasks = pl.concat([tasks, conform("task", own)])
    tasks = tasks.with_columns(
        pl.col("start").fill_null(pl.lit(start, dtype=pl.Int64)),
        pl.col("deadline").fill_null(pl.lit(deadline, dtype=pl.Int64)),
    )
    local = _targets(parent, region, plan, targets)
    known = [frame for frame in (indicators,) if frame is not None]
    found = [conform("indicator", f.with_columns(pl.lit(plan).alias("plan"))) for f in known]
    listed = pl.concat([parent["indicator"], known_indicators()]).unique(
        "indicator", keep="first", maintain_order=True
    )
    named = listed.filter(pl.col("indicator").is_in(local["indicator"].implode()))
    named = named.with_columns(
        pl.lit(plan).alias("plan"), pl.col("lead").replace(dict(owners)) if owners else pl.col("lead")
    )
    every = pl.concat([*found, named]).unique("indicator", keep="first", maintain_order=True)
    steps = (
        empty("milestone")
        if milestones is None
        else conform("milestone", milestones.with_columns(pl.lit(plan).alias("plan")))
    )
    return {"task": tasks, "milestone": steps, "indicator": every, "programme_target": local}


def _adapted(tasks: pl.DataFrame, adapt: pl.DataFrame) -> pl.DataFrame:
    unknown = sorted(set(adapt["task"].to_list()) - set(tasks["task"].to_list()))
    if unknown:
        raise KeyError(f"the parent plan has no task {', '.join(unknown)}")
    columns = [c for c in adapt.columns if c not in ("task", "plan", "parent", "adoption")]
    changed = adapt.select("task", *(pl.col(c).alias(f"_{c}") for c in columns)).with_columns(
        pl.lit(True).alias("_adapted")
    )
    joined = tasks.join(changed, on="task", how="left", maintain_order="left")
    made = joined.with_columns(
        pl.when("_adapted").then(pl.lit("adapted")).otherwise("adoption").alias("adoption"),
        *(
            pl.when("_adapted").then(pl.col(f"_{c}").cast(tasks.schema[c])).otherwise(pl.col(c)).alias(c)
            for c in columns
        ),
    )
    return made.select(tasks.columns)


def _owned(tasks: pl.DataFrame, owners: Mapping[str, str]) -> pl.DataFrame:
    return tasks.with_columns(
        pl.col("lead").replace(dict(owners)),
        pl.col("departments").list.eval(pl.element().replace(dict(owners)).unique(maintain_order=True)),
    )


def _targets(parent: PlanLike, region: str, plan: str, targets: pl.DataFrame | None) -> pl.DataFrame:
    if targets is None:
        return parent["programme_target"].with_columns(
            pl.col("target").alias("parent"), pl.lit(plan).alias("plan"), pl.lit(region).alias("region")
        )
    local = conform("programme_target", targets.with_columns(pl.lit(plan).alias("plan")))
    above = parent["programme_target"].select("indicator", "year", pl.col("target").alias("_parent"))
    above = above.unique(["indicator", "year"], keep="first", maintain_order=True)
    return (
        local.join(above, on=["indicator", "year"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("parent", "_parent").alias("parent"), pl.col("region").fill_null(region))
        .drop("_parent")
    )
