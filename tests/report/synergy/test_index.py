import polars as pl
import pytest
from tests.report.synergy_tables import BANDS, many, one

from tongyuan.report.synergy.index import (
    Index,
    indicator_table,
    missing_table,
    rank_table,
    score_table,
    unit_words,
)


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("t/亿元", "吨/亿元", "t/100 million yuan"),
        ("t/person", "吨/人", "t/person"),
        ("fraction", "%", "%"),
        ("µg/m3", "微克/立方米", "µg/m³"),
        ("furlong", "furlong", "furlong"),
    ],
)
def test_units_are_in_the_language_of_the_page(unit: str, zh: str, en: str) -> None:
    assert unit_words(unit, "zh") == zh
    assert unit_words(unit, "en") == en


def test_nodes_have_titles_and_what_is_missing_is_in_words() -> None:
    index = Index(one(), "en")
    assert (index.id, index.status) == ("city", "proposal")
    assert index.title("indicator", "pm25") == "Annual mean PM2.5"
    assert index.title("indicator", "unknown") == "unknown"
    assert index.columns(["gdp", "base"]) == "Gross regional product, no base year"
    assert len(index.indicators()) == 13


def test_scores_are_listed_totals_strong() -> None:
    table = score_table(one(), Index(one(), "zh"), "zh")
    assert len(table.rows) == 8
    assert len(table.strong) == 2
    assert table.rows[min(table.strong)][2] == "城市减污降碳协同度（建议）"


def test_indicators_show_fractions_as_per_cent_and_no_limits_where_none_are_known() -> None:
    rows = {(row[2], row[1]): row for row in indicator_table(one(), Index(one(), "en"), "en").rows}
    joint = rows["Joint reduction of SO2 and CO2", "2021"]
    assert joint[3] == "\u22128"
    assert joint[6] == "%"
    pm = rows["Annual mean PM2.5", "2021"]
    assert pm[3:6] == ["39", "–", "–"]
    assert rows["CO2 per GDP", "2021"][4] != "–"


def test_every_missing_indicator_is_named_with_its_weight_and_its_figures() -> None:
    table = missing_table(one(), Index(one(), "en"), "en")
    assert table is not None
    rows = {row[1]: row for row in table.rows}
    assert rows["Non-fossil share"][2:] == ["9.0%", "2014, 2021", "Non-fossil share of energy use"]
    assert "Annual mean PM2.5" not in rows
    assert missing_table({"indicator_value": one()["indicator_value"].head(1)}, Index({}, "en"), "en") is None


def test_ranks_are_listed_best_first() -> None:
    rows = rank_table(BANDS, "en").rows
    assert [row[1] for row in rows] == ["Qingdao", "Jinan"]
    assert rows[0][2:] == ["1", "1", "1", "2", "80%"]
    assert pl.concat([BANDS, BANDS]).height == 4
    assert many()["rank_band"].height == 2
