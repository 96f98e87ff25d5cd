"""The smallest change that flips a verdict flips it, and slightly less does not."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.zoning.world import CLEAN, RULES, case

from tongyuan.zoning.access.flip import FILED, changed, flips
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import make
from tongyuan.zoning.access.screen import judge_all, verdict

LISTS = lists_of()


def of(one, rules=RULES, rule=None):
    made = flips([one], rules, LISTS)
    kept = made.filter(pl.col("rule").is_null() if rule is None else pl.col("rule") == rule)
    return {(r["species"], r["input"]): r for r in kept.iter_rows(named=True)}


def decided(one, rules=RULES):
    return verdict(judge_all(rules, one, LISTS))


def test_a_works_near_the_yangtze_moves_just_beyond_a_kilometre():
    near = case(industry="2614", basin="yangtze", facts=CLEAN | {"distance_bank": 0.4})
    row = of(near)[None, "distance_bank"]
    assert row["needed"] == pytest.approx(1.0, rel=1e-7)
    assert row["needed"] > 1.0
    assert (row["value"], row["after"]) == (0.4, "admitted")


def test_a_duty_ends_just_below_its_threshold():
    big = case(facts=CLEAN | {"energy": 10_500.0})
    row = of(big, rule="EN-8a")[None, "energy"]
    assert row["needed"] == pytest.approx(10_000, rel=1e-7)
    assert row["needed"] < 10_000


def test_a_replacement_needs_exactly_its_ratio():
    kiln = case(
        industry="3011",
        day=date(2024, 1, 1),
        facts=CLEAN
        | {
            "coal": 50e3,
            "energy": 80e3,
            "CO2": 0.0,
            "energy_source": 120e3,
            "capacity": 1.0,
            "old_capacity": 1.5,
        },
    )
    assert decided(kiln) == "conditional"
    row = of(kiln)[None, "coal_source"]
    assert (row["needed"], row["after"]) == (60e3, "admitted")
    assert of(kiln)[None, "coal"]["needed"] == 0.0


def test_yes_and_no_are_turned_over_and_a_day_of_filing_moves():
    steel = case(industry="3120", day=date(2024, 9, 1), facts=CLEAN | {"capacity": 1.0, "old_capacity": 2.0})
    rows = of(steel)
    assert rows[None, "capacity"]["needed"] == 0.0
    assert (None, FILED) not in rows  # nobody files in the past: only a new measure would help
    facts = CLEAN | {"coal": 100.0, "coal_source": 100.0, "in_bank_zone": 0.0}
    coal = of(case(industry="2614", day=date(2023, 6, 20), facts=facts))
    assert (coal[None, FILED]["needed"], coal[None, FILED]["change"]) == (20230701, 11)
    assert coal[None, FILED]["after"] == "admitted"
    told = of(case(facts=CLEAN | {"plan_conform": 0.0}))
    assert told[None, "plan_conform"]["needed"] == 1.0


def test_a_substance_is_changed_alone():
    here = case(
        region="370811", species={"NOx": {"emission": 10.0}, "SO2": {"emission": 5.0, "offset": 10.0}}
    )
    rows = of(here)
    assert rows["NOx", "offset"]["needed"] == 20.0
    assert rows["SO2", "offset"]["needed"] < 10.0 if ("SO2", "offset") in rows else True
    assert rows["NOx", "emission"]["needed"] == 0.0


def rule(fact, relation, limit, applies="", effect="forbid", name="R"):
    row = {"rule": name, "title": name, "fact": fact, "relation": relation, "limit": limit}
    return make(row | {"applies": applies, "effect": effect}, "made up")


NUMBER = st.floats(0.01, 1e4).map(lambda v: float(f"{v:.6g}"))
RELATION = st.sampled_from(["at_least", "at_most", "more_than", "less_than"])
FACT = st.sampled_from(["a", "a + b", "2 * a - b", "max(a, b)", "a * b", "sqrt(a) + b", "a - min(a, b)"])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_flip_flips_and_slightly_less_does_not(data):
    rules = [
        rule(
            data.draw(FACT),
            data.draw(RELATION),
            f"{data.draw(NUMBER)}",
            name=f"R{n}",
            applies=data.draw(st.sampled_from(["", "a > 3", "b <= 70", "(a > 3) * (b > 1)"])),
            effect=data.draw(st.sampled_from(["forbid", "condition"])),
        )
        for n in range(data.draw(st.integers(1, 4)))
    ]
    one = case(facts={"a": data.draw(NUMBER), "b": data.draw(NUMBER)})
    before = decided(one, rules)
    for row in flips([one], rules, LISTS).filter(pl.col("rule").is_null()).iter_rows(named=True):
        assert decided(changed(one, "", row["input"], row["needed"]), rules) == row["after"] != before
        for share in (0.999, 0.9, 0.5, 0.1):
            less = row["value"] + row["change"] * share
            if abs(less - row["needed"]) > 1e-4 * max(abs(row["needed"]), 1e-4):
                assert decided(changed(one, "", row["input"], less), rules) == before, (row, share)


def test_an_edge_where_a_rule_is_just_met_is_found():
    rules = [rule("max(a, b)", "at_most", "2"), rule("a", "at_least", "3", effect="condition", name="S")]
    row = of(case(facts={"a": 1.0, "b": 2.0}), rules)[None, "a"]
    assert row["needed"] == pytest.approx(2.0, rel=1e-7)
    assert row["after"] == "refused"


@settings(max_examples=20, deadline=None)
@given(NUMBER, NUMBER, FACT, RELATION, NUMBER)
def test_what_has_no_flip_cannot_be_flipped(a, b, fact, relation, limit):
    rules = [rule(fact, relation, f"{limit}")]
    one = case(facts={"a": a, "b": b})
    found = {r["input"] for r in flips([one], rules, LISTS).iter_rows(named=True)}
    for name in {"a", "b"} - found:
        for value in (0.0, 1e-3, 0.5, 7.0, 90.0, 1e3, 1e5, 1e8):
            assert decided(replace(one, facts={**one.facts, name: value}), rules) == decided(one, rules)
