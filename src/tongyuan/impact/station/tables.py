"""From readings of stations to the tables of air quality: statistics, daily index, comprehensive index."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.impact.station.aqi import FROM, grade_hj633, index_hj633, sub_index_hj633
from tongyuan.impact.station.cube import POLLUTANTS, UNIT, Cube, cubes, of_regions
from tongyuan.impact.station.hour import day_max_8h, day_mean
from tongyuan.impact.station.index import index_comprehensive, parts
from tongyuan.impact.station.standard import index_rule, limit_of, state_of
from tongyuan.impact.station.statistic import percentile_hj663, year_complete, year_mean
from tongyuan.ledger.table import empty, from_rows, table
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]
Days = dict[tuple[int, str], tuple[tuple[str, ...], Array]]
"""Year and pollutant → places, and their daily values, shape (places, days)."""

RUNNING = "max_8h"


def statistics() -> list[tuple[str, str, float | None, str]]:
    """Return what a year is evaluated by: pollutant, statistic, percent (None: mean), period of its limit."""
    rows = shelf("air_statistic").iter_rows(named=True)
    return [
        (r["pollutant"], r["statistic"], float(r["percent"]) if r["percent"] else None, r["limit_period"])
        for r in rows
    ]


def air_tables(
    readings: pl.DataFrame, stations: pl.DataFrame, *, zone: int = 2, standard: str = ""
) -> dict[str, pl.DataFrame]:
    """Return tables ``air_statistic``, ``air_index`` and ``aqi_day`` of stations and of their regions.

    Parameters
    ----------
    readings
        Table ``station_reading``.
    stations
        Table ``station``; stations that are not in it have no region, background ones do not count for it.
    zone
        Class of the functional area, 1 or 2.
    standard
        A standard to take limits from whatever the date; empty: by date.
    """
    counted = stations.filter(pl.col("role").fill_null("assessed") != "background")
    region_of = dict(counted.select("station", "region").iter_rows())
    by_kind: dict[str, Days] = {"station": {}, "region": {}}
    lines: list[dict[str, Any]] = []

    def evaluated(cube: Cube) -> list[tuple[str, Cube, Array, list[dict[str, Any]]]]:
        made = []
        for kind, one in (("station", cube), ("region", of_regions(cube, region_of))):
            if one.places:
                days = day_values(one, zone, standard)
                made.append((kind, one, days, list(_statistics(kind, one, days, zone, standard))))
        return made

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for made in pool.map(evaluated, cubes(readings)):
            for kind, one, days, rows in made:
                by_kind[kind][one.year, one.pollutant] = (one.places, days)
                lines += rows
    daily = [part for kind, days in by_kind.items() for part in _index_days(kind, days)]
    tables = {
        "air_statistic": from_rows("air_statistic", lines),
        "aqi_day": pl.concat([empty("aqi_day"), *daily]),
    }
    return tables | {"air_index": index_table(tables["air_statistic"], tables["aqi_day"])}


def day_values(cube: Cube, zone: int, standard: str) -> Array:
    """Return what each day is evaluated by: its mean, of ozone its highest eight hours.

    Returns
    -------
    array, shape (places, days) [unit of the pollutant], NaN where the day is not valid.
    """
    if cube.pollutant != "O3":
        return day_mean(cube.hours)
    limit = limit_of("O3", RUNNING, date(cube.year, 12, 31), zone, standard)
    return day_max_8h(cube.hours, limit.value if limit else np.inf)


def _statistics(kind: str, cube: Cube, days: Array, zone: int, standard: str) -> Iterable[dict[str, Any]]:
    complete, count = year_complete(days, cube.month), np.isfinite(days).sum(axis=-1)
    for pollutant, statistic, percent, period in statistics():
        if pollutant != cube.pollutant:
            continue
        values = year_mean(days) if percent is None else percentile_hj663(days, percent)
        for number, place in enumerate(cube.places):
            yield statistic_row(
                place, kind, cube.year, pollutant, statistic, float(values[number]), period, zone, standard
            ) | {"days": int(count[number]), "complete": bool(complete[number]), "origin": "computed"}


def statistic_row(
    place: str,
    kind: str,
    year: int,
    pollutant: str,
    statistic: str,
    value: float,
    period: str,
    zone: int = 2,
    standard: str = "",
) -> dict[str, Any]:
    """Return the row of a statistic, set against the limit in force at the end of its year.

    Parameters
    ----------
    value : float [unit of the pollutant]
        NaN where it is missing.
    period
        Period of the limit it is set against.
    """
    end = date(year, 12, 31)
    limit = limit_of(pollutant, period, end, zone, standard)
    known = bool(np.isfinite(value))
    return {
        "place": place,
        "kind": kind,
        "year": year,
        "pollutant": pollutant,
        "statistic": statistic,
        "value": value if known else None,
        "unit": UNIT[pollutant],
        "limit": limit.value if limit else None,
        "standard": limit.standard if limit else None,
        "attained": value <= limit.value if limit and known else None,
        "state": state_of(date(year, 1, 1), gas=not pollutant.startswith("PM")),
    }


def _index_days(kind: str, by_pollutant: Days) -> Iterable[pl.DataFrame]:
    for year in sorted({year for year, _ in by_pollutant}):
        found = {p: by_pollutant[year, p] for p in POLLUTANTS if (year, p) in by_pollutant}
        places = tuple(sorted({place for names, _ in found.values() for place in names}))
        length = next(iter(found.values()))[1].shape[1]
        dates = [date(year, 1, 1) + timedelta(days=n) for n in range(length)]
        rules = np.array([index_rule(day) for day in dates])
        sub = {}
        for pollutant, (names, values) in found.items():
            whole = np.full((len(places), length), np.nan)
            whole[[places.index(name) for name in names]] = values
            period = RUNNING if pollutant == "O3" else "day"
            made = np.full_like(whole, np.nan)
            for rule in np.unique(rules):
                here = rules == rule
                made[:, here] = sub_index_hj633(whole[:, here], str(rule), pollutant, period)
            sub[pollutant] = made
        index = index_hj633(sub)
        grade = grade_hj633(index.aqi)
        place, day = np.nonzero(np.isfinite(index.aqi))
        leads = [pl.lit(p).repeat_by(pl.Series(index.leading[p][place, day]).cast(pl.UInt8)) for p in found]
        yield (
            pl.DataFrame(
                {
                    "place": pl.Series(places, dtype=pl.String).gather(place),
                    "kind": pl.repeat(kind, len(place), eager=True),
                    "date": pl.Series(dates).gather(day),
                    "aqi": index.aqi[place, day].astype(np.int64),
                    "grade": grade[place, day].astype(np.int64),
                    "standard": pl.Series(rules.tolist()).gather(day),
                }
            )
            .select(*table("aqi_day").dtypes.keys() - {"primary"}, pl.concat_list(leads).alias("primary"))
            .select(*table("aqi_day").dtypes)
        )


def index_table(statistic: pl.DataFrame, daily: pl.DataFrame) -> pl.DataFrame:
    """Return table ``air_index``: comprehensive index and rank of places with all six pollutants, good days.

    Parameters
    ----------
    statistic
        Table ``air_statistic``.
    daily
        Table ``aqi_day``.
    """
    wanted = {(pollutant, part.statistic) for pollutant, part in parts("2013").items()}
    lines: list[dict[str, Any]] = []
    for (place, kind, year), part in statistic.group_by("place", "kind", "year", maintain_order=True):
        values = {
            p: v
            for p, s, v in part.select("pollutant", "statistic", "value").iter_rows()
            if (p, s) in wanted and v is not None
        }
        whole = len(values) == len(wanted)
        index = float(index_comprehensive(values)) if whole else None
        lines.append({"place": place, "kind": kind, "year": year, "index": index})
    counted = daily.group_by("place", "kind", pl.col("date").dt.year().cast(pl.Int64).alias("year")).agg(
        (pl.col("aqi") <= 2 * FROM).sum().cast(pl.Int64).alias("good_days"),
        pl.len().cast(pl.Int64).alias("days"),
    )
    frame = from_rows("air_index", lines).drop("good_days", "days")
    frame = frame.join(counted, on=["place", "kind", "year"], how="left", maintain_order="left")
    ranked = pl.col("index").rank("min").over("kind", "year").cast(pl.Int64)
    return frame.with_columns(pl.when(pl.col("kind") == "region").then(ranked).alias("rank")).select(
        *table("air_index").dtypes
    )
