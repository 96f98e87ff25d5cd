import polars as pl
import pytest
from tests.finance.credit.test_ledger import METHOD
from tests.report.public.test_page import SUMMARY, texts

from tongyuan.report.base.block import TableBlock
from tongyuan.report.public.learn import questions, same_source, sections, what_to_do


def test_one_source_brings_its_part_of_both():
    """Of 900 Mt 600 are from energy conversion; of NOx a half."""
    made = same_source({"summary": SUMMARY}, "zh")
    assert "能源转换占温室气体的 67%，同时占氮氧化物" in texts(made)
    (table,) = (b for b in made.blocks if isinstance(b, TableBlock))
    assert table.rows == [["能源转换", "67%", "50%"], ["工业", "33%", "50%"]]


def test_answers_are_folded_behind_the_questions():
    made = questions({"summary": SUMMARY}, "en")
    assert made.shown == 3
    assert "carbon dioxide equivalents" in made.blocks[1].text
    assert "energy conversion, with 67% of 900 Mt" in made.blocks[-2].text


def test_acts_are_those_of_the_methods():
    methods = METHOD.with_columns(source=pl.lit("DB11/T 3043-2024"))
    made = what_to_do({"public_behaviour": methods}, "en")
    (table,) = (b for b in made.blocks if isinstance(b, TableBlock))
    assert len(table.rows) == METHOD.height
    assert what_to_do({}, "en") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_leads_back(language):
    made = sections({"summary": SUMMARY}, language, "index.html")
    assert [s.key for s in made] == ["same", "questions", "days"]
    assert made[-1].blocks[-1].items[0][1] == "index.html"
