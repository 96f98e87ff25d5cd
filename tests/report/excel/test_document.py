import openpyxl
import polars as pl

from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock, Column, Figure, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import percent
from tongyuan.report.excel.document import workbook

TABLE = TableBlock(
    "各部门",
    (Column("部门"), Column("目标"), Column("比例", numeric=True)),
    [
        ["甲", Figure("≥38 微克/立方米", 38.0, "微克/立方米"), Figure(percent(0.12345), 0.12345)],
        ["乙", "–", "–"],
    ],
    note="注",
    sources=["task · 1", "task · 2 · 42号"],
)
BARS = chart.bars(
    pl.DataFrame({"unit": ["甲", "乙"], "score": [80.0, 60.5]}), "unit", "score", unit="得分", horizontal=True
)
LINES = chart.lines(
    pl.DataFrame({"x": ["2020", "2021"], "value": [1.0, None], "series": ["观测"] * 2}),
    "x",
    "value",
    "series",
    unit="%",
)
BLOCKS = [
    Heading("通报", 0),
    Heading("总体"),
    Paragraph("共 2 个。", source="target_status · state"),
    Paragraph("任务", item=True),
    Note("说明"),
    TABLE,
    Heading("附件", numbered=False),
    ChartBlock("得分", BARS, "两个部门", source="assessment · department"),
    ChartBlock("曲线", LINES, "一条线", source="indicator_observation · steel"),
]


def sheets(tmp_path, language="zh"):
    book = openpyxl.load_workbook(workbook(BLOCKS, tmp_path / "a.xlsx", language))
    return {
        name: [[c.value for c in row] for row in book[name].iter_rows()] for name in book.sheetnames
    }, book


def test_headings_text_and_places_are_those_of_the_document(tmp_path):
    made, _ = sheets(tmp_path)
    assert list(made) == ["目录", "正文", "表 1 各部门", "图 1 得分", "图 2 曲线"]
    told = [tuple(row) for row in made["正文"][4:]]
    assert told == [
        ("标题", "通报", None),
        ("章节", "一、总体", None),
        ("段落", "共 2 个。", "target_status · state"),
        ("段落", "1. 任务", None),
        ("说明", "说明", None),
        ("表 1", "各部门", "表 1 各部门"),
        ("章节", "附件", None),
        ("图 1", "得分", "图 1 得分"),
        ("图 2", "曲线", "图 2 曲线"),
    ]


def test_a_table_holds_figures_as_numbers_and_names_the_source_of_each_row(tmp_path):
    made, book = sheets(tmp_path)
    head, *rows = made["表 1 各部门"][3:]
    assert head == ["部门", "目标", "目标 · 数值", "目标 · 单位", "比例", "数据出处（表 · 记录 · 文件）"]
    assert rows[0] == ["甲", "≥38 微克/立方米", 38, "微克/立方米", 0.12345, "task · 1"]
    assert rows[1] == ["乙", "—", None, None, "—", "task · 2 · 42号"]
    assert book["表 1 各部门"]["E5"].number_format == "0.0%"


def test_every_chart_is_native_beside_its_figures(tmp_path):
    made, book = sheets(tmp_path, "en")
    bars = next(name for name in made if name.startswith("Figure 1"))
    assert [row[:3] for row in made[bars][4:]] == [
        ["甲", 80, "assessment · department"],
        ["乙", 60.5, "assessment · department"],
    ]
    assert len(book[bars]._charts) == 1
    lines = next(name for name in made if name.startswith("Figure 2"))
    assert [row[1] for row in made[lines][4:]] == [1, None]


def test_the_same_blocks_give_the_same_bytes(tmp_path):
    first, second = (workbook(BLOCKS, tmp_path / f"{n}.xlsx", "zh").read_bytes() for n in (1, 2))
    assert first == second
