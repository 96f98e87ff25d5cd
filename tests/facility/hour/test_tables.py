from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from tests.facility.hour.conftest import series

from tongyuan.facility.hour.law import hourly_limits
from tongyuan.facility.hour.stream import hourly
from tongyuan.facility.hour.tables import marks_of, outlet_months, points_of, readings_of

MONITOR = {
    "facility": pl.String,
    "outlet": pl.String,
    "monitor": pl.String,
    "parameter": pl.String,
    "unit": pl.String,
    "velocity_factor": pl.Float64,
    "begin": pl.Date,
    "end": pl.Date,
}
OUTLET = {"facility": pl.String, "outlet": pl.String, "area": pl.Float64, "oxygen_reference": pl.Float64}
LIMIT = {
    "facility": pl.String,
    "outlet": pl.String,
    "species": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "oxygen_reference": pl.Float64,
    "date_from": pl.Date,
    "date_to": pl.Date,
    "start_hours": pl.Float64,
    "stop_hours": pl.Float64,
}


def table(schema: dict[str, object], *rows: dict[str, object]) -> pl.DataFrame:
    full = [{name: row.get(name) for name in schema} | {"facility": "F", "outlet": "A"} for row in rows]
    return pl.DataFrame(full, schema=schema, orient="row")  # type: ignore[arg-type]


def read(*parameters: str) -> pl.DataFrame:
    return pl.DataFrame({"facility": "F", "outlet": "A", "parameter": list(parameters)})


def test_codes_units_limits_and_reference_oxygen_become_points() -> None:
    points, trouble = points_of(
        read("a21026", "a00000", "a19001"),
        table(MONITOR, {"parameter": "a21026", "unit": "ppm"}, {"parameter": "a00000", "unit": "m3/s"}),
        table(OUTLET, {"oxygen_reference": 9.0}),
        table(
            LIMIT,
            {"species": "SO2", "period": "hour", "value": 0.035, "unit": "g/m3", "oxygen_reference": 6.0},
        ),
    )
    assert trouble == []
    by = {r["parameter"]: r for r in points.to_dicts()}
    assert by["a21026"]["scale"] == pytest.approx(64.058 / 22.4)
    assert by["a21026"]["oxygen_reference"] == 6.0
    assert by["a00000"]["scale"] == pytest.approx(3600.0)
    assert by["a19001"]["role"] == "oxygen"


def test_velocity_stands_for_the_flow_of_actual_wet_gas() -> None:
    monitor = table(MONITOR, {"parameter": "a01011", "velocity_factor": 0.9})
    points, trouble = points_of(read("a01011"), monitor, table(OUTLET, {"area": 10.0}), table(LIMIT))
    row = points.row(0, named=True)
    assert (row["role"], row["wet"], row["actual"]) == ("flow", True, True)
    assert row["scale"] == pytest.approx(3600 * 10 * 0.9)
    assert trouble == []
    assert points_of(read("a01011"), monitor, table(OUTLET, {}), table(LIMIT))[1][0].check == "no_area"
    both, _ = points_of(read("a01011", "a00000"), monitor, table(OUTLET, {}), table(LIMIT))
    assert both["parameter"].to_list() == ["a00000"]


def test_nitric_oxide_alone_makes_a_sum_and_beside_one_is_idle() -> None:
    points, _ = points_of(read("a21003", "a21004"), table(MONITOR), table(OUTLET), table(LIMIT))
    by = {r["parameter"]: r for r in points.to_dicts()}
    assert by["a21002"]["role"] == "gas"
    assert by["a21003"]["scale"] == pytest.approx(46.005 / 30.006)
    assert by["a21004"]["part_of"] == "a21002"
    alone, _ = points_of(read("a21002", "a21003"), table(MONITOR), table(OUTLET), table(LIMIT))
    assert alone["parameter"].to_list() == ["a21002"]


