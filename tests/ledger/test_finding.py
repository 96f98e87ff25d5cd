"""Findings speak both languages and come together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger import finding as finding_module
from tongyuan.ledger.finding import Bilingual, FindingError, finding, findings_table, require
from tongyuan.reference.language import catalogue


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


def test_findings_become_a_table() -> None:
    table = findings_table([finding("ledger", "file_empty", file="a.csv")], "zh")
    assert table.row(0, named=True)["message"] == "文件是空的（0 行）。"
    assert findings_table([], "en").height == 0


def test_every_sentence_of_the_ledger_is_used_somewhere() -> None:
    source = Path(finding_module.__file__).parents[1]
    files = [p for room in ("ledger", "cli") for p in (source / room).rglob("*.py")]
    code = "\n".join(p.read_text("utf-8") for p in files)
    made = ("type_", "severity_", "dimension_", "reason_", "guide_", "head_", "rewritten_", "method_")
    unused = [key for key in catalogue("ledger") if f'"{key}"' not in code and not key.startswith(made)]
    assert unused == []


def test_an_unknown_check_is_an_error() -> None:
    with pytest.raises(KeyError):
        finding("ledger", "no_such_check")
