"""Units of one language in the words of the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.unit.spoken import powered, quantity, spoken
from tongyuan.reference.units import UnitError, factor, text


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (9000.0, "10^4 kW", "9,000万千瓦", "90 GW"),
        (9000.0, "万千瓦", "9,000万千瓦", "90 GW"),
        (25.0, "10^4 kW", "25万千瓦", "250 MW"),
        (15.07, "10^4 t", "15.07万吨", "150.7 kt"),
        (2.0, "亿吨标准煤", "2亿吨标准煤", "200 Mtce"),
        (4.5, "10^8 kWh", "4.5亿千瓦时", "450 GWh"),
        (4.5, "亿千瓦时", "4.5亿千瓦时", "450 GWh"),
        (14.0, "10^8 m2", "14亿平方米", "1.4 billion m²"),
        (0.5, "亿立方米", "0.5亿立方米", "50 million m³"),
        (3.2, "10^4 person", "3.2万人", "32,000 people"),
        (120.0, "10^4 vehicle", "120万辆", "1.2 million vehicles"),
        (7.0, "10^8 CNY", "7亿元", "700 million yuan"),
        (1500.0, "10^6 t·km", "15亿t·km", "1.5 billion t·km"),
        (30.0, "(10^6 t·km)/a", "3,000万t·km/a", "30 million t·km/a"),
        (50.0, "10^4 kW/a", "50万千瓦/a", "500 MW/a"),
        (95.0, "%", "95%", "95%"),
        (3.0, "t", "3吨", "3 t"),
        (35.0, "µg/m3", "35微克/立方米", "35 µg/m³"),
        (0.0, "10^4 kW", "0万千瓦", "0 GW"),
        (-2500.0, "10^4 t", "-2,500万吨", "-25 Mt"),
        (9999.6, "10^4 t", "10,000万吨", "100 Mt"),
        (3.0, "", "3", "3"),
    ],
)
def test_amounts_are_said_as_people_say_them(value: float, unit: str, zh: str, en: str) -> None:
    assert quantity(value, unit, "zh") == zh
    assert quantity(value, unit, "en") == en


def test_what_an_amount_is_told_by_has_no_power_of_ten() -> None:
    assert text("kg/10^4 m3", "en") == "kg/10,000 m³"
    assert text("吨/万元", "en") == "t/10,000 yuan"
    assert text("t/10^8 kWh", "en") == "t/100 million kWh"


def test_which_units_have_a_power() -> None:
    assert [powered(u) for u in ("10^4 t", "万吨", "10⁸ m3", "t", "t/10^4 m3", "", None)] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


@given(
    st.floats(1e-3, 1e9), st.sampled_from(["10^4 kW", "10^4 t", "10^8 kWh", "10^4 tce", "10^6 t", "10^3 kW"])
)
def test_the_amount_is_the_same_in_its_new_unit(value: float, unit: str) -> None:
    """What English calls GW, kt or TWh is read back as the amount that was given."""
    size, name = spoken(value, unit, "en")
    assert value * size * factor(name, unit) == pytest.approx(value, rel=1e-12)
    assert "10" not in name


@given(st.floats(1e-6, 1e9), st.integers(3, 12), st.sampled_from(["t", "kWh", "m3", "head"]))
def test_chinese_counts_in_ten_thousands_and_hundred_millions(value: float, power: int, base: str) -> None:
    size, name = spoken(value, f"10^{power} {base}", "zh")
    word = {"万": 1e4, "亿": 1e8}.get(name[0], 1.0)
    assert value * size * word == pytest.approx(value * 10.0**power, rel=1e-12)
    assert "10" not in name


def test_an_unknown_name_stays() -> None:
    assert spoken(5.0, "somewhat", "en") == (1.0, "somewhat")
    with pytest.raises(UnitError):
        factor("somewhat", "t")
