"""The carbon chapter says what the ledger says, and what is missing."""

from __future__ import annotations

import polars as pl
from tests.report.zoning_tables import screened

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Note, TableBlock
from tongyuan.report.zoning.document.carbon_chapter import carbon_chapter


def tables(*facts: tuple[str, float]) -> dict[str, pl.DataFrame]:
    from tests.flows.zoning.test_screen import BOILER, PROJECT, workspace

    given = workspace(project=[PROJECT], project_activity=[BOILER]).tables
    typed = [{"project": "J", "fact": f, "value": v, "source": "made up"} for f, v in facts]
    return {**screened(), **given} | (
        {"project_fact": conform("project_fact", pl.DataFrame(typed))} if typed else {}
    )


def test_shares_sum_to_the_whole_and_what_is_missing_is_named() -> None:
    for language, words in (("zh", ("工业增加值", "需用户")), ("en", ("Value added", "user"))):
        blocks = carbon_chapter(tables(), "J", language)
        parts = next(b for b in blocks if isinstance(b, TableBlock) and b.strong)
        shares = [float(r[2].rstrip("%")) for r in parts.rows if r[2].endswith("%")]
        assert sum(shares) == 100
        assert words[1] in parts.note
        assert any(isinstance(b, Note) and words[0] in b.text for b in blocks)


def test_levels_that_are_given_are_compared() -> None:
    made = tables(("product_output", 1e5), ("value_added", 2e8), ("单位产品碳排放：行业水平", 0.2))
    whole = made["project_energy"].filter(project="J", part="whole_carbon")["value"].item()
    blocks = carbon_chapter(made, "J", "zh")
    level = next(b for b in blocks if isinstance(b, TableBlock) and b.caption == "与各级水平比较")
    above = whole / 1e5 / 0.2 - 1
    assert level.rows[0][0] == "单位产品碳排放：行业水平"
    assert abs(float(level.rows[0][2].strip("+%−").replace(",", "")) - abs(above) * 100) < 1


def test_a_project_without_activity_says_so() -> None:
    made = tables()
    for name in ("project_activity", "project_energy"):
        made[name] = made[name].clear()
    text = str(carbon_chapter(made, "J", "en"))
    assert "carbon is not known" in text
    assert "sources cannot be told" in text
