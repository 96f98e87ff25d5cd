from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tongyuan.impact.station.cube import cubes, of_regions, unreadable_units


def readings(values: dict[str, list[float]], pollutant: str = "PM2.5", unit: str = "µg/m3") -> pl.DataFrame:
    start = datetime(2025, 1, 1)
    rows = [(s, start + timedelta(hours=n), v) for s, given in values.items() for n, v in enumerate(given)]
    frame = pl.DataFrame(rows, schema=["station", "hour", "value"], orient="row")
    return frame.with_columns(pl.lit(pollutant).alias("pollutant"), pl.lit(unit).alias("unit"))


def test_hours_stand_at_their_station_day_and_hour() -> None:
    (cube,) = cubes(readings({"b": [1.0, 2.0], "a": [float(n) for n in range(25)]}))
    assert cube.places == ("a", "b")
    assert cube.hours.shape == (2, 365, 24)
    assert cube.hours[0, 0].tolist() == list(range(24))
    assert cube.hours[0, 1, 0] == 24
    assert cube.hours[1, 0, 1] == 2
    assert np.isfinite(cube.hours).sum() == 27
    assert cube.month[[0, 30, 31, 58, 59]].tolist() == [1, 1, 2, 2, 3]


def test_units_are_brought_to_one() -> None:
    (micro,) = cubes(readings({"a": [1500.0]}, "CO", "ug/m3"))
    assert micro.hours[0, 0, 0] == pytest.approx(1.5)
    (milli,) = cubes(readings({"a": [0.035]}, "PM2.5", "mg/m3"))
    assert milli.hours[0, 0, 0] == pytest.approx(35)
    assert unreadable_units(readings({"a": [1.0]}, "O3", "ppb")) == [("O3", "ppb")]
    assert unreadable_units(readings({"a": [1.0]})) == []


def test_the_hour_of_a_city_is_the_mean_of_the_stations_that_were_there() -> None:
    (cube,) = cubes(readings({"a": [10.0, 20.0], "b": [30.0], "c": [500.0, 500.0]}))
    city = of_regions(cube, {"a": "X", "b": "X"})
    assert city.places == ("X",)
    assert city.hours[0, 0, :2].tolist() == [20, 20]
    assert np.isnan(city.hours[0, 0, 2])
    assert of_regions(cube, {}).places == ()
