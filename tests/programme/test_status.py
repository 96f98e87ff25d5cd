import math

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.plan import observations
from tongyuan.programme.status import meets, reading, rules, series, state_of, status, trend_of


def seen(rows):
    names = ("indicator", "region", "period", "value", "unit")
    frame = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    return conform("indicator_observation", frame)


def one(plan, target, values, **more):
    indicator, region, year, unit = target
    targets = (
        plan["programme_target"]
        .head(1)
        .with_columns(
            pl.lit(indicator).alias("indicator"),
            pl.lit(region).alias("region"),
            pl.lit(year, dtype=pl.Int64).alias("year"),
            pl.lit(unit).alias("unit"),
            *(pl.lit(v).alias(k) for k, v in more.items()),
        )
    )
    frame, findings = status(plan | {"programme_target": targets}, values)
    return frame.row(0, named=True), findings


def test_the_status_of_the_plans_numeric_targets(parent):
    frame, findings = status(parent, observations())
    assert findings == []
    told = {
        row["target"]: (row["state"], row["observed_year"], row["observed"])
        for row in frame.iter_rows(named=True)
    }
    assert told["cn.fertiliser.2025"] == ("met", 2025, 43.3)
    assert told["cn.steel.2025"] == ("insufficient", None, None)
    assert told["cn.pesticide.2025"] == ("on_track", 2019, 39.8)
    assert told["cn.aluminium.2025"] == ("insufficient", None, None)
    assert told["cn.nev.2030"] == ("no_data", None, None)
    assert told["cn.bulk_waste.2025"] == ("no_data", None, None)
    assert told["cn.coal.2025"] == ("no_data", None, None)
    sourced = frame.filter(pl.col("observed").is_not_null())
    assert sourced["observed_source"].null_count() == sourced["observed_year"].null_count() == 0
    asked, _ = status(parent, observations(), include_unverified=True)
    steel = asked.row(0, named=True)
    assert (steel["state"], steel["observed_year"], steel["observed"]) == ("behind", 2024, 10)
    assert steel["part_year"] == "2025-H1: 9.8"
    assert steel["probability"] < 0.01
    assert steel["lower"] < steel["forecast"] < steel["upper"] < 15
    assert steel["lead"] == "miit"


def test_unverified_figures_act_only_when_asked(parent):
    counts = []
    for asked in (False, True):
        frame, _ = status(parent, observations(), include_unverified=asked)
        counts.append(frame.filter(pl.col("target") == "cn.pesticide.2025")["count"][0])
    assert counts == [3, 5]


def test_a_range_counts_as_its_middle_with_the_error_of_a_uniform_distribution():
    frame, _ = series(observations(), include_unverified=True)
    steel = frame.filter((pl.col("indicator") == "short_process_steel") & (pl.col("year") == 2021))
    assert steel["value"][0] == pytest.approx(10.8)
    assert steel["error"][0] == pytest.approx(0.4 / math.sqrt(12))
    assert frame.filter(pl.col("indicator") == "fertiliser_efficiency")["year"].to_list() == [
        2015, 2017, 2019, 2020, 2022, 2025,
    ]  # fmt: skip


def test_different_figures_of_one_year_leave_a_gap_and_are_named():
    rows = seen([("pm25", "370000", "2020", 40.0, "µg/m3"), ("pm25", "370000", "2020", 44.0, "µg/m3")])
    frame, findings = series(rows)
    assert frame.is_empty()
    assert [f.check for f in findings] == ["observation_conflict"]
    better = rows.with_columns(pl.Series("status", ["official", "secondary"]))
    frame, findings = series(better)
    assert frame["value"].to_list() == [40.0]
    assert findings == []


