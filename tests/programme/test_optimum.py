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
    assert tasks["measure"].to_list() == ["arc_furnace", "scr", "boiler+fgd"]
    first = tasks.row(0, named=True)
    names = ("amount", "deadline", "lead", "cost", "cost_unit", "article")
    assert [first[name] for name in names] == [20.0, 2030, "miit", 1.5e9, "CNY", 8]
    assert "电弧炉" in first["text_zh"]
    assert "Arc furnace" in first["text_en"]
    last = tasks.row(2, named=True)
    assert (last["node"], last["unit"], last["lead"], last["cost"]) == ("SD", "TWh", "mee", None)
    nothing = {name: parent[name].clear() for name in ("programme_target", "indicator")}
    found = check_plan(parent | nothing | {"task": tasks})
    assert [(f.check, f.values["task"]) for f in found] == [("missing_owner", "M002")]


def test_costs_by_node_and_year():
    cost = pl.DataFrame({"measure": ["boiler+fgd"], "node": ["SD"], "year": [2025], "value": [7.0]})
    assert from_plan(None, ACTIVITY, plan="p", cost=cost)["cost"].to_list() == [7.0]


def test_a_cost_over_all_years_goes_to_the_first_task_only():
    later = MEASURE.with_columns(pl.lit(2035, dtype=pl.Int64).alias("year"))
    tasks = from_plan(
        pl.concat([MEASURE, later]),
        plan="p",
        cost=pl.DataFrame({"measure": ["scr"], "cost": [9.0]}),
        units={"scr": "MW"},
    )
    scr = tasks.filter(pl.col("measure") == "scr")
    assert scr["cost"].to_list() == [9.0, None]
    assert scr["unit"].to_list() == ["MW", "MW"]
    assert "40 MW" in scr["text_en"][0]


def test_one_scenario_must_be_named():
    two = pl.concat([MEASURE, MEASURE.with_columns(pl.lit("apart").alias("scenario"))])
    with pytest.raises(ValueError, match="apart, joint"):
        from_plan(two, plan="p")
    assert from_plan(two, plan="p", scenario="apart").height == 2


def test_nothing_planned_is_no_task():
    assert from_plan(None, None, plan="p").is_empty()
    assert from_plan(MEASURE.clear(), plan="p").is_empty()
