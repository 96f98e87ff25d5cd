import pytest
from tests.report.zoning_tables import screened

from tongyuan.report.base.block import Paragraph
from tongyuan.report.zoning.chapter.verdict import flip_table, rule_table, section


@pytest.fixture(scope="module")
def tables():
    return screened()


def texts(made):
    return " ".join(b.text for b in made.blocks if isinstance(b, Paragraph))


def test_verdicts_are_counted_and_understated_projects_named(tables):
    assert "0 are admissible, 0 conditional and 2 refused" in texts(section(tables, "en"))
    assert "1 projects declare less" in texts(section(tables, "en"))
    assert "2 个不予受理" in texts(section(tables, "zh"))
    assert section({}, "zh") is None


def test_a_rule_stands_with_fact_limit_clause_and_document(tables):
    block = rule_table(tables, "zh")
    row = next(r for r in block.rows if "煤炭等量或减量替代" in r[1])
    assert row[2] == "不符合"
    assert row[3].startswith("0")
    assert "不低于" in row[4]
    assert "20,000" in row[4]
    assert "大气污染防治法" in row[5]
    assert "第九十条" in row[5]


def test_flips_say_from_what_to_what(tables):
    (block,) = flip_table(tables, "en")
    assert all("→" in row[-1] for row in block.rows)
    assert all(row[3] != row[4] for row in block.rows)
    (coal,) = [row for row in block.rows if row[1] == "AIR-90" and row[2] == "Coal freed elsewhere"]
    assert coal[3:] == ["0 t", "20,000 t", "Failed → Met"]
