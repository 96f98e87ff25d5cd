from datetime import date

import polars as pl
import pytest

from tongyuan.facility.check.answer import answer_findings, answered

FOUND = pl.DataFrame(
    {
        "facility": ["a", "a", "b", "a"],
        "code": ["FUE-01", "FUE-01", "FUE-01", "TAX-01"],
        "subject": ["coal", "coal", "coal", None],
        "period": ["2025-01", "2025-02", "2025-01", "2025"],
        "observed": [1.0, 2.0, 3.0, 4.0],
    }
)


def answers(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{"facility": "a", "code": "FUE-01", "text": "磅秤检修"} | row for row in rows])


def test_the_answer_stands_beside_the_finding_it_is_for() -> None:
    made = answered(
        FOUND, answers({"period": "2025-02", "file": "磅秤.pdf", "by": "甲", "day": date(2025, 3, 1)})
    )
    assert made["observed"].to_list() == [1.0, 2.0, 3.0, 4.0]
    assert made["answer"].to_list() == [None, "磅秤检修（磅秤.pdf，甲，2025-03-01）", None, None]


def test_the_nearest_and_the_latest_answer_counts() -> None:
    made = answered(
        FOUND,
        answers(
            {"text": "全年", "day": date(2025, 1, 1)},
            {"text": "二月旧", "period": "2025-02", "day": date(2025, 3, 1)},
            {"text": "二月新", "period": "2025-02", "day": date(2025, 4, 1)},
        ),
    )
    assert [t and t[:3] for t in made["answer"]] == ["全年（", "二月新", None, None]


def test_a_waiver_leaves_the_finding_and_says_so() -> None:
    made = answered(FOUND, answers({"kind": "waiver"}, {"code": "TAX-01", "decided": "accepted"}))
    assert made["decided"].to_list() == ["waived", "waived", None, "accepted"]
    assert made.height == 4


def test_without_answers_there_are_empty_columns() -> None:
    assert answered(FOUND, pl.DataFrame())["answer"].null_count() == 4


@pytest.mark.parametrize(
    ("row", "check"),
    [({"code": "FUE-99"}, "answer_unknown"), ({"kind": "waiver", "text": " "}, "waiver_without_reason")],
)
def test_answers_that_cannot_be_used_are_named(row: dict[str, object], check: str) -> None:
    found = answer_findings(answers(row), {"FUE-01"})
    assert [f.check for f in found] == [check]
    assert "a" in found[0].message("zh")
    assert not answer_findings(answers({}), {"FUE-01"})
