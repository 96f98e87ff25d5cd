"""Rules as data: every clause is there, and what is no rule does not load."""

from datetime import date

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.rule import make, rules_of, shelf_rules

CLAUSES = [
    "EIA-11-1",
    "EIA-11-2",
    "EIA-11-3",
    "EIA-11-4",
    "EIA-11-5",
    "EIA-9",
    "EIA-12a",
    "EIA-12b",
    "EIA-L31",
    "AIR-22",
    "AIR-90",
    "PERMIT-11",
    "CP-27",
    "YZ-26a",
    "YZ-26b",
    "YR-26",
    "SOIL-61",
    "EN-8a",
    "EN-8b",
    "EN-9",
    "EN-10",
    "EN-14",
    "EN-19",
    "EN-18",
    "EN-26",
    "EN-21",
    "KR-ban",
    "P42-5",
    "KR-swap",
    "KR-boiler",
    "C45-coal",
    "C45-void",
    "CM-eff",
    "CM-base",
    "CM-idle",
    "CM-prov",
    "ST-yz",
    "ST-xfer",
    "ZONE-code",
    "RED-142",
    "VD-40",
    "GPP-EAF",
]


def test_the_forty_two_clauses_are_on_the_shelf():
    assert len(CLAUSES) == 42
    assert set(CLAUSES) <= set(shelf("access_rule")["clause"])


def test_every_row_has_a_document_and_both_wordings():
    for name in ("access_rule", "replacement_ratio"):
        frame = shelf(name)
        assert (frame["source"] != "").all()
        assert frame[frame.columns[0]].is_unique().all()


def test_unverified_rows_are_off_unless_asked_for():
    on, off = ({r.rule for r in shelf_rules(flag)} for flag in (True, False))
    assert {r.status for r in shelf_rules()} == {"official", "secondary"}
    assert on - off == {"air.197.all", "air.197.own", "any.36.double", "any.36.equal"}


def test_every_fact_of_a_formula_is_known():
    known = set(shelf("access_fact")["fact"])
    for rule in shelf_rules(True):
        assert rule.names - {"fails_PM2_5", "fails_O3"} <= known, rule.rule


OWN = {
    "rule": "C-1",
    "title": "禁止新建燃煤锅炉",
    "fact": "boiler_capacity",
    "relation": "at_most",
    "limit": "0",
    "effect": "forbid",
    "document": "某市生态环境准入清单（2024年版）",
    "status": "official",
}


def told(**change):
    made, found = rules_of(from_rows("zone_rule", [OWN | change]))
    return len(made) - len(shelf_rules()), [f.check for f in found]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"document": None}, "rule_without_document"),
        ({"document": "  "}, "rule_without_document"),
        ({"limit": None}, "rule_half"),
        ({"relation": None}, "rule_half"),
        ({"fact": None, "relation": None, "limit": None}, "rule_asks_nothing"),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2024, 1, 1)}, "rule_turned"),
        ({"fact": "emission"}, "rule_needs_species"),
        ({"status": "unverified"}, "rule_unverified"),
        ({"rule": "KR-ban"}, "rule_twice"),
        ({"fact": "__import__('os')"}, "formula_syntax"),
        ({"limit": "open('x')"}, "formula_syntax"),
        ({"applies": "coal >"}, "formula_syntax"),
    ],
)
def test_a_rule_that_is_none_is_told_and_left_out(change, check):
    assert told(**change) == (0, [check])


def test_a_rule_of_a_place_needs_no_code():
    assert told() == (1, [])
    assert told(effect="duty", fact=None, relation=None, limit=None) == (1, [])


def test_a_ratio_becomes_a_rule_with_its_document():
    rule = next(r for r in shelf_rules() if r.rule == "coal.shandong.five")
    assert (rule.fact.text, rule.limit.text) == ("coal_source", "1.2 * coal")
    assert "山东" in rule.document
    with pytest.raises(FindingError):
        make({"rule": "x", "effect": "forbid", "fact": "a", "relation": "at_least", "limit": "1"}, "")
    assert pl.Series([r.document for r in shelf_rules()]).str.len_chars().min() > 0
