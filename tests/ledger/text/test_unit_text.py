"""What is said about the unit of a cell."""

from __future__ import annotations

import pytest

from tongyuan.ledger.finding import finding
from tongyuan.ledger.text.unit_text import doubts


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("万吨", []), ("10^4 t", []), ("104 t", ["unit_read"]), ("104 ton", ["unit_read", "unit_read"]),
        ("mt", ["ambiguous_unit"]), ("tC/TJ", ["ambiguous_unit"]), ("吨吨煤", ["unknown_unit"]),
    ],
)  # fmt: skip
def test_each_doubt_has_its_check(text: str, checks: list[str]) -> None:
    assert [check for check, _ in doubts(text)] == checks


def test_both_readings_are_named_in_both_languages() -> None:
    ((check, words),) = doubts("mt")
    found = finding("ledger", check, **words)
    assert "metric ton" in found.message("en")
    assert "million tonnes" in found.message("en")
    assert "百万吨" in found.message("zh")
    ((check, words),) = doubts("万Mm3")
    found = finding("ledger", check, count=2, **words)
    assert "Mm3" in found.message("zh")
    assert "百万立方米" in found.message("zh")
    assert "10^18" in found.message("en")
    assert found.severity == "notice"
