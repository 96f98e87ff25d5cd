import docx
import openpyxl
import polars as pl
import pytest

from tongyuan.flows import documents
from tongyuan.flows.deploy.deploy import begin, tracked
from tongyuan.ledger.table import empty
from tongyuan.programme.assessment import assess, default_rules

NAMES = ("plan", "bulletin", "assessment")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    plan = begin("370000", start=2022)
    tables, _ = tracked(plan, empty("indicator_observation"), {})
    scored = assess(plan, tables["target_status"], region="370000", period=2025)
    tables |= scored._asdict() | {"assessment_rule": default_rules()}
    return {
        lang: documents.write(plan, tables, "370000", 2025, folder, lang)  # type: ignore[arg-type]
        for lang in ("zh", "en")
    }


def test_every_document_is_word_and_workbook_in_both_languages(made):
    for lang, paths in made.items():
        assert [p.name for p in paths] == [f"{n}.{lang}.{kind}" for n in NAMES for kind in ("docx", "xlsx")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", range(3))
def test_the_workbook_has_the_headings_and_tables_of_the_document(made, lang, name):
    word, sheet = made[lang][2 * name], made[lang][2 * name + 1]
    document = docx.Document(str(word))
    book = openpyxl.load_workbook(sheet)
    text = [row[1].value for row in book.worksheets[1].iter_rows(min_row=5)]
    heads = [p.text for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert [t for t in text if t in set(heads)] == heads
    tables = [s for s in book.sheetnames if s.startswith(("表", "Table"))]
    assert len(tables) - (name == 2) == len(document.tables)
    for title, table in zip(tables, document.tables, strict=False):
        rows = [row for row in book[title].iter_rows(min_row=5, values_only=True) if row[0] is not None]
        assert len(rows) == len(table.rows) - 1, title
        assert rows[0][-1], title


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_a_document_is_empty_or_a_word_of_the_program(made, lang):
    for path in made[lang][::2]:
        document = docx.Document(str(path))
        told = [p.text for p in document.paragraphs] + [c.text for t in document.tables for c in t._cells]
        cells = [c.text for t in document.tables for c in t._cells]
        assert all(cells), path.name
        assert not [t for t in told if "None" in t or "nan" in t.split() or "10^" in t], path.name


def test_a_province_reads_its_own_departments_and_one_deadline_rule(made):
    document = docx.Document(str(made["zh"][0]))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "（牵头单位：生态环境厅；" in text
    assert "国家发展改革委" not in text
    assert "制定实施《碳排放权交易管理暂行条例》" not in text
    assert "本地区大气污染物与温室气体融合排放清单" in text
    wide = [s for s in document.sections if s.page_width > s.page_height]
    assert len(wide) == 1


def test_without_an_assessment_there_is_no_report(tmp_path):
    plan = begin("370000")
    tables, _ = tracked(plan, empty("indicator_observation"), {})
    assert len(documents.write(plan, tables, "370000", 2025, tmp_path, "zh")) == 4


def test_documents_are_listed_by_language_with_what_they_hold(made):
    paths = [*made["zh"], *made["en"]]
    listed = documents.listed(paths, made["zh"][0].parent, "zh")
    assert listed["file"].to_list() == [p.name for p in made["zh"]]
    assert listed["title"].to_list()[:3] == ["实施方案（草案）", "实施方案（草案）", "进展通报"]


def test_a_park_without_targets_gets_its_plan_alone_from_its_management(tmp_path):
    plan = begin("示例园区")
    tables = {"target": pl.DataFrame({"target": ["n"], "title_zh": ["氮氧化物降三成"]})}
    paths = documents.write(plan, tables, "示例园区", 2021, tmp_path, "zh")
    assert [p.name for p in paths] == ["plan.zh.docx", "plan.zh.xlsx"]
    document = docx.Document(str(paths[0]))
    text = document.element.xpath("string(.)")
    assert "示例园区管理委员会文件" in text
    assert "规划期目标：氮氧化物降三成。" in text
    assert "生态环境部门文件" not in text
