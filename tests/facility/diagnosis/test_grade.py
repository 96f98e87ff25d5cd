from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.diagnosis.grade import grade

FORM = pl.DataFrame(
    {
        "family": ["limits", "limits", "transport", "transport", "monitoring"],
        "indicator": ["SO2", "SO2", "clean_share", "clean_share", "cems"],
        "grade": ["A", "B", "A", "B", "A"],
        "test": ["<=", "<=", ">=", ">=", "is"],
        "bound": [35.0, 50.0, 80.0, 50.0, None],
    }
)
"""Made-up thresholds: the engine is tested, not a guide."""


@pytest.mark.parametrize(
    ("values", "worst"),
    [
        ({"SO2": 35, "clean_share": 80, "cems": 1}, "A"),
        ({"SO2": 35.1, "clean_share": 80, "cems": 1}, "B"),
        ({"SO2": 35, "clean_share": 49, "cems": 1}, "D"),
        ({"SO2": 35, "clean_share": 80, "cems": 0}, "D"),
    ],
)
def test_the_worst_family_decides(values: dict[str, float], worst: str) -> None:
    assert grade(FORM, values)[0] == worst


def test_a_missing_value_is_no_grade() -> None:
    assert grade(FORM, {"SO2": 1.0}) == (None, {}, ["cems", "clean_share"])


@pytest.mark.parametrize(("column", "text"), [("family", "smell"), ("grade", "A+"), ("test", "about")])
def test_a_form_that_cannot_be_read_is_refused(column: str, text: str) -> None:
    with pytest.raises(ValueError, match=column):
        grade(FORM.with_columns(pl.lit(text).alias(column)), {})
