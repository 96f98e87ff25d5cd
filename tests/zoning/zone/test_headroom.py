"""What is left of budgets."""

import polars as pl
import pytest

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.headroom import headroom

BUDGET = from_rows(
    "zone_budget",
    [
        {"zone": "Z", "item": "NOx", "limit": 100.0, "used": 70.0, "reserved": 10.0, "unit": "t"},
        {"zone": "Z", "item": "CO2", "limit": 5e5, "unit": "t"},
        {"zone": "Z", "item": "water", "limit": 1e6, "unit": "m3"},
    ],
)
NOTHING = pl.DataFrame(schema={"zone": pl.String, "item": pl.String, "value": pl.Float64})


def test_by_hand():
    asked = pl.DataFrame({"zone": ["Z", "Z", "Y"], "item": ["NOx"] * 3, "value": [15.0, 9.0, 4.0]})
    used = pl.DataFrame({"zone": ["Z", "Z"], "item": ["CO2", "NOx"], "value": [3e5, 1.0]})
    made = {r["item"]: r for r in headroom(BUDGET, asked, used).iter_rows(named=True)}
    assert made["NOx"]["left"] == pytest.approx(-4)
    assert (made["CO2"]["left"], made["CO2"]["used"]) == (2e5, 3e5)
    assert "water" not in made


def test_without_an_inventory_what_is_typed_counts():
    made = headroom(BUDGET, NOTHING)
    assert made["item"].to_list() == ["NOx"]
    assert made["left"].to_list() == [20.0]
