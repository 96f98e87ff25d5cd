import polars as pl
import pytest

from tongyuan.impact.health.risk import risk_gemm_2018
from tongyuan.impact.health.tables import burden_table, points_of, unknown_risks
from tongyuan.impact.health.tabulated import risks

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


def deaths(*rows: tuple[int, str, str | None, float]) -> pl.DataFrame:
    names = ["year", "endpoint", "age", "deaths"]
    return pl.DataFrame(list(rows), schema=names, orient="row").with_columns(region=pl.lit("370000"))


def test_a_further_function_stands_beside_gemm_by_cause_and_age() -> None:
    given = deaths(
        (2021, "copd", None, 1e5), (2021, "stroke", "60-64", 2e4), (2021, "lung_cancer", None, 3e4)
    )
    made = burden_table(AIR, given, function="fusion_2022").filter(pl.col("base_year").is_null())
    kinds = set(made.filter(year=2021).select("function", "endpoint", "age").iter_rows())
    assert kinds == {
        ("gemm_2018", "ncd_lri", "25+"), ("gemm_2018", "copd", "25+"), ("gemm_2018", "stroke", "60-64"),
        ("gemm_2018", "lung_cancer", "25+"), ("fusion_2022", "copd", "25+"),
        ("fusion_2022", "stroke", "60-64"), ("fusion_2022", "lung_cancer", "25+"),
    }  # fmt: skip
    printed = made.filter(function="fusion_2022", endpoint="copd", year=2021).row(0, named=True)
    risk = risks("fusion_2022", 39.0, "copd", "25+")[0]
    assert printed["deaths"] == pytest.approx(1e5 * (1 - 1 / risk))
    assert printed["share_lower"] is None
    by_age = made.filter(function="gemm_2018", endpoint="stroke", year=2021).row(0, named=True)
    assert by_age["share"] == pytest.approx(1 - 1 / float(risk_gemm_2018(39.0, "stroke", "60-64")))


def test_causes_of_china_in_2020_at_33() -> None:
    """COPD 320,036.0, lung cancer 226,932.7, LRI 96,214.9 (facts §2.4)."""
    air = pl.DataFrame({"region": ["370000"], "year": [2020], "value": [33.0]})
    given = deaths((2020, "copd", "25+", 1_204_461.7), (2020, "lung_cancer", None, 765_146.8),
                   (2020, "lri", None, 183_091.3))  # fmt: skip
    found = dict(burden_table(air, given).select("endpoint", "deaths").iter_rows())
    assert found["copd"] == pytest.approx(320_036.0, abs=1)
    assert found["lung_cancer"] == pytest.approx(226_932.7, abs=1)
    assert found["lri"] == pytest.approx(96_214.9, abs=1)


def test_points_of_the_user_act_and_what_nobody_knows_is_named() -> None:
    table = pl.DataFrame({
        "endpoint": ["all_cause"] * 2, "age": [None, None], "exposure": [100.0, 0.0], "risk": [2.0, 1.0],
        "lower": [1.5, 1.0], "upper": [2.5, 1.0],
    })  # fmt: skip
    own, given = points_of(table), deaths((2021, "all_cause", None, 1e6), (2021, "ihd", "0-4", 1.0))
    made = burden_table(AIR, given, function="own", own=own)
    row = made.filter(pl.col("base_year").is_null(), year=2021, endpoint="all_cause").row(0, named=True)
    assert row["deaths"] == pytest.approx(1e6 * (1 - 1 / 1.39))
    assert row["deaths_lower"] < row["deaths"] < row["deaths_upper"]
    assert unknown_risks(given, "own", own) == [("ihd", "0-4")]
    assert unknown_risks(given, "gemm_2018") == [("all_cause", "25+"), ("ihd", "0-4")]
    assert unknown_risks(None, "own") == []
