"""Findings speak both languages and come together."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongyuan.ledger import finding as finding_module
from tongyuan.ledger.finding import finding, findings_table, with_names
from tongyuan.reference.language import catalogue


def test_findings_become_a_table() -> None:
    table = findings_table([finding("ledger", "file_empty", file="a.csv")], "zh")
    assert table.row(0, named=True)["message"] == "文件是空的（0 行）。"
    assert findings_table([], "en").height == 0


def test_an_enterprise_is_called_by_its_name_where_it_has_one() -> None:
    facility = pl.DataFrame({"facility": ["91370000A", "B"], "name": ["示例热电", None]})
    said = [
        finding("facility.hour", "limit_unit", facility=code, outlet="DA001", parameter="SO2", text="斤")
        for code in ("91370000A", "B", "C")
    ] + [finding("ledger", "file_empty", file="a.csv")]
    named = with_names(said, facility)
    assert "示例热电（91370000A）" in named[0].message("zh")
    assert "示例热电 (91370000A)" in named[0].message("en")
    assert named[1:] == said[1:]  # without a name, not in the table, not about an enterprise
    assert with_names(said, None) == said


def test_every_sentence_of_the_ledger_is_used_somewhere() -> None:
    source = Path(finding_module.__file__).parents[1]
    files = [p for room in ("ledger", "cli") for p in (source / room).rglob("*.py")]
    code = "\n".join(p.read_text("utf-8") for p in files)
    made = (
        "type_",
        "severity_",
        "dimension_",
        "reason_",
        "guide_",
        "head_",
        "rewritten_",
        "method_",
        "scope_",
    )
    unused = [key for key in catalogue("ledger") if f'"{key}"' not in code and not key.startswith(made)]
    assert unused == []
