"""The chapter of due days."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import TableBlock
from tongyuan.report.facility.chapter.duty import section


def duty(count: int) -> pl.DataFrame:
    rows = [
        {"facility": f"F{k}", "duty": "tax_return", "period": "2025Q1", "due_day": date(2025, 4, 15),
         "title_zh": "纳税申报", "title_en": "Return", "state": "on_time" if k else "late"}
        for k in range(count)
    ]  # fmt: skip
    return conform("duty", pl.DataFrame(rows))


@pytest.mark.parametrize(("language", "word"), [("zh", "逾期"), ("en", "Late")])
def test_few_enterprises_have_a_line_for_each_duty(language: Language, word: str) -> None:
    made = section({"duty": duty(2)}, language)
    assert made is not None
    block = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [row[0] for row in block.rows] == ["2025-04-15"] * 2
    assert block.rows[0][-1] == word


def test_many_are_counted_by_day() -> None:
    made = section({"duty": duty(300)}, "en")
    assert made is not None
    block = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert list(block.rows[0]) == ["2025-04-15", "Return", "2025Q1", "300", "299", "1", "0"]


def test_no_duties_no_chapter() -> None:
    assert section({}, "zh") is None
