from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.pathway.case import money
from tongyuan.pathway.case.case import Settings, draft
from tongyuan.pathway.example import steel
from tongyuan.reference.shelf import shelf


@pytest.mark.parametrize(
    ("rate", "life", "expected"), [(0.05, 20.0, 0.0802425872), (0.0, 20.0, 0.05), (0.05, None, 0.05)]
)
def test_annuity(rate, life, expected):
    frame = pl.DataFrame({"r": [rate], "n": [life]}, schema={"r": pl.Float64, "n": pl.Float64})
    assert frame.select(money.annuity(pl.col("r"), pl.col("n"))).item() == pytest.approx(expected)


def settings(**changed) -> Settings:
    return Settings(**{"discount_rate": 0.05, "price_year": 2025, **changed})


def test_levels_are_divided():
    assert money.inflation("us_cpi_u", 1998, 2003) == pytest.approx(184.0 / 163.0)
    assert money.inflation("us_cpi_u", 1998, 1989) is None


def test_plant_costs_rose_faster_than_consumer_prices():
    assert money.inflation("us_cepci", 1998, 2023) == pytest.approx(797.9 / 389.5)
    assert money.inflation("us_cepci", 2003, 2023) == pytest.approx(797.9 / 402.0)
    assert money.inflation("us_cepci", 2023, 2025) is None
    assert money.conversion("USD", 2003, settings(price_index={"USD": "us_cepci"})) is None


def test_changes_are_multiplied_from_year_to_year():
    assert money.inflation("eea_hicp", 2022, 2025) == pytest.approx(1.064 * 1.026 * 1.025)
    assert money.inflation("eea_hicp", 2025, 2022) == pytest.approx(1 / (1.064 * 1.026 * 1.025))
    assert money.inflation("cn_fai", 2009, 2011) == pytest.approx(1.036 * 1.066)


def test_a_missing_year_is_not_bridged():
    assert money.inflation("cn_fai", 1990, 1996) is None
    assert money.inflation("cn_fai", 2011, 2012) is None
    assert money.inflation("nothing", 2011, 2012) is None


def test_rates_are_read_turned_round_and_crossed():
    assert money.exchange("USD", "CNY", 2021) == (6.4508, "fed_g5a")
    assert money.exchange("CNY", "USD", 2021)[0] == pytest.approx(1 / 6.4508)
    assert money.exchange("EUR", "CNY", 2024)[0] == pytest.approx(7.1957 / 0.9242)
    # mean reference rate of the European Central Bank, EXR.A.CNY.EUR.SP00.A
    assert money.exchange("EUR", "CNY", 2024)[0] == pytest.approx(7.78747, rel=1e-3)
    assert money.exchange("EUR", "CNY", 1990) is None
    assert money.exchange("XYZ", "CNY", 2020) is None


def test_inflate_first_follows_the_prices_of_the_origin():
    found = money.conversion("USD", 1998, settings())
    assert found.factor == pytest.approx(321.943 / 163.0 * 7.1875)
    assert (found.index, found.exchange) == ("us_cpi_u", "fed_g5a")


def test_exchange_first_follows_the_prices_of_the_results():
    found = money.conversion("USD", 2022, settings(price_year=2023, conversion="exchange_first"))
    assert found.factor == pytest.approx(6.7290 * 1.00234836828893051)
    assert (found.index, found.exchange) == ("cn_cpi", "fed_g5a")


def test_another_index_can_be_chosen_and_is_named():
    found = money.conversion("EUR", 2022, settings(price_index={"EUR": "ea_hicp"}))
    assert found.factor == pytest.approx(1.054 * 1.024 * 1.021 * 7.1875 / 0.8845)
    assert found.index == "ea_hicp"
    assert money.conversion("EUR", 2022, settings(price_index={"EUR": "no_such"})) is None


def test_without_a_price_year_nothing_is_inflated():
    assert money.conversion("CNY", 2003, settings(price_year=None)).factor == 1.0
    assert money.conversion("USD", 2003, settings(price_year=None)) is None


@given(
    year=st.integers(1999, 2024), between=st.integers(1999, 2024), to=st.integers(1999, 2024),
    index=st.sampled_from(["us_cpi_u", "eea_hicp", "ea_hicp", "cn_cpi"]),
)  # fmt: skip
def test_inflation_chains(year, between, to, index):
    step = money.inflation(index, year, between) * money.inflation(index, between, to)
    assert step == pytest.approx(money.inflation(index, year, to), rel=1e-12)


def test_a_table_is_converted_row_by_row_and_says_so():
    case = steel()
    price = case["price"].with_columns(
        currency=pl.Series(["CNY", "USD", ""]),
        price_year=pl.Series([2024, 2003, None], dtype=pl.Int64),
        value=pl.Series([10.0, 10.0, 10.0]),
    )
    given_case = type(case)({**case.tables, "price": price}, settings())
    converted, findings = money.in_one_money(given_case)
    assert converted["price"]["value"].to_list() == pytest.approx(
        [10.0, 10.0 * 321.943 / 184.0 * 7.1875, 10.0]
    )
    assert converted["price"]["currency"].to_list() == ["CNY", "CNY", ""]
    assert converted["price"]["price_year"].to_list() == [2025, 2025, None]
    said = [f for f in findings if f.sheet == "price"]
    assert [f.check for f in said] == ["money_converted", "money_converted"]
    assert "us_cpi_u" in said[1].message("en")
    assert "fed_g5a" in said[1].message("zh")
    again, more = money.in_one_money(converted)
    assert again["price"].equals(converted["price"])
    assert not [f for f in more if f.sheet == "price"]


