import polars as pl
import pytest

from tongyuan.impact.health.tables import burden_table

AIR = pl.DataFrame({"region": ["370000"] * 2, "year": [2021, 2014], "value": [39.0, 82.0]})


def test_shares_of_shandong() -> None:
    made = burden_table(AIR)
    assert made.height == 3
    charged = made.filter(pl.col("base_year").is_null())
    assert dict(charged.select("year", "share").iter_rows()) == pytest.approx(
        {2014: 1 - 1 / 1.6125772, 2021: 0.25186}, abs=5e-6
    )
    fewer = made.filter(pl.col("base_year") == 2014).row(0, named=True)
    assert fewer["share"] == pytest.approx(1 - 1.3366534 / 1.6125772, abs=1e-7)
    assert fewer["deaths"] is None
    for row in made.iter_rows(named=True):
        assert row["share_lower"] < row["share"] < row["share_upper"]


def test_limits_are_those_of_the_slope() -> None:
    row = burden_table(AIR).filter(pl.col("base_year").is_null(), pl.col("year") == 2021).row(0, named=True)
    log_risk = -pl.select(pl.lit(1 - row["share"]).log()).item()
    upper = -pl.select(pl.lit(1 - row["share_upper"]).log()).item()
    assert upper / log_risk == pytest.approx(1 + 1.959963984540054 * 0.01807 / 0.143)


def test_deaths_where_a_baseline_is_given() -> None:
    deaths = pl.DataFrame(
        {
            "region": ["370000"] * 2,
            "year": [2021, 2021],
            "endpoint": ["ncd_lri", "copd"],
            "deaths": [722_141.0, 1e5],
        }
    )
    made = burden_table(AIR, deaths).filter(pl.col("base_year").is_null(), pl.col("year") == 2021)
    found = {r["endpoint"]: r["deaths"] for r in made.iter_rows(named=True)}
    assert found["ncd_lri"] == pytest.approx(181_880, abs=1)
    assert 0 < found["copd"] < 1e5


def test_worse_air_avoids_less_than_nothing_and_no_air_no_rows() -> None:
    worse = burden_table(AIR.with_columns(pl.col("value").reverse()))
    assert worse.filter(pl.col("base_year").is_not_null())["share"].to_list()[0] < 0
    assert burden_table(AIR.clear()).is_empty()
