"""What the weather did to the air, and whether air and carbon improve together."""

from __future__ import annotations

from datetime import date

import polars as pl

from tongyuan.flows.impact.response import in_tonnes
from tongyuan.flows.source import Brought
from tongyuan.impact.station.attainment import attainment_carbon
from tongyuan.impact.station.cube import unreadable_units
from tongyuan.impact.station.standard import state_of
from tongyuan.impact.station.trend import trend_tables
from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import identify

CARBON = "CO2"

QUADRANT = {
    "both": "met_and_falls",
    "air_only": "met_only",
    "carbon_only": "falls_only",
    "neither": "met_nor_falls",
}
"""What the table calls the quadrants."""


def weather_of(workspace: Brought) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return tables ``weather_trend`` and ``weather_year`` of a workspace that brings table ``weather``.

    Weather without hours of stations makes nothing, and a finding says so.
    """
    weather, readings = workspace.tables.get("weather"), workspace.tables.get("station_reading")
    if weather is None or weather.is_empty():
        return {}, ()
    if readings is None or readings.is_empty():
        return {}, (finding("flows", "weather_no_hours"),)
    for pollutant, unit in unreadable_units(readings):
        readings = readings.filter((pl.col("pollutant") != pollutant) | (pl.col("unit") != unit))
    stations = workspace.tables.get("station", from_rows("station", []))
    typed = sorted(set(weather["place"]) - set(readings["station"].cast(pl.String).unique()))
    names = {place: identify("region", place) or place for place in typed}
    weather = weather.with_columns(pl.col("place").replace(names))
    tables, reasons = trend_tables(readings, stations, weather)
    found = tuple(
        finding("flows", f"weather_{reason}", place=place, pollutant=pollutant)
        for reason, place, pollutant in reasons
    )
    return {name: frame for name, frame in tables.items() if frame.height}, found


def carbon_of(statistic: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return table ``air_carbon``: where the annual mean of PM2.5 meets its limit, and where CO2 falls.

    CO2 is the direct emission of the region, its first year of the inventory against each later one that has
    a concentration. Regions without both stay out.

    Parameters
    ----------
    statistic
        Table ``air_statistic``.
    emission
        Table ``emission``.
    """
    carbon = in_tonnes(emission.filter(pl.col("species") == CARBON, pl.col("scope") == "direct"))
    carbon = carbon.group_by("region", "year").agg(pl.col("value").sum().alias("carbon"))
    first = carbon.filter(pl.col("year") == pl.col("year").min().over("region")).rename(
        {"year": "base_year", "carbon": "before"}
    )
    fine = statistic.filter(
        pl.col("kind") == "region", pl.col("pollutant") == "PM2.5", pl.col("statistic") == "mean",
        pl.col("value").is_not_null(), pl.col("limit").is_not_null(), pl.col("complete").fill_null(True),
    )  # fmt: skip
    both = (
        fine.rename({"place": "region"})
        .join(carbon, on=["region", "year"])
        .join(first, on="region")
        .filter(pl.col("year") > pl.col("base_year"), pl.col("before") > 0)
        .sort("region", "year")
    )
    rows = []
    for row in both.iter_rows(named=True):
        states = (state_of(date(row["base_year"], 1, 1), gas=False), row["state"])
        (made,) = attainment_carbon(row["value"], row["limit"], row["before"], row["carbon"], states)
        rows.append({
            "region": row["region"], "year": row["year"], "base_year": row["base_year"], "pollutant": "PM2.5",
            "value": row["value"], "limit": row["limit"], "unit": row["unit"], "over": made.air,
            "carbon": made.carbon, "quadrant": QUADRANT[made.quadrant], "comparable": made.comparable,
        })  # fmt: skip
    return from_rows("air_carbon", rows)
