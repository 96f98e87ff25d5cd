from __future__ import annotations

import polars as pl
import pytest

from tongyuan.reference import gwp


@pytest.mark.parametrize(
    ("name", "horizon", "gas", "value"),
    [
        ("SAR", 100, "CH4_fossil", 21), ("SAR", 100, "N2O", 310), ("TAR", 100, "CH4_biogenic", 23),
        ("AR4", 100, "CH4_fossil", 25), ("AR4", 20, "CH4_fossil", 72), ("AR4", 500, "N2O", 153),
        ("AR5", 100, "CH4_fossil", 28), ("AR5", 100, "N2O", 265), ("AR5_origin", 100, "CH4_fossil", 30),
        ("AR6", 100, "CH4_fossil", 29.8), ("AR6", 20, "CH4_fossil", 82.5), ("AR6", 100, "CH4_biogenic", 27.0),
        ("AR6", 100, "N2O", 273), ("AR6", 100, "SF6", 25200), ("AR6", 100, "CFC-11", 6230),
        ("cn_24_guides", 100, "HFC-23", 11700), ("cn_24_guides", 100, "CF4", 6630),
        ("cn_24_guides", 100, "C2F6", 11100), ("cn_24_guides", 100, "HFC-134a", 1300),
        ("cn_ets", 100, "CH4_fossil", 28), ("cn_ets", 100, "SF6", 23500),
        ("gbt_32151_22", 100, "CH4_biogenic", 27.9),
        ("gbt_32151_22", 100, "N2O", 273), ("ncsc_v2", 100, "CH4_biogenic", 27.0),
        ("ncsc_v2", 100, "NF3", 17423),
        ("AR6", 100, "CO2", 1), ("AR6", 100, "CO2_biogenic", 0),
    ],
)  # fmt: skip
def test_values(name: str, horizon: int, gas: str, value: float) -> None:
    assert gwp.value(gas, name, horizon) == value


@pytest.mark.parametrize(
    ("gas", "name", "horizon", "words"),
    [
        ("CO2", "AR7", 100, "no GWP set"),
        ("SO2", "AR6", 100, "no global warming potential"),
        ("argon", "AR6", 100, "no species"),
        ("SF6", "gbt_32151_22", 100, "has no 100-year potential"),
        ("N2O", "AR5", 20, "has no 20-year potential"),
    ],
)
def test_a_missing_value_is_an_error(gas: str, name: str, horizon: int, words: str) -> None:
    with pytest.raises(KeyError, match=words):
        gwp.value(gas, name, horizon)


def test_every_potential_has_a_citation() -> None:
    for name in gwp.sets():
        for horizon in (20, 100, 500):
            table = gwp.table(name, horizon)
            assert (table["source"] != "").all()
            assert (table["locator"] != "").all()
            assert table["species"].is_unique().all()


def test_equivalents_keep_rows_and_other_columns() -> None:
    frame = pl.DataFrame(
        {
            "species": ["CO2", "SO2", "CH4_fossil", "CO2_biogenic", "HCFC-22"],
            "value": [1.0, 2.0, 3.0, 4.0, 5.0],
            "process": ["a", "b", "c", "d", "e"],
        }
    )
    found = gwp.co2e(frame, "AR6")
    assert found["process"].to_list() == frame["process"].to_list()
    assert found["co2e"].to_list() == pytest.approx([1.0, None, 89.4, 0.0, None])
    assert gwp.co2e(frame, "AR6", ods=True)["co2e"][4] == 5 * 1960


def test_all_missing_gases_are_named_together() -> None:
    frame = pl.DataFrame({"species": ["SF6", "NF3", "N2O"], "value": [1.0, 1.0, 1.0]})
    with pytest.raises(KeyError, match="SF6, NF3"):
        gwp.co2e(frame, "gbt_32151_22")


def test_pandas_may_enter() -> None:
    import pandas as pd

    frame = pd.DataFrame({"species": ["N2O"], "value": [2.0]})
    assert gwp.co2e(pl.from_pandas(frame), "AR5")["co2e"].to_list() == [530.0]


def test_a_hundred_years_unless_said_and_carbon_of_plants_apart() -> None:
    assert gwp.potential("CH4_fossil", "AR6").value == 29.8
    assert gwp.value("CH4_fossil", "AR6") == 29.8
    biogenic = gwp.potential("CO2_biogenic")
    assert (biogenic.value, biogenic.note) == (
        0.0,
        "单列，不计入二氧化碳当量 / reported apart, not part of CO2e",
    )
    frame = pl.DataFrame({"species": ["CH4_fossil", "SO2"], "value": [2.0, 3.0]})
    assert gwp.co2e(frame, "AR6")["co2e"].to_list() == [59.6, None]


def test_a_table_counts_a_hundred_years_unless_said() -> None:
    methane = gwp.table("AR6").filter(pl.col("species") == "CH4_fossil")["gwp"].to_list()
    assert methane == [29.8]
