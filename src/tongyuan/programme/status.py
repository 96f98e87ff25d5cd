"""Where every target stands: met, missed, on track, at risk, behind, not enough data, or no data."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import conform, empty
from tongyuan.programme.forecast import Comparator, Forecast, Trend, forecast
from tongyuan.programme.plan import PlanLike
from tongyuan.reference import units

ROOM = "programme"
RANK = {"measured": 0, "official": 1, "secondary": 2, "derived": 3, None: 4, "unverified": 5}


@cache
def rules() -> dict[str, Any]:
    """Return the thresholds of the states and grades (``programme/rules/status.toml``)."""
    text = files("tongyuan.programme").joinpath("rules", "status.toml").read_text("utf-8")
    return tomllib.loads(text)


def trend_of(unit: str | None, comparator: str) -> Trend:
    """Return the trend fitted: logarithmic for quantities that have to fall, else linear.

    What falls towards zero falls ever more slowly and never below it; shares are bounded at both ends, and
    growth is not carried on exponentially.
    """
    share = unit in ("%", "‰", "fraction", None, "")
    return "log" if comparator == "at_most" and not share else "linear"


def series(
    observations: pl.DataFrame, *, include_unverified: bool = False
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return annual values of every indicator and region, one per year.

    Taken are comparable figures of whole years. A printed range counts as its middle, with the standard
    error of a uniform distribution over it, (upper − lower)/√12. Of several figures for one year the one of
    the best status counts; if figures of the same status differ, the year is a gap and a finding names it.

    Returns
    -------
    frame : DataFrame
        ``indicator, region, year, value, unit, error, citation, status``.
    findings : list of Finding
    """
    rows = observations.filter(
        pl.col("comparable").fill_null(True) & pl.col("period").str.contains(r"^\d{4}$")
    )
    if not include_unverified:
        rows = rows.filter(pl.col("status").fill_null("secondary") != "unverified")
    middle = (pl.col("lower") + pl.col("upper")) / 2
    width = (pl.col("upper") - pl.col("lower")).abs() / math.sqrt(12)
    rows = rows.with_columns(
        pl.col("period").cast(pl.Int64).alias("year"),
        pl.coalesce("value", middle).alias("value"),
        pl.coalesce("standard_error", pl.when(pl.col("value").is_null()).then(width).otherwise(0.0)).alias(
            "error"
        ),
        pl.col("status").replace_strict(RANK, default=4, return_dtype=pl.Int64).alias("rank"),
    ).filter(pl.col("value").is_not_null())
    keys = ["indicator", "region", "year"]
    best = rows.filter(pl.col("rank") == pl.col("rank").min().over(keys))
    different = best.group_by(keys, maintain_order=True).agg(pl.col("value").n_unique().alias("n"))
    double = different.filter(pl.col("n") > 1).select(keys)
    findings = [
        finding(ROOM, "observation_conflict", indicator=i, region=r, year=y) for i, r, y in double.iter_rows()
    ]
    kept = best.join(double, on=keys, how="anti").unique(keys, keep="first", maintain_order=True)
    columns = [*keys, "value", "unit", "error", "citation", "status"]
    return kept.sort(keys).select(columns), findings


