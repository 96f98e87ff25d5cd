"""The plan as a road map of measures: when each begins, how much by when, who owns it, how it is counted."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.measure import factor
from tongyuan.pathway.plan import Plan, measure_rows
from tongyuan.pathway.problem.base import base_activity
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import powered, spoken
from tongyuan.reference.units import UnitError

LANGUAGES: tuple[Language, ...] = ("zh", "en")
SPOKEN: dict[Language, tuple[str, ...]] = {
    "zh": ("万千瓦", "亿千瓦时", "万吨", "万m3", "万m2", "万km"),
    "en": ("GW", "TWh", "Mt", "10^6 m3", "10^6 m2", "10^6 km"),
}
"""Units people use, by language; the first that measures the same is taken."""

BEGUN = 0.01
"""Share of its greatest amount at which a measure has begun."""


def road_map(case: Case, plan: Plan, reference: Plan | None = None) -> pl.DataFrame:
    """Return the measures of the plan with start, amount by year, owner and indicator.

    A measure of technologies with capacity is counted by what is built, up to each year, in the unit of
    capacity; any other by its activity beyond that of the base year (table ``stock``).

    Parameters
    ----------
    reference
        A plan without the targets that are asked about: `beyond` is what the plan does more than that.

    Returns
    -------
    polars.DataFrame
        Table ``road_map``: one row per measure, unit and year with something done, as they begin.
    """
    if case["measure"].is_empty():
        return empty("road_map")
    rows = _amounts(case, plan)
    if reference is not None:
        other = _amounts(case, reference).rename({"amount": "without"})
        rows = rows.join(other, on=["measure", "year", "unit", "counted"], how="left", maintain_order="left")
        rows = rows.with_columns(beyond=pl.col("amount") - pl.col("without").fill_null(0.0)).drop("without")
    most = pl.col("amount").max().over("measure", "unit", "counted")
    begun = pl.when(pl.col("amount") >= BEGUN * most).then("year").min().over("measure", "unit", "counted")
    rows = rows.with_columns(start=begun).filter(most > 0.0, pl.col("amount") > 0.0)
    told = (
        case["measure"]
        .group_by("measure", maintain_order=True)
        .agg(pl.col(c).filter(pl.col(c) != "").first() for c in ("department", "title_zh", "title_en"))
    )
    rows = rows.join(told, on="measure", maintain_order="left").sort(
        "start", "measure", "unit", "year", nulls_last=True
    )
    made = []
    for r in rows.to_dicts():
        for language in LANGUAGES:
            size, unit = said(r["amount"], r["unit"], language)
            r[f"amount_{language}"], r[f"unit_{language}"] = r["amount"] * size, unit
            r[f"indicator_{language}"] = say(
                "pathway",
                f"road_map_{r['counted']}",
                language,
                measure=r[f"title_{language}"] or r["measure"],
                year=r["year"],
                amount=f"{r['amount'] * size:,.4g}",
                unit=unit,
            )
        made.append({**r, "scenario": plan.scenario})
    columns = [
        *rows.columns,
        "amount_zh",
        "unit_zh",
        "indicator_zh",
        "amount_en",
        "unit_en",
        "indicator_en",
        "scenario",
    ]
    frame = pl.DataFrame(made, infer_schema_length=None).select(columns) if made else empty("road_map")
    return conform("road_map", frame.drop("title_zh", "title_en", strict=False))


def said(value: float, unit: str, language: Language) -> tuple[float, str]:
    """Return what one `unit` is in the unit people use for `value` of it, and that unit."""
    bare = unit.removesuffix("/a").removesuffix("/年")
    yearly = ("/年" if language == "zh" else "/a") if bare != unit else ""
    if bare == "TJ":  # heat and fuel are no electricity
        return (0.1, "万吉焦" + yearly) if language == "zh" else (1e-3, "PJ" + yearly)
    size = 1.0
    for word in () if powered(bare) else SPOKEN[language]:
        try:
            size, bare = factor(bare, word), word
        except UnitError:
            continue
        break
    more, name = spoken(value * size, bare, language)
    return size * more, name + yearly


def _amounts(case: Case, plan: Plan) -> pl.DataFrame:
    """Return ``measure, year, unit, counted, amount``; `counted` is ``built`` or ``activity``."""
    present = plan["plan_activity"].select("technology", "control").unique(maintain_order=True)
    members = measure_rows(case["measure"], present)
    tracked = case["technology_option"].filter(pl.col("capacity") == "tracked")["technology"].unique()
    whole = (
        case["measure"]
        .filter(
            pl.col("control") == "", pl.col("technology") != "", pl.col("technology").is_in(tracked.implode())
        )
        .select("measure", "technology")
        .unique(maintain_order=True)
    )
    keys = ["measure", "year", "unit"]
    built = (
        plan["plan_capacity"]
        .sort("year")
        .with_columns(
            amount=pl.col("built").cum_sum().over("node", "technology"), unit=pl.col("unit").fill_null("")
        )
    )
    built = built.join(whole, on="technology", maintain_order="left_right")
    parts = [
        built.group_by(keys, maintain_order=True)
        .agg(pl.col("amount").sum())
        .with_columns(counted=pl.lit("built"))
    ]
    base = base_activity(case).group_by("technology", "control").agg(base=pl.col("value").sum())
    ran = (
        plan["plan_activity"]
        .group_by("technology", "control", "year", "unit", maintain_order=True)
        .agg(pl.col("value").sum())
    )
    rest = members.join(whole, on=["measure", "technology"], how="anti")
    ran = ran.join(rest, on=["technology", "control"], maintain_order="left_right").join(
        base, on=["technology", "control"], how="left", maintain_order="left"
    )
    more = (pl.col("value").sum() - pl.col("base").fill_null(0.0).sum()).clip(0.0)
    parts.append(
        ran.group_by(keys, maintain_order=True).agg(amount=more).with_columns(counted=pl.lit("activity"))
    )
    return pl.concat([p.select(*keys, "counted", "amount") for p in parts])