def test_states_follow_the_rule(parent):
    target = ("pm25", "370000", 2025, "µg/m3")
    less = {"comparator": "at_most", "value": 38.0}
    assert one(parent, target, seen([("pm25", "370000", "2025", 38.0, "µg/m3")]), **less)[0]["state"] == "met"
    assert (
        one(parent, target, seen([("pm25", "370000", "2025", 38.1, "µg/m3")]), **less)[0]["state"] == "missed"
    )
    early = seen([("pm25", "370000", "2024", 30.0, "µg/m3")])
    assert one(parent, target, early, **less)[0]["state"] == "insufficient"
    late = seen([("pm25", "370000", "2026", 30.0, "µg/m3")])
    assert one(parent, target, late, **less)[0]["observed"] is None
    falling = [(str(y), v) for y, v in ((2019, 60.0), (2020, 52.0), (2021, 47.0), (2022, 41.0))]
    row, _ = one(parent, target, seen([("pm25", "370000", p, v, "µg/m3") for p, v in falling]), **less)
    assert row["state"] == "on_track"
    assert row["trend"] == "log"


def test_units_are_converted_or_named(parent):
    target = ("renewable_capacity", "370000", 2025, "10^4 kW")
    more = {"comparator": "at_least", "value": 9000.0}
    row, _ = one(parent, target, seen([("renewable_capacity", "370000", "2025", 95.0, "GW")]), **more)
    assert row["observed"] == pytest.approx(9500)
    assert row["state"] == "met"
    row, findings = one(parent, target, seen([("renewable_capacity", "370000", "2025", 95.0, "t")]), **more)
    assert row["state"] == "insufficient"
    assert [f.check for f in findings] == ["unit_unfit"]


def test_thresholds_and_helpers():
    limits = rules()["probability"]
    assert state_of(limits["on_track"]) == "on_track"
    assert state_of(limits["at_risk"]) == "at_risk"
    assert state_of(limits["at_risk"] - 1e-9) == "behind"
    assert meets("equal", 101, 100, 2)
    assert not meets("equal", 103, 100, 2)
    assert trend_of("%", "at_most") == "linear"
    assert trend_of("µg/m3", "at_most") == "log"
    assert trend_of("10^4 kW", "at_least") == "linear"


@pytest.mark.parametrize(
    ("comparator", "direction", "asked"),
    [
        ("about", "more", ("at_least", 47.5, 0.0)),  # 50 % 左右: from 47.5 on, and more is no miss
        ("about", "less", ("at_most", 52.5, 0.0)),
        ("about", "qualitative", ("equal", 50.0, 2.5)),
        ("about", None, ("equal", 50.0, 2.5)),
        ("equal", "more", ("equal", 50.0, 1.0)),
        ("at_least", "more", ("at_least", 50.0, 0.0)),
        ("at_most", "less", ("at_most", 50.0, 0.0)),
    ],
)
def test_what_a_comparator_asks_of_fifty(comparator, direction, asked):
    found = reading(comparator, 50.0, direction)
    assert found[0] == asked[0]
    assert found[1:] == pytest.approx(asked[1:])


@pytest.mark.parametrize(
    ("observed", "state"), [(47.4, "missed"), (47.5, "met"), (50.0, "met"), (52.6, "met"), (60.0, "met")]
)
def test_about_is_met_from_five_per_cent_short(parent, observed, state):
    target = ("nev_share_key_region", "100000", 2030, "%")
    seen_once = seen([("nev_share_key_region", "100000", "2030", observed, "%")])
    row, _ = one(parent, target, seen_once, comparator="about", value=50.0)
    assert row["state"] == state


def test_every_target_printed_as_about_is_one():
    from tongyuan.reference.shelf import shelf

    printed = shelf("programme_target").filter(pl.col("printed").str.contains("左右"))
    said = dict(zip(printed["target"], printed["comparator"], strict=True))
    assert said.pop("sd.pv_capacity.2025.2") == "at_least"  # only the part at sea is printed so
    assert set(said.values()) == {"about"}
    assert len(said) == 7


def test_a_plan_without_targets_has_an_empty_table(parent):
    frame, findings = status(
        parent | {"programme_target": parent["programme_target"].clear()}, observations()
    )
    assert frame.is_empty()
    assert findings == []


