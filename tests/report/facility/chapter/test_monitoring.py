from __future__ import annotations

import polars as pl
import pytest

from tongyuan.report.base.block import ChartBlock, TableBlock
from tongyuan.report.facility.chapter.monitoring import section


@pytest.mark.parametrize(
    ("language", "rule"), [("zh", "前 180 个有效小时最大值"), ("en", "greatest of the last 180 valid hours")]
)
def test_outlets_with_masses_before_and_after(
    works: dict[str, pl.DataFrame], language: str, rule: str
) -> None:
    made = section(works, language)  # type: ignore[arg-type]
    assert made is not None
    tables = [b for b in made.blocks if isinstance(b, TableBlock)]
    row = tables[0].rows[0]
    assert list(row) == ["示例热电", "DA001", "SO₂", "98.0%", "4,200 / 4,140 / 60", "20 / 35", "60", "66"]
    assert list(tables[1].rows[0]) == [rule, "1"]
    chart = next(b for b in made.blocks if isinstance(b, ChartBlock))
    assert [s["data"][0] for s in chart.option["series"]] == [10.0, 11.0]


def test_a_month_that_could_not_be_filled_has_no_total(works: dict[str, pl.DataFrame]) -> None:
    open_month = works["outlet_month"].with_columns(
        mass=pl.when(pl.col("month") == "2025-02").then(None).otherwise("mass")
    )
    made = section({"outlet_month": open_month}, "zh")
    assert made is not None
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert table.rows[0][0] == "F"
    assert table.rows[0][-1] == "–"


def test_without_monitors_there_is_no_chapter() -> None:
    assert section({}, "zh") is None
