import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Cards, Links, TableBlock
from tongyuan.report.html.document import render_html
from tongyuan.report.programme.chapter.deployment import section

TASKS = conform(
    "task",
    pl.DataFrame(
        {
            "plan": ["p"] * 2,
            "task": ["04.01", "M001"],
            "adoption": ["adopted", "added"],
            "text_zh": ["构建政策体系。", "脱硝：到 2030 年增加 3 GWh"],
            "text_en": ["Build policy.", "Denitrification: 3 GWh by 2030"],
            "lead": ["environment", "environment"],
            "measure": [None, "scr"],
            "amount": [None, 300.0],
            "unit": [None, "GWh"],
            "cost": [None, 2e9],
            "cost_unit": [None, "CNY"],
            "deadline": [None, 2030],
        }
    ),
)
SCORE = conform(
    "assessment",
    pl.DataFrame(
        {
            "plan": ["p"],
            "period": ["2024"],
            "edition": [1],
            "unit_kind": ["region"],
            "unit": ["370000"],
            "score": [60.0],
            "grade": ["pass"],
            "coverage": [0.02],
        }
    ),
)
DOCUMENT = pl.DataFrame({"title": ["通报"], "file": ["documents/b.docx"], "content": ["可编辑"]})
TABLES = {"task": TASKS, "assessment": SCORE, "document": DOCUMENT}


@pytest.mark.parametrize(("language", "amount"), [("zh", "3亿千瓦时"), ("en", "300 GWh")])
def test_the_chapter_counts_tasks_scores_and_links_documents(language, amount):
    made = section(TABLES, language)
    assert made is not None
    cards = next(b for b in made.blocks if isinstance(b, Cards)).cards
    assert [card.value for card in cards] == ["1", "1", "60.0"]
    none = SCORE.with_columns(pl.lit(None, dtype=pl.Float64).alias("score"), grade=pl.lit("not_assessed"))
    unscored = section(TABLES | {"assessment": none}, language)
    last = next(b for b in unscored.blocks if isinstance(b, Cards)).cards[-1]
    assert last.value == {"zh": "无法考核", "en": "Cannot be assessed"}[language]
    assert last.unit == ""
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert amount in table.rows[0]
    assert "M001" not in table.rows[0]
    links = next(b for b in made.blocks if isinstance(b, Links))
    assert links.items == [("通报", "documents/b.docx", "可编辑")]
    assert 'href="documents/b.docx"' in render_html(TABLES, language, sections=[made])


def test_without_tasks_there_is_no_chapter_and_without_documents_no_links():
    assert section({}, "zh") is None
    made = section({"task": TASKS}, "zh")
    assert made is not None
    assert not [b for b in made.blocks if isinstance(b, Links)]
