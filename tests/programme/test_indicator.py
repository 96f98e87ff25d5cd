import numpy as np
import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.indicator import columns_known, compute, gather
from tongyuan.programme.plan import known_indicators

OBSERVATION = conform(
    "observation",
    pl.DataFrame(
        {
            "region": ["370000"] * 6,
            "period": ["2020", "2021", "2021", "2021-08", "2020", "2021"],
            "indicator": [
                "重污染天数",
                "地区生产总值",
                "PM2.5年均浓度",
                "PM2.5年均浓度",
                "优良天数比例",
                "优良天数比例",
            ],
            "value": [8.8, 83095.9, 39.0, 20.0, 69.1, 71.1],
            "unit": ["天", "亿元", "微克/立方米", "微克/立方米", "%", "%"],
            "source": ["a", "b", "c", "c", "d", "d"],
            "confidence": ["read", "read", "read", "read", "read", "derived"],
        }
    ),
)
SUMMARY = conform(
    "summary",
    pl.DataFrame(
        {
            "region": ["370000"] * 3,
            "year": [2021] * 3,
            "sector": ["energy", "industry", "energy"],
            "species": ["CO2", "CO2", "SO2"],
            "value": [6e8, 2e8, 7.8e5],
            "unit": ["t", "t", "t"],
        }
    ),
)
UNCERTAINTY = pl.DataFrame(
    {
        "region": ["370000"],
        "year": [2021],
        "group": ["total"],
        "species": ["SO2"],
        "value": [7.8e5],
        "lower": [7.8e5 * (1 - 0.196)],
        "upper": [7.8e5 * (1 + 0.196)],
    }
)
ACTIVITY = pl.DataFrame(
    {
        "region": ["370000"] * 3,
        "year": [2021] * 3,
        "process": ["energy.power", "energy.coking", "energy.power"],
        "product": ["raw_coal", "cleaned_coal", "natural_gas"],
        "value": [100.0, 50.0, 7.0],
        "unit": ["万吨", "万吨", "亿m3"],
        "source": ["balance"] * 3,
    }
)


def value(frame, indicator, period):
    return frame.filter((pl.col("indicator") == indicator) & (pl.col("period") == period)).row(0, named=True)


def test_indicators_compute_themselves_from_every_kind_of_table():
    tables = {
        "observation": OBSERVATION,
        "summary": SUMMARY,
        "activity": ACTIVITY,
        "uncertainty": UNCERTAINTY,
    }
    frame, findings = compute(known_indicators(), tables)
    assert {f.check for f in findings} <= {"figure_part_year"}
    assert value(frame, "co2_intensity", "2021")["value"] == pytest.approx(8e8 / 83095.9e4)
    assert value(frame, "heavy_days", "2020")["value"] == pytest.approx(100 * 8.8 / 366)
    assert value(frame, "pm25", "2021")["value"] == pytest.approx(39)
    assert value(frame, "coal_use", "2021")["value"] == pytest.approx(100)
    sulphur = value(frame, "so2_intensity", "2021")
    assert sulphur["standard_error"] == pytest.approx(sulphur["value"] * 0.1, rel=1e-3)
    assert sulphur["status"] == "derived"
    assert sulphur["citation"] == "b；inventory"
    assert value(frame, "good_days", "2021")["status"] == "derived"


def test_what_is_missing_has_no_row_and_part_years_do_not_count():
    frame, _ = compute(known_indicators(), {"observation": OBSERVATION})
    assert set(frame["indicator"]) == {"pm25", "good_days", "heavy_days"}
    assert set(frame["period"]) == {"2020", "2021"}
    nothing, findings = compute(known_indicators(), {})
    assert nothing.is_empty()
    assert {f.check for f in findings} <= {"figure_part_year"}


def test_two_different_observations_are_a_gap_and_are_named():
    twice = pl.concat(
        [OBSERVATION, OBSERVATION.filter(pl.col("period") == "2020").with_columns(pl.col("value") + 1)]
    )
    frame, findings = compute(known_indicators(), {"observation": twice})
    assert {f.check for f in findings} - {"figure_part_year"} == {"figure_double"}
    assert set(frame.filter(pl.col("period") == "2020")["indicator"]) == set()


def test_a_unit_that_does_not_fit_is_named():
    wrong = OBSERVATION.with_columns(pl.lit("t").alias("unit"))
    frame, findings = compute(known_indicators(), {"observation": wrong})
    assert frame.is_empty()
    assert {f.check for f in findings} - {"figure_part_year"} == {"figure_unit"}


def test_unknown_columns_are_refused_and_every_formula_reads_known_ones():
    with pytest.raises(KeyError, match="nonsense"):
        gather({}, ["nonsense"])
    known = set(columns_known()["column"])
    from tongyuan.ledger.figure.formula import parse

    for text in known_indicators()["formula"].drop_nulls():
        assert set(parse(text).columns) <= known


def test_error_of_a_quotient_is_that_of_first_order_propagation():
    columns, _ = gather({"summary": SUMMARY, "uncertainty": UNCERTAINTY}, ["so2"])
    assert columns["error"][0] == pytest.approx(7.8e4, rel=1e-3)
    assert np.isfinite(columns["value"][0])


def test_share_of_electric_steel_needs_both_routes():
    steel = pl.DataFrame(
        {
            "region": ["370000"] * 4,
            "year": [2020, 2021, 2021, 2021],
            "process": [f"industry.steel.{p}" for p in ("eaf", "eaf", "bof", "rolling")],
            "product": ["crude_steel"] * 4,
            "value": [5.0, 8.0, 72.0, 70.0],
            "unit": ["Mt"] * 4,
            "source": ["a"] * 4,
        }
    )
    frame, _ = compute(known_indicators(), {"activity": conform("activity", steel)})
    rows = frame.filter(pl.col("indicator") == "short_process_steel")
    assert rows.select("period", "value").rows() == [("2021", pytest.approx(10.0))]


def test_a_score_counts_when_most_of_its_weight_stands_on_data():
    score = conform(
        "score",
        pl.DataFrame(
            {
                "index": ["city"] * 3, "region": ["370000"] * 3, "year": [2014, 2021, 2021],
                "level": ["index", "index", "criterion"], "node": ["city", "city", "carbon"],
                "score": [0.37, 0.48, 0.6], "lower": [0.33, 0.46, 0.5], "upper": [0.39, 0.49, 0.7],
                "coverage": [0.35, 0.77, 1.0], "normalise": ["bounds"] * 3, "weight": ["given"] * 3,
                "aggregate": ["weighted_sum"] * 3,
            }
        ),
    )  # fmt: skip
    frame, findings = compute(known_indicators(), {"score": score})
    assert frame.select("indicator", "period", "value").rows() == [("synergy_score", "2021", 0.48)]
    assert frame["standard_error"][0] == pytest.approx(0.03 / 3.92, rel=1e-3)
    assert [f.check for f in findings] == ["score_coverage"]
    assert findings[0].values["year"] == 2014
