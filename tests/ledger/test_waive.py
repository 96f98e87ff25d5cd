from __future__ import annotations

from tongyuan.ledger.finding import finding
from tongyuan.ledger.waive import WAIVABLE, waived
from tongyuan.reference.language import catalogue


def test_a_waived_finding_stays_as_a_notice() -> None:
    odd = finding("ledger", "own_value_absurd", title="t", value="1", unit="t", low="0", high="0", ratio="2")
    other = finding("ledger", "empty_sheet")
    assert [f.severity for f in waived([odd, other], [])] == ["error", other.severity]
    assert [f.severity for f in waived([odd, other], ["own_value_absurd"])] == ["notice", other.severity]


def test_every_waivable_check_has_its_sentences() -> None:
    known = {
        key: row for room in ("reference", "ledger", "inventory") for key, row in catalogue(room).items()
    }
    for name in WAIVABLE:
        assert known[name]["severity"] in {"error", "warning"}
        assert "waive" in known[name]["next_en"] or known[name]["severity"] == "warning"
