import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.assessment_word import REASONS, assessment_report
from tongyuan.report.block import ChartBlock, TableBlock

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


def test_units_are_named_ranked_and_those_without_data_come_last():
    blocks = assessment_report({"assessment": RESULT, "assessment_line": LINES}, "山东省", "zh")
    tables = [b for b in blocks if isinstance(b, TableBlock)]
    assert [row[0] for row in tables[0].rows] == ["生态环境部", "国家能源局"]
    assert tables[0].rows[1][3:] == ["–", "不评"]
    assert tables[1].rows[0][0] == "6 推动能源绿色低碳转型"
    charts = [b for b in blocks if isinstance(b, ChartBlock)]
    assert charts[0].option["series"][0]["data"] == [80.0]


def test_the_weightiest_lines_are_shown_first_and_the_rest_is_counted():
    blocks = assessment_report({"assessment": RESULT, "assessment_line": LINES}, "Shandong", "en")
    lines = [b for b in blocks if isinstance(b, TableBlock)][-1]
    assert len(lines.rows) == REASONS
    assert lines.rows[0][-1] == "2"
    assert any("80 lines, 60 of them" in getattr(b, "text", "") for b in blocks)
