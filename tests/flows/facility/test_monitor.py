"""Hours and manual tests of an enterprise become months, filled hours and emission with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tongyuan.flows.facility.monitor import monitored
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError

Make = Callable[..., pl.DataFrame]
Plant = Callable[..., Inputs]


@pytest.fixture
def stack(make: Make) -> Callable[..., list[tuple[str, pl.DataFrame]]]:
    """Return a function to the tables of a stack: 31 days of SO2 at 20 mg/m3 in 1e6 m3/h."""

    def made(lost: int = 0, unit: str = "mg/m3", limit_unit: str = "mg/m3") -> list[tuple[str, pl.DataFrame]]:
        hours = [datetime(2026, 1, 1) + timedelta(hours=h) for h in range(744)]
        rows = [
            {
                "outlet": "DA001",
                "hour": h,
                "parameter": p,
                "value": v,
                "flag": "M" if p == "a21026" and k < lost else "N",
            }
            for p, v in (("a21026", 20.0), ("a00000", 1e6), ("a19001", 6.0))
            for k, h in enumerate(hours)
        ]
        return [
            ("reading", make("reading", *rows)),
            ("outlet", make("outlet", {"outlet": "DA001", "medium": "air", "oxygen_reference": 6.0})),
            ("outlet_link", make("outlet_link", {"outlet": "DA001"})),
            (
                "monitor",
                make("monitor", {"outlet": "DA001", "monitor": "m", "parameter": "a21026", "unit": unit}),
            ),
            (
                "permit_limit",
                make(
                    "permit_limit",
                    {
                        "outlet": "DA001",
                        "species": "SO2",
                        "period": "hour",
                        "value": 35.0,
                        "unit": limit_unit,
                    },
                ),
            ),
        ]

    return made


def test_a_month_by_hand(plant: Plant, stack: Any) -> None:
    got = monitored(plant(*stack()))
    month = got.outlet_month.row(0, named=True)
    assert month["mass"] == pytest.approx(20 * 1e6 * 744 * 1e-9)
    assert (month["limit"], month["mean"], month["hours_valid"]) == (35.0, 20.0, 744)
    row = got.emission.row(0, named=True)
    assert (row["installation"], row["outlet"], row["process"]) == ("U1", "DA001", "energy.power")
    assert (row["method"], row["counted"], row["unit"]) == ("monitored", True, "t")
    assert got.findings == ()


def test_filled_hours_are_listed_with_their_rule(plant: Plant, stack: Any) -> None:
    tables = stack()
    reading = tables[0][1].with_columns(
        flag=pl.when((pl.col("parameter") == "a21026") & (pl.col("hour") == datetime(2026, 1, 5, 3)))
        .then(pl.lit("C"))
        .otherwise("flag")
    )
    got = monitored(plant(("reading", reading), *tables[1:]))
    row = got.substitution.row(0, named=True)
    assert (row["hour"], row["parameter"], row["after"], row["unit"]) == (
        datetime(2026, 1, 5, 3),
        "a21026",
        20.0,
        "kg/h",
    )
    assert (row["before"], row["rule"]) == (None, "short")


def test_low_capture_hands_over_to_manual_tests_and_says_so(plant: Plant, stack: Any, make: Make) -> None:
    tests = make(
        "manual_test",
        {
            "outlet": "DA001",
            "time": datetime(2026, 1, 9),
            "species": "SO2",
            "value": 25.0,
            "unit": "mg/m3",
            "flow": 1e6,
        },
    )
    got = monitored(plant(*stack(lost=300), ("manual_test", tests)))
    counted = got.emission.filter("counted").row(0, named=True)
    assert counted["method"] == "manual"
    assert counted["value"] == pytest.approx(25 * 1e6 * 744 * 1e-9)
    assert "捕集率" in counted["reason_zh"]
    assert "capture" in counted["reason_en"]
    assert got.emission.filter(~pl.col("counted"))["method"].to_list() == ["monitored"]
    assert [f.check for f in got.findings] == ["low_capture"]


@pytest.mark.parametrize(
    ("change", "check"),
    [({"unit": "kg"}, "parameter_unit"), ({"limit_unit": "t/a"}, "limit_unit")],
)
def test_units_that_do_not_fit_are_refused(
    plant: Plant, stack: Any, change: dict[str, str], check: str
) -> None:
    with pytest.raises(FindingError) as caught:
        monitored(plant(*stack(**change)))
    assert [f.check for f in caught.value.findings] == [check]
    assert caught.value.findings[0].message("zh")


def test_bad_marks_and_tests_are_refused_together(plant: Plant, stack: Any, make: Make) -> None:
    mark = make(
        "mark",
        {
            "outlet": "DA001",
            "time_from": datetime(2026, 1, 1),
            "time_to": datetime(2026, 1, 2),
            "mark": "喝茶",
        },
    )
    tests = make(
        "manual_test",
        {"outlet": "DA001", "time": datetime(2026, 1, 9), "species": "SO2", "value": 1.0, "unit": "t"},
    )
    with pytest.raises(FindingError) as caught:
        monitored(plant(*stack(), ("mark", mark), ("manual_test", tests)))
    assert {f.check for f in caught.value.findings} == {"mark_unknown", "test_unit"}


def test_hours_that_are_not_full_are_refused(plant: Plant, stack: Any) -> None:
    tables = stack()
    reading = tables[0][1].with_columns(pl.col("hour") + timedelta(minutes=7))
    with pytest.raises(FindingError) as caught:
        monitored(plant(("reading", reading), *tables[1:]))
    assert "2026-01-01 00:07" in caught.value.findings[0].message("zh")


def test_enterprises_without_monitors_have_empty_tables(plant: Plant) -> None:
    got = monitored(plant())
    assert got.outlet_month.is_empty()
    assert got.substitution.is_empty()
    assert got.emission.is_empty()


def test_limits_by_date_and_the_special_period_reach_the_permit_account(
    plant: Plant, stack: Any, make: Make
) -> None:
    """Twenty mg/m3, 480 kg a day, under 35 mg/m3, then 15; on two alert days under 18 mg/m3 and 21 t."""
    tables = dict(stack())
    place = {"outlet": "DA001", "species": "SO2", "unit": "mg/m3"}
    tables["permit_limit"] = make(
        "permit_limit",
        {**place, "period": "hour", "value": 35.0, "date_to": date(2026, 1, 29)},
        {**place, "period": "hour", "value": 15.0, "date_from": date(2026, 1, 30)},
        {**place, "period": "special", "value": 18.0, "date_to": date(2026, 1, 10)},
        {**place, "period": "special", "value": 21.0, "unit": "t/d", "date_from": date(2026, 1, 11)},
    )
    days = [date(2026, 1, 10), date(2026, 1, 11)]
    tables["alert_day"] = make("alert_day", *({"installation": "1", "day": d} for d in days))
    inputs = plant(*tables.items())
    month = monitored(inputs).outlet_month.row(0, named=True)
    assert (month["hours_over"], month["limit"]) == (48.0, 15.0)
    assert (month["days_special"], month["days_special_over"]) == (2.0, 1.0)


def test_a_special_limit_that_is_no_concentration_is_refused(plant: Plant, stack: Any, make: Make) -> None:
    tables = dict(stack())
    tables["permit_limit"] = make(
        "permit_limit",
        {"outlet": "全厂", "species": "SO2", "period": "special", "value": 2.0, "unit": "t/d"},
    )
    with pytest.raises(FindingError) as caught:
        monitored(plant(*tables.items()))
    assert [f.check for f in caught.value.findings] == ["special_unit"]
