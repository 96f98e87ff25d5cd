from __future__ import annotations

import polars as pl

from tongyuan.report.base.block import TableBlock
from tongyuan.report.facility.chapter.allowance import section


def test_an_account_says_codes_in_words_and_names_the_draft(works: dict[str, pl.DataFrame]) -> None:
    made = section(works, "zh")
    assert made is not None
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert list(table.rows[0])[:3] == ["1号", "机组类别", "300MW 等级及以下常规燃煤机组"]
    assert "征求意见稿" in table.rows[0][4]
    assert list(table.rows[1])[2] == "1,234"


def test_many_enterprises_are_ranked_by_their_shortfall(works: dict[str, pl.DataFrame]) -> None:
    short = works["allowance_account"].filter(pl.col("line") == "short")
    many = pl.concat([short.with_columns(facility=pl.lit(f"F{k}"), value=pl.lit(float(k))) for k in range(5)])
    made = section({"allowance_account": many}, "en")
    assert made is not None
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [row[0] for row in table.rows] == ["F4", "F3", "F2", "F1", "F0"]


def test_without_an_account_there_is_no_chapter() -> None:
    assert section({}, "en") is None
