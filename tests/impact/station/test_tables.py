from datetime import date, datetime, timedelta

import polars as pl
import pytest

from tongyuan.impact.station.tables import air_tables, index_table, statistic_row, statistics

FLAT = {"SO2": 11.0, "NO2": 29.0, "PM10": 72.0, "PM2.5": 39.0, "CO": 1.2, "O3": 166.0}
STATIONS = pl.DataFrame(
    {"station": ["a", "b", "c"], "region": ["X", "X", "X"], "role": ["assessed", None, "background"]}
)


def year_of(values: dict[str, float], stations: tuple[str, ...] = ("a",), days: int = 365) -> pl.DataFrame:
    start = datetime(2025, 1, 1)
    hours = [start + timedelta(hours=n) for n in range(days * 24)]
    parts = [
        pl.DataFrame({"hour": hours}).with_columns(
            pl.lit(s).alias("station"),
            pl.lit(p).alias("pollutant"),
            pl.lit(v).alias("value"),
            pl.lit("mg/m3" if p == "CO" else "ug/m3").alias("unit"),
        )
        for p, v in values.items()
        for s in stations
    ]
    return pl.concat(parts)


def test_a_flat_year_has_its_value_in_every_statistic() -> None:
    made = air_tables(year_of(FLAT), STATIONS)
    city = made["air_statistic"].filter(pl.col("kind") == "region")
    assert city.height == len(statistics())
    for row in city.iter_rows(named=True):
        assert row["value"] == pytest.approx(FLAT[row["pollutant"]], rel=1e-12)
        assert row["complete"]
        assert row["days"] == 365
        assert row["standard"] == "GB3095-2012"
    attained = {(r["pollutant"], r["statistic"]): r["attained"] for r in city.iter_rows(named=True)}
    assert not attained["PM2.5", "mean"]
    assert attained["PM2.5", "p95"]
    assert not attained["O3", "p90"]
    assert attained["NO2", "mean"]
    index = made["air_index"].filter(pl.col("kind") == "region")
    assert index["index"].to_list() == pytest.approx([4.388690], abs=5e-7)
    assert index["rank"].to_list() == [1]
    assert index["good_days"].to_list() == [0]
    daily = made["aqi_day"].filter(pl.col("kind") == "region")
    assert daily.height == 365
    assert daily["aqi"].unique().to_list() == [106]
    assert daily["primary"].to_list()[0] == ["O3"]


def test_the_edition_of_2026_acts_from_the_first_of_march() -> None:
    rows = year_of({"PM2.5": 68.0}).with_columns(pl.col("hour").dt.offset_by("1y"))
    daily = air_tables(rows, STATIONS)["aqi_day"].filter(pl.col("kind") == "station")
    of = dict(daily.select("date", "aqi").iter_rows())
    assert (of[date(2026, 2, 28)], of[date(2026, 3, 1)]) == (92, 108)
    row = air_tables(rows, STATIONS)["air_statistic"].row(0, named=True)
    assert (row["limit"], row["standard"]) == (30, "GB3095-2026-transition")


def test_background_stations_and_unknown_ones_do_not_count_for_the_city() -> None:
    rows = pl.concat([year_of({"PM2.5": 40.0}, ("a",)), year_of({"PM2.5": 900.0}, ("c", "elsewhere"))])
    made = air_tables(rows, STATIONS)["air_statistic"].filter(pl.col("statistic") == "mean")
    values = {r["place"]: r["value"] for r in made.iter_rows(named=True)}
    assert values["X"] == pytest.approx(40)
    assert set(values) == {"X", "a", "c", "elsewhere"}


def test_a_short_year_is_told_and_says_that_it_is_short() -> None:
    made = air_tables(year_of({"PM2.5": 40.0}, days=300), STATIONS)
    row = made["air_statistic"].row(0, named=True)
    assert (row["days"], row["complete"]) == (300, False)
    assert made["air_index"]["index"].null_count() == made["air_index"].height


def test_stations_in_another_order_give_the_same() -> None:
    rows = year_of({"PM2.5": 40.0}, ("a", "b"))
    one, other = air_tables(rows, STATIONS), air_tables(rows.reverse(), STATIONS.reverse())
    assert one["air_statistic"].equals(other["air_statistic"])
    assert one["aqi_day"].equals(other["aqi_day"])


def test_a_row_of_a_statistic_is_set_against_the_limit_of_its_year() -> None:
    row = statistic_row("X", "region", 2014, "PM2.5", "mean", 82.0, "year")
    assert (row["limit"], row["attained"], row["state"]) == (None, None, "273K")
    row = statistic_row("X", "region", 2014, "PM2.5", "mean", 82.0, "year", standard="GB3095-2012")
    assert (row["limit"], row["attained"]) == (35, False)
    assert statistic_row("X", "region", 2021, "SO2", "mean", float("nan"), "year")["value"] is None
    assert index_table(
        air_tables(year_of({"SO2": 1.0}, days=1), STATIONS)["air_statistic"],
        air_tables(year_of({"SO2": 1.0}, days=1), STATIONS)["aqi_day"],
    )["good_days"].to_list() == [1, 1]
