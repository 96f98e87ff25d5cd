from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.office.calendar import empty, ics, of_run, ordered

DUTY = pl.DataFrame(
    {
        "facility": ["91370100MA0000001X"] * 3,
        "duty": ["tax_return"] * 3,
        "period": ["2025Q1", "2025Q2", "2025Q3"],
        "due_day": [date(2025, 4, 15), date(2025, 7, 15), date(2025, 10, 15)],
        "title_zh": ["环境保护税申报缴纳"] * 3,
        "title_en": ["Environmental tax return"] * 3,
        "state": ["late", "not_filed", "not_filed"],
    }
)


def test_a_duty_keeps_its_day_and_a_year_is_due_on_its_last() -> None:
    task = pl.DataFrame(
        {
            "task": ["08.06", "1"],
            "text_zh": ["推进", "b"],
            "text_en": ["Go on", "b"],
            "deadline": [2030, None],
        }
    )
    milestone = pl.DataFrame({"task": ["1"], "due": [2025], "text": ["完成一半"], "done": [True]})
    days = of_run({"duty": DUTY, "task": task, "milestone": milestone}, "A")
    assert days.select("day", "kind", "state").rows() == [
        (date(2025, 4, 15), "duty", "late"), (date(2025, 7, 15), "duty", "not_filed"),
        (date(2025, 10, 15), "duty", "not_filed"), (date(2030, 12, 31), "task", None),
        (date(2025, 12, 31), "milestone", "done"),
    ]  # fmt: skip
    assert of_run({}, "A").equals(empty())


@pytest.mark.parametrize(
    ("today", "states"),
    [
        (date(2025, 7, 15), ["late", "not_filed", "not_filed"]),
        (date(2025, 7, 16), ["late", "passed", "not_filed"]),
        (date(2026, 1, 1), ["late", "passed", "passed"]),
    ],
)
def test_a_day_has_passed_when_the_next_begins(today: date, states: list[str]) -> None:
    assert ordered(of_run({"duty": DUTY}, "A"), today)["state"].to_list() == states


def events(content: bytes) -> list[dict[str, str]]:
    """Return the fields of each event, as RFC 5545 says lines are unfolded and texts are read."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            for told, sign in (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
                value = value.replace(told, sign)
            found[-1][name] = value
    return found


def test_the_file_of_a_calendar_says_the_same() -> None:
    days = ordered(of_run({"duty": DUTY}, "A"), date(2025, 1, 1)).to_dicts()
    content = ics(days, "zh", {"A": "示例企业"})
    first = events(content)[0]
    assert first["SUMMARY"] == "环境保护税申报缴纳"
    assert first["DTSTART;VALUE=DATE"] == "20250415"
    assert first["DESCRIPTION"] == "示例企业 · 91370100MA0000001X · 2025Q1"
    assert len({one["UID"] for one in events(content)}) == 3
    assert [one["UID"] for one in events(ics(days, "en", {}))] == [one["UID"] for one in events(content)]
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_no_line_is_longer_than_a_calendar_reads_and_no_sign_is_lost(text: str) -> None:
    row = {"day": date(2025, 1, 1), "kind": "notice", "title_zh": text, "title_en": text, "organisation": "A",
           "about": None, "period": None}  # fmt: skip
    content = ics([row], "zh", {})
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    if "\\" not in text:
        assert events(content)[0]["SUMMARY"] == text
