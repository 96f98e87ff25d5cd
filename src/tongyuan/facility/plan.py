"""Conformity with the monitoring plan (数据质量控制方案): what the plan says against what was reported."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.shelf import fold

PARAMETERS = {
    "consumption": ("消耗量", "燃料消耗量", "燃煤消耗量", "燃气消耗量", "活动数据", "value", "consumption"),
    "ncv": ("低位发热量", "收到基低位发热量", "热值", "ncv", "net heating value"),
    "carbon": ("元素碳", "元素碳含量", "含碳量", "收到基元素碳含量", "carbon"),
}
"""Words of a plan for the figures of table ``fuel_use``."""
MEASURED = {"consumption": "value", "ncv": "ncv", "carbon": "carbon"}


def meant(parameter: str) -> str:
    """Return which figure a plan's parameter means; empty where it is none of fuels."""
    words = fold(parameter)
    for name, known in PARAMETERS.items():
        if any(fold(word) == words or (len(word) > 2 and fold(word) in words) for word in known):
            return name
    return ""


def conformity(plan: pl.DataFrame, fuel: pl.DataFrame, meters: pl.DataFrame) -> pl.DataFrame:
    """Return where the months of fuel differ from the plan.

    Parameters
    ----------
    plan
        Table ``monitoring_plan``.
    fuel
        Table ``fuel_use``.
    meters
        Table ``meter``.

    Returns
    -------
    polars.DataFrame
        `facility, month, installation, parameter, deviation, expected, found`: ``no_plan`` (a month
        without a plan in force), ``not_measured`` (the plan measures, the month has no figure),
        ``measured_beside`` (the plan takes a default, the month has a figure), ``state_differs`` (fired
        or received otherwise than planned), ``meter_unknown`` (a meter of the plan that is not in table
        ``meter``).
    """
    rows: list[dict[str, object]] = []
    known = {(f, m) for f, m in meters.select("facility", "meter").iter_rows()}
    plans = [p | {"means": meant(str(p["parameter"]))} for p in plan.to_dicts()]
    for p in plans:
        if p["meter"] and (p["facility"], p["meter"]) not in known:
            rows.append(
                _row(
                    p["facility"],
                    p["valid_from"],
                    p["installation"],
                    p["parameter"],
                    "meter_unknown",
                    p["meter"],
                    "",
                )
            )
    mine = {p["facility"] for p in plans}
    for r in fuel.sort("facility", "month", "installation").to_dicts():
        if r["facility"] not in mine:
            continue
        here = [p for p in plans if p["facility"] == r["facility"] and p["means"] and _holds(p, r)]
        if not here:
            rows.append(_row(r["facility"], r["month"], r["installation"], "", "no_plan", "", ""))
        for p in here:
            given = r.get(f"{p['means']}_source") == "default_value"
            figure = None if given else r.get(MEASURED[p["means"]])
            place = (r["facility"], r["month"], r["installation"], p["parameter"])
            if p["method"] == "measured" and figure is None:
                rows.append(_row(*place, "not_measured", "measured", ""))
            elif p["method"] == "default_value" and p["means"] != "consumption" and figure is not None:
                rows.append(_row(*place, "measured_beside", "default_value", str(figure)))
            if p["means"] == "consumption" and p["state"] and r.get("state") and p["state"] != r["state"]:
                rows.append(_row(*place, "state_differs", p["state"], r["state"]))
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


COLUMNS = ("facility", "month", "installation", "parameter", "deviation", "expected", "found")


def _row(*values: object) -> dict[str, object]:
    return {name: None if v is None else str(v) for name, v in zip(COLUMNS, values, strict=True)}


def _holds(plan: dict[str, object], row: dict[str, object]) -> bool:
    """Return whether a line of a plan holds for a month and installation; without a place, for all."""
    month, first, last = str(row["month"]), str(plan["valid_from"]), plan["valid_to"]
    place = str(plan["installation"] or "")
    everywhere = place in ("", "whole", "全厂")
    return (
        first <= month and (not last or month <= str(last)) and (everywhere or place == row["installation"])
    )
