import docx
import polars as pl
import pytest

from tongyuan.ledger.table import conform, empty
from tongyuan.report.base.block import ChartBlock, Heading, Note, Paragraph, TableBlock
from tongyuan.report.programme.document.assessment import assessment_report
from tongyuan.report.programme.document.implementation import implementation_plan
from tongyuan.report.programme.document.progress import progress_bulletin
from tongyuan.report.word import document as word

PLAN = {
    "task": conform(
        "task",
        pl.DataFrame(
            {
                "plan": ["p"] * 3,
                "task": ["04.01", "08.06", "Q1"],
                "article": [4, 8, None],
                "text_zh": ["构建政策体系。", "提升短流程炼钢占比。", "全覆盖岸电。"],
                "text_en": ["Build policy.", "Raise short-process steel.", None],
                "lead": ["mee", "miit", "市交通局"],
                "departments": [["mee", "ndrc"], ["miit"], ["市交通局"]],
                "deadline": [None, 2030, 2025],
                "cost": [None, None, 1.5e9],
                "cost_unit": [None, None, "CNY"],
                "funds": [None, None, "市级财政"],
            }
        ),
    ),
    "milestone": conform(
        "milestone",
        pl.DataFrame(
            {"plan": ["p"], "task": ["08.06"], "milestone": ["m1"], "due": [2025], "text": ["达到 15%"]}
        ),
    ),
    "indicator": conform(
        "indicator",
        pl.DataFrame(
            {
                "plan": ["p"],
                "indicator": ["steel"],
                "title_zh": ["短流程炼钢占比"],
                "title_en": ["Short process"],
                "direction": ["more"],
                "lead": ["miit"],
            }
        ),
    ),
    "programme_target": conform(
        "programme_target",
        pl.DataFrame(
            {
                "plan": ["p"] * 2,
                "target": ["t1", "t2"],
                "indicator": ["steel", "pattern"],
                "region": ["370000"] * 2,
                "year": [2025, 2025],
                "comparator": ["at_least", "qualitative"],
                "value": [15.0, None],
                "unit": ["%", None],
                "printed": ["15%以上", "工作格局基本形成"],
                "document": ["42号", "42号"],
            }
        ),
    ),
}
STATUS = conform(
    "target_status",
    pl.DataFrame(
        {
            "plan": ["p", "p"],
            "target": ["t1", "t3"],
            "indicator": ["steel", "nev"],
            "title_zh": ["短流程炼钢占比", "新能源汽车"],
            "title_en": ["Short process", "New-energy vehicles"],
            "region": ["370000"] * 2,
            "year": [2025, 2030],
            "comparator": ["at_least"] * 2,
            "value": [15.0, 50.0],
            "unit": ["%"] * 2,
            "observed_year": [2024, None],
            "observed": [10.0, None],
            "observed_source": ["worldsteel", None],
            "count": [3, 0],
            "state": ["behind", "no_data"],
            "probability": [0.01, None],
        }
    ),
)
SERIES = conform(
    "indicator_observation",
    pl.DataFrame(
        {
            "indicator": ["steel"] * 3,
            "region": ["370000"] * 3,
            "period": ["2022", "2023", "2024"],
            "value": [9.7, 9.9, 10.0],
            "unit": ["%"] * 3,
        }
    ),
)
PROGRESS = conform(
    "progress",
    pl.DataFrame(
        {
            "plan": ["p"],
            "task": ["04.01"],
            "department": ["mee"],
            "year": [2025],
            "completion": [0.5],
            "state": ["delayed"],
            "problem": ["资金不足"],
        }
    ),
)


