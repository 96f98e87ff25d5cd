import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report.base.format import MISSING, amount, change, decimals, number, percent, scale, shorten


def test_numbers_have_four_significant_digits_and_never_lose_whole_ones():
    assert number(867.6123) == "867.6"
    assert number(12345.678) == "12,346"
    assert number(0.0123456) == "0.01235"
    assert number(-3.5) == "−3.5"
    assert number(0.0) == "0"


def test_small_is_not_zero_and_missing_is_not_zero():
    assert number(0.0004, places=2) == "<0.01"
    assert number(-0.0004, places=2) == ">−0.01"
    assert number(None) == MISSING
    assert number(math.nan) == MISSING
    assert percent(None) == MISSING


@pytest.mark.parametrize(
    ("values", "unit", "language", "factor", "name"),
    [
        ([8.676e8], "t", "zh", 1e8, "亿吨"),
        ([8.676e8], "t", "en", 1e6, "Mt"),
        ([2.3e4, 5.0], "t", "zh", 1e4, "万吨"),
        ([480e-6], "t", "en", 1e-6, "g"),
        ([2930760.0], "TJ", "zh", 2930760.0, "亿吨标准煤"),
        ([7398e2 * 3.6], "electricity", "zh", 360.0, "亿千瓦时"),
        ([7398e2 * 3.6], "electricity", "en", 3600.0, "TWh"),
        ([3e9], "m3", "zh", 1e8, "亿立方米"),
        ([2e6], "pollutant_equivalent", "zh", 1e4, "万当量"),
        ([12.0], "vehicle", "en", 1.0, "vehicle"),
    ],
)
def test_display_units(values, unit, language, factor, name):
    made = scale(values, unit, language)
    assert made.factor == pytest.approx(factor)
    assert made.unit == name


def test_zero_and_missing_values_get_the_plain_unit():
    assert scale([0.0, None], "t", "zh").unit == "吨"
    assert scale([], "t", "en").unit == "t"


def test_change_has_sign_and_no_meaning_from_zero_or_a_sink():
    assert change(100.0, 80.0) == "−20.0%"
    assert change(100.0, 120.0) == "+20.0%"
    assert change(0.0, 5.0) == MISSING
    assert change(-5.0, 5.0) == MISSING
    assert change(None, 5.0) == MISSING


def test_amount_in_a_sentence():
    assert amount(1_120_000.0, "t", "zh") == "112万吨"
    assert amount(1_120_000.0, "t", "en") == "1.12 Mt"
    assert amount(None, "t", "en") == MISSING


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_scaled_value_reads_back_to_four_digits(value):
    made = scale([value], "t", "en")
    shown = float(number(made.of(value), digits=6).replace(",", ""))
    assert shown * made.factor == pytest.approx(value, rel=1e-4)


@given(st.floats(min_value=1e-6, max_value=1e9), st.integers(1, 6))
def test_decimals_give_at_least_the_digits_asked_for(value, digits):
    assert decimals(value, digits) >= 0
    assert float(f"{value:.{decimals(value, digits)}f}") == pytest.approx(value, rel=10.0 ** (1 - digits))


def test_shorten_keeps_six_digits_and_drops_what_is_no_number():
    assert shorten(123456789.0) == 123457000.0
    assert shorten(math.inf) is None
    assert shorten(None) is None
