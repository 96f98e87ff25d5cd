import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report.base.block import Figure
from tongyuan.report.programme.words import (
    amount_text,
    articles,
    bound_text,
    department,
    departments,
    forecast_text,
    observed_text,
    ranges,
    readable,
    record,
    share_text,
    shown,
    sources_text,
    title,
)

ROW = {
    "plan": "national",
    "indicator": "steel",
    "title_zh": "短流程炼钢占比",
    "title_en": "Short-process steel",
    "comparator": "at_most",
    "value": 38.0,
    "unit": "µg/m3",
    "printed": "逐步减少",
    "observed": 35.5,
    "observed_year": 2024,
    "part_year": "2025-H1: 34",
}


def test_units_and_bounds_are_written_as_people_do():
    assert bound_text(ROW, "zh") == "≤38 微克/立方米".replace(" ", "")
    assert bound_text(ROW | {"value": None}, "en") == "逐步减少"


def test_a_sentence_is_readable_and_words_in_it_stay():
    assert readable("target ≥5700 10^4 kW of one item", "en") == "target ≥57 GW of one item"
    assert readable("目标 ≤38 µg/m3", "zh") == "目标 ≤38 微克/立方米"


def test_a_forecast_is_told_in_the_unit_of_its_bound():
    """5,293 and 4,900 to 5,700 万千瓦 beside a bound of 6,500 are 52.9 GW beside 65 GW."""
    row = {"value": 6500.0, "unit": "10^4 kW", "forecast": 5293.0, "lower": 4900.0, "upper": 5700.0}
    assert forecast_text(row, "en") == "52.9 GW (49–57)"
    assert forecast_text(row, "en", interval=False) == "52.9 GW"
    assert forecast_text(row, "zh") == "5,293万千瓦 (4,900–5,700)"
    assert forecast_text({**row, "forecast": None}, "en") == "–"


def test_figures_keep_their_value_and_unit():
    bound = bound_text(ROW, "en")
    assert isinstance(bound, Figure)
    assert (bound.value, bound.unit) == (38.0, "µg/m³")
    seen = observed_text(ROW, "en")
    assert isinstance(seen, Figure)
    assert (str(seen), seen.value) == ("35.5 µg/m³ (2024); 2025-H1: 34", 35.5)
    assert observed_text(ROW | {"observed": None, "part_year": None}, "en") == "–"
    share = share_text(0.5)
    assert isinstance(share, Figure)
    assert (str(share), share.value) == ("50.0%", 0.5)
    assert not isinstance(share_text(None), Figure)
    assert not isinstance(shown(None, "–"), Figure)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (5_033_602.0, "t", "503.4万吨", "5.034 Mt"),
        (63_863.0, "GWh", "638.6亿千瓦时", "63.86 TWh"),
        (1.84e11, "CNY", "1,840亿元", "184 billion yuan"),
        (12.0, "item", "12个", "12"),
        (None, "t", "–", "–"),
    ],
)
def test_amounts_come_in_the_unit_that_suits_them(value, unit, zh, en):
    assert amount_text(value, unit, "zh") == zh
    assert amount_text(value, unit, "en") == en


def test_departments_titles_sources_and_records():
    assert department("environment", "zh") == "生态环境部门"
    assert department(None, "zh") == "–"
    assert departments(["mee", "ndrc", None, "mee"], "en") == (
        "Ministry of Ecology and Environment, National Development and Reform Commission"
    )
    assert title(ROW | {"plan": "national_other"}, "zh").startswith("短流程炼钢占比（")
    assert sources_text("inventory；公报", "zh") == "本清单; 公报"
    assert record("task", "08.06", None, "42号") == "task · 08.06 · 42号"
    assert set(articles()) == set(range(1, 30))


@given(st.sets(st.integers(1, 40), min_size=1))
def test_ranges_say_every_number_once(numbers):
    told = set()
    for part in ranges(numbers, "zh").split("、"):
        first, _, last = part.partition("–")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == numbers
