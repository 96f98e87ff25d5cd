from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facility.hour.conftest import series

from tongyuan.facility.hour.quarter import ReadingError
from tongyuan.facility.hour.rules import with_own
from tongyuan.facility.hour.stream import hourly

EASY = with_own(window_short=3, window_middle=5, window_long=8, gap_short=2)


def stack(gas: list[float | None], mark: str = "", flow: float = 1e6, oxygen: float = 6.0) -> pl.DataFrame:
    n = len(gas)
    return pl.concat([series("SO2", gas, mark), series("flow", [flow] * n), series("O2", [oxygen] * n)])


def test_a_day_by_hand(stack_points: pl.DataFrame) -> None:
    # 30 mg/m3 at 8 % oxygen is 34.6154 at 6 %; 30 mg/m3 · 1e6 m3/h = 30 kg/h
    result = hourly(stack([30.0] * 24, oxygen=8.0), stack_points)
    row = result.month.row(0, named=True)
    assert row["mean"] == pytest.approx(34.6154, abs=1e-4)
    assert row["mass_before"] == pytest.approx(720.0)
    assert row["mass_after"] == row["mass_before"]
    assert (row["valid"], row["over"], row["days"], row["days_valid"]) == (24, 0, 1, 1)
    assert result.gap.is_empty()


def test_short_gap_takes_the_greatest_of_the_short_window(stack_points: pl.DataFrame) -> None:
    # hours 0..9: 9 10 1 2 3 gap gap 4 5 6; capture 8/10 < 0.9 would take the long window: lower the bound
    rules = with_own(window_short=3, window_middle=5, window_long=8, gap_short=2, capture_high=0.75)
    gas = [9.0, 10.0, 1.0, 2.0, 3.0, None, None, 4.0, 5.0, 6.0]
    result = hourly(stack(gas), stack_points, rule=rules)
    gap = result.gap.row(0, named=True)
    assert (gap["rule"], gap["gap_hours"], gap["window_hours"], gap["window_found"]) == ("short", 2, 3, 3)
    assert gap["value"] == 3.0
    assert gap["window_from"] == datetime(2025, 1, 1, 2)
    assert gap["window_to"] == datetime(2025, 1, 1, 4)
    row = result.month.row(0, named=True)
    assert (row["mass_before"], row["mass_after"]) == (40.0, 46.0)
    assert result.hour is not None
    assert result.hour["hour"].to_list() == [datetime(2025, 1, 1, 5), datetime(2025, 1, 1, 6)]
    assert result.hour["reason"].unique().to_list() == ["missing"]


def test_long_gap_takes_the_middle_window_and_low_capture_the_long_one(stack_points: pl.DataFrame) -> None:
    gas = [9.0, 10.0, 1.0, 2.0, 3.0, None, None, None, 4.0, 5.0, 6.0, 1.0]
    middle = hourly(stack(gas), stack_points, rule=with_own(**_easy(0.75)))
    assert middle.gap["rule"].to_list() == ["middle"]
    assert middle.gap["value"].to_list() == [10.0]
    long = hourly(stack(gas), stack_points, rule=EASY)
    assert long.gap["capture"].to_list() == [0.75]
    assert long.gap["rule"].to_list() == ["long"]


def _easy(high: float) -> dict[str, float]:
    return {"window_short": 3, "window_middle": 5, "window_long": 8, "gap_short": 2, "capture_high": high}


def test_below_the_least_capture_nothing_is_filled(stack_points: pl.DataFrame) -> None:
    gas = [9.0, 10.0, None, None, 3.0, 4.0, None]
    result = hourly(stack(gas), stack_points)
    row = result.month.row(0, named=True)
    assert row["capture"] == pytest.approx(4 / 7)
    assert (row["filled"], row["unfilled"]) == (0, 3)
    assert row["mass_after"] is None
    assert row["mass_before"] == 26.0
    assert set(result.gap["rule"]) == {"low_capture"}


def test_a_record_that_begins_with_a_gap_takes_the_hours_after_it(stack_points: pl.DataFrame) -> None:
    result = hourly(stack([None, 5.0, 7.0, *[5.0] * 17]), stack_points)
    gap = result.gap.row(0, named=True)
    assert (gap["rule"], gap["value"], gap["window_found"]) == ("after", 7.0, 19)
    assert (gap["window_from"], gap["window_to"]) == (datetime(2025, 1, 1, 1), datetime(2025, 1, 1, 19))
    assert result.month["mass_after"].to_list() == pytest.approx([5 * 18 + 7 + 7])


