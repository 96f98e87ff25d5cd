from __future__ import annotations

import polars as pl

from tongyuan.report.base.block import TableBlock
from tongyuan.report.facility.chapter.tax import section


def test_quarters_and_lines(works: dict[str, pl.DataFrame]) -> None:
    made = section(works, "zh")
    assert made is not None
    quarters, lines = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert list(quarters.rows[0]) == ["示例热电", "2025Q1", "1,578.95", "4,736.84", "2025-04-15"]
    assert list(quarters.rows[1])[2:4] == ["无可用税额", "无可用税额"]
    assert list(lines.rows[0])[3:] == ["二氧化硫", "1,052.63", "6", "4,736.84"]


def test_without_a_return_there_is_no_chapter() -> None:
    assert section({}, "en") is None
