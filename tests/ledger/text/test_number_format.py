"""Number formats say what a number is (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

import pytest

from tongyuan.ledger.text.number_format import date_text, kind


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (0, None, "plain"), (2, None, "plain"), (9, None, "percent"), (10, None, "percent"),
        (14, None, "date"), (22, None, "date"), (23, None, "plain"), (57, None, "date"), (49, None, "plain"),
        (164, "0.0%", "percent"), (164, '0.0"%"', "plain"), (164, r"0.0\%", "plain"),
        (164, "[Red]0%;[Blue]-0%", "percent"), (164, "yyyy-mm-dd", "date"),
        (164, '[$-804]yyyy"年"m"月"', "date"),
        (164, '0.00"days"', "plain"), (164, "0.00E+00", "plain"), (164, "General", "plain"),
        (164, "[h]:mm", "date"), (164, "[$USD] 0", "plain"), (164, "#,##0_d", "plain"), (164, "@", "plain"),
        (164, "G/通用格式", "plain"), (14, "0.0%", "percent"),
    ],
)  # fmt: skip
def test_what_a_format_shows(number: int, code: str | None, expected: str) -> None:
    assert kind(number, code) == expected


@pytest.mark.parametrize(
    ("serial", "since_1904", "text"),
    [
        (44_259.0, False, "2021-03-04"), (1.0, False, "1900-01-01"), (59.0, False, "1900-02-28"),
        (61.0, False, "1900-03-01"), (2_958_465.0, False, "9999-12-31"), (2_958_466.0, False, None),
        (-1.0, False, None), (44_259.5, False, "2021-03-04 12:00:00"), (0.25, False, "06:00:00"),
        (42_797.0, True, "2021-03-04"),
    ],
)  # fmt: skip
def test_serial_numbers_are_dates(serial: float, since_1904: bool, text: str | None) -> None:
    assert date_text(serial, since_1904) == text
