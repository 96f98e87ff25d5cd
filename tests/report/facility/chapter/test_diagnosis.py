from __future__ import annotations

import polars as pl
import pytest

from tongyuan.report.base.block import TableBlock
from tongyuan.report.facility.chapter.diagnosis import section


@pytest.mark.parametrize(
    ("language", "reason", "level"),
    [("zh", "超过排放标准", "3 级（基准）"), ("en", "above the emission standard", "level 3 (baseline)")],
)
def test_codes_are_said_in_words_and_empty_columns_left_out(
    works: dict[str, pl.DataFrame], language: str, reason: str, level: str
) -> None:
    made = section(works, language)  # type: ignore[arg-type]
    assert made is not None
    audit, limit, energy = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert list(audit.rows[0]) == ["示例热电", "2025", reason]
    assert list(limit.rows[0]) == ["示例热电", "2025", "DA001", "SO₂", "20 mg/m3", "35", "−42.9%"]
    assert level in energy.rows[0]


def test_without_a_diagnosis_there_is_no_chapter() -> None:
    assert section({}, "zh") is None
