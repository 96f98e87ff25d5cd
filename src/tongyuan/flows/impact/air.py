"""Air and health of a workspace: its stations, published concentrations, and what they are charged with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tongyuan.flows.impact.weather import weather_of
from tongyuan.flows.source import Brought
from tongyuan.impact.health.case import case_table, unusable
from tongyuan.impact.health.tables import RANGE, age_gaps, burden_table, points_of, unknown_risks
from tongyuan.impact.station.cube import unreadable_units
from tongyuan.impact.station.tables import air_tables, index_table, statistic_row, statistics
from tongyuan.ledger.figure.figure import figures, named
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import empty, from_rows
from tongyuan.reference.shelf import title

Tables = dict[str, pl.DataFrame]

FIGURES = {
    "so2_air": ("SO2", "mean"),
    "no2_air": ("NO2", "mean"),
    "pm10_air": ("PM10", "mean"),
    "pm25": ("PM2.5", "mean"),
    "co_air": ("CO", "p95"),
    "o3_air": ("O3", "p90"),
}
"""Published figures by their id on shelf ``figure``: pollutant and statistic."""

ZERO_SHARE = 0.01
"""Share of noughts among the hours of a pollutant from which they are named."""


def air_of(workspace: Brought) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``air_statistic, air_index, aqi_day, burden`` and those on the weather, and findings.

    What stations read goes before what was published for the same region, year, pollutant and statistic.
    Without readings and published concentrations nothing is made.
    """
    settings, tables = workspace.settings, workspace.tables
    found: list[Finding] = []
    made = _of_stations(tables, settings.impact.zone, settings.impact.standard, found)
    published, told = _published(
        tables.get("observation"),
        settings.account.include_unverified,
        settings.impact.zone,
        settings.impact.standard,
    )
    found += told
    key = ["place", "kind", "year", "pollutant", "statistic"]
    both = pl.concat([made["air_statistic"], published.join(made["air_statistic"], on=key, how="anti")])
    if both.is_empty():
        return {}, tuple(found)
    made |= {"air_statistic": both, "air_index": index_table(both, made["aqi_day"])}
    fine = both.filter(
        pl.col("kind") == "region",
        pl.col("pollutant") == "PM2.5",
        pl.col("statistic") == "mean",
        pl.col("value").is_not_null(),
        pl.col("complete").fill_null(True),
    ).select(pl.col("place").alias("region"), "year", "value")
    found += _outside(fine)
    made["burden"] = burden_table(
        fine,
        tables.get("baseline_death"),
        chinese_cohort=settings.impact.chinese_cohort,
        function=settings.impact.risk_function,
        own=points_of(tables.get("risk_point")),
    )
    found += _unknown_risks(workspace)
    trends, notes = weather_of(workspace)
    made |= trends
    found += notes
    cases = tables.get("baseline_case")
    if cases is not None and cases.height:
        means = both.filter(
            pl.col("kind") == "region", pl.col("statistic") == "mean", pl.col("value").is_not_null(),
            pl.col("complete").fill_null(True),
        )  # fmt: skip
        made["health_case"] = case_table(means.rename({"place": "region"}), cases)
        found += [finding("flows", f"case_{reason}", function=name) for name, reason in unusable(cases)]
    return {name: frame for name, frame in made.items() if frame.height}, tuple(found)


def _of_stations(
    tables: Mapping[str, pl.DataFrame], zone: int, standard: str, found: list[Finding]
) -> Tables:
    readings = tables.get("station_reading")
    if readings is None or readings.is_empty():
        return {name: empty(name) for name in ("air_statistic", "air_index", "aqi_day")}
    stations = tables.get("station", empty("station"))
    strange = readings.join(stations, on="station", how="anti")["station"].unique().sort().to_list()
    if strange:
        names = Bilingual("、".join(strange[:5]), ", ".join(strange[:5]))
        found.append(finding("flows", "station_unknown", names=names, count=len(strange)))
    bad = unreadable_units(readings)
    for pollutant, unit in bad:
        found.append(finding("flows", "air_unit", pollutant=pollutant, unit=unit))
    for pollutant, unit in bad:
        readings = readings.filter((pl.col("pollutant") != pollutant) | (pl.col("unit") != unit))
    noughts = readings.group_by("pollutant").agg((pl.col("value") == 0).sum().alias("count"), pl.len())
    for pollutant, count, length in noughts.sort("pollutant").iter_rows():
        if count > ZERO_SHARE * length:
            found.append(finding("flows", "air_noughts", pollutant=pollutant, count=count))
    if readings.is_empty():
        return {name: empty(name) for name in ("air_statistic", "air_index", "aqi_day")}
    return air_tables(readings, stations, zone=zone, standard=standard)


def _published(
    observation: pl.DataFrame | None, unverified: bool, zone: int, standard: str
) -> tuple[pl.DataFrame, list[Finding]]:
    if observation is None or observation.is_empty():
        return empty("air_statistic"), []
    frame, told = figures(observation, {n: named(n) for n in FIGURES}, include_unverified=unverified)
    period = {(p, s): of for p, s, _, of in statistics()}
    lines = []
    for row in frame.sort("region", "year", "column").iter_rows(named=True):
        pollutant, statistic = FIGURES[row["column"]]
        line = statistic_row(
            row["region"],
            "region",
            row["year"],
            pollutant,
            statistic,
            row["value"],
            period[pollutant, statistic],
            zone,
            standard,
        )
        lines.append(line | {"origin": "published", "source": row["source"]})
    return from_rows("air_statistic", lines), told


def _unknown_risks(workspace: Brought) -> Iterator[Finding]:
    tables, function = workspace.tables, workspace.settings.impact.risk_function
    points = tables.get("risk_point")
    if function == "own" and (points is None or points.is_empty()):
        yield finding("flows", "risk_point_none")
    for endpoint, age in unknown_risks(tables.get("baseline_death"), function, points_of(points)):
        cause = Bilingual(choice_title(endpoint, "zh"), choice_title(endpoint, "en"))
        yield finding("flows", "risk_unknown", cause=cause, age=age)
    for reason, region, year, endpoint, groups in age_gaps(tables.get("baseline_death")):
        place = Bilingual(title("region", region, "zh"), title("region", region, "en"))
        cause = Bilingual(choice_title(endpoint, "zh"), choice_title(endpoint, "en"))
        ages = ", ".join(groups)
        yield finding("flows", f"baseline_{reason}", place=place, year=year, cause=cause, ages=ages)


def _outside(fine: pl.DataFrame) -> Iterator[Finding]:
    for row in fine.filter(pl.col("value") > RANGE[1]).iter_rows(named=True):
        place = Bilingual(title("region", row["region"], "zh"), title("region", row["region"], "en"))
        yield finding(
            "flows",
            "risk_outside",
            place=place,
            year=row["year"],
            value=f"{row['value']:g}",
            upper=f"{RANGE[1]:g}",
        )