def status(
    plan: PlanLike, observations: pl.DataFrame, *, include_unverified: bool = False
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return table ``target_status``: every target of `plan` with its latest observation and forecast.

    A target is *met* or *missed* by the observation of its own year. Without one, a trend through at least
    three whole-year observations gives the probability of meeting it, and the thresholds of
    ``rules/status.toml`` make that *on track*, *at risk* or *behind*. Figures that allow neither (too few,
    of a part of the year, unverified, of another scope or unit) are *insufficient*; where there is no figure
    at all there is *no data*. Targets stated as a change against a base year are compared with
    observations of the same statement.

    Parameters
    ----------
    plan
        Tables of a plan; ``indicator``, ``programme_target`` and ``task`` are read.
    observations
        Table ``indicator_observation``.
    include_unverified
        Whether unverified observations act.

    Returns
    -------
    DataFrame
        Table ``target_status``, one row per target.
    list of Finding
    """
    annual, findings = series(observations, include_unverified=include_unverified)
    indicators = {row["indicator"]: row for row in plan["indicator"].iter_rows(named=True)}
    leads = dict(plan["task"].select("task", "lead").iter_rows())
    rows = []
    for target in plan["programme_target"].iter_rows(named=True):
        indicator = indicators.get(target["indicator"], {})
        mine = annual.filter(
            (pl.col("indicator") == target["indicator"]) & (pl.col("region") == target["region"])
        )
        row = {
            "plan": target["plan"],
            "target": target["target"],
            "indicator": target["indicator"],
            "title_zh": indicator.get("title_zh"),
            "title_en": indicator.get("title_en"),
            **{k: target[k] for k in ("region", "year", "comparator", "value", "unit", "printed")},
            **{k: target[k] for k in ("document", "task", "article")},
            "lead": leads.get(target["task"]) or indicator.get("lead"),
            "part_year": _part_year(observations, target),
            "count": mine.height,
            "state": "insufficient" if _any(observations, target) else "no_data",
        }
        rows.append(row | _judged(target, mine, indicator.get("direction"), findings))
    if not rows:
        return empty("target_status"), findings
    frame = pl.DataFrame(rows, schema_overrides=empty("target_status").schema, infer_schema_length=None)
    return conform("target_status", frame), findings


def _any(observations: pl.DataFrame, target: dict[str, Any]) -> bool:
    """Return whether there is any figure on the indicator of a target, fit to judge it or not."""
    same = (pl.col("indicator") == target["indicator"]) & (pl.col("region") == target["region"])
    return not observations.filter(same).is_empty()


def _part_year(observations: pl.DataFrame, target: dict[str, Any]) -> str | None:
    rows = observations.filter(
        (pl.col("indicator") == target["indicator"])
        & (pl.col("region") == target["region"])
        & pl.col("comparable").fill_null(True)
        & ~pl.col("period").str.contains(r"^\d{4}$")
    )
    told = [
        f"{row['period']}: {row['printed'] if row['value'] is None else format(row['value'], 'g')}"
        for row in rows.sort("period").iter_rows(named=True)
        if re.match(r"^\d{4}-", row["period"])
    ]
    return "; ".join(told[-2:]) or None


def _judged(
    target: dict[str, Any], mine: pl.DataFrame, direction: str | None, findings: list[Finding]
) -> dict[str, Any]:
    past = mine.filter(pl.col("year") <= target["year"])
    if past.is_empty():
        return {"count": 0}
    last = past.row(past.height - 1, named=True)
    unit, value = target["unit"], target["value"]
    try:
        scale = 1.0 if not unit or last["unit"] in (unit, None) else units.factor(last["unit"], unit)
    except units.UnitError:
        words = {"indicator": target["indicator"], "given": last["unit"], "wanted": unit}
        findings.append(finding(ROOM, "unit_unfit", **words))
        return {}
    made: dict[str, Any] = {
        "count": past.height,
        "observed_year": last["year"],
        "observed": last["value"] * scale,
        "observed_source": last["citation"],
        "observed_status": last["status"],
    }
    if value is None or target["comparator"] == "qualitative":
        return made
    comparator, value, tolerance = reading(target["comparator"], value, direction)
    if last["year"] == target["year"]:
        return made | {
            "state": "met" if meets(comparator, last["value"] * scale, value, tolerance) else "missed"
        }
    trend = trend_of(unit, comparator)
    found = forecast(
        past["year"].to_list(),
        (past["value"] * scale).to_list(),
        target["year"],
        errors=(past["error"] * scale).to_list(),
        trend=trend,
    )
    return made if found is None else made | _told(found, comparator, value, tolerance, unit)


def _told(
    found: Forecast, comparator: Comparator, value: float, tolerance: float, unit: str | None
) -> dict[str, Any]:
    probability = found.probability(comparator, value, tolerance)
    low, high = found.interval()
    low = max(low, 0.0)
    if unit == "%":
        high = min(high, 100.0)
    return {
        "state": state_of(probability),
        "forecast": found.value,
        "lower": low,
        "upper": high,
        "probability": probability,
        "trend": found.trend,
    }


def reading(comparator: str, bound: float, direction: str | None) -> tuple[Comparator, float, float]:
    """Return what a target asks: comparator, bound and tolerance about it.

    ``about`` (左右) asks for the printed figure less a tolerance on the side the indicator is meant to move
    from: ``more`` is at least ``(1 − t)`` of it, ``less`` at most ``(1 + t)`` of it; an indicator without
    direction has to lie within the tolerance on both sides. The tolerances stand in the rules.
    """
    share = float(rules()["about_tolerance" if comparator == "about" else "equal_tolerance"])
    width = abs(bound) * share
    if comparator == "about" and direction == "more":
        return "at_least", bound - width, 0.0
    if comparator == "about" and direction == "less":
        return "at_most", bound + width, 0.0
    if comparator in ("about", "equal"):
        return "equal", bound, width
    return ("at_least" if comparator == "at_least" else "at_most"), bound, 0.0


def meets(comparator: Comparator, value: float, bound: float, tolerance: float = 0.0) -> bool:
    """Return whether `value` is at least, at most, or within `tolerance` of `bound`."""
    slack = 1e-9 * max(1.0, abs(bound))
    if comparator == "at_least":
        return value >= bound - slack
    if comparator == "at_most":
        return value <= bound + slack
    return abs(value - bound) <= tolerance + slack


def state_of(probability: float) -> str:
    """Return the state that a probability of meeting the target stands for."""
    limits = rules()["probability"]
    if probability >= limits["on_track"]:
        return "on_track"
    return "at_risk" if probability >= limits["at_risk"] else "behind"