def assessment(edition=1, score=60.0):
    units = (("region", "370000"), ("department", "mee"), ("article", "4"))
    result = pl.DataFrame(
        [
            {
                "plan": "p",
                "period": "2025",
                "edition": edition,
                "unit_kind": k,
                "unit": u,
                "points": 6.0,
                "maximum": 10.0,
            }
            | {"score": score, "grade": "pass", "vetoed": score == 0, "coverage": 0.5}
            for k, u in units
        ]
    )
    lines = pl.DataFrame(
        [
            {"plan": "p", "period": "2025", "edition": edition, "unit_kind": k, "unit": u, "rule": "target"}
            | {"subject": "t1", "state": "behind", "share": 0.6, "points": 6.0, "maximum": 10.0}
            | {"reason_zh": "观测 10；60% × 10 分 = 6 分", "reason_en": "observed 10; 60% × 10 points = 6"}
            for k, u in units
        ]
    )
    return {"assessment": conform("assessment", result), "assessment_line": conform("assessment_line", lines)}


def text(blocks):
    parts = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph | Note):
            parts.append(block.text)
        elif isinstance(block, TableBlock):
            parts += [block.caption, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, ChartBlock):
            parts.append(block.caption)
    return "\n".join(parts)


def test_a_draft_plan_has_targets_chapters_duties_funds_and_milestones():
    blocks = implementation_plan(PLAN, "青岛市", "zh")
    told = text(blocks)
    for part in (
        "青岛市减污降碳协同增效实施方案",
        "加强源头防控",
        "强化生态环境分区管控",
        "≥15%",
        "牵头单位：生态环境部",
        "国家发展改革委",
        "市级财政",
        "达到 15%",
        "工作格局基本形成",
        "（2030 年底前完成）",
        "费用 15亿元。",
        "指导思想",
        "到 2025 年，短流程炼钢占比≥15%。",
    ):
        assert part in told, part
    levels = [b.level for b in blocks if isinstance(b, Heading)]
    assert levels[0] == 0
    assert set(levels) == {0, 1, 2}
    english = text(implementation_plan(PLAN, "Qingdao", "en"))
    assert "Raise short-process steel. (by 2030)" in english
    assert "08.06" not in "".join(b.text for b in blocks if isinstance(b, Paragraph))
    assert "Ministry of Ecology and Environment" in english


def test_a_bulletin_tells_states_sources_and_silence():
    tables = {"target_status": STATUS, "indicator_observation": SERIES, "progress": PROGRESS}
    told = text(progress_bulletin(tables, "山东省", 2025, "zh"))
    for part in (
        "滞后 1 个",
        "无数据 1 个",
        "新能源汽车",
        "worldsteel",
        "资金不足",
        "50.0%",
        "短流程炼钢占比与 2025 年目标",
    ):
        assert part in told, part
    assert "no data" in text(progress_bulletin(tables, "Shandong", 2025, "en")).casefold()
    empty_blocks = progress_bulletin({"target_status": empty("target_status")}, "x", 2025, "zh")
    assert len(empty_blocks) == 2


def test_an_assessment_report_explains_every_point_and_keeps_history():
    first, second = assessment(1, 60.0), assessment(2, 0.0)
    both = {name: pl.concat([first[name], second[name]]) for name in first}
    told = text(assessment_report(both | {"target_status": STATUS}, "山东省", "zh"))
    for part in (
        "百分制 0 分",
        "第 2 版",
        "一票否决",
        "观测 10；60% × 10 分 = 6 分",
        "4 强化生态环境分区管控",
        "历次考核",
    ):
        assert part in told, part
    alone = text(assessment_report(first, "Shandong", "en"))
    assert "60.0 of 100, grade" in alone
    assert "Earlier assessments" not in alone
    assert len(assessment_report({}, "x", "zh")) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_documents_open_in_word_with_numbered_headings(tmp_path, language):
    tables = {"target_status": STATUS, "indicator_observation": SERIES, "progress": PROGRESS} | assessment()
    made = (
        implementation_plan(PLAN, "R", language),
        progress_bulletin(tables, "R", 2025, language),
        assessment_report(tables, "R", language),
    )
    for number, blocks in enumerate(made):
        path = word.document(blocks, tmp_path / f"{number}.docx", language)
        document = docx.Document(str(path))
        heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
        assert heads[0].startswith("一、" if language == "zh" else "1 ")
        assert document.tables