def test_a_forecast_share_stays_between_nothing_and_the_whole(parent):
    """90, 97, 99 %: slope 4.5, 113.3 in 2025; 30, 20, 12 %: slope -9, below zero; limits end at 0 and 100."""
    target, more = ("share", "370000", 2025, "%"), {"comparator": "at_least", "value": 50.0}
    rising = seen([("share", "370000", str(y), v, "%") for y, v in ((2020, 90), (2021, 97), (2022, 99))])
    row, _ = one(parent, target, rising, **more)
    assert row["forecast"] == pytest.approx(286 / 3 + 4 * 4.5)
    assert row["upper"] == 100.0
    falling = seen([("share", "370000", str(y), v, "%") for y, v in ((2020, 30), (2021, 20), (2022, 12))])
    row, _ = one(parent, target, falling, **more)
    assert row["forecast"] == pytest.approx(62 / 3 - 4 * 9)
    assert row["lower"] == 0.0


def test_a_trend_is_told_in_the_unit_of_its_target(parent):
    """60, 70, 80 GW, each ± 1 GW, are on a line: 12,000 x 10^4 kW in 2025.

    Spread 100 x sqrt(1 + 1/3 + 5^2/2) = 371.93; t of 97.5 % with one degree of freedom is 12.7062.
    """
    target, more = ("capacity", "370000", 2025, "10^4 kW"), {"comparator": "at_least", "value": 12_000.0}
    rows = seen([("capacity", "370000", str(y), v, "GW") for y, v in ((2019, 60), (2020, 70), (2021, 80))])
    row, _ = one(parent, target, rows.with_columns(standard_error=pl.lit(1.0)), **more)
    assert row["trend"] == "linear"
    assert row["forecast"] == pytest.approx(12_000)
    assert row["upper"] - row["forecast"] == pytest.approx(12.7062 * 371.93, rel=1e-4)
    assert row["forecast"] - row["lower"] == pytest.approx(12.7062 * 371.93, rel=1e-4)
    assert row["probability"] == pytest.approx(0.5)


def test_the_latest_two_parts_of_a_year_are_told(parent):
    target = ("capacity", "370000", 2025, "GW")
    rows = [("capacity", "370000", p, v, "GW") for p, v in (("2025-Q1", 1), ("2025-Q2", 2), ("2025-Q3", 3))]
    row, _ = one(parent, target, seen(rows), comparator="at_least", value=9.0)
    assert row["part_year"] == "2025-Q2: 2; 2025-Q3: 3"


@pytest.mark.parametrize(
    ("comparator", "value", "met"),
    [
        ("at_least", 100.0, True), ("at_least", 100.0 - 1e-6, False), ("at_least", 101.0, True),
        ("at_most", 100.0, True), ("at_most", 100.0 + 1e-6, False), ("at_most", 99.0, True),
    ],
)  # fmt: skip
def test_a_bound_itself_is_met(comparator, value, met):
    assert meets(comparator, value, 100.0) is met


def test_no_data_and_not_enough_data_are_two_states(parent):
    target = ("pm25", "370000", 2025, "µg/m3")
    less = {"comparator": "at_most", "value": 38.0}
    nothing = one(parent, target, seen([("pm25", "410000", "2024", 30.0, "µg/m3")]), **less)[0]
    assert nothing["state"] == "no_data"
    for period in ("2024", "2025-H1", "2026"):
        few = one(parent, target, seen([("pm25", "370000", period, 30.0, "µg/m3")]), **less)[0]
        assert few["state"] == "insufficient", period
    doubtful = seen([("pm25", "370000", "2025", 30.0, "µg/m3")]).with_columns(
        pl.lit("unverified").alias("status")
    )
    assert one(parent, target, doubtful, **less)[0]["state"] == "insufficient"


def test_both_ends_of_a_tolerance_are_met():
    assert meets("equal", 102.0, 100.0, 2.0)
    assert meets("equal", 98.0, 100.0, 2.0)
    assert not meets("equal", 102.0 + 1e-6, 100.0, 2.0)


def test_of_equal_figures_the_first_is_cited():
    rows = seen([("pm25", "370000", "2020", 40.0, "µg/m3"), ("pm25", "370000", "2020", 40.0, "µg/m3")])
    frame, findings = series(rows.with_columns(pl.Series("citation", ["yearbook", "bulletin"])))
    assert (frame["citation"].to_list(), findings) == (["yearbook"], [])
