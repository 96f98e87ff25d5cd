import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import ChartBlock, Figure, Note, Paragraph, TableBlock
from tongyuan.report.programme.document.assessment import LOST, all_lines, assessment_report

UNITS = (
    ("region", "370000", 55.0),
    ("department", "mee", 80.0),
    ("department", "nea", None),
    ("article", "6", 91.0),
)
HEAD = {"plan": "p", "period": "2025", "edition": 1}
RESULT = conform(
    "assessment",
    pl.DataFrame(
        [
            {**HEAD, "unit_kind": k, "unit": u, "points": 1.0, "maximum": 2.0, "score": s, "vetoed": False}
            | {"grade": "not_assessed" if s is None else "good", "coverage": 0.25}
            for k, u, s in UNITS
        ]
    ),
)
LINES = conform(
    "assessment_line",
    pl.DataFrame(
        [
            {
                **HEAD,
                "unit_kind": "region",
                "unit": "370000",
                "rule": "task",
                "subject": f"{n:03d}",
                "share": 0.5,
            }
            | {"points": 0.5, "maximum": float(n % 3), "reason_zh": "理由", "reason_en": "reason"}
            for n in range(120)
        ]
    ),
)


def told(blocks):
    return "\n".join(b.text for b in blocks if isinstance(b, Paragraph | Note))


def table(blocks, caption):
    return next(b for b in blocks if isinstance(b, TableBlock) and caption in b.caption)


TABLES = {"assessment": RESULT, "assessment_line": LINES}


def test_units_are_named_ranked_and_those_without_data_are_listed_apart():
    blocks = assessment_report(TABLES, "山东省", "zh")
    assert [row[0] for row in table(blocks, "分部门得分").rows] == ["生态环境部"]
    assert "无法考核的部门有 1 个：国家能源局。" in told(blocks)
    assert table(blocks, "分条得分").rows[0][0] == "6 推动能源绿色低碳转型"
    charts = [b for b in blocks if isinstance(b, ChartBlock)]
    assert charts[0].option["series"][0]["data"][0]["value"] == 80.0


def test_what_lost_the_most_comes_first_and_the_workbook_has_every_line():
    blocks = assessment_report(TABLES, "Shandong", "en")
    lost = table(blocks, "lost the most")
    assert len(lost.rows) == LOST
    assert isinstance(lost.rows[0][-1], Figure)
    assert lost.rows[0][-1].value == 1.5
    assert lost.sources[0].startswith("assessment_line · 2025 · 1 · region · 370000 · task · ")
    assert "80 lines lost points; the 20 that lost the most are below" in told(blocks)
    every = all_lines(TABLES, "en")[0]
    assert len(every.rows) == LINES.height == len(every.sources)
    assert all_lines({}, "en") == []


def test_without_enough_data_there_is_no_score():
    none = RESULT.with_columns(pl.lit(None, dtype=pl.Float64).alias("score"))
    assert "不评等级" in told(assessment_report(TABLES | {"assessment": none}, "山东省", "zh"))


def test_the_rules_are_shown_with_a_veto_in_words():
    rules = default_rules_frame()
    made = table(assessment_report(TABLES | {"assessment_rule": rules}, "山东省", "zh"), "计分规则")
    assert made.rows[0][:3] == ["目标完成情况", "10", "100%"]
    assert made.rows[-1][1] == "一票否决"


def default_rules_frame():
    return conform(
        "assessment_rule",
        pl.DataFrame(
            {
                "rule": ["target", "data_fraud"],
                "title_zh": ["目标完成情况", "数据造假"],
                "title_en": ["Targets", "Data fraud"],
                "kind": ["target", "veto"],
                "points": [10.0, 0.0],
                "met": [1.0, None],
            }
        ),
    )


def test_tasks_are_summed_by_article():
    task = {**HEAD, "unit_kind": "article", "unit": "6", "rule": "task", "maximum": 3.0}
    lines = conform(
        "assessment_line",
        pl.DataFrame(
            [
                task | {"subject": "06.01", "share": 0.5, "points": 1.5},
                task | {"subject": "06.02", "share": None, "points": 0.0, "maximum": 0.0},
            ]
        ),
    )
    blocks = assessment_report(TABLES | {"assessment_line": lines}, "山东省", "zh")
    assert "2 项任务中，1 项有填报，1 项没有填报" in told(blocks)
    assert table(blocks, "各条任务").rows == [["6 推动能源绿色低碳转型", "2", "1", "50.0%", "1.50", "3"]]
