from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.flows.impact.test_air import Brought

from tongyuan.flows.impact.air import air_of
from tongyuan.flows.impact.weather import carbon_of, weather_of
from tongyuan.impact.station.tables import statistic_row
from tongyuan.ledger.table import from_rows

DAYS = 500
FALL = -0.08


def world(days: int = DAYS, **changed: Any) -> dict[str, pl.DataFrame]:
    """Return hours of two stations of a city whose air falls by 8 % a year and follows the wind."""
    draw = np.random.default_rng(3)
    wind = 1 + draw.gamma(4, 0.5, days)
    level = 40 * np.exp(FALL * np.arange(days) / 365.25 - 0.3 * (wind - wind.mean()))
    level *= np.exp(draw.normal(0, 0.02, days))
    start = datetime(2023, 1, 1)
    hours = [start + timedelta(hours=n) for n in range(24 * days)]
    parts = [
        pl.DataFrame({"station": name, "hour": hours, "pollutant": "PM2.5", "value": np.repeat(level, 24) * k,
                      "unit": "µg/m3"})
        for name, k in (("a", 0.9), ("b", 1.1))
    ]  # fmt: skip
    dates = [date(2023, 1, 1) + timedelta(days=n) for n in range(days)]
    weather = from_rows("weather", [
        {"place": "370100", "date": d, "wind_speed": float(w), "source": "x"} | changed
        for d, w in zip(dates, wind, strict=True)
    ])  # fmt: skip
    stations = from_rows("station", [{"station": s, "region": "370100"} for s in ("a", "b")])
    return {"station_reading": pl.concat(parts), "station": stations, "weather": weather}


def test_the_planted_trend_is_found_without_the_weather() -> None:
    tables, found = weather_of(Brought(world()))
    assert found == ()
    (row,) = tables["weather_trend"].iter_rows(named=True)
    assert (row["place"], row["kind"], row["pollutant"], row["days"]) == ("370100", "region", "PM2.5", DAYS)
    assert (row["from"], row["until"]) == (date(2023, 1, 1), date(2024, 5, 14))
    assert row["lower"] < FALL < row["upper"]
    assert row["slope"] == pytest.approx(FALL, abs=0.03)
    assert row["skill"] > 0.8
    years = tables["weather_year"]
    assert years["days"].to_list() == [365, 135]
    # the air as observed is what the day's means say; at average weather the second year lies below the first
    assert years["normalised"][1] < years["normalised"][0]


def test_the_same_air_in_milligrams_has_the_same_trend() -> None:
    given = world()
    other = given["station_reading"].with_columns(pl.col("value") / 1000, unit=pl.lit("mg/m3"))
    one, two = (
        weather_of(Brought(g))[0]["weather_trend"] for g in (given, {**given, "station_reading": other})
    )
    assert one["slope"].to_list() == pytest.approx(two["slope"].to_list(), rel=1e-9)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (world(300), "weather_short"),
        (world(wind_speed=2.0), "weather_empty"),
        (world(wind_speed=None), "weather_empty"),
        (world(place="济宁市"), "weather_unknown"),
    ],
    ids=["short", "constant", "empty", "unknown"],
)
def test_what_cannot_be_normalised_is_said(given: dict[str, pl.DataFrame], reason: str) -> None:
    if reason == "weather_unknown":
        given = {**given, "weather": given["weather"].unique("date", maintain_order=True)}
    tables, found = weather_of(Brought(given))
    assert tables == {}
    assert {f.check for f in found} == {reason}


def test_a_region_is_called_as_people_call_it() -> None:
    given = world()
    for name in ("济南市", "济南", "Jinan"):
        named = {**given, "weather": given["weather"].with_columns(place=pl.lit(name))}
        assert weather_of(Brought(named))[0]["weather_trend"]["place"].to_list() == ["370100"]


def test_noughts_are_no_measurement_of_the_trend() -> None:
    given = world()
    nought = pl.when(pl.col("hour") < datetime(2023, 2, 1)).then(0.0).otherwise("value").alias("value")
    tables, _ = weather_of(
        Brought({**given, "station_reading": given["station_reading"].with_columns(nought)})
    )
    assert tables["weather_trend"]["days"].to_list() == [DAYS - 31]


def test_weather_alone_does_nothing_and_says_so() -> None:
    tables, found = weather_of(Brought({"weather": world()["weather"]}))
    assert tables == {}
    assert [f.check for f in found] == ["weather_no_hours"]
    assert weather_of(Brought({})) == ({}, ())
    assert {"weather_trend", "weather_year"} <= set(air_of(Brought(world()))[0])


def emission(rows: list[tuple[str, int, float, str]]) -> pl.DataFrame:
    return from_rows("emission", [
        {"region": r, "year": y, "species": "CO2", "value": v, "unit": u, "scope": "direct", "process": "x"}
        for r, y, v, u in rows
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("pm", "after", "quadrant"),
    [(34.0, 90.0, "met_and_falls"), (35.0, 100.0, "met_only"), (36.0, 99.0, "falls_only"),
     (36.0, 101.0, "met_nor_falls")],
)  # fmt: skip
def test_quadrants_of_air_and_carbon(pm: float, after: float, quadrant: str) -> None:
    statistic = from_rows("air_statistic", [
        statistic_row("370100", "region", 2021, "PM2.5", "mean", pm, "year") | {"origin": "published"}
    ])  # fmt: skip
    made = carbon_of(statistic, emission([("370100", 2015, 100_000.0, "t"), ("370100", 2021, after, "kt")]))
    (row,) = made.iter_rows(named=True)
    assert (row["quadrant"], row["base_year"], row["year"]) == (quadrant, 2015, 2021)
    assert row["over"] == pytest.approx(pm / 35 - 1)
    assert row["carbon"] == pytest.approx(after / 100 - 1)
    assert row["comparable"] is False
    assert carbon_of(statistic, emission([("370100", 2021, 9.0, "t")])).is_empty()
    assert carbon_of(statistic, emission([("370200", 2015, 9.0, "t"), ("370200", 2021, 9.0, "t")])).is_empty()
