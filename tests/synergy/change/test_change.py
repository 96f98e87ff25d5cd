import numpy as np
import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.change.change import base_places, change_tables, quadrant_counts
from tongyuan.synergy.change.panel import panel_of


def wide() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "region": ["a", "a", "a", "b", "b", "b"],
            "year": [2010, 2015, 2020] * 2,
            "SO2": [100.0, 80, 60, 100, 120, 90],
            "PM2.5": [10.0, 9, 9, 5, 5, 6],
            "CO2": [1000.0, 900, 950, 500, 600, 450],
            "gdp": [50.0, 60, 70, 40, 50, 45],
        }
    )


def test_coordinates_elasticities_and_quadrants() -> None:
    p = panel_of(wide(), species=["SO2", "PM2.5", "CO2"], unit="t", driver="gdp")
    tables, found = change_tables(p, 2)
    rows = tables["co_control"].filter(pl.col("pollutant") == "SO2").sort("region", "year")
    assert rows["quadrant"].to_list() == ["co_reduction", "pollution_only", "co_increase", "co_reduction"]
    assert rows["elasticity"][0] == pytest.approx(2.0)
    assert rows["base_year"].to_list() == [2010, 2015, 2010, 2015]
    assert [f.check for f in found] == ["equivalent_missing"]
    assert (
        tables["co_control"].filter(pl.col("pollutant") == "PM2.5")["quadrant"].to_list().count("axis") == 2
    )
    equivalent = tables["equivalent"].sort("region", "year")
    assert equivalent["apeq"][0] == pytest.approx(20 * 1000 / 0.95)
    assert equivalent["iapeq"][0] == pytest.approx(20 * 1000 / 0.95 * 1.2 + 100 * 48)


def test_first_year_as_base() -> None:
    p = panel_of(wide(), species=["SO2", "CO2"], unit="t")
    tables, _ = change_tables(p, 1, base="first")
    assert set(tables) == {"co_control", "equivalent"}
    assert tables["co_control"]["base_year"].unique().to_list() == [2010]
    now, then = base_places((2010, 2015, 2020), "first")
    assert now.tolist() == [1, 2]
    assert then.tolist() == [0, 0]


def test_effects_of_driver_and_intensity_sum_to_the_change() -> None:
    p = panel_of(wide(), species=["SO2", "CO2"], unit="t", driver="gdp")
    tables, _ = change_tables(p, 1)
    sums = (
        tables["lmdi"]
        .group_by("region", "year", "species")
        .agg(pl.col("value").sum(), pl.col("ratio").product())
    )
    flat = wide().unpivot(["SO2", "CO2"], index=["region", "year"], variable_name="species", value_name="e")
    moved = flat.sort("year").with_columns(
        (pl.col("e") - pl.col("e").shift(1)).over("region", "species").alias("change"),
        (pl.col("e") / pl.col("e").shift(1)).over("region", "species").alias("times"),
    )
    both = sums.join(moved, on=["region", "year", "species"])
    assert both.height == 8
    assert np.allclose(both["value"], both["change"])
    assert np.allclose(both["ratio"], both["times"])
    assert tables["decoupling"]["state"].n_unique() > 2


def test_other_gases_need_their_warming_potential() -> None:
    frame = wide().with_columns(pl.lit(1.0).alias("CH4_fossil"))
    p = panel_of(frame, species=["SO2", "CO2", "CH4_fossil"])
    with pytest.raises(FindingError):
        change_tables(p, 1)
    tables, _ = change_tables(p, 1, gwp={"CH4_fossil": 30})
    assert tables["co_control"].height > 0


def test_own_equivalents_and_one_year() -> None:
    p = panel_of(wide(), species=["SO2", "PM2.5", "CO2"], unit="t")
    own = pl.DataFrame({"species": ["SO2", "PM2.5"], "weight": [1.0, 2.0], "price": [1.0, 1.0]})
    tables, found = change_tables(p, 2, equivalents=own, carbon_price=0.0)
    assert found == []
    assert tables["equivalent"].sort("region", "year")["iapeq"][0] == pytest.approx(22)
    with pytest.raises(FindingError):
        change_tables(panel_of(wide().filter(pl.col("year") == 2010), species=["SO2", "CO2"]), 1)


def test_quadrant_counts_sum_to_the_regions() -> None:
    tables, _ = change_tables(panel_of(wide(), species=["SO2", "PM2.5", "CO2"], unit="t"), 2)
    counts = quadrant_counts(tables["co_control"])
    assert counts.height == 2 * 3 * 5
    assert set(counts.group_by("year", "pollutant").agg(pl.col("count").sum())["count"]) == {2}


def test_a_year_of_ones_own_is_the_base_of_every_other() -> None:
    """Against 2015 SO2 of a is 100 → 80: +25 % in 2010, −25 % in 2020."""
    tables, _ = change_tables(panel_of(wide(), species=["SO2", "CO2"], unit="t"), 1, base=2015)
    rows = tables["co_control"].filter((pl.col("pollutant") == "SO2") & (pl.col("region") == "a"))
    assert rows.select("year", "base_year", "pollution_change").rows() == [
        (2010, 2015, pytest.approx(0.25)),
        (2020, 2015, pytest.approx(-0.25)),
    ]
    with pytest.raises(FindingError, match="no data for the base year 2011"):
        change_tables(panel_of(wide(), species=["SO2", "CO2"]), 1, base=2011)


def test_a_panel_without_carbon_still_decomposes() -> None:
    p = panel_of(wide(), species=["SO2"], driver="gdp", unit="kt")
    tables, found = change_tables(p, 1, base="first")
    assert set(tables) == {"decoupling", "lmdi"}
    assert [f.check for f in found] == ["no_carbon"]
    last = tables["lmdi"].filter((pl.col("region") == "a") & (pl.col("year") == 2020))
    assert last["value"].sum() == pytest.approx(60 - 100)
    assert set(last["unit"]) == {"kt"}


def test_labels_carry_the_unit_of_the_table_and_equivalents_need_one() -> None:
    """20 kt SO2 less are 20 000 t: 20 000 000 kg over 0.95 kg are 21 052 632 equivalents."""
    tables, _ = change_tables(panel_of(wide(), species=["SO2", "CO2"], unit="kt"), 1)
    row = tables["co_control"].filter(pl.col("pollutant") == "SO2").row(0, named=True)
    assert (row["pollution_reduction"], row["pollution_unit"], row["carbon_unit"]) == (20.0, "kt", "kt")
    assert tables["equivalent"]["apeq"][0] == pytest.approx(20e6 / 0.95)
    assert tables["equivalent"]["carbon"][0] == pytest.approx(100e3)
    bare, found = change_tables(panel_of(wide(), species=["SO2", "CO2"]), 1)
    assert set(bare["co_control"]["pollution_unit"]) == {""}
    assert "equivalent" not in bare
    assert "APeq" not in set(bare["co_control"]["pollutant"])
    assert [f.check for f in found] == ["equivalent_unit"]
