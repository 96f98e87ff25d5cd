from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.text.amount import amount


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (9.80997e9, "98.1 亿吨", "9.81 billion t"), (18484.0, "1.85 万吨", "18,484 t"),
        (123.4, "123 吨", "123 t"),
        (0.01234, "0.0123 吨", "0.0123 t"), (-2.5e6, "-250 万吨", "-2.5 million t"), (0.0, "0 吨", "0 t"),
        (9999.9, "1 万吨", "10,000 t"), (99_999_999.0, "1 亿吨", "100 million t"),
    ],
)  # fmt: skip
def test_amounts_are_said_in_the_words_of_the_language(value: float, zh: str, en: str) -> None:
    assert amount(value, "t", "zh") == zh
    assert amount(value, "t", "en") == en


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_three_digits_are_within_half_a_percent(value: float) -> None:
    said = amount(value, "t", "en").removesuffix(" t").replace(",", "")
    number, _, word = said.partition(" ")
    back = float(number) * {"": 1.0, "million": 1e6, "billion": 1e9}[word]
    assert back == pytest.approx(value, rel=5.1e-3)
