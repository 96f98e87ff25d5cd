import polars as pl
import pytest

from tongyuan.programme.check import check_plan
from tongyuan.programme.optimum import from_plan

MEASURE = pl.DataFrame(
    {
        "scenario": ["joint"] * 3,
        "measure": ["arc_furnace", "scr", "idle"],
        "year": [2030] * 3,
        "value": [120.0, 40.0, 5.0],
        "baseline": [100.0, 0.0, 5.0],
        "change": [20.0, 40.0, 0.0],
    }
)
ACTIVITY = pl.DataFrame(
    {
        "scenario": ["joint", "joint"],
        "node": ["SD", "SD"],
        "technology": ["boiler", "boiler"],
        "control": ["fgd", None],
        "year": [2025, 2025],
        "value": [3.5, 0.0],
        "unit": ["TWh", "TWh"],
    }
)


def test_measures_and_activities_become_tasks_with_amount_cost_and_owner(parent):
    cost = pl.DataFrame({"measure": ["arc_furnace"], "cost": [1.5e9]})
    tasks = from_plan(
        MEASURE, ACTIVITY, plan="city", cost=cost, owners={"arc_furnace": "miit", "SD": "mee"},
        titles={"arc_furnace": ("电弧炉", "Arc furnace")}, articles={"arc_furnace": 8},
    )  # fmt: skip
    assert tasks["measure"].to_list() == ["boiler+fgd", "arc_furnace", "scr"]
    first = tasks.row(1, named=True)
    names = ("amount", "deadline", "lead", "cost", "cost_unit", "article")
    assert [first[name] for name in names] == [20.0, 2030, "miit", 1.5e9, "CNY", 8]
    assert "电弧炉" in first["text_zh"]
    assert "Arc furnace" in first["text_en"]
    last = tasks.row(0, named=True)
    assert (last["node"], last["unit"], last["lead"], last["cost"]) == ("SD", "TWh", "mee", None)
    nothing = {name: parent[name].clear() for name in ("programme_target", "indicator")}
    found = check_plan(parent | nothing | {"task": tasks})
    assert [(f.check, f.values["task"]) for f in found] == [("missing_owner", "M003")]


def test_costs_by_node_and_year():
    cost = pl.DataFrame({"measure": ["boiler+fgd"], "node": ["SD"], "year": [2025], "value": [7.0]})
    assert from_plan(None, ACTIVITY, plan="p", cost=cost)["cost"].to_list() == [7.0]


def test_a_measure_is_one_task_over_its_years():
    later = MEASURE.with_columns(year=pl.lit(2035, dtype=pl.Int64), change=-2.0 * pl.col("change"))
    tasks = from_plan(
        pl.concat([MEASURE, later]),
        plan="p",
        cost=pl.DataFrame({"measure": ["scr"], "cost": [9.0]}),
        units={"scr": "MW"},
    )
    scr = tasks.filter(pl.col("measure") == "scr").row(0, named=True)
    assert (scr["start"], scr["deadline"], scr["amount"], scr["unit"]) == (2030, 2035, -80.0, "MW")
    assert scr["cost"] == 9.0
    assert scr["text_zh"] == "scr：比只落实现有政策，到 2030 年增加 40 MW、到 2035 年减少 80 MW"
    assert scr["text_en"] == "scr: against present policy alone 40 MW more by 2030, 80 MW less by 2035"


def test_costs_of_the_years_of_a_task_are_summed():
    later = ACTIVITY.with_columns(year=pl.lit(2030, dtype=pl.Int64))
    cost = pl.DataFrame(
        {"measure": ["boiler+fgd"] * 2, "node": ["SD"] * 2, "year": [2025, 2030], "value": [7.0, 3.0]}
    )
    made = from_plan(None, pl.concat([ACTIVITY, later]), plan="p", cost=cost)
    assert made["cost"].to_list() == [10.0]


def test_tasks_stand_by_owner_and_those_without_come_last():
    tasks = from_plan(MEASURE, ACTIVITY, plan="p", owners={"scr": "energy", "SD": "environment"})
    assert tasks["lead"].to_list() == ["energy", "environment", None]
    assert tasks["task"].to_list() == ["M001", "M002", "M003"]


def test_one_scenario_must_be_named():
    two = pl.concat([MEASURE, MEASURE.with_columns(pl.lit("apart").alias("scenario"))])
    with pytest.raises(ValueError, match="apart, joint"):
        from_plan(two, plan="p")
    assert from_plan(two, plan="p", scenario="apart").height == 2


def test_nothing_planned_is_no_task():
    assert from_plan(None, None, plan="p").is_empty()
    assert from_plan(MEASURE.clear(), plan="p").is_empty()
