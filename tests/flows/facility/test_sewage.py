"""A sewage works by month is the plant of its year."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.flows.account.account import emitted
from tongyuan.flows.facility.sewage import plants
from tongyuan.flows.source import Inputs
from tongyuan.ledger.settings import Settings
from tongyuan.reference.shelf import shelf

Make = Callable[..., pl.DataFrame]
TREATMENT = shelf("wastewater_treatment")["wastewater_treatment"][0]
KIND = shelf("wastewater_kind")["wastewater_kind"][0]


def tables(make: Make) -> dict[str, pl.DataFrame]:
    month = {"kind": KIND, "treatment": TREATMENT, "cod_out": 25.0, "tn_in": 45.0, "tn_out": 10.0}
    return {
        "facility": make("facility", {"kind": "sewage", "region": "370100", "name": "x"}),
        "installation": make("installation", {"kind": "sewage"}),
        "sewage_month": make(
            "sewage_month",
            {**month, "month": "2025-01", "flow": 1e6, "cod_in": 300.0, "sludge_dry": 100.0},
            {**month, "month": "2025-02", "flow": 3e6, "cod_in": 400.0, "sludge_dry": 300.0},
            {**month, "month": "2024-12", "flow": 1e6, "cod_in": 300.0},
        ),
    }


def test_water_is_summed_and_concentrations_are_weighted_by_it(make: Make) -> None:
    made = plants(tables(make), (2025,))
    row = made.row(0, named=True)
    assert made.height == 1
    assert (row["volume"], row["sludge_dry"]) == (4e6, 400.0)
    assert row["cod_in"] == pytest.approx(375.0)
    assert row["tn_out"] == pytest.approx(10.0)


def test_the_published_methods_account_it(make: Make) -> None:
    settings = Settings(name="x", kind="enterprise", region="370000")
    species = set(emitted(Inputs(settings, tables(make))).emission["species"])
    assert "N2O" in species
