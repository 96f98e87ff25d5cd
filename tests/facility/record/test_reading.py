"""Hours of HJ 212 as readings: codes, units, flags, outlets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from tests.facility.record.test_hj212 import FRAMES, frame

from tongyuan.facility.record.hj212 import messages
from tongyuan.facility.record.reading import change_of, factor_of, readings
from tongyuan.ledger.table import empty, table


def monitors(*rows: dict[str, Any]) -> pl.DataFrame:
    base = {
        "facility": "E1",
        "outlet": "DA001",
        "monitor": "C1",
        "parameter": "a21026",
        "mn": "TY00000000000001",
    }
    return pl.DataFrame(
        [{**dict.fromkeys(empty("monitor").columns), **base, **row} for row in rows],
        schema=table("monitor").dtypes,
    )


def read(body: str, *rows: dict[str, Any], system: str = "31") -> tuple[pl.DataFrame, list[str]]:
    head = f"QN=1;ST={system};CN=2061;MN=TY00000000000001;Flag=5;CP=&&DataTime=20260101080000;"
    frame_, wrong = readings(messages(frame(f"{head}{body}&&"))[0], monitors(*(rows or ({},))), "a.txt")
    return frame_, [f.check for f in wrong]


def test_a21002_is_nitrogen_oxides_and_a21026_sulphur_dioxide() -> None:
    got, wrong = readings(messages(FRAMES["H212-06"].encode())[0], monitors({}))
    assert wrong == []
    cells = {row["parameter"]: row for row in got.to_dicts()}
    assert (cells["a21002"]["value"], cells["a21002"]["converted"], cells["a21002"]["mass"]) == (
        38.2,
        33.5,
        4.58,
    )
    assert (cells["a21026"]["value"], cells["a21026"]["mass"]) == (17.9, 2.15)
    assert cells["a00000"]["value"] == 120_000
    assert cells["a00000"]["mass"] is None
    assert set(got["hour"]) == {datetime(2026, 10, 1, 9)}
    assert set(got["outlet"]) == {"DA001"}


def test_an_old_code_means_what_its_medium_says() -> None:
    assert factor_of("011", "water") == "w01018"
    assert factor_of("11", "air") == "a21022"
    assert factor_of("02", "air") == "a21026"
    assert factor_of("03", "air") == "a21002"
    assert factor_of("B01", "water") == "w00000"
    assert factor_of("a99999", "air") == ""
    assert factor_of("w01018", "air") == ""


def test_flow_comes_per_second_and_is_kept_per_hour() -> None:
    assert change_of("a00000", "") == pytest.approx((3600.0, 0.0))
    got, _ = read("a00000-Avg=33.5,a00000-Cou=120000,a00000-Flag=N")
    assert got["value"].to_list() == [pytest.approx(120_600.0)]


def test_the_temperature_of_a_monitor_may_come_in_its_own_unit() -> None:
    for unit, value in (("℃", 148.9), ("K", -124.25), ("℉", 64.94444444444444), ("degC", 148.9)):
        got, wrong = read("a01012-Avg=148.9,a01012-Flag=N", {"parameter": "a01012", "unit": unit})
        assert got["value"].to_list() == [pytest.approx(value)], unit
        assert wrong == []
    assert change_of("a01012", "kPa") is None


def test_ammonia_is_read_by_the_code_list_and_doubted_or_by_the_unit_of_its_monitor() -> None:
    got, wrong = read("a21001-Avg=2.3,a21001-Flag=N")
    assert got["value"].to_list() == [pytest.approx(2.3e-6)]
    assert wrong == ["hj212_doubtful_unit"]
    got, wrong = read("a21001-Avg=2.3,a21001-Flag=N", {"parameter": "a21001", "unit": "mg/m3"})
    assert got["value"].to_list() == [2.3]
    assert wrong == []


@pytest.mark.parametrize(
    ("body", "check", "value"),
    [
        ("a21026-Avg=abc,a21026-Flag=N", "hj212_number", None),
        ("a21026-Avg=1e999,a21026-Flag=N", "hj212_number", None),
        ("a21026-Avg=nan,a21026-Flag=N", "hj212_number", None),
        ("a21026-Avg=1,a21026-Flag=Z", "hj212_flag", 1.0),
    ],
)
def test_figures_and_flags_that_are_none(body: str, check: str, value: float | None) -> None:
    got, wrong = read(body)
    assert wrong == [check]
    assert got["value"].to_list() == [value]
    if check == "hj212_flag":
        assert got["flag"].to_list() == ["D"]


def test_strangers_are_named() -> None:
    assert read("x99-Avg=1")[1] == ["hj212_factor"]
    assert read("a21026-Avg=1", {"mn": "other"})[1] == ["hj212_mn"]
    assert read("a21026-Avg=1", system="22")[1] == ["hj212_system"]
    assert read("a21026-Avg=1", {"unit": "kWh"})[1] == ["hj212_unit"]


def test_a_figure_left_blank_is_missing_and_not_zero() -> None:
    got, wrong = read("a21026-Avg=,a21026-Flag=B")
    assert got["value"].to_list() == [None]
    assert got["flag"].to_list() == ["B"]
    assert wrong == []
