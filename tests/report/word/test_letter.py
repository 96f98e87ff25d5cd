import docx
import pytest
from docx.oxml.ns import qn

from tongyuan.report.base.block import Column, Heading, Paragraph, TableBlock
from tongyuan.report.word.document import document
from tongyuan.report.word.letter import Letter

LETTER = Letter(
    issuer="山东省生态环境厅文件",
    number="×环发〔××××〕×号",
    to="各有关单位：",
    signature="山东省生态环境厅",
    date="××××年×月×日",
    copies="×××。",
    printer="山东省生态环境厅办公室",
    printed="××××年×月×日印发",
)
TABLE = TableBlock("目标", (Column("指标"),), [["1"]])


@pytest.fixture
def paper(tmp_path):
    blocks = [
        Heading("实施方案", 0),
        Paragraph("正文。"),
        Heading("附件　可量化目标", numbered=False),
        TABLE,
        Heading("附件　部门分工", numbered=False),
        TABLE,
    ]
    return docx.Document(str(document(blocks, tmp_path / "a.docx", "zh", letter=LETTER)))


def told(made):
    return ["".join(t.text or "" for t in p._element.iter(qn("w:t"))) for p in made.paragraphs]


def test_every_part_of_an_official_paper_stands_in_its_order(paper):
    lines = [line for line in told(paper) if line]
    order = [
        "山东省生态环境厅文件",
        "×环发〔××××〕×号",
        "实施方案",
        "各有关单位：",
        "正文。",
        "附件：1. 可量化目标",
        "2. 部门分工",
        "山东省生态环境厅",
        "××××年×月×日",
        "附件　可量化目标",
        "附件　部门分工",
        "抄送：×××。",
    ]
    places = [lines.index(text) for text in order]
    assert places == sorted(places)
    assert lines[-1].startswith("山东省生态环境厅办公室")
    assert lines[-1].endswith("××××年×月×日印发")


def test_fields_are_to_be_filled_and_the_head_is_red(paper):
    controls = {c.find(f".//{qn('w:alias')}").get(qn("w:val")): c for c in paper.element.iter(qn("w:sdt"))}
    names = "发文机关标志 发文字号 主送机关 署名 成文日期 抄送机关 印发机关 印发日期"
    assert set(controls) == set(names.split())
    head = controls["发文机关标志"].find(f"{qn('w:sdtContent')}//{qn('w:color')}")
    assert head.get(qn("w:val")) == "FF0000"


def test_without_annexes_none_are_named(tmp_path):
    made = docx.Document(
        str(document([Heading("通报", 0), Paragraph("正文。")], tmp_path / "b.docx", "zh", letter=LETTER))
    )
    assert not any(line.startswith("附件") for line in told(made))
    assert "山东省生态环境厅" in told(made)
