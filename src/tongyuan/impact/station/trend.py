"""Tables of trends at average weather: daily values of stations and regions against the weather brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.impact.station.cube import UNIT, cubes, of_regions
from tongyuan.impact.station.tables import day_values
from tongyuan.impact.station.weather import LEAST, weather_normalise
from tongyuan.ledger.table import from_rows

Array = npt.NDArray[np.float64]
Key = tuple[str, str, str]
"""Kind, place and pollutant."""

VARIABLES = ("temperature", "wind_speed", "humidity", "pressure", "precipitation", "mixing_height")
START = date(1970, 1, 1)


def trend_tables(
    readings: pl.DataFrame, stations: pl.DataFrame, weather: pl.DataFrame
) -> tuple[dict[str, pl.DataFrame], list[tuple[str, str, str]]]:
    """Return tables ``weather_trend`` and ``weather_year``, and what could not be normalised.

    Parameters
    ----------
    readings, stations, weather
        Tables of these names; the weather is that of a station or of a region.

    Returns
    -------
    tables, reasons
        Reasons as ``(reason, place, pollutant)``: ``unknown`` a place without readings, ``empty`` weather
        without a variable that varies, ``short`` less than a year or fewer days than the model needs.
    """
    wanted = set(weather["place"])
    series = _daily(readings, stations, wanted)
    seen = {place for _, place, _ in series}
    reasons = [("unknown", str(place), "") for place in sorted(wanted - seen)]
    trends: list[dict[str, Any]] = []
    years: list[dict[str, Any]] = []
    for (kind, place, pollutant), (days, values) in sorted(series.items()):
        here = weather.filter(pl.col("place") == place)
        moving = [name for name in VARIABLES if name in here.columns and here[name].n_unique() > 2]
        if not moving:
            reasons.append(("empty", place, pollutant))
            continue
        met = np.full((len(days), len(moving)), np.nan)
        at = {int(day): line for line, day in enumerate(days)}
        dates = ((here["date"] - START).dt.total_days()).to_list()
        for line, row in zip(dates, here.select(pl.col(moving).cast(pl.Float64)).iter_rows(), strict=True):
            if line in at:
                met[at[line]] = [np.nan if cell is None else cell for cell in row]
        use = np.isfinite(values) & np.isfinite(met).all(axis=1)
        if use.sum() < 2 or np.ptp(days[use]) < LEAST - 1:
            reasons.append(("short", place, pollutant))
            continue
        try:
            made = weather_normalise(days[use], values[use], met[use])
        except ValueError:
            reasons.append(("short", place, pollutant))
            continue
        told = [START + timedelta(days=int(day)) for day in days[use]]
        head = {"place": place, "kind": kind, "pollutant": pollutant}
        trends.append(head | {
            "from": told[0], "until": told[-1], "days": int(use.sum()), "skill": made.skill,
            "slope": made.slope, "lower": made.lower, "upper": made.upper,
        })  # fmt: skip
        of_year = np.array([day.year for day in told])
        for year in np.unique(of_year):
            inside = of_year == year
            years.append(head | {
                "year": int(year), "days": int(inside.sum()), "unit": UNIT[pollutant],
                "observed": float(values[use][inside].mean()), "normalised": float(made.trend[inside].mean()),
            })  # fmt: skip
    return {
        n: from_rows(n, rows) for n, rows in (("weather_trend", trends), ("weather_year", years))
    }, reasons


def _daily(
    readings: pl.DataFrame, stations: pl.DataFrame, wanted: set[str]
) -> dict[Key, tuple[Array, Array]]:
    """Return days since 1970 and daily values of the wanted places; a value of nought is no measurement."""
    counted = stations.filter(pl.col("role").fill_null("assessed") != "background")
    region_of = dict(counted.select("station", "region").iter_rows())
    parts: dict[Key, list[tuple[Array, Array]]] = {}
    for key, days, values in _parts(readings, region_of, wanted):
        parts.setdefault(key, []).append((days, np.where(values > 0, values, np.nan)))
    return {
        key: (np.concatenate([days for days, _ in found]), np.concatenate([values for _, values in found]))
        for key, found in parts.items()
    }


def _parts(
    readings: pl.DataFrame, region_of: dict[str, str], wanted: set[str]
) -> Iterator[tuple[Key, Array, Array]]:
    for cube in cubes(readings):
        start = (date(cube.year, 1, 1) - START).days
        for kind, one in (("station", cube), ("region", of_regions(cube, region_of))):
            if not wanted & set(one.places):
                continue
            values = day_values(one, 2, "")
            days = np.arange(start, start + values.shape[1], dtype=np.float64)
            for line, place in enumerate(one.places):
                if place in wanted:
                    yield (kind, place, one.pollutant), days, values[line]
