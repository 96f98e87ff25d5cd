"""Verdicts rule by rule."""

from datetime import date

import polars as pl
from tests.zoning.world import CLEAN, RULES, case

from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import shelf_rules
from tongyuan.zoning.access.screen import judge_all, screen, verdict

LISTS = lists_of()


def states(one, rules=RULES):
    return {(j.rule.rule, j.species): j.state for j in judge_all(rules, one, LISTS)}


def test_a_clean_project_outside_every_ban_is_admitted():
    judged = judge_all(RULES, case(), LISTS)
    assert verdict(judged) == "admitted"
    assert {j.state for j in judged} == {"rule_met"}


def test_what_is_not_said_is_open_not_met():
    lacking = {k: v for k, v in CLEAN.items() if k != "plan_conform"}
    judged = judge_all(RULES, case(facts=lacking), LISTS)
    (one,) = [j for j in judged if j.state == "open_rule"]
    assert (one.rule.rule, one.lacks) == ("EIA-11-1", ("plan_conform",))
    assert verdict(judged) == "conditional"


def test_new_steel_in_a_key_region_is_refused_with_clause_and_document():
    steel = case(industry="3120", region="370100", facts=CLEAN | {"capacity": 1e6}, day=date(2024, 1, 1))
    verdicts, lines = screen([steel], RULES, LISTS)
    assert verdicts["verdict"].to_list() == ["refused"]
    row = lines.filter(pl.col("rule") == "KR-ban").to_dicts()[0]
    assert (row["state"], row["fact"], row["limit"], row["article"]) == ("failed_rule", 1e6, 0.0, "二")
    assert "国发〔2023〕24号" in row["document"]


def test_the_same_steel_in_qingdao_is_not_in_that_list():
    steel = case(industry="3120", region="370200", facts=CLEAN | {"capacity": 1e6}, day=date(2024, 1, 1))
    assert ("KR-ban", "") not in states(steel)


def test_a_list_that_is_not_shipped_leaves_the_question_open():
    steel = case(industry="3120", region="370100", facts=CLEAN | {"capacity": 1e6}, day=date(2024, 1, 1))
    (one,) = [j for j in judge_all(RULES, steel, LISTS) if j.rule.rule == "P42-5"]
    assert (one.state, one.lacks) == ("open_rule", ("list:plan_2022_42",))


def test_rules_hold_on_their_days():
    later = case(industry="3120", facts=CLEAN | {"capacity": 1.0}, day=date(2024, 9, 1))
    before = case(industry="3120", facts=CLEAN | {"capacity": 1.0}, day=date(2024, 8, 22))
    assert states(later)["ST-stop", ""] == "failed_rule"
    assert ("ST-stop", "") not in states(before)


def test_a_chemical_project_lies_a_kilometre_from_the_yangtze():
    def of(distance, kind="new"):
        near = case(industry="2614", kind=kind, basin="yangtze", facts=CLEAN | {"distance_bank": distance})
        return states(near).get(("YZ-26a", ""))

    assert (of(0.999), of(1.0), of(1.001)) == ("failed_rule", "failed_rule", "rule_met")
    assert of(0.5, "rebuild") is None


def test_energy_review_is_a_duty_and_refuses_nothing():
    big = case(facts=CLEAN | {"energy": 10_000.0})
    assert states(big)["EN-8a", ""] == "due"
    assert verdict(judge_all(RULES, big, LISTS)) == "admitted"
    assert ("EN-8a", "") not in states(case(facts=CLEAN | {"energy": 9_999.9}))


def test_approvals_stop_substance_by_substance():
    said = {"emission": 60.0, "goal_missed": 1.0}
    one = case(species={"NOx": said, "SO2": said | {"goal_missed": 0.0}, "COD": said})
    found = states(one)
    assert found["AIR-22", "NOx"] == "failed_rule"
    assert ("AIR-22", "SO2") not in found
    assert ("AIR-22", "COD") not in found
    freed = case(species={"NOx": said | {"offset": 60.0}})
    assert states(freed)["AIR-22", "NOx"] == "rule_met"


def test_jining_asks_twice_by_its_own_law_and_the_ratio_from_memory_is_off():
    here = case(region="370811", species={"NOx": {"emission": 10.0, "offset": 19.0, "fails": 1.0}})
    found = states(here)
    assert found["air.jining", "NOx"] == "failed_rule"
    assert not any(rule.startswith(("air.197", "any.36")) for rule, _ in found)
    every = states(here, shelf_rules(True))
    assert every["air.197.own", "NOx"] == "failed_rule"


def test_coal_energy_and_carbon_of_a_kiln_in_shandong():
    facts = CLEAN | {"coal": 50e3, "energy": 80e3, "CO2": 200e3, "coal_source": 60e3, "energy_source": 119e3}
    kiln = case(industry="3011", region="370200", facts=facts, day=date(2024, 1, 1))
    found = states(kiln)
    assert found["coal.shandong.five", ""] == "rule_met"
    assert found["energy.shandong.five", ""] == "failed_rule"
    assert found["carbon.shandong.five", ""] == "failed_rule"
