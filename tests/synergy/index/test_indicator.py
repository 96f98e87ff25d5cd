import numpy as np
import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index.index import load
from tongyuan.synergy.index.indicator import (
    base_rows,
    collect,
    columns_from_wide,
    indicator_draws,
    indicator_values,
)


def emission() -> pl.DataFrame:
    rows = []
    for region, factor in (("甲市", 1.0), ("乙市", 2.0)):
        for year, step in ((2014, 1.0), (2021, 0.6)):
            for species, value in (("SO2", 1000.0), ("NOx", 2000.0), ("PM2.5", 500.0), ("CO2", 1e6)):
                rows.append((region, year, "power", species, "direct", value * factor * step, "t"))
                rows.append((region, year, "power", species, "indirect", 7.0, "t"))
            rows.append((region, year, "power", "CH4_fossil", "direct", 10.0, "kg"))
    names = ["region", "year", "process", "species", "scope", "value", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")


def observation() -> pl.DataFrame:
    rows = [
        ("甲市", "2021", "GDP", 1000.0, "亿元"),
        ("甲市", "2021-08", "GDP", 600.0, "亿元"),
        ("甲市", "2014", "地区生产总值", 5e6, "万元"),
        ("甲市", "2021", "PM2.5", 39.0, "µg/m3"),
        ("甲市", "2014", "PM2.5", 82.0, "t"),
        ("甲市", "2021", "优良天数比例", 70.0, "%"),
        ("甲市", "2021", "优良天数比例", 71.0, "%"),
    ]
    return pl.DataFrame(rows, schema=["region", "period", "indicator", "value", "unit"], orient="row")


def test_columns_are_gathered_with_units_and_scopes() -> None:
    c = collect(load("city"), emission=emission(), observation=observation())
    assert c.keys.rows() == [("乙市", 2014), ("乙市", 2021), ("甲市", 2014), ("甲市", 2021)]
    assert c.value["SO2"].tolist() == [2000, 1200, 1000, 600]
    assert c.value["gdp"][2:].tolist() == [500, 1000]
    assert np.isnan(c.value["gdp"][:2]).all()
    assert {f.check for f in c.findings} == {"figure_part_year", "figure_unit", "figure_double"}
    assert np.isnan(c.value["good_days"]).all()


def test_carbon_dioxide_equivalent_is_summed_with_warming_potentials() -> None:
    from tongyuan.reference.gwp import value as gwp
    from tongyuan.synergy.index.index import read

    from importlib.resources import files  # isort: skip

    text = (files("tongyuan.synergy") / "indexes" / "city.toml").read_text(encoding="utf-8")
    index = read(
        text.replace(
            'CO2 = { table = "emission", species = ["CO2"]', 'CO2 = { table = "emission", species = ["CO2e"]'
        )
    )
    c = collect(index, emission=emission())
    assert c.value["CO2"][3] == pytest.approx(0.6e6 + 0.01 * gwp("CH4_fossil"))


def test_base_years() -> None:
    keys = pl.DataFrame({"region": ["a", "a", "a", "b"], "year": [2010, 2015, 2020, 2020]})
    assert base_rows(keys, "previous").tolist() == [-1, 0, 1, -1]
    assert base_rows(keys, "first").tolist() == [-1, 0, 0, -1]
    assert base_rows(keys, 2015).tolist() == [1, -1, 1, -1]


def test_values_and_what_is_missing() -> None:
    index = load("city")
    c = collect(index, emission=emission(), observation=observation())
    values = indicator_values(index, c)
    by = {i.id: values[:, j] for j, i in enumerate(index.indicator)}
    assert by["joint_SO2_CO2"][3] == pytest.approx(0.4)
    assert by["co_reduction"][3] == 1
    assert np.isnan(by["joint_SO2_CO2"][2])
    assert by["NOx_intensity"][3] == pytest.approx(1.2)


def test_draws_follow_the_uncertainty_of_the_inventory() -> None:
    index = load("city")
    unsure = pl.DataFrame(
        [("甲市", 2021, "total", "NOx", 1200.0, "t", 1200 * (1 - 0.196), 1200 * (1 + 0.196))],
        schema=["region", "year", "group", "species", "value", "unit", "lower", "upper"],
        orient="row",
    )
    c = collect(index, emission=emission(), observation=observation(), uncertainty=unsure)
    assert c.deviation["NOx"][3] == pytest.approx(0.1, rel=1e-3)
    drawn = indicator_draws(index, c, 4000, seed=1)
    j = [i.id for i in index.indicator].index("NOx_intensity")
    assert np.median(drawn[:, 3, j]) == pytest.approx(1.2, rel=0.01)
    assert drawn[:, 3, j].std() == pytest.approx(0.12, rel=0.05)
    assert np.array_equal(drawn, indicator_draws(index, c, 4000, seed=1), equal_nan=True)


def test_errors_that_persist_cancel_in_changes() -> None:
    index = load("city")
    wide = pl.DataFrame({"region": ["a", "a"], "year": [2014, 2021], "SO2": [10.0, 6.0], "CO2": [9.0, 3.0],
                         "SO2_deviation": [0.2, 0.2]})  # fmt: skip
    c = columns_from_wide(index, wide)
    j = [i.id for i in index.indicator].index("joint_SO2_CO2")
    assert indicator_draws(index, c, 500, 0)[:, 1, j].std() > 0.05
    assert indicator_draws(index, c, 500, 0, year_correlation=1.0)[:, 1, j].std() < 1e-12


def test_wide_tables_by_id_or_title() -> None:
    index = load("city")
    c = columns_from_wide(index, pl.DataFrame({"地区": ["a"], "年份": [2021], "PM2.5年均浓度": [35.0]}))
    assert c.value["pm25"].tolist() == [35]
    with pytest.raises(FindingError):
        columns_from_wide(index, pl.DataFrame({"region": ["a"], "year": [2021], "magic": [1.0]}))
    with pytest.raises(FindingError):
        columns_from_wide(index, pl.DataFrame({"region": ["a", "a"], "year": [2021, 2021]}))
    with pytest.raises(FindingError):
        collect(index)


def test_the_inventory_says_which_cases_there_are() -> None:
    extra = observation().vstack(
        pl.DataFrame([("甲市", "2013", "PM2.5", 98.0, "µg/m3")], schema=observation().schema, orient="row")
    )
    assert 2013 not in collect(load("city"), emission=emission(), observation=extra).keys["year"]
    alone = collect(load("city"), observation=extra).keys
    assert 2013 in alone["year"]


def test_a_revised_figure_goes_before_the_first_one_and_cases_can_be_given() -> None:
    rows = [
        ("甲市", "2014", "地区生产总值（修订）", 400.0, "亿元"),
        ("丙市", "2014", "地区生产总值", 90.0, "亿元"),
    ]
    more = pl.DataFrame(rows, schema=["region", "period", "indicator", "value", "unit"], orient="row")
    seen = pl.concat([observation(), more])
    cases = pl.DataFrame({"region": ["甲市", "甲市", "丙市"], "year": [2014, 2021, 2014]})
    c = collect(load("city"), observation=seen, cases=cases)
    assert c.keys.rows() == [("丙市", 2014), ("甲市", 2014), ("甲市", 2021)]
    assert c.value["gdp"].tolist() == [90, 400, 1000]
