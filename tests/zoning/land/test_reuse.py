"""Photovoltaics on land used again."""

import polars as pl
import pytest

from tongyuan.reference.energy.grid import grid_factor
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.land.reuse import photovoltaic


def test_PV_01() -> None:
    made = photovoltaic(20, 1250, grid_factor("370000", 2023, "average").value)
    assert made.generation == 25_000
    assert made.carbon == pytest.approx(15_478, abs=1)


def test_PV_02() -> None:
    row = shelf("land_reuse").filter(pl.col("id") == "pv.1").to_dicts()[0]
    power, claimed = float(row["generation"]) * 1e3, float(row["claimed_CO2"])
    assert claimed / power == pytest.approx(0.9971, abs=1e-4)
    assert claimed / float(row["claimed_coal"]) == pytest.approx(2.4926, abs=1e-4)
    made = photovoltaic(1.0, power, grid_factor("340000", 2023, "average").value, claimed)
    assert made.carbon == pytest.approx(89_121, abs=1)
    assert made.ratio == pytest.approx(1.52, abs=5e-3)


def test_without_a_claim_or_a_plant_there_is_no_ratio():
    assert photovoltaic(20, 1250, 0.6).ratio is None
    assert photovoltaic(0, 1250, 0.6, 5.0).ratio is None
