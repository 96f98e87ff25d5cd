import polars as pl
import pytest

from tongyuan.flows.deploy.deploy import begin
from tongyuan.flows.plan.optimum import optimum_tasks, with_optimum

TABLES = {
    "plan_measure": pl.DataFrame(
        {
            "scenario": ["plan", "plan", "free"],
            "measure": ["scr", "eaf", "scr"],
            "year": [2030, 2030, 2030],
            "value": [4.0, 2.0, 9.0],
            "baseline": [1.0, 2.0, 1.0],
            "change": [3.0, 0.0, 8.0],
        }
    ),
    "measure": pl.DataFrame(
        {
            "measure": ["scr", "eaf"],
            "technology": ["boiler", "eaf"],
            "department": ["environment", None],
            "title_zh": ["脱硝", "短流程"],
            "title_en": ["Denitrification", "Short process"],
        }
    ),
    "technology_option": pl.DataFrame(
        {
            "technology": ["boiler", "eaf"],
            "unit": ["GWh", "t"],
            "title_zh": ["锅炉", "电炉"],
            "title_en": ["Boiler", "EAF"],
        }
    ),
    "coordinate": pl.DataFrame({"measure": ["scr"], "cost": [5e6]}),
}


def test_measures_of_the_plan_scenario_become_tasks_with_owner_unit_and_cost():
    made = optimum_tasks(TABLES, "p")
    assert made.height == 1
    row = made.row(0, named=True)
    assert (row["measure"], row["amount"], row["unit"], row["cost"]) == ("scr", 3.0, "GWh", 5e6)
    assert (row["lead"], row["deadline"], row["plan"]) == ("environment", 2030, "p")
    assert optimum_tasks(TABLES, "p", owners={"scr": "energy"})["lead"].to_list() == ["energy"]


def test_adding_twice_changes_nothing_and_the_plan_given_is_not_touched():
    plan = begin("370000")
    once = with_optimum(plan, TABLES)
    assert once["task"].height == plan["task"].height + 1
    assert with_optimum(once, TABLES)["task"].equals(once["task"])


def test_without_a_department_the_task_has_no_owner():
    tables = TABLES | {"measure": TABLES["measure"].drop("department")}
    assert optimum_tasks(tables, "p")["lead"].to_list() == [None]


def test_two_other_scenarios_must_be_told_apart():
    measures = TABLES["plan_measure"].with_columns(pl.Series("scenario", ["a", "b", "b"]))
    with pytest.raises(ValueError, match="name one scenario"):
        optimum_tasks(TABLES | {"plan_measure": measures}, "p")


def test_a_plan_without_measures_takes_the_activities_of_its_scenario():
    activity = pl.DataFrame(
        {
            "scenario": ["plan", "base"],
            "technology": ["eaf", "eaf"],
            "control": ["", ""],
            "node": ["x", "x"],
            "year": [2030, 2030],
            "value": [4.0, 9.0],
            "unit": ["t", "t"],
        }
    )
    tables = {**TABLES, "plan_measure": TABLES["plan_measure"].clear(), "plan_activity": activity}
    assert optimum_tasks(tables, "p")["amount"].to_list() == [4.0]
