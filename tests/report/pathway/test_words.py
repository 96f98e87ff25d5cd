import pytest

from tongyuan.report.pathway.words import Titles, display, in_unit, money, name_of, unit_name, words


def test_titles_are_in_the_language_of_the_reader(planned):
    titles = Titles(planned, "zh")
    assert titles.option("arc", "") == titles.technology["arc"]
    assert titles.option("furnace", "scr").endswith(" · scr")
    assert set(titles.target) == {"NOx_cap", "CO2_cap", "short_process"}


def test_unknown_words_stay_as_they_are():
    assert name_of("payer", "power", "zh") == "发电企业"
    assert name_of("payer", "utility", "en") == "utility"
    assert name_of("payer", "", "en") == "Not stated"
    assert unit_name("t", "zh") == "吨"
    assert unit_name("GWh", "zh") == "GWh"
    assert words("total", "en") == "Total"


@pytest.mark.parametrize(
    ("unit", "values", "shown"),
    [
        ("GWh", [5.0], (1.0, "GWh")),
        ("GWh", [5e3], (1e3, "TWh")),
        ("t", [2.0e6], (1e6, "Mt")),
        ("x", [1.0], (1.0, "x")),
    ],
)
def test_amounts_are_shown_in_units_of_the_field(unit, values, shown):
    assert display(unit, values, "en") == shown


def test_chinese_readers_have_their_own_units():
    assert display("GWh", [5.0], "zh") == (0.01, "万千瓦时")
    assert display("GWh", [5e3], "zh") == (100.0, "亿千瓦时")
    assert display("TJ", [210_000.0], "zh") == (1e5, "亿吉焦")  # 1 TJ = 1000 GJ
    assert display("10^6 t·km", [98_517.0], "zh") == (100.0, "亿吨公里")
    assert display("万m3", [3.0], "zh") == (1.0, "万立方米")


def test_values_and_money_in_words():
    assert in_unit(0.15, "", "en") == "15.0%"
    assert in_unit(90_000.0, "MW", "en") == "90 GW"
    assert in_unit(326_845.0, "t", "zh") == "32.68万吨"
    assert money(5.4098e4, "CNY", "zh") == "5.41万元"