@pytest.mark.parametrize(
    ("parameter", "unit", "check"),
    [
        ("a21026", "kg", "parameter_unit"),
        ("a21026", "furlong", "parameter_unit"),
        ("zz", "mg/m3", "parameter_unknown"),
    ],
)
def test_what_cannot_be_used_is_named(parameter: str, unit: str, check: str) -> None:
    monitor = table(MONITOR, {"parameter": parameter, "unit": unit})
    points, trouble = points_of(read(parameter), monitor, table(OUTLET), table(LIMIT))
    assert points.is_empty()
    assert [t.check for t in trouble] == [check]


def test_words_letters_and_failed_calibrations_become_marks() -> None:
    mark = pl.DataFrame(
        {
            "facility": "F",
            "outlet": "A",
            "parameter": [None, "a21026", None],
            "time_from": datetime(2025, 1, 1),
            "time_to": datetime(2025, 1, 1, 5),
            "mark": ["停运", "m", "喝茶"],
        },
        schema_overrides={"parameter": pl.String},
    )
    calibration = pl.DataFrame(
        {
            "facility": "F",
            "outlet": "A",
            "parameter": "a21026",
            "time": [datetime(2025, 1, 2), datetime(2025, 1, 3), datetime(2025, 1, 4)],
            "passed": [True, False, True],
        }
    )
    spans, trouble = marks_of(mark, calibration)
    assert spans["mark"].to_list() == ["F", "M", "X"]
    assert spans["time_to"].to_list()[-1] == datetime(2025, 1, 4)
    assert [(t.check, t.text) for t in trouble] == [("mark_unknown", "喝茶")]


def test_marks_of_the_monitor_count_from_a_quarter_of_an_hour() -> None:
    mark = pl.DataFrame(
        {
            "facility": "F",
            "outlet": "A",
            "parameter": [None, None, None],
            "time_from": [datetime(2025, 1, 1), datetime(2025, 1, 2), datetime(2025, 1, 3)],
            "time_to": [datetime(2025, 1, 1, 0, 10), datetime(2025, 1, 2, 0, 14), datetime(2025, 1, 3, 0, 5)],
            "mark": ["校准", "校准", "停运"],
        },
        schema_overrides={"parameter": pl.String},
    )
    nothing = pl.DataFrame(
        schema={
            "facility": pl.String,
            "outlet": pl.String,
            "parameter": pl.String,
            "time": pl.Datetime("us"),
            "passed": pl.Boolean,
        }
    )
    spans, _ = marks_of(mark, nothing)
    assert spans.select("time_from", "mark").rows() == [
        (datetime(2025, 1, 3), "F"),
        (datetime(2025, 1, 2), "C"),
    ]


def test_months_in_tonnes() -> None:
    rows = pl.concat([series("a21026", [20.0] * 24), series("a00000", [1e6] * 24)])
    limit = table(
        LIMIT,
        {"species": "SO2", "period": "hour", "value": 35.0, "unit": "mg/m3", "date_from": date(2020, 1, 1)},
    )
    points, _ = points_of(rows, table(MONITOR), table(OUTLET), limit)
    limits, _ = hourly_limits(points, limit)
    month = outlet_months(hourly(rows, points, limits=limits).month, points).row(0, named=True)
    assert (month["species"], month["mass"], month["limit"], month["valid"]) == (
        "SO2",
        pytest.approx(0.48),
        35.0,
        True,
    )
    assert month["hours_run"] == 24


@pytest.mark.parametrize(("unit", "value", "absolute"), [("kPa", -0.5, 100.825), ("Pa", -500.0, 100_825.0)])
def test_static_pressure_becomes_absolute_in_its_own_unit(unit: str, value: float, absolute: float) -> None:
    rows = series("a01013", [value], outlet="A")
    points, _ = points_of(
        rows, table(MONITOR, {"parameter": "a01013", "unit": unit}), table(OUTLET), table(LIMIT)
    )
    assert readings_of(rows, points)["value"].to_list() == pytest.approx([absolute])
