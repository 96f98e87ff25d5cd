import polars as pl

from tongyuan.ledger.table import from_rows
from tongyuan.report.base.block import Note, Paragraph, TableBlock
from tongyuan.report.impact.worth import valuation_blocks

ROWS = [("resident", "health", 4e8), ("world", "climate", 1e8), ("steel", "capital", -2e8),
        ("steel", "tax", -1e7), ("government", "tax", 1e7)]  # fmt: skip


def tables() -> dict[str, pl.DataFrame]:
    head = {"scenario": "plan", "year": 2035, "discounted": 0.0, "currency": "CNY"}
    rows = [head | {"stakeholder": s, "item": i, "value": v} for s, i, v in ROWS]
    return {"valuation": from_rows("valuation", rows)}


def test_gains_costs_and_what_is_left() -> None:
    told, table, note = valuation_blocks(tables(), "zh")
    assert isinstance(told, Paragraph)
    assert "效益合 5亿元，费用 2亿元，净效益 3亿元" in told.text
    assert isinstance(table, TableBlock)
    assert ["居民", "健康"] in [row[:2] for row in table.rows]
    assert isinstance(note, Note)
    told = valuation_blocks(tables(), "en")[0]
    assert isinstance(told, Paragraph)
    assert "worth 500 million yuan" in told.text


def test_no_values_no_blocks() -> None:
    assert valuation_blocks({}, "zh") == []