def test_without_any_valid_hour_nothing_is_filled(stack_points: pl.DataFrame) -> None:
    period = {"begin": datetime(2025, 1, 1), "end": datetime(2025, 1, 2)}
    free = with_own(capture_low=0.0, capture_high=0.9)
    result = hourly(stack([None] * 24), stack_points, rule=free, **period)
    assert result.gap["rule"].to_list() == ["no_window"]
    assert result.month["mass_after"].to_list() == [None]


def test_stopped_hours_neither_count_nor_part_a_gap(stack_points: pl.DataFrame) -> None:
    gas = [5.0] * 40 + [1.0, 0.0, 1.0] + [5.0] * 10
    result = hourly(stack(gas, mark="N" * 40 + "MFM"), stack_points)
    assert result.gap["gap_hours"].to_list() == [2]
    row = result.month.row(0, named=True)
    assert (row["hours"], row["stopped"], row["missing"], row["filled"]) == (53, 1, 2, 2)
    assert row["capture"] == pytest.approx(50 / 52)
    assert result.hour is not None
    assert result.hour.height == 2


def test_lost_flow_loses_the_mass_and_not_the_concentration(stack_points: pl.DataFrame) -> None:
    rows = pl.concat(
        [
            series("SO2", [10.0] * 30),
            series("flow", [1e6] * 29 + [1e6], "N" * 29 + "D"),
            series("O2", [6.0] * 30),
        ]
    )
    row = hourly(rows, stack_points).month.row(0, named=True)
    assert (row["converted"], row["valid"], row["filled"]) == (30, 29, 1)
    assert row["mass_after"] == pytest.approx(300.0)


def test_lost_oxygen_loses_the_converted_value_and_not_the_mass(stack_points: pl.DataFrame) -> None:
    rows = pl.concat(
        [series("SO2", [10.0] * 30), series("flow", [1e6] * 30), series("O2", [6.0] * 30, "N" * 29 + "C")]
    )
    row = hourly(rows, stack_points).month.row(0, named=True)
    assert (row["converted"], row["valid"]) == (29, 30)
    assert row["mass_before"] == pytest.approx(300.0)


def test_wet_and_actual_gas_is_brought_to_standard_state(stack_points: pl.DataFrame) -> None:
    more = pl.DataFrame(
        {
            "facility": ["F"] * 3,
            "outlet": ["A"] * 3,
            "parameter": ["t", "p", "x"],
            "role": ["temperature", "pressure", "humidity"],
        }
    )
    points = pl.concat([stack_points, more], how="diagonal").with_columns(
        wet=pl.col("role").is_in(["gas", "flow"]), actual=pl.col("role").is_in(["gas", "flow"])
    )
    rows = pl.concat(
        [
            stack([20.0] * 4, flow=1e6),
            series("t", [100.0] * 4),
            series("p", [98_000.0] * 4),
            series("x", [8.0, 8.0, 8.0, 8.0], "NNND"),
        ]
    )
    row = hourly(rows, points).month.row(0, named=True)
    dry = 273 / 373 * 98_000 / 101_325 * 0.92
    assert row["concentration_sum"] == pytest.approx(3 * 20 / dry)
    # the volume cancels: mass is that of the actual gas
    assert row["mass_before"] == pytest.approx(3 * 20.0)
    assert row["valid"] == 3


def test_no_and_no2_are_added_as_no2(stack_points: pl.DataFrame) -> None:
    gas = pl.DataFrame(
        {
            "facility": ["F"] * 3,
            "outlet": ["A"] * 3,
            "parameter": ["NOx", "NO", "NO2"],
            "role": ["gas", "part", "part"],
            "scale": [1.0, 46.005 / 30.006, 1.0],
            "part_of": ["", "NOx", "NOx"],
        }
    )
    points = pl.concat([stack_points.filter(pl.col("role") != "gas"), gas], how="diagonal")
    rows = pl.concat(
        [
            series("NO", [20.0] * 3),
            series("NO2", [3.0, 3.0, 3.0], "NND"),
            series("flow", [1e6] * 3),
            series("O2", [6.0] * 3),
        ]
    )
    row = hourly(rows, points).month.row(0, named=True)
    assert row["valid"] == 2
    assert row["mean"] == pytest.approx(33.664, abs=1e-3)