def test_what_cannot_be_converted_is_told_by_its_kind():
    case = steel()
    told = {}
    for currency, year in (("USD", 1950), ("CNY", 1950), ("CNY", 2024)):
        options = case["technology_option"].with_columns(
            currency=pl.lit(currency), price_year=pl.lit(year, dtype=pl.Int64)
        )
        found = money.in_one_money(type(case)({**case.tables, "technology_option": options}, settings()))[1]
        told[currency, year] = [(f.check, f.severity) for f in found if f.sheet == "technology_option"]
    assert told["USD", 1950] == [("currency_unconverted", "error")]
    assert told["CNY", 1950] == [("price_year_unconverted", "warning")]
    assert told["CNY", 2024] == [("money_converted", "notice")]


def test_a_price_in_dollars_carries_the_money_of_the_results_when_it_is_converted():
    case = steel()
    price = case["price"].with_columns(
        pl.col("unit").str.replace("CNY", "USD"), currency=pl.lit("USD"), price_year=pl.lit(2025)
    )
    converted, _ = money.in_one_money(draft({**case.tables, "price": price}, settings()))
    assert converted["price"]["unit"].to_list() == ["CNY/GJ", "CNY/t", "CNY/t"]
    assert converted["price"]["value"].to_list() == pytest.approx([25 * 7.1875, 2600 * 7.1875, 3500 * 7.1875])
    assert converted.with_tables(demand=case["demand"])["price"].equals(converted["price"])


def test_notes_of_a_plan_name_series_and_source():
    case = steel()
    price = case["price"].with_columns(
        pl.col("unit").str.replace("CNY", "USD"), currency=pl.lit("USD"), price_year=pl.lit(2003)
    )
    notes = money.money_notes({**case.tables, "price": price}, settings())
    assert notes["subject"].to_list() == ["money"]
    assert "us_cpi_u" in notes["sentence_zh"][0]
    assert "CUUR0000SA0" in notes["source"][0]
    assert "AEXCHUS" in notes["source"][0]


def test_every_figure_of_the_shelf_is_cited_once_and_plausible():
    rows = shelf("price_index").with_columns(pl.col("value").cast(pl.Float64))
    assert rows.select("index", "currency", "to_currency", "year").is_unique().all()
    for column in ("source", "locator", "status"):
        assert (rows[column] != "").all()
    assert set(rows["kind"]) == {"level", "change", "previous_year", "exchange"}
    assert (rows.filter(pl.col("kind") == "exchange")["to_currency"] != "").all()
    assert rows.filter(pl.col("kind") == "change")["value"].is_between(-5, 30).all()
    assert rows.filter(pl.col("kind") == "previous_year")["value"].is_between(90, 130).all()
    levels = rows.filter(pl.col("kind") == "level").sort("index", "year")
    steps = levels.select((pl.col("value") / pl.col("value").shift(1).over("index")).drop_nulls())
    assert steps.to_series().is_between(0.9, 1.2).all()
    for index in ("cn_cpi", "us_cpi_u", "eea_hicp"):
        years = rows.filter(pl.col("index") == index)["year"].cast(pl.Int64)
        assert years.to_list() == list(range(years.min(), 2026))


def test_two_readings_of_chinese_consumer_prices_agree():
    for year in range(1996, 2012):
        one, two = money.inflation("cn_cpi", year - 1, year), money.inflation("cn_cpi_nbs", year - 1, year)
        assert one == pytest.approx(two, abs=2.5e-3), year


@pytest.mark.parametrize(("target", "told"), [(2025, 2025), (None, "—")])
def test_the_year_asked_for_is_told_or_that_there_is_none(target, told):
    case = steel()
    price = case["price"].with_columns(currency=pl.lit("USD"), price_year=pl.lit(1950))
    chosen = settings().model_copy(update={"price_year": target})
    found = money.in_one_money(type(case)({**case.tables, "price": price}, chosen))[1]
    values = next(f.values for f in found if f.sheet == "price")
    assert (values["year"], values["to_year"]) == (1950, told)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (3.32338e10, "zh", "332.3亿元"),
        (2.1e5, "zh", "21万元"),
        (0.0, "zh", "0元"),
        (4e7, "en", "40 million yuan"),
    ],
)
def test_money_is_told_in_the_words_of_the_language(value, language, text):
    assert money.told(value, "CNY", language) == text


def test_a_change_of_cost_keeps_its_sign_and_another_currency_its_name():
    assert money.told(3.415e9, "CNY", "zh", signed=True) == "+34.15亿元"
    assert money.told(-3.0e6, "USD", "en") == "-3 million USD"
