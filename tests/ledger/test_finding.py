"""Findings speak both languages and come together."""

from __future__ import annotations

from pathlib import Path

from tongyuan.ledger import finding as finding_module
from tongyuan.ledger.finding import finding, findings_table
from tongyuan.reference.language import catalogue


def test_findings_become_a_table() -> None:
    table = findings_table([finding("ledger", "file_empty", file="a.csv")], "zh")
    assert table.row(0, named=True)["message"] == "文件是空的（0 行）。"
    assert findings_table([], "en").height == 0


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
