from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.check.hours import HOURS
from tongyuan.ledger.table import table

START = datetime(2025, 1, 1)


def made(name: str, **tables: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a relation over a few typed rows."""
    frames = {k: pl.DataFrame(v, schema=table(k).dtypes) for k, v in tables.items()}
    return Relations(frames)(name)


def hour(k: int, parameter: str, value: float | None, flag: str = "N", **more: Any) -> dict[str, Any]:
    """Return one reading."""
    at = {"facility": "P", "outlet": "DW001" if parameter[0] == "w" else "DA001", "parameter": parameter}
    return at | {"hour": START + timedelta(hours=k), "value": value, "flag": flag} | more


def test_an_hour_from_its_minutes_plain_and_weighted_by_flow() -> None:
    """Values 10 and 20 with flows 1 and 3: plain 15, weighted 17.5."""
    point = {"facility": "P", "outlet": "DA001", "parameter": "a21026"}
    minutes = [
        point | {"time": START + timedelta(minutes=30 * k), "value": v, "flow": f}
        for k, (v, f) in enumerate(((10.0, 1.0), (20.0, 3.0)))
    ]
    row = made("hour_composed", minute_value=minutes, reading=[hour(0, "a21026", 15.0)]).row(0, named=True)
    assert (row["plain"], row["weighted"], row["count"]) == (15, 17.5, 2)


def test_a_day_of_water_is_weighted_by_its_flow() -> None:
    reading = [hour(k, "w01018", v) for k, v in enumerate((10.0, 20.0, 99.0))]
    reading[2]["flag"] = "D"
    reading += [hour(k, "w00000", f) for k, f in enumerate((1.0, 3.0, 1.0))]
    day = [{"facility": "P", "outlet": "DW001", "day": date(2025, 1, 1), "parameter": "w01018", "value": 1.0}]
    row = made("day_composed", day_value=day, reading=reading).row(0, named=True)
    assert (row["plain"], row["weighted"], row["count"]) == (15, 17.5, 2)


@pytest.mark.parametrize(("begins", "covered"), [(0, 0), (1, 1)])
def test_a_start_is_exempt_within_its_hours_alone(begins: int, covered: int) -> None:
    """Of 2.5 h, three hours after a mark at 00:00 are too many, two after one at 01:00 are not."""
    limit = {"facility": "P", "outlet": "DA001", "species": "SO2", "period": "hour", "value": 35.0}
    mark = {"facility": "P", "outlet": "DA001", "mark": "启动", "time_from": START + timedelta(hours=begins)}
    row = made(
        "exempt_hour",
        permit_limit=[limit | {"unit": "mg/m3", "start_hours": 2.5}],
        mark=[mark | {"time_to": START + timedelta(hours=9)}],
        reading=[hour(3, "a21026", 60.0, condition="start"), hour(4, "a21026", 20.0, condition="start")],
    )
    assert row["marks"].to_list() == [covered]


@pytest.mark.parametrize(
    ("gap", "wanted"), [(2, "short"), (30, "middle"), (80, "long"), (150, "low_capture")]
)
def test_the_window_of_a_gap(gap: int, wanted: str) -> None:
    """400 hours: 2 lost 99.5 %, 30 lost 92.5 % and longer than a day, 80 lost 80 %, 150 lost 62.5 %."""
    reading = [hour(k, "a21002", None if k < gap else 40.0, "D" if k < gap else "N") for k in range(400)]
    filled = {"facility": "P", "outlet": "DA001", "hour": START, "parameter": "a21002", "rule": "short"}
    assert made("gas_gap", reading=reading, substitution=[filled])["wanted"].to_list() == [wanted]


def test_flow_filled_alone_leaves_gases_lacking() -> None:
    reading = [hour(0, "a00000", None, "D"), hour(0, "a21026", None, "D"), hour(0, "a21002", 40.0)]
    filled = {"facility": "P", "outlet": "DA001", "hour": START, "parameter": "a00000", "rule": "after"}
    row = made("flow_gap", reading=reading, substitution=[filled]).row(0, named=True)
    assert (row["lacking"], row["gases"]) == (1, 2)


def test_water_takes_the_mean_and_acidity_the_median_of_the_window() -> None:
    reading = [hour(k, p, v) for p in ("w01018", "w01001") for k, v in enumerate((1.0, 2.0, 6.0))]
    window = {"window_from": START, "window_to": START + timedelta(hours=2), "rule": "water"}
    filled = [
        {"facility": "P", "outlet": "DW001", "hour": START + timedelta(hours=3), "parameter": p} | window
        for p in ("w01018", "w01001")
    ]
    rows = made("water_gap", reading=reading, substitution=filled)
    assert dict(rows.select("parameter", "wanted").iter_rows()) == {"w01018": 3.0, "w01001": 2.0}


def test_a_window_without_hours_gives_nothing_to_compare() -> None:
    window = {"window_from": START, "window_to": START, "rule": "water", "parameter": "w01018"}
    filled = {"facility": "P", "outlet": "DW001", "hour": START + timedelta(hours=3)} | window
    rows = made("water_gap", substitution=[filled])
    assert rows["wanted"].to_list() == [None]
    assert rows["wanted"].dtype == pl.Float64


def test_nights_that_are_lower_at_equal_flow_and_values_that_stand() -> None:
    reading = []
    for k in range(24 * 20):
        night = k % 24 in (22, 23, 0, 1, 2, 3, 4, 5)
        reading += [hour(k, "w01018", 20 + k % 7 - 8 * night), hour(k, "w21003", 1.0 + 0.01 * (k % 11))]
        reading += [hour(k, "w00000", 100.0)]
    rows = {r["parameter"]: r for r in made("water_month", reading=reading).to_dicts()}
    assert rows["w01018"]["night_rate"] < 1e-6
    assert rows["w21003"]["night_rate"] > 0.01
    assert (rows["w01018"]["longest"], rows["w00000"]["longest"]) == (1, 480)


def test_air_let_in_lowers_all_gases_with_the_distance_of_oxygen() -> None:
    """O2 from 5.9 to 10.4: the distance to 20.9 falls from 15 to 10.5, that is to 0.7."""
    pair = {"a21026": (20.0, 14.0), "a21002": (40.0, 28.0), "a34013": (2.0, 1.4), "a19001": (5.9, 10.4)}
    reading = [hour(k, p, v) for p, values in pair.items() for k, v in enumerate(values)]
    row = made("leak_hour", reading=reading).row(1, named=True)
    factors = [row[f"{n}_factor"] for n in ("so2", "nox", "pm", "oxygen")]
    assert factors == pytest.approx([0.7] * 4)


def test_hours_between_a_passed_and_a_failed_test_are_still_called_valid() -> None:
    test = {"facility": "P", "outlet": "DA001", "parameter": "a21026", "kind": "accuracy"}
    reports = [
        test | {"day": date(2025, 1, 2), "passed": True},
        test | {"day": date(2025, 1, 4), "passed": False},
    ]
    reading = [hour(k, "a21026", 20.0) for k in range(24 * 5)]
    filled = {"facility": "P", "outlet": "DA001", "parameter": "a21026", "rule": "short"}
    filled |= {"hour": datetime(2025, 1, 3, 5)}
    found = made("failed_test", test_report=reports, reading=reading, substitution=[filled])
    assert found["still_valid"].to_list() == [23]
    alone = made("failed_test", test_report=reports[1:], reading=reading)
    assert alone["still_valid"].to_list() == [72]


def test_the_speed_of_a_crew() -> None:
    """One degree of latitude is 6371·π/180 = 111.19 km; in two hours 55.6 km/h."""
    test = {"facility": "P", "outlet": "DA001", "parameter": "x", "kind": "accuracy", "crew": "甲"}
    rows = [
        test | {"day": date(2025, 1, 1), "longitude": 117.0, "latitude": y, "time_from": a, "time_to": b}
        for y, a, b in (
            (36.0, START, START + timedelta(hours=1)),
            (37.0, START + timedelta(hours=3), START + timedelta(hours=4)),
        )
    ]
    row = made("crew_move", test_report=rows).row(0, named=True)
    assert row["distance"] == pytest.approx(111.195, abs=0.01)
    assert row["speed"] == pytest.approx(55.6, abs=0.01)


def test_every_relation_is_empty_without_tables() -> None:
    for name in HOURS:
        assert Relations({})(name).is_empty()
