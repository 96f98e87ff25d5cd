from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference import units
from tongyuan.reference.shelf import shelf


def test_the_vectors_of_the_issue() -> None:
    assert units.convert(3, "万吨", "t") == pytest.approx(30000)
    assert units.convert(1000, "tce", "TJ") == pytest.approx(29.3076)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("万吨", 1e4, "t"), ("亿吨", 1e8, "t"), ("10^4 t", 1e4, "t"), ("10⁴ t", 1e4, "t"),
        ("10 000 t", 1e4, "t"),
        ("万吨标准煤", 293.076, "TJ"), ("kgce", 29.3076e-6, "TJ"), ("亿千瓦时", 360.0, "TJ"),
        ("万千瓦时", 0.036, "TJ"), ("百万千焦", 1e-3, "TJ"), ("亿立方米", 1e8, "m3"), ("万Nm³", 1e4, "m3"),
        ("10^8 m3", 1e8, "m3"), ("万千瓦", 10.0, "MW"), ("公顷", 1.0, "ha"), ("万亩", 2000 / 3, "ha"),
        ("亿斤", 5e4, "t"), ("重量箱", 0.05, "t"), ("万头", 1e4, "head"), ("只", 1.0, "head"),
        ("辆", 1.0, "vehicle"),
        ("万人", 1e4, "person"), ("万户", 1e4, "household"), ("污染当量", 1.0, "pollutant_equivalent"),
        ("亿元", 1e8, "CNY"), ("%", 0.01, "fraction"), ("kg/TJ", 1e-3, "t/TJ"), ("g/GJ", 1e-3, "t/TJ"),
        ("kg/(head·a)", 1e-3, "t/(head*a)"), ("t CO2/t", 1.0, "t/t"), ("kgCO2/kWh", 1e-3 / 3.6e-6, "t/TJ"),
        ("吨公里", 1.0, "t*km"), ("kg ha-1", 1e-3, "t/ha"), ("100 million kWh", 360.0, "TJ"),
        ("mg/t", 1e-9, "t/t"),
    ],
)  # fmt: skip
def test_canonical(text: str, number: float, unit: str) -> None:
    factor, name = units.canonical(text)
    assert name == unit
    assert factor == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "吨吨吨煤", "N", "C", "kg N/ha", "1.5", "bogus", "12", "万", "/", "t/"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    assert not units.known(text)
    with pytest.raises(units.UnitError, match="is not known"):
        units.parse(text)


def test_mass_is_not_energy() -> None:
    with pytest.raises(units.UnitError, match="cannot be converted"):
        units.convert(1, "t", "tce")


def test_case_matters() -> None:
    assert units.canonical("Mg") == (1.0, "t")
    assert units.canonical("mg")[0] == pytest.approx(1e-9)
    assert units.canonical("kt") == (1000.0, "t")  # not knots


def test_split_ratio() -> None:
    assert units.split_ratio("kg/TJ") == units.Ratio(0.001, 1.0, "t", "TJ")
    assert units.split_ratio("t/万Nm3") == units.Ratio(1.0, 1e4, "t", "m3")
    assert units.split_ratio("fraction") == units.Ratio(1.0, 1.0, "fraction", "")


def test_dimension() -> None:
    assert units.dimension("万吨标准煤") == "energy"
    assert units.dimension("kg/head") == "mass/head"
    assert units.dimension("%") == "fraction"


def test_arrays_and_series() -> None:
    assert units.convert(np.array([1.0, 2.0]), "万吨", "t").tolist() == [10000.0, 20000.0]
    assert units.convert(pl.Series([1.0]), "kWh", "TJ").to_list() == pytest.approx([3.6e-6])


@pytest.mark.parametrize("spelling", shelf("unit")["spelling"])
def test_every_spelling_of_the_shelf_is_read(spelling: str) -> None:
    assert units.known(spelling)


def test_spellings_are_unique() -> None:
    assert shelf("unit")["spelling"].is_unique().all()


@given(
    st.sampled_from(["t", "万吨", "kg", "亿吨", "g", "斤"]),
    st.sampled_from(["t", "万吨", "kg", "亿吨", "g", "斤"]),
    st.floats(1e-6, 1e6),
)
def test_conversion_returns(source: str, target: str, value: float) -> None:
    assert units.convert(units.convert(value, source, target), target, source) == pytest.approx(value)


def test_units_as_people_write_them() -> None:
    assert units.text("10^4 kW", "zh") == "万千瓦"
    assert units.text("10^4 kW", "en") == "10⁴ kW"
    for micrograms in ("µg/m3", "μg/m3", "ug/m3"):
        assert units.text(micrograms, "zh") == "微克/立方米"
        assert units.text(micrograms, "en") == "µg/m³"
    assert units.text("10^8 m2", "zh") == "亿平方米"
    assert units.text("10^8 m2", "en") == "10⁸ m²"
    assert units.text("亿立方米", "en") == "10⁸ m³"
    assert units.text("万吨标准煤", "en") == "10⁴ tce"
    assert units.text("元/吨", "en") == "yuan/t"
    assert units.text(None, "zh") == ""


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("EJ", 1e6, "TJ"),
        ("quad", 1.055056e6, "TJ"),
        ("Mtce", 29307.6, "TJ"),
        ("Gtce", 29307600.0, "TJ"),
        ("PJ", 1000.0, "TJ"),
        ("TWh", 3600.0, "TJ"),
        ("bcm", 1e9, "m3"),
        ("therm", 1.055056e-4, "TJ"),
        ("Mtoe", 41868.0, "TJ"),
        ("千卡", 4.1868e-9, "TJ"),
        ("桶", 0.158987294928, "m3"),
        ("蒸吨", 0.7, "MW"),
        ("百亿千焦", 10.0, "TJ"),
        ("万百万千焦", 10.0, "TJ"),
        ("千亿元", 1e11, "CNY"),
        ("万亿元", 1e12, "CNY"),
        ("十亿吨", 1e9, "t"),
        ("千万吨", 1e7, "t"),
        ("thousand t", 1e3, "t"),
        ("ten thousand t", 1e4, "t"),
        ("hundred million kWh", 360.0, "TJ"),
        ("trillion m3", 1e12, "m3"),
        ("10 000 tons of SCE", 293.076, "TJ"),
        ("短吨", 0.90718474, "t"),
        ("MNm3", 1e6, "m3"),
    ],
)
def test_spellings_of_statistics(text: str, number: float, unit: str) -> None:
    assert units.canonical(text) == (pytest.approx(number, rel=1e-12), unit)


def test_seven_thousand_kilocalories_are_a_kilogram_of_coal_equivalent() -> None:
    # GB/T 2589-2020: 29,307 kJ; 7000 × 4.1868 kJ = 29,307.6 kJ
    assert units.convert(7000, "kcal", "kgce") == pytest.approx(1.0, rel=1e-12)


def test_a_share_below_the_line_is_no_denominator() -> None:
    # 1 kg per 1 % of a share: 0.001 t / 0.01
    assert units.split_ratio("kg/%") == units.Ratio(0.001, 0.01, "t", "")
    assert units.canonical("kg/%") == (pytest.approx(0.1), "t")
    assert units.dimension("kg/%") == "mass"


def test_what_a_product_measures() -> None:
    assert units.dimension("MW*d") == "energy"
    assert units.dimension("kW*a") == "energy"
    assert units.dimension("m3*d") == "volume*time"
