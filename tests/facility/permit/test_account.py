from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tongyuan.facility.permit.account import permit_account


def emission(species: str, values: dict[str, float], outlet: str = "DA001") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "facility": "F",
            "month": list(values),
            "outlet": outlet,
            "species": species,
            "mass": list(values.values()),
            "method": "monitored",
        }
    )


def limits(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("F", o, s, "year", v, u, date(2020, 1, 1), None) for o, s, v, u in rows],
        schema={
            "facility": pl.String,
            "outlet": pl.String,
            "species": pl.String,
            "period": pl.String,
            "value": pl.Float64,
            "unit": pl.String,
            "date_from": pl.Date,
            "date_to": pl.Date,
        },
        orient="row",
    )


SIX = {f"2025-{m:02d}": 10.0 for m in range(1, 7)}


def test_tonnes_so_far_by_outlet_and_of_the_whole() -> None:
    rows = pl.concat([emission("SO2", SIX), emission("SO2", SIX, "DA002"), emission("CO2", {"2025-01": 5e4})])
    account = permit_account(
        rows,
        limits(("DA001", "SO2", 100.0, "t"), ("whole", "SO2", 119.0, "t/a"), ("whole", "CO2", 60.0, "万t")),
    )
    last = account.filter((pl.col("month") == "2025-06") & (pl.col("species") == "SO2"))
    by = {r["outlet"]: r for r in last.to_dicts()}
    assert by["DA001"]["cumulative"] == 60.0
    assert by["DA001"]["share"] == pytest.approx(0.6)
    assert by["DA002"]["limit"] is None
    assert by["whole"]["cumulative"] == 120.0
    assert by["whole"]["share"] == pytest.approx(120 / 119)
    assert by["whole"]["probability"] == pytest.approx(1.0, abs=1e-3)
    carbon = account.filter((pl.col("species") == "CO2") & (pl.col("outlet") == "whole")).row(0, named=True)
    assert carbon["limit"] == pytest.approx(600_000.0)
    assert carbon["share"] == pytest.approx(5e4 / 6e5)


def test_forecasts_stand_in_the_last_month_only_and_missing_months_are_named() -> None:
    months = {m: v for m, v in SIX.items() if m != "2025-03"}
    account = permit_account(emission("SO2", months), limits()).filter(pl.col("outlet") == "DA001")
    assert account["forecast"].is_not_null().to_list() == [False, False, False, False, True]
    assert account["note"].to_list()[-1] == "missing:03"
    assert account["forecast"].to_list()[-1] == 120.0


def test_years_are_apart_and_history_helps() -> None:
    two = {f"2024-{m:02d}": 20.0 for m in range(1, 13)} | {"2025-01": 10.0}
    account = permit_account(emission("SO2", two), limits()).filter(pl.col("outlet") == "DA001")
    row = account.filter(pl.col("year") == 2025).row(0, named=True)
    assert row["cumulative"] == 10.0
    assert 10.0 < row["forecast"] <= 230.0


def test_hours_above_the_limit_come_with_their_month() -> None:
    hours = pl.DataFrame(
        {
            "facility": "F",
            "month": ["2025-01", "2025-01"],
            "outlet": ["DA001", "DA002"],
            "species": "SO2",
            "hours_over": [3.0, 4.0],
            "hours_exempt": [1.0, 0.0],
            "days_special": [5.0, 0.0],
            "days_special_over": [2.0, 0.0],
        }
    )
    account = permit_account(emission("SO2", SIX), limits(), hours=hours)
    first = account.filter(pl.col("month") == "2025-01").sort("outlet")
    assert first["hours_over"].to_list() == [3.0, 7.0]
    assert first["hours_exempt"].to_list() == [1.0, 1.0]
    assert first["days_special"].to_list() == [5.0, 5.0]
    assert first["days_special_over"].to_list() == [2.0, 2.0]


def test_the_order_of_months_and_outlets_does_not_matter() -> None:
    rows = pl.concat([emission("SO2", SIX), emission("NOx", SIX, "DA002")])
    one, two = permit_account(rows, limits()), permit_account(rows.reverse(), limits())
    assert one.equals(two)


def test_the_limit_is_that_of_the_day() -> None:
    """100 t until June 2025, 80 t from July on: the last month that is known decides; none before 2020."""
    old = limits(("DA001", "SO2", 100.0, "t/a"))
    new = old.with_columns(pl.lit(80.0).alias("value"), pl.lit(date(2025, 7, 1)).alias("date_from"))
    hourly = old.with_columns(pl.lit("hour").alias("period"), pl.lit(35.0).alias("value"))
    both = pl.concat([new, hourly, old])

    def limit(month: str) -> float | None:
        rows = permit_account(emission("SO2", {month: 1.0}), both).filter(pl.col("outlet") == "DA001")
        return rows["limit"][0]

    assert [limit(m) for m in ("2025-06", "2025-07", "2019-01")] == [100.0, 80.0, None]
    ended = both.with_columns(date_to=pl.lit(date(2025, 6, 30)))
    assert permit_account(emission("SO2", {"2025-08": 1.0}), ended)["limit"].to_list() == [None, None]
