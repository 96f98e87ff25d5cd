import polars as pl
from tests.flows.impact.test_weather import world

from tongyuan.impact.station.trend import trend_tables


def test_stations_and_regions_have_trends_of_their_own() -> None:
    given = world()

    both = pl.concat([given["weather"], given["weather"].with_columns(place=pl.lit("a"))])
    tables, reasons = trend_tables(given["station_reading"], given["station"], both)
    assert reasons == []
    trend = tables["weather_trend"].sort("kind")
    assert trend.select("kind", "place").rows() == [("region", "370100"), ("station", "a")]
    # the city is the mean of its stations, which differ by a factor alone: the trends are the same
    assert abs(trend["slope"][0] - trend["slope"][1]) < 1e-9


def test_places_without_readings_are_named() -> None:
    given = world(days=30)
    tables, reasons = trend_tables(given["station_reading"], given["station"].head(0), given["weather"])
    assert reasons == [("unknown", "370100", "")]
    assert all(frame.is_empty() for frame in tables.values())