def test_exempt_hours_over_the_limit_are_counted_apart_and_keep_their_mass(
    stack_points: pl.DataFrame,
) -> None:
    marks = pl.DataFrame(
        {
            "facility": ["F"],
            "outlet": ["A"],
            "parameter": [""],
            "time_from": [datetime(2025, 1, 1, 1)],
            "time_to": [datetime(2025, 1, 1, 3)],
            "mark": ["E"],
        }
    )
    result = hourly(stack([40.0, 50.0, 20.0, 35.0, 35.01]), stack_points, marks=marks)
    row = result.month.row(0, named=True)
    assert (row["over"], row["over_exempt"]) == (2, 1)
    assert row["mass_before"] == pytest.approx(180.01)
    assert row["highest"] == 50.0


def test_a_mark_of_maintenance_makes_the_hours_it_touches_lost(stack_points: pl.DataFrame) -> None:
    marks = pl.DataFrame(
        {
            "facility": ["F"],
            "outlet": ["A"],
            "parameter": ["SO2"],
            "time_from": [datetime(2025, 1, 1, 5, 30)],
            "time_to": [datetime(2025, 1, 1, 6, 1)],
            "mark": ["X"],
        }
    )
    result = hourly(stack([10.0] * 40), stack_points, marks=marks)
    assert result.hour is not None
    assert result.hour["hour"].dt.hour().to_list() == [5, 6]
    assert set(result.hour["reason"]) == {"out_of_control"}
    assert result.month["out"].to_list() == [2]


def test_44_minutes_are_no_hour_and_45_are(stack_points: pl.DataFrame) -> None:
    rows = stack([10.0] * 20).with_columns(
        minutes=pl.when((pl.col("parameter") == "SO2") & (pl.col("hour").dt.hour() == 7))
        .then(44)
        .otherwise(45)
    )
    assert hourly(rows, stack_points).month["valid"].to_list() == [19]


def test_negative_values_are_no_measurement_and_are_counted(stack_points: pl.DataFrame) -> None:
    row = hourly(stack([10.0] * 19 + [-0.1]), stack_points).month.row(0, named=True)
    assert (row["valid"], row["missing"], row["negative"]) == (19, 1, 1)


def test_the_window_reaches_into_the_quarter_before(stack_points: pl.DataFrame) -> None:
    hours = 24
    start = "2025-03-31T12:00"
    gas = [8.0, 9.0] + [2.0] * 10 + [None] + [1.0] * 11
    rows = pl.concat(
        [
            series("SO2", gas, start=start),
            series("flow", [1e6] * hours, start=start),
            series("O2", [6.0] * hours, start=start),
        ]
    )
    result = hourly(rows, stack_points)
    gap = result.gap.row(0, named=True)
    assert gap["begin"] == datetime(2025, 4, 1)
    assert (gap["window_found"], gap["value"]) == (12, 9.0)
    assert gap["window_from"] == datetime(2025, 3, 31, 12)


def test_missing_rows_inside_the_period_are_gaps_and_hours_outside_are_not(
    stack_points: pl.DataFrame,
) -> None:
    rows = stack([10.0] * 40)
    holed = rows.filter(~((pl.col("parameter") == "SO2") & (pl.col("hour").dt.hour() == 3)))
    assert hourly(holed, stack_points).month["missing"].to_list() == [2]
    short = hourly(rows, stack_points.with_columns(begin=pl.lit(datetime(2025, 1, 1, 10)))).month
    assert short["hours"].to_list() == [30]
    asked = hourly(rows, stack_points, begin=datetime(2025, 1, 1), end=datetime(2025, 1, 2)).month
    assert asked["hours"].to_list() == [24]


