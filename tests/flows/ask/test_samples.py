"""Draws of an inventory: whole rows, shared factors, no groups that were not asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.flows.ask.samples import samples
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform, empty

EMISSION = {
    "region": "370000", "year": 2021, "process": "energy.power", "product": "coal", "species": "CO2",
    "medium": "ghg", "scope": "direct", "value": 100.0, "unit": "t", "factor_id": "f", "activity_id": "a",
    "origin": "activity", "method": "factor_tier_1",
}  # fmt: skip
RECORD = {
    "record_id": "f", "kind": "emission_factor", "region": "CN", "species": "CO2", "value": 2.0,
    "unit": "t/t", "row_count": 2, "lower": 1.8, "upper": 2.2, "distribution": "normal",
    "status": "official", "source": "s", "locator": "l",
}  # fmt: skip


def frame(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    known = empty(name).schema
    return conform(name, pl.DataFrame([{k: v for k, v in row.items() if k in known} for row in rows]))


def test_two_rows_of_one_factor_move_together_and_the_spread_is_that_of_the_factor() -> None:
    other = EMISSION | {"process": "industry.combustion.boiler", "value": 50.0}
    tables = {
        "emission": frame("emission", EMISSION, other),
        "factor_used": frame("factor_used", RECORD),
        "activity": empty("activity"),
    }
    drawn = samples(tables, AccountSettings(), ["CO2"], draws=4_000, seed=3)
    assert set(drawn["group"]) == {"total", "energy", "industry"}
    assert drawn.height == 3 * 4_000
    wide = drawn.pivot("group", index="draw", values="value")
    # one factor: industry is half of energy in every draw, and the total is their sum
    assert wide["industry"].to_numpy() == pytest.approx(wide["energy"].to_numpy() / 2)
    assert wide["total"].to_numpy() == pytest.approx((wide["energy"] + wide["industry"]).to_numpy())
    # ± 10 % is the 95 % interval of the factor: 150 ± 15
    assert np.quantile(wide["total"], [0.025, 0.975]) == pytest.approx([135.0, 165.0], rel=0.01)
    assert wide["draw"].to_list() == list(range(1, 4_001))
    # CO2e is among the species, with the same draws
    both = samples(tables, AccountSettings(), ["CO2", "CO2e"], draws=100, seed=3)
    assert set(both["species"]) == {"CO2", "CO2e"}
    assert samples(tables, AccountSettings(), ["SO2"], draws=100).is_empty()
    for draws in (0, 10**9):
        with pytest.raises(FindingError, match="draws cannot be made"):
            samples(tables, AccountSettings(), ["CO2"], draws=draws)
