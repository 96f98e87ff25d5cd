from __future__ import annotations

import polars as pl

from tongyuan.report.base.block import ChartBlock, TableBlock
from tongyuan.report.facility.chapter.permit import section


def test_the_last_month_with_its_forecast(works: dict[str, pl.DataFrame]) -> None:
    made = section(works, "en")
    assert made is not None
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert list(table.rows[0]) == [
        "示例热电", "DA001", "SO₂", "2025-06", "60", "66", "110%", "12 (6)", "132 (130–134)", "100.0%",
    ]  # fmt: skip
    chart = next(b for b in made.blocks if isinstance(b, ChartBlock))
    assert round(chart.option["series"][0]["data"][0]["value"], 6) == 110.0


def test_the_most_urgent_stands_first(works: dict[str, pl.DataFrame]) -> None:
    calm = works["permit_account"].with_columns(facility=pl.lit("G"), probability=0.01, share=0.1)
    made = section({"permit_account": pl.concat([calm, works["permit_account"]])}, "zh")
    assert made is not None
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [row[0] for row in table.rows] == ["F", "G"]


def test_without_an_account_there_is_no_chapter() -> None:
    assert section({}, "zh") is None