def test_a_repeated_row_is_one_and_a_contradicting_one_is_reported(stack_points: pl.DataFrame) -> None:
    rows = stack([10.0] * 40)
    again = hourly(pl.concat([rows, rows]), stack_points)
    assert again.month.equals(hourly(rows, stack_points).month)
    assert again.double.is_empty()
    other = hourly(pl.concat([rows, series("SO2", [11.0])]), stack_points)
    assert other.double.to_dicts() == [
        {"facility": "F", "outlet": "A", "parameter": "SO2", "quarter": datetime(2025, 1, 1), "rows": 1}
    ]
    assert other.month["missing"].to_list() == [1]


def test_readings_without_a_point_are_named(stack_points: pl.DataFrame) -> None:
    rows = pl.concat([stack([10.0] * 3), series("Hg", [1.0, 2.0])])
    assert hourly(rows, stack_points).strange.to_dicts() == [
        {"facility": "F", "outlet": "A", "parameter": "Hg", "rows": 2}
    ]


def test_bad_readings_are_refused(stack_points: pl.DataFrame) -> None:
    rows = stack([10.0] * 3)
    with pytest.raises(ReadingError) as caught:
        hourly(rows.with_columns(flag=pl.lit("Q")), stack_points)
    assert caught.value.what == "mark"
    assert caught.value.values["marks"] == ["Q"]
    with pytest.raises(ReadingError) as caught:
        hourly(rows.with_columns(pl.col("hour") + timedelta(minutes=5)), stack_points)
    assert caught.value.what == "hour"
    with pytest.raises(ReadingError) as caught:
        hourly(rows.clear(), stack_points)
    assert caught.value.what == "empty"
    with pytest.raises(ReadingError) as caught:
        hourly(rows, stack_points, begin=datetime(2025, 2, 1))
    assert caught.value.what == "period"


def test_the_condition_of_the_plant_acts(stack_points: pl.DataFrame) -> None:
    hour = pl.col("hour").dt.hour()
    said = pl.when(hour == 1).then(pl.lit("stopped")).when(hour == 2).then(pl.lit("start")).otherwise(None)
    row = hourly(stack([40.0] * 5).with_columns(condition=said), stack_points).month.row(0, named=True)
    assert (row["stopped"], row["valid"], row["over"], row["over_exempt"]) == (1, 4, 3, 1)


def test_an_empty_mark_is_a_normal_hour(stack_points: pl.DataFrame) -> None:
    rows = stack([10.0] * 3).with_columns(flag=pl.when(pl.col("hour").dt.hour() == 0).then(pl.lit("")))
    assert hourly(rows, stack_points).month["valid"].to_list() == [3]


WATER = pl.DataFrame(
    {
        "facility": ["F"] * 3,
        "outlet": ["W"] * 3,
        "parameter": ["COD", "pH", "flow"],
        "role": ["water", "acidity", "water_flow"],
        "limit": [50.0, None, None],
    }
)


def water(cod: list[float | None], flow: list[float | None], ph: list[float | None]) -> pl.DataFrame:
    return pl.concat(
        [series("COD", cod, outlet="W"), series("flow", flow, outlet="W"), series("pH", ph, outlet="W")]
    )


def test_water_is_filled_with_the_mean_of_an_equally_long_time_and_acidity_with_the_median() -> None:
    cod = [99.0, 10.0, 20.0, 30.0, None, None, None, 40.0]
    ph = [9.0, 6.0, 7.0, 8.0, None, None, None, 7.0]
    result = hourly(water(cod, [100.0] * 8, ph), WATER)
    value = dict(zip(result.gap["parameter"], result.gap["value"], strict=True))
    assert value == {"COD": 20.0, "pH": 7.0}
    assert set(result.gap["rule"]) == {"water"}
    row = result.month.filter(pl.col("parameter") == "COD").row(0, named=True)
    assert row["mass_before"] == pytest.approx((99 + 60 + 40) * 100 * 1e-3)
    assert row["mass_after"] == pytest.approx((99 + 60 + 40 + 60) * 100 * 1e-3)


