import polars as pl
import pytest

from tongyuan.ledger.finding import findings_table
from tongyuan.ledger.table import conform
from tongyuan.programme.check import check_derived, check_plan, conflicts
from tongyuan.programme.plan import known_indicators, targets_of


def checks(findings):
    return [f.check for f in findings]


def test_the_national_plan_and_a_faithful_city_plan_are_clean(parent, city):
    assert check_plan(parent) == []
    assert check_derived(parent, city) == []


def test_five_planted_defects_are_all_named(parent, city):
    task = pl.col("task")
    tasks = city["task"].filter(task != "13.02")
    tasks = tasks.with_columns(
        pl.when(task == "09.01").then(None).otherwise("lead").alias("lead"),
        pl.when(task == "11.03").then(2020).otherwise("deadline").alias("deadline"),
    )
    targets = city["programme_target"].with_columns(
        pl.when(pl.col("target") == "city.steel.2025").then(12.0).otherwise("value").alias("value")
    )
    orphan = known_indicators("city").filter(pl.col("indicator") == "ozone")
    broken = city | {
        "task": tasks,
        "programme_target": targets,
        "indicator": pl.concat([city["indicator"], orphan]),
    }
    found = check_derived(parent, broken)
    assert sorted(checks(found)) == [
        "deadline_before_start",
        "dropped_task",
        "missing_owner",
        "orphan_indicator",
        "weaker_target",
    ]
    text = "\n".join(findings_table(found, "en")["message"])
    for name in (
        "city.steel.2025",
        "cn.steel.2025",
        "≥12",
        "≥15",
        "09.01",
        "13.02",
        "11.03",
        "ozone",
        "2020",
    ):
        assert name in text
    for finding in found:
        for language in ("zh", "en"):
            assert finding.message(language)
            assert finding.next_step(language)


def test_duplicates_missing_indicators_and_milestones_are_named(city):
    tasks = city["task"]
    again = pl.concat([tasks, tasks.head(1), tasks.head(1).with_columns(pl.lit("copy").alias("task"))])
    steps = conform(
        "milestone",
        pl.DataFrame(
            {
                "plan": ["city"] * 2,
                "task": ["04.01", "nope"],
                "milestone": ["m1", "m2"],
                "due": [2030, 2024],
                "text": ["x"] * 2,
            }
        ),
    )
    found = check_plan(city | {"task": again, "milestone": steps, "indicator": city["indicator"].head(1)})
    assert sorted(checks(found)) == [
        "duplicate_task",
        "duplicate_task",
        "milestone_late",
        "milestone_without_task",
        "target_without_indicator",
    ]


@pytest.mark.parametrize(
    ("comparator", "value", "unit", "year", "weaker"),
    [
        ("at_least", 15.0, "%", 2025, False),
        ("at_least", 0.15, "fraction", 2025, False),
        ("at_least", 0.149, "fraction", 2025, True),
        ("at_least", 16.0, "%", 2026, True),
        ("at_most", 20.0, "%", 2025, True),
        ("equal", 15.0, "%", 2025, False),
        ("qualitative", None, "%", 2025, True),
    ],
)
def test_what_counts_as_weaker(parent, city, comparator, value, unit, year, weaker):
    targets = city["programme_target"].head(1)
    own = targets.with_columns(
        pl.lit(comparator).alias("comparator"),
        pl.lit(value, dtype=pl.Float64).alias("value"),
        pl.lit(unit).alias("unit"),
        pl.lit(year, dtype=pl.Int64).alias("year"),
    )
    found = check_derived(parent, city | {"programme_target": own, "indicator": city["indicator"].head(1)})
    indicators = set(checks(found)) - {"target_without_indicator", "orphan_indicator"}
    assert indicators == ({"weaker_target"} if weaker else set())


def test_a_later_deadline_than_the_parents_is_named(parent, city):
    tasks = city["task"].with_columns(
        pl.when(pl.col("task") == "08.06").then(2035).otherwise("deadline").alias("deadline")
    )
    assert checks(check_derived(parent, city | {"task": tasks})) == ["later_deadline"]


def test_the_real_conflicts_of_the_provinces_documents_surface():
    found = {f.values["indicator"].zh: f for f in conflicts(targets_of("shandong"))}
    intensity, heavy = "单位GDP能耗下降", "重度及以上污染天数比率"
    assert set(found) == {intensity, heavy, "新能源和可再生能源装机容量", "风电装机容量", "光伏装机容量"}
    for part in ("14.5%", "15.5%", "鲁政字〔2022〕213号"):
        assert part in found[intensity].message("zh")
    for part in ("0.9%", "0.8%"):
        assert part in found[heavy].message("zh")
    assert "2,800万千瓦" in found["风电装机容量"].message("zh")
    assert "28 GW" in found["风电装机容量"].message("en")


def test_documents_that_agree_stand_beside_one_value():
    rows = {"plan": ["p"] * 3, "target": ["a", "b", "c"], "indicator": ["i"] * 3, "region": ["370000"] * 3}
    rows |= {"year": [2025] * 3, "comparator": ["at_least"] * 3, "value": [9000.0, 9000.0, 8000.0]}
    rows |= {"unit": ["10^4 kW"] * 3, "document": ["甲", "乙", "丙"]}
    (found,) = conflicts(conform("programme_target", pl.DataFrame(rows)))
    assert "9,000万千瓦 (甲；乙)；8,000万千瓦 (丙)" in found.message("zh")


def test_a_task_called_adopted_that_says_something_else_is_named(parent, city):
    text = pl.when(pl.col("task").is_in(["07.01", "07.02"])).then(pl.lit("另一件事")).otherwise("text_zh")
    call = pl.when(pl.col("task") == "07.02").then(pl.lit("adapted")).otherwise("adoption")
    tasks = city["task"].with_columns(text.alias("text_zh"), call.alias("adoption"))
    found = [f for f in check_derived(parent, city | {"task": tasks}) if f.check == "adopted_but_changed"]
    assert [f.values["task"] for f in found] == ["07.01"]
