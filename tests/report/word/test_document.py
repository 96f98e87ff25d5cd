import shutil
import subprocess

import docx
import pytest
from docx.oxml.ns import qn

from tongyuan.report.base.block import Card, Cards, Column, Heading, Links, Mark, Note, Paragraph, TableBlock
from tongyuan.report.inventory.document.bulletin import inventory_bulletin
from tongyuan.report.word.document import document, landscape, numbered

BLOCKS = [
    Heading("实施方案", 0),
    Heading("总体要求"),
    Heading("目标", 2),
    Heading("指标", 3),
    Paragraph("正文。"),
    Heading("路径", 2),
    Heading("任务"),
    Heading("分工", 2),
    Note("注"),
    Cards((Card("SO₂", "1", "t"),)),
    TableBlock(
        "表",
        (Column("部门"), Column("数", numeric=True)),
        [["甲", "1"], ["合计", "1"]],
        strong=frozenset({1}),
    ),
]


def test_headings_are_numbered_and_restart(tmp_path):
    made = docx.Document(str(document(BLOCKS, tmp_path / "a.docx", "zh", header="页眉")))
    heads = [p.text for p in made.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert heads == [
        "实施方案",
        "一、总体要求",
        "（一）目标",
        "1. 指标",
        "（二）路径",
        "二、任务",
        "（一）分工",
    ]
    assert made.core_properties.title == "实施方案"


def test_official_form(tmp_path):
    made = docx.Document(str(document(BLOCKS, tmp_path / "a.docx", "zh", header="页眉")))
    page = made.sections[0]
    assert round(page.page_width.mm), round(page.page_height.mm) == (210, 297)
    assert [round(m.mm) for m in (page.top_margin, page.left_margin, page.right_margin)] == [37, 28, 26]
    body = next(p for p in made.paragraphs if p.text == "正文。")
    assert body.runs[0].font.size.pt == 16
    assert body.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert body.paragraph_format.first_line_indent.pt == 32
    assert page.footer.paragraphs[0].text.startswith("—")
    assert page.header.paragraphs[0].text == "页眉"
    table = made.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["部门", "数"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bulletin_holds_text_tables_and_pictures(tables, tmp_path, language):
    made = docx.Document(str(document(inventory_bulletin(tables, language), tmp_path / "b.docx", language)))
    assert len(made.inline_shapes) == 5
    assert len(made.tables) == 4
    text = "\n".join(p.text for p in made.paragraphs)
    assert ("一、总体情况" if language == "zh" else "1 Overview") in text
    descriptions = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert all(descriptions)


def test_a_flow_chart_is_written_as_its_table(tables, tmp_path):
    from tongyuan.report.inventory.chapter.sankey import section

    made = docx.Document(str(document(section(tables, "en").blocks, tmp_path / "a.docx", "en")))
    assert len(made.tables) == 1
    assert len(made.inline_shapes) == 0


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_renders_to_pages(tmp_path):
    path = document(BLOCKS, tmp_path / "a.docx", "zh")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


WIDE = TableBlock("宽表", (Column("甲"), Column("乙")), [["1", "2"]], wide=True, sources=["task · 1"])


def test_items_are_numbered_anew_under_every_heading(tmp_path):
    blocks = [
        Heading("一"),
        *(Paragraph(t, item=True) for t in "甲乙"),
        Heading("二"),
        Paragraph("丙", item=True),
    ]
    made = docx.Document(str(document(blocks, tmp_path / "a.docx", "zh")))
    assert [p.text for p in made.paragraphs] == ["一、一", "1. 甲", "2. 乙", "二、二", "1. 丙"]
    assert numbered([2, 3], 1) == [3]
    assert numbered([2], 3) == [2, 1, 1]


def test_a_wide_table_turns_the_page_with_its_heading_and_the_text_after_turns_it_back(tmp_path):
    blocks = [
        Heading("题", 0),
        Paragraph("文"),
        Heading("附件", numbered=False),
        Note("说明"),
        WIDE,
        Paragraph("后"),
    ]
    assert landscape(blocks) == [False, False, True, True, True, False]
    made = docx.Document(str(document(blocks, tmp_path / "a.docx", "zh")))
    sides = [(round(s.page_width.mm), round(s.page_height.mm)) for s in made.sections]
    assert sides == [(210, 297), (297, 210), (210, 297)]
    heads = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert heads == ["附件"]


def test_where_figures_come_from_is_not_in_the_paper(tmp_path):
    blocks = [Paragraph("得分 60 分。", source="assessment · 2024 · 1"), WIDE]
    made = docx.Document(str(document(blocks, tmp_path / "a.docx", "zh")))
    told = "".join(p.text for p in made.paragraphs)
    assert "得分 60 分。" in told
    assert "assessment" not in told
    assert "task" not in told


def test_text_leading_to_an_annex_stays_upright():
    blocks = [Heading("题", 0), Heading("一"), Paragraph("文"), Heading("附件", numbered=False), WIDE]
    assert landscape(blocks) == [False, False, False, True, True]


def test_links_are_written_out(tmp_path):
    made = docx.Document(
        str(document([Links("", [("通报", "b.docx", "可编辑")])], tmp_path / "a.docx", "zh"))
    )
    assert made.paragraphs[0].text == "通报 (b.docx) 可编辑"


def test_remarks_on_a_key_figure_are_written(tmp_path):
    cards = Cards((Card("SO₂", "1", "t", (), (Mark("2.50 × the published total", "comparison", True),)),))
    made = docx.Document(str(document([cards], tmp_path / "c.docx", "en")))
    assert any("SO₂ 1 t 2.50 × the published total" in p.text for p in made.paragraphs)
