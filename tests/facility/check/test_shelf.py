import re

import pytest

from tongyuan.facility.check.shelf import SEVERITIES, STATUSES, checks, chosen, views
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import shelf


def test_every_check_is_told_in_both_languages_and_stands_on_something() -> None:
    assert len(checks()) >= 400
    for check in checks().values():
        assert check.severity in SEVERITIES, check.code
        assert check.status in STATUSES, check.code
        told = (check.title_zh, check.title_en, check.sentence_zh, check.sentence_en)
        assert all((*told, check.legal_basis, check.tolerance_source)), check.code
        assert check.view in views(), check.code
        assert "{t}" not in check.holds or check.tolerance, check.code


def test_unverified_thresholds_are_off_unless_asked_for() -> None:
    usual = {check.code for check in chosen()}
    assert "QAT-07" not in usual
    assert "QAT-07" in {check.code for check in chosen(unverified=True)}
    assert len(chosen(unverified=True)) == len(checks())


def test_checks_are_chosen_by_code_or_group() -> None:
    assert {check.group for check in chosen(codes=("TAX",))} == {"TAX"}
    assert [check.code for check in chosen(codes=("FUE-01",))] == ["FUE-01"]
    with pytest.raises(KeyError, match="FUE-99"):
        chosen(codes=("FUE-99",))


def test_the_words_are_those_of_a_suspicion_not_of_a_verdict() -> None:
    for check in checks().values():
        assert "造假" not in check.title_zh + check.sentence_zh
        assert "fraud" not in (check.title_en + check.sentence_en).lower()


def test_the_threshold_stands_in_the_expression() -> None:
    assert "0.005" in checks()["FUE-01"].expression("holds")
    assert checks()["FUE-01"].title("zh") == "燃料平衡"
    assert checks()["FUE-01"].title("en") == "Balance of fuel"


def test_checks_on_suspicions_name_kinds_that_evidence_has() -> None:
    kinds = {key.removeprefix("suspicion_") for key in catalogue("facility") if key.startswith("suspicion_")}
    for check in checks().values():
        if check.view == "suspicion":
            assert set(re.findall(r"'(\w+)'", check.applies)) <= kinds, check.code


DRAFTED = {
    "ENT": 32,
    "PER": 17,
    "FUE": 21,
    "LAB": 34,
    "CAR": 32,
    "PRD": 26,
    "CFG": 15,
    "FRM": 14,
    "HRS": 35,
    "QAT": 31,
    "MRK": 18,
    "WAT": 18,
    "PMT": 25,
    "TAX": 16,
    "ETS": 26,
    "VER": 12,
    "REC": 19,
    "FRD": 16,
    "DIS": 8,
    "RAT": 13,
}
"""How many checks of each group were drafted; their codes run from 01 on."""


def test_of_the_drafted_checks_each_is_registered_or_left_out_with_its_reason() -> None:
    drafted = {f"{group}-{k:02d}" for group, count in DRAFTED.items() for k in range(1, count + 1)}
    left = shelf("check_left_out")
    registered, out = drafted & set(checks()), set(left["check"])
    assert (len(drafted), len(registered), len(out)) == (428, 417, 11)
    assert registered | out == drafted
    assert not registered & out
    assert all(left["reason_zh"].str.len_chars() > 8)
    assert all(left["reason_en"].str.len_chars() > 20)
