"""How demand grows: table ``driver`` of the user; without it demand stays as it is, and the plan says so."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.draft.ground import Ground
from tongyuan.reference.shelf import shelf

ROOM = "pathway"


def growth(flow: str, ground: Ground) -> dict[int, float]:
    """Return demand of a flow in every period relative to the base year; 1 without a driver.

    A driver of the flow itself goes before one of its group (column ``driver`` of shelf ``service_flow``).
    Years between those given are on a straight line; beyond them the last value holds.
    """
    named = {row["flow"]: row["driver"] for row in shelf("service_flow").to_dicts()}
    for name in (flow, named.get(flow, "")):
        rows = ground.driver.filter(pl.col("driver") == name).sort("year") if name else ground.driver.clear()
        if rows.height:
            points = dict(rows.select("year", "value").iter_rows())
            base = _at(points, ground.base_year)
            if not base > 0.0:
                break  # an error of :func:`check`
            return {year: _at(points, year) / base for year in ground.years}
    return dict.fromkeys(ground.years, 1.0)


def _at(points: dict[int, float], year: int) -> float:
    before = max((y for y in points if y <= year), default=min(points))
    after = min((y for y in points if y >= year), default=max(points))
    if before == after or not before <= year <= after:
        return points[before if year >= before else after]
    share = (year - before) / (after - before)
    return points[before] * (1.0 - share) + points[after] * share


def check(ground: Ground, flows: set[str]) -> list[Finding]:
    """Return what is wrong with table ``driver``: unknown names, no base year, periods beyond, no growth."""
    known = {row["driver"] for row in shelf("service_flow").to_dicts() if row["flow"] in flows} | flows
    found = []
    for (name,), rows in ground.driver.group_by("driver", maintain_order=True):
        years = rows["year"].to_list()
        if name not in known:
            allowed = ", ".join(sorted(k for k in known if k and not k.startswith("own:")))
            found.append(finding(ROOM, "draft_driver_unknown", driver=name, allowed=allowed))
        if ground.base_year not in years:
            found.append(finding(ROOM, "draft_driver_base", driver=name, year=ground.base_year))
        beyond = [y for y in ground.years if y > max(years)]
        if beyond:
            found.append(
                finding(ROOM, "draft_driver_short", driver=name, last=max(years),
                        years=", ".join(map(str, beyond)))
            )  # fmt: skip
        if (rows["value"] <= 0.0).any():
            found.append(finding(ROOM, "draft_driver_zero", driver=name))
    return found
