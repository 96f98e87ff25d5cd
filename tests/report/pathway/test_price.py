import polars as pl
import pytest

from tongyuan.report.base.block import Note, Paragraph, TableBlock
from tongyuan.report.pathway.price import dividend_blocks, measure_table, price_blocks
from tongyuan.report.pathway.words import Titles


def test_a_binding_target_has_its_price_in_words(planned):
    blocks = price_blocks(planned, Titles(planned, "en"), "en")
    sentences = [b.text for b in blocks if isinstance(b, Paragraph)]
    binding = planned["shadow_price"].filter(pl.col("binding"))
    assert len(sentences) == binding.height + 1
    assert any("percentage point" in s for s in sentences)
    table = blocks[-1]
    assert isinstance(table, TableBlock)
    assert len(table.rows) == planned["shadow_price"].height


@pytest.mark.parametrize(
    ("status", "kind", "word"), [("conflict", "warning", "more"), ("synergy", "note", "less")]
)
def test_a_negative_dividend_is_called_a_conflict(planned, status, kind, word):
    sign = -1.0 if status == "conflict" else 1.0
    item = pl.col("item") == "dividend"
    frame = planned["dividend"].with_columns(
        pl.when(item).then(sign * 5.0e8).otherwise("cost").alias("cost"),
        pl.when(item).then(pl.lit(status)).otherwise("status").alias("status"),
    )
    note = next(b for b in dividend_blocks({**planned, "dividend": frame}, "en") if isinstance(b, Note))
    assert note.kind == kind
    assert word in note.text
    assert "500 million yuan" in note.text


def test_measures_tell_department_and_reason(planned):
    table = measure_table(planned, Titles(planned, "zh"), "zh")
    # one row per measure and unit: denitrification stands on steel [t] and on power [MWh]
    used = planned["plan_measure"].filter(pl.col("scenario") == "plan")
    felt = used.filter((pl.col("value") != 0.0) | (pl.col("change").fill_null(0.0) != 0.0))
    assert len(table.rows) == felt.select("measure", "unit").n_unique()
    assert {row[2] for row in table.rows if row[0] == "scr"} == {
        {"MWh": "万千瓦时", "t": "吨"}[u] for u in felt.filter(pl.col("measure") == "scr")["unit"]
    }
    assert "项措施未采用" in table.note
    reasons = {row[-1] for row in table.rows}
    assert reasons <= {
        "未采用：有更省的办法", "没有治污降碳目标也会采用（更省钱或政策目标要求）",
        "同时为治污和降碳目标", "为治污目标", "为降碳目标", "随其他措施变化",
    }  # fmt: skip
    assert any(row[1] == "能源部门" for row in table.rows)
