"""Facts of projects from tables."""

import math
from datetime import date

import pytest
from tests.flows.zoning.test_screen import PROJECT, workspace

from tongyuan.flows.zoning.cases import Facts
from tongyuan.flows.zoning.screen import zoning
from tongyuan.ledger.table import from_rows
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import shelf_rules
from tongyuan.zoning.access.screen import judge_all

KILN = PROJECT | {
    "industry": "3011",
    "product": "clinker",
    "capacity": 4500.0,
    "capacity_unit": "t/d",
    "capacity_case": None,
    "region": "370300",
}
OLD = {
    "project": "J",
    "works": "A",
    "value": 5.0,
    "unit": "kt/d",
    "permit": True,
    "region": "370300",
    "closed": date(2026, 12, 1),
    "source": "made up",
}


def case(project=KILN, lists=None, **tables):
    brought = workspace(project=[project], **tables)
    row = from_rows("project", [project]).to_dicts()[0]
    facts = Facts(brought.tables, {}, lists or lists_of(), False)
    return facts.case(row), facts.found


def test_old_capacity_in_the_unit_of_the_new_and_closed_in_time():
    made, found = case(old_capacity=[OLD])
    assert made.facts["old_capacity"] == pytest.approx(5000)
    assert made.facts["old_closed"] == 1.0
    assert not found
    late, _ = case(old_capacity=[OLD | {"closed": date(2027, 2, 1)}])
    assert late.facts["old_closed"] == 0.0


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"unit": "MW"}, "capacity_unit"),
        ({"permit": False}, "no_permit"),
        ({"eliminated": True}, "eliminated"),
        ({"product_energy": 130.0, "energy_baseline": 117.0}, "below_baseline"),
    ],
)
def test_what_cannot_be_used_is_told(change, check):
    made, found = case(old_capacity=[OLD | change])
    assert made.facts["old_capacity"] == 0
    assert [f.check for f in found] == [check]


def test_capacity_of_another_province_hangs_on_the_list_of_the_measure():
    made, found = case(old_capacity=[OLD | {"region": "410100"}])
    assert made.facts["old_capacity"] == 0
    assert [f.check for f in found] == ["list_missing", "other_province"]
    others = from_rows("region_list", [{"list": "miit_cement_glass_2024", "region": "130100", "source": "s"}])
    made, found = case(old_capacity=[OLD | {"region": "410100"}], lists=lists_of(others))
    assert (made.facts["old_capacity"], found) == (pytest.approx(5000), [])


def test_the_ratio_needs_the_list_of_its_own_document():
    open_, _ = case()
    held = dict(open_.ratios)
    assert math.isnan(held[date(2024, 11, 1)])
    assert held[date.min] is None
    (one,) = [j for j in judge_all(shelf_rules(), open_, lists_of()) if j.rule.rule == "CAP-swap"]
    assert (one.state, one.lacks) == ("open_rule", ("capacity_ratio",))
    own = from_rows("region_list", [{"list": "miit_cement_glass_2024", "region": "370300", "source": "s"}])
    told, _ = case(lists=lists_of(own))
    assert dict(told.ratios)[date(2024, 11, 1)] == 2.0


def test_typed_facts_by_name_and_by_substance():
    rows = [
        {"project": "J", "fact": "位于建成区", "value": 1.0, "source": "s"},
        {"project": "J", "fact": "my_own", "value": 7.0, "source": "s"},
        {"project": "J", "fact": "offset", "value": 7.0, "source": "s"},
    ]
    made, found = case(project_fact=rows)
    assert (made.facts["in_built_up"], made.facts["my_own"]) == (1.0, 7.0)
    assert [f.check for f in found] == ["fact_needs_species"]


def test_the_state_of_the_year_before_of_the_nearest_region():
    said = {"pollutant": "PM2.5", "attained": False, "goal_met": True, "source": "s"}
    rows = [
        said | {"region": "370000", "year": 2025},
        said | {"region": "370300", "year": 2025, "attained": True},
        said | {"region": "370300", "year": 2026},
    ]
    made, _ = case(region_state=rows)
    assert (made.facts["fails_PM2_5"], made.facts["region_fails"]) == (0.0, 0.0)


def test_a_source_of_one_substance_counts_for_it_alone():
    brought = workspace(project_fact=[{"project": "J", "fact": "offset:NOx", "value": 1e6, "source": "s"}])
    made, _ = zoning(brought)
    said = {(r["rule"], r["species"]): r["state"] for r in made["verdict_rule"].iter_rows(named=True)}
    assert said["air.jining", "NOx"] == "rule_met"
    assert said["air.jining", "SO2"] == "failed_rule"


def test_a_zone_typed_without_a_map_has_the_class_of_its_code():
    made, _ = case(PROJECT | {"zone": "ZH37081120002"})
    assert (made.zones, made.classes) == (("ZH37081120002",), ("key_unit",))
