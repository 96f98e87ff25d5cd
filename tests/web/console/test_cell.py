from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.web.console.cell import cell, column_title, figure, worded


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_every_digit_beside_what_is_shown(value: float) -> None:
    shown = str(cell(value, "value", "en"))
    found = re.search(r'<data value="([^"]+)"', shown)
    assert found
    assert json.loads(found[1]) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14684.29, "14,684"),
        (4.92, "4.92"),
        (0.0, "0"),
        (351470956.0, "351,470,956"),
        (1e-9, "1×10⁻⁹"),
        (-1.2467e-5, "-1.2467×10⁻⁵"),
        (0.0042912, "0.0042912"),
        (2.5e15, "2.5×10¹⁵"),
        (-0.5, "-0.5"),
        (float("inf"), "–"),
    ],
)
def test_figures_as_they_are_read(value: float, text: str) -> None:
    assert figure(value) == text


def test_text_is_never_markup() -> None:
    assert "<script" not in str(cell("<script>alert(1)</script>", "note", "zh"))
    assert "<img" not in str(cell(["<img src=x>"], "species", "en"))


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (2021, "year", ">2021<"),
        (12345, "rows", ">12,345<"),
        (None, "value", "–"),
        (True, "active", "是"),
        ("2026-11-30T18:01:57.123456+00:00", "at", "2026-11-30 18:01 UTC"),
        ("draft", "state", "草稿"),
        ("city_bureau", "role", "市级生态环境局"),
        ("grant.add", "act", "授予角色"),
        ("activity", "table", "活动水平"),
    ],
)
def test_values_are_said_in_words(value: object, name: str, shown: str) -> None:
    assert shown in str(cell(value, name, "zh"))


def test_what_was_proposed_is_told_by_name_within_the_trail() -> None:
    inner = json.dumps({"account": "lin", "role": "city_bureau", "until": None})
    shown = str(cell(json.dumps({"act": "grant.add", "content": inner}), "content", "zh"))
    assert "角色：市级生态环境局" in shown
    assert "{" not in shown


def test_a_column_is_called_as_its_table_calls_it() -> None:
    assert column_title("process", "zh", "activity") == "工艺过程"
    assert column_title("state", "en") == "State"
    assert worded("nonsense", "role", "en") == "nonsense"
