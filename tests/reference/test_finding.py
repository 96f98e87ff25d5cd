"""Findings speak both languages and come together; there is one class of them."""

from __future__ import annotations

import pytest

from tongyuan.ledger import finding as of_the_ledger
from tongyuan.reference import quality
from tongyuan.reference.finding import Bilingual, Finding, FindingError, finding, require


def test_a_finding_says_what_where_and_what_next_in_both_languages() -> None:
    found = finding(
        "ledger", "negative", file="a.xlsx", sheet="活动水平", row=3, column="E",
        title=Bilingual("数值", "Value"), value="-1",
    )  # fmt: skip
    assert found.place() == "a.xlsx · 活动水平 · E3"
    assert found.message("zh") == "“数值”不能为负：-1。"
    assert found.message("en") == "“Value” must not be negative: -1."
    assert found.next_step("en") == "Enter a number of at least 0."
    assert found.severity == "error"


def test_require_raises_with_every_finding_only_for_errors() -> None:
    notice = finding("ledger", "example_row", row=2)
    error = finding("ledger", "file_empty", file="a.csv")
    require([notice])
    with pytest.raises(FindingError) as raised:
        require([notice, error])
    assert raised.value.findings == (notice, error)


def test_an_unknown_check_is_an_error() -> None:
    with pytest.raises(KeyError):
        finding("ledger", "no_such_check")


def test_what_is_said_of_a_record_and_of_a_cell_is_one_class() -> None:
    assert of_the_ledger.Finding is Finding
    words = {
        "species": "CO2",
        "value": 0.9,
        "unit": "t/t",
        "minimum": 0,
        "maximum": 0.478,
        "bound_unit": "t/t",
    }
    found = quality.about("stoichiometric_bound", "r1", 3, bound="limestone", **words)
    assert isinstance(found, Finding)
    assert (found.room, found.record, found.row, found.severity) == ("reference", "r1", 3, "error")
    assert "石灰石与白云石完全分解" in found.message("zh")
    assert "Complete calcination of limestone" in found.message("en")
    assert finding("ledger", "file_empty", file="a.csv").record == ""
