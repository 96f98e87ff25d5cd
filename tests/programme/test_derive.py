import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.derive import derive

ADDED = conform(
    "task",
    pl.DataFrame(
        {
            "plan": ["?"],
            "task": ["Q1"],
            "article": [9],
            "text_zh": ["港口岸电全覆盖"],
            "lead": ["mot"],
            "funds": ["市级财政"],
        }
    ),
)


def test_a_derived_plan_adopts_adapts_drops_and_adds(parent):
    adapt = pl.DataFrame({"task": ["08.06"], "deadline": [2024], "text_zh": ["短流程炼钢占比提升至18%"]})
    made = derive(
        parent,
        "370200",
        "city",
        drop=["12.05"],
        adapt=adapt,
        add=ADDED,
        owners={"mee": "市生态环境局"},
        start=2022,
    )
    tasks = {row["task"]: row for row in made["task"].iter_rows(named=True)}
    assert len(tasks) == 135
    assert "12.05" not in tasks
    assert tasks["08.06"]["adoption"] == "adapted"
    assert tasks["08.06"]["deadline"] == 2024
    assert tasks["08.06"]["departments"][2] == "市生态环境局"
    assert tasks["04.01"]["lead"] == "市生态环境局"
    assert tasks["04.01"]["adoption"] == "adopted"
    assert tasks["04.01"]["parent"] == "04.01"
    assert (tasks["Q1"]["adoption"], tasks["Q1"]["parent"], tasks["Q1"]["plan"]) == ("added", None, "city")
    assert tasks["Q1"]["start"] == 2022
    assert parent["task"]["start"].null_count() == 135


def test_without_local_targets_the_parents_are_adopted(parent):
    made = derive(parent, "370200", "city")
    targets = made["programme_target"]
    assert targets["parent"].to_list() == parent["programme_target"]["target"].to_list()
    assert set(targets["region"]) == {"370200"}


def test_local_targets_find_their_parent_and_bring_their_indicators(city):
    assert city["programme_target"]["parent"].to_list() == ["cn.steel.2025", "cn.fertiliser.2025"]
    assert set(city["indicator"]["indicator"]) == {"short_process_steel", "fertiliser_efficiency"}


def test_an_unknown_task_cannot_be_adapted(parent):
    with pytest.raises(KeyError, match="99"):
        derive(parent, "370200", "city", adapt=pl.DataFrame({"task": ["99.99"], "deadline": [2025]}))


def test_owners_stand_for_the_parents_in_tasks_and_indicators(parent):
    made = derive(parent, "370000", "sd", owners={"mee": "environment", "miit": "industry"})
    named = set(made["task"]["lead"]) | set(made["indicator"]["lead"].drop_nulls())
    assert {"environment", "industry"} <= named
    assert not {"mee", "miit"} & named
    assert not made["task"]["departments"].list.contains("mee").any()
