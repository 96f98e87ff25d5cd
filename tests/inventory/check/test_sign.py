from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tongyuan.inventory.check.sign import below_zero


def emission(**cells: Any) -> pl.DataFrame:
    row = {
        "region": "370000",
        "year": 2021,
        "process": "energy.power",
        "product": "raw_coal",
        "medium": "air",
        "species": "SO2",
        "value": -1564.0,
        "uncontrolled": 16.64,
        "unit": "t",
        "factor_id": ["m1"],
        "control": "wet_fgd",
    }
    return pl.DataFrame([row | cells], schema_overrides={"uncontrolled": pl.Float64})


def test_a_pollutant_below_zero_names_factor_and_device() -> None:
    (found,) = below_zero(emission())
    assert (found.check, found.severity) == ("below_zero", "error")
    assert "-1564" in found.message("en")
    assert "m1" in found.message("zh")
    assert "wet_fgd" in found.message("zh")


@pytest.mark.parametrize(
    "cells",
    [
        {"value": 0.0},
        {"value": 1.0},
        {"value": -1e-12},
        {"species": "CO2"},
        {"species": "CO2_biogenic"},
        {"species": "electricity", "medium": "resource"},
    ],
)
def test_zero_rounding_and_carbon_pass(cells: dict[str, Any]) -> None:
    assert below_zero(emission(**cells)) == []


@pytest.mark.parametrize("species", ["CH4_fossil", "N2O", "NH3", "COD", "PM2.5"])
def test_every_other_species_holds_the_line(species: str) -> None:
    assert len(below_zero(emission(species=species, value=-0.001, uncontrolled=None))) == 1
