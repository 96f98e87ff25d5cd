import pytest

from tongyuan.report.base.block import ChartBlock, Heading, Paragraph, TableBlock
from tongyuan.report.base.totals import sector_totals
from tongyuan.report.inventory.document.bulletin import inventory_bulletin, totals_table


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bulletin_tells_what_rose_and_what_fell(tables, language):
    blocks = inventory_bulletin(tables, language)
    text = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    for word in ("上升", "下降") if language == "zh" else ("up", "down"):
        assert word in text
    assert all("{" not in block.text for block in blocks if isinstance(block, Paragraph | Heading))


def test_one_year_and_nothing(lone_year, no_tables):
    blocks = inventory_bulletin(lone_year, "en")
    assert sum(isinstance(block, ChartBlock) for block in blocks) == 1
    assert len(next(b for b in blocks if isinstance(b, TableBlock)).columns) == 3
    assert len(inventory_bulletin(no_tables, "zh")) == 2


def test_totals_table_has_change(tables):
    alone = {name: frame for name, frame in tables.items() if name not in ("comparison", "gap")}
    made = totals_table(alone, sector_totals(alone), "en")
    assert [column.title for column in made.columns] == ["Species", "Unit", "2021", "2014", "Change"]
    assert all(len(row) == 5 for row in made.rows)
    minded = totals_table(tables, sector_totals(tables), "en")
    assert minded.columns[-1].title == "Mind"
    assert any("× the published total" in row[-1] for row in minded.rows)