def test_lost_flow_of_water_is_filled_too_and_day_means_are_weighted_by_it() -> None:
    cod = [40.0] * 12 + [58.0] * 12
    flow: list[float | None] = [100.0] * 12 + [300.0] * 11 + [None]
    result = hourly(water(cod, flow, [7.0] * 24), WATER)
    row = result.month.filter(pl.col("parameter") == "COD").row(0, named=True)
    # (40·1200 + 58·3300) / 4500 = 53.2 above 50, while the plain mean of 49 is below
    assert row["days_over"] == 1
    assert row["over"] == 12
    assert row["mean_of_days"] == pytest.approx(239_400 / 4500)
    assert row["mass_after"] - row["mass_before"] == pytest.approx(58 * 300 * 1e-3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.floats(0, 100).map(lambda x: round(x, 2)), min_size=30, max_size=80),
    st.lists(st.sampled_from("NNNNNNNNNNFMDX"), min_size=80, max_size=80),
    st.randoms(use_true_random=False),
)
def test_filling_never_changes_a_valid_hour_and_order_does_not_matter(
    stack_points: pl.DataFrame, gas: list[float], mark: list[str], shuffle: object
) -> None:
    rows = stack(list(gas), "".join(mark[: len(gas)]))
    result = hourly(rows, stack_points, rule=EASY)
    row = result.month.row(0, named=True)
    good = [x for x, m in zip(gas, mark, strict=False) if m == "N"]
    assert row["mass_before"] == pytest.approx(sum(good), abs=1e-9)
    assert row["valid"] + row["missing"] + row["out"] + row["stopped"] == row["hours"] == len(gas)
    assert row["filled"] + row["unfilled"] == row["missing"] + row["out"]
    assert result.hour is not None
    lost = [k for k, m in enumerate(mark[: len(gas)]) if m in "MDX"]
    assert result.hour["hour"].dt.ordinal_day().len() == len(lost)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=shuffle.randint(0, 9))  # type: ignore[attr-defined]
    other = hourly(shuffled, stack_points, rule=EASY)
    assert other.month.equals(result.month)
    assert other.gap.equals(result.gap)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 100), min_size=5, max_size=30), st.sampled_from([1e-3, 1e3, 7.0]))
def test_units_do_not_matter(stack_points: pl.DataFrame, gas: list[float], unit: float) -> None:
    rows = stack(list(gas))
    scaled = rows.with_columns(
        pl.when(pl.col("parameter") == "SO2").then(pl.col("value") / unit).otherwise("value").alias("value")
    )
    points = stack_points.with_columns(scale=pl.when(pl.col("role") == "gas").then(unit).otherwise(1.0))
    one, two = hourly(rows, stack_points).month, hourly(scaled, points).month
    assert one["mass_after"][0] == pytest.approx(two["mass_after"][0])


def test_files_by_month_give_what_one_frame_gives(stack_points: pl.DataFrame, tmp_path: Path) -> None:
    n = 24 * 120
    gas: list[float | None] = [float(5 + k % 37) for k in range(n)]
    mark = "".join("M" if k % 31 == 5 or 700 < k < 760 else "N" for k in range(n))
    rows = stack(gas, mark)
    files = []
    for key, part in rows.group_by(pl.col("hour").dt.month().alias("m")):
        files.append(tmp_path / f"{key[0]}.parquet")
        part.with_columns(pl.col("flag").cast(pl.Categorical)).write_parquet(files[-1])
    whole, split = hourly(rows, stack_points), hourly(files, stack_points)
    assert split.month.equals(whole.month)
    assert split.gap.equals(whole.gap)
    assert whole.month.height == 4
    assert whole.month["mass_after"].null_count() == 0


@pytest.mark.parametrize("order", list(permutations([5.0, 6.0, 5.0]))[:3])
def test_an_hour_of_which_rows_disagree_is_one_whatever_their_order(
    stack_points: pl.DataFrame, order: tuple[float, ...]
) -> None:
    rows = stack([4.0] * 48)
    again = pl.concat(
        [rows.filter(pl.col("parameter") == "SO2")[7].with_columns(value=pl.lit(v)) for v in order]
    )
    rest = rows.filter((pl.col("parameter") != "SO2") | (pl.col("hour") != again["hour"][0]))
    result = hourly(pl.concat([rest, again]), stack_points)
    assert result.double["rows"].to_list() == [1]
    assert result.month["missing"].to_list() == [1]


def test_readings_of_places_that_are_no_points_are_counted(stack_points: pl.DataFrame) -> None:
    result = hourly(stack([4.0] * 48), stack_points.clear())
    assert result.month.is_empty()
    assert result.strange["rows"].to_list() == [48, 48, 48]
    assert result.month.schema == hourly(stack([4.0] * 48), stack_points).month.schema
