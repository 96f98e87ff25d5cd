"""Unit texts are read in one way, refused, or read in the way of the field and said so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference import units


@given(st.text(alphabet="万亿吨千克标准煤立方米时头人 tkgmhaJWT0123456789^/·*()-%μ.,eE", max_size=12))
def test_any_text_is_a_unit_or_a_unit_error(text: str) -> None:
    try:
        factor, unit = units.canonical(text)
    except units.UnitError:
        assert not units.known(text)
    else:
        assert factor >= 0
        assert unit


@pytest.mark.parametrize(
    ("text", "number", "unit", "read"),
    [
        ("Mm3", 1e6, "m3", ["Mm3"]),
        ("Mm³", 1e6, "m3", ["Mm3"]),
        ("Gm^3", 1e9, "m3", ["Gm3"]),
        ("Tm3", 1e12, "m3", ["Tm3"]),
        ("Mm2", 100.0, "ha", ["Mm2"]),
        ("nm3", 1.0, "m3", ["nm3"]),
        ("万nm³", 1e4, "m3", ["nm3"]),
        ("104 t", 1e4, "t", ["104"]),
        ("104t", 1e4, "t", ["104"]),
        ("10 4 t", 1e4, "t", ["10 4"]),
        ("10 4 tn", 1e4, "t", ["10 4"]),
        ("108 cu.m", 1e8, "m3", ["108"]),
        ("108kW·h", 360.0, "TJ", ["108"]),
        ("1010 kJ", 10.0, "TJ", ["1010"]),
        ("10 10 kJ", 10.0, "TJ", ["10 10"]),
        ("104吨标准煤", 293.076, "TJ", ["104"]),
        ("106 t", 1e6, "t", ["106"]),
        ("1012 J", 1.0, "TJ", ["1012"]),
        ("TON", 1.0, "t", ["TON"]),
        ("ton", 1.0, "t", ["ton"]),
        ("10 000 tons", 1e4, "t", ["tons"]),
        ("kg/Mm3", 1e-9, "t/m3", ["Mm3"]),
        ("mWh", 3.6e-3, "TJ", ["mWh"]),
        ("mj/kg", 1e-6 / 1e-3, "TJ/t", ["mj"]),
        ("¥", 1.0, "CNY", ["¥"]),
        ("gal", 3.785411784e-3, "m3", ["gal"]),
        ("104 ton", 1e4, "t", ["104", "ton"]),
    ],
)
def test_what_has_two_readings_is_read_in_the_way_of_the_field_and_said(
    text: str, number: float, unit: str, read: list[str]
) -> None:
    factor, name = units.canonical(text)
    assert (name, factor) == (unit, pytest.approx(number, rel=1e-12))
    assert [reading.spelling for reading in units.readings(text)] == read


@pytest.mark.parametrize(
    ("text", "first", "other"),
    [
        ("mt", "tonne", "million tonnes"),
        ("MT", "tonne", "million tonnes"),
        ("万mt", "tonne", "million tonnes"),
        ("tC", "44/12", "mass of CO2"),
        ("tC/TJ", "44/12", "mass of CO2"),
        ("万吨碳", "44/12", "mass of CO2"),
        ("kg C", "44/12", "mass of CO2"),
        ("MtC", "44/12", "mass of CO2"),
        ("mm3", "cubic millimetre", "million"),
        ("mm³", "cubic millimetre", "million"),
        ("km3", "cubic kilometre", "thousand"),
        ("kg km-3", "cubic kilometre", "thousand"),
        ("mcm", "million", "thousand"),
        ("MTCE", "coal", "carbon"),
        ("10E4 t", "10^4", "10×10^4"),
        ("10e8m3", "10^8", "10×10^8"),
        ("MG", "megagram", "milligram"),
        ("兆吨", "million tonnes", "10^12"),
        ("MBTU", "thousand", "million"),
    ],
)
def test_what_has_two_readings_without_a_custom_is_refused_with_both_named(
    text: str, first: str, other: str
) -> None:
    assert not units.known(text)
    with pytest.raises(units.UnitError, match="has two readings") as error:
        units.canonical(text)
    assert error.value.text == text
    assert error.value.reading is not None
    assert first in error.value.reading.read_en
    assert other in error.value.reading.other_en


@pytest.mark.parametrize(
    "text",
    ["t", "10^4 t", "10 000 t", "1000 t", "100 m3", "100 million kWh", "1e4 t", "万吨", "102 t", "10 000 m3"],
)
def test_what_has_one_reading_is_read_without_a_word(text: str) -> None:
    assert units.readings(text) == ()


@pytest.mark.parametrize("text", ["Mm", "Gm", "pt", "nt", "ht", "PPa", "mtoes", "104", "10 4", "10E4"])
def test_prefixes_nobody_means_are_not_units(text: str) -> None:
    assert not units.known(text)


def test_a_division_inside_brackets_stays_inside() -> None:
    # kg per (tonne per hour) is kg·h/t: the division inside the brackets is not one of the whole unit
    assert units.factor("kg/(t/h)", "kg·h/t") == pytest.approx(1.0, rel=1e-12)
    assert units.factor("kg/（吨每小时）", "kg/(t/h)") == pytest.approx(1.0, rel=1e-12)
    assert units.factor("kg/(t/h)", "kg/(t/d)") == pytest.approx(1 / 24, rel=1e-12)
    assert units.factor("(kg/t)·h", "kg/(t/h)") == pytest.approx(1.0, rel=1e-12)
    assert units.factor("kg/(t/h)/h", "kg/t") == pytest.approx(1.0, rel=1e-12)
    with pytest.raises(units.UnitError):
        units.factor("kg/(t/h)", "kg/t/h")
    for text in ("kg/(t/h", "kg/)t/h(", "kg/(/)", "kg/()", "kg/((t/h)/h)"):
        assert not units.known(text), text
    assert units.canonical("每吨") == (1.0, "fraction/t")


def test_messages_say_it_once() -> None:
    with pytest.raises(units.UnitError) as error:
        units.parse("吨吨煤")
    assert str(error.value) == "unit '吨吨煤' is not known"
    with pytest.raises(units.UnitError) as error:
        units.factor("t", "TJ")
    assert str(error.value) == "unit 't' cannot be converted to 'TJ'"
    with pytest.raises(units.UnitError) as error:
        units.parse("mt")
    assert str(error.value) == "unit 'mt' has two readings: tonne (metric ton; t), or million tonnes (Mt)"


@given(st.sampled_from(["t", "kWh", "m3", "吨标准煤", "头"]), st.integers(3, 12))
def test_lost_and_kept_superscripts_agree(unit: str, power: int) -> None:
    kept = units.canonical(f"10^{power} {unit}")
    for lost in (f"10{power} {unit}", f"10{power}{unit}", f"10 {power} {unit}"):
        assert units.canonical(lost) == kept
        assert units.readings(lost)[0].read_en == f"10^{power}"


@pytest.mark.parametrize(
    ("text", "unit", "times"),
    [("(kg)/t", "t/t", 1e-3), ("((kg))/t", "t/t", 1e-3), ("MW (d)", "MWh", 24.0), ("(t) (km)", "kg*km", 1e3)],
)
def test_brackets_close_where_they_opened(text: str, unit: str, times: float) -> None:
    assert units.factor(text, unit) == pytest.approx(times)
