"""CO2 of clinker, steel materials, anodes and waste of an enterprise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.facility.carbon.material import cell_lines, clinker_lines, material_lines

Make = Callable[..., pl.DataFrame]


def materials(make: Make, kind: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return material_lines(make("material_use", *rows).with_columns(pl.lit(kind).alias("kind")))


def test_materials_of_a_steel_works(make: Make) -> None:
    """Steel guide of 2025, table A.2: −14176.10 t (vector STL-10)."""
    got = materials(
        make, "steel",
        {"material": "limestone", "direction": "in", "value": 50_000.0},
        {"material": "dolomite", "direction": "in", "value": 20_000.0},
        {"material": "electrode", "direction": "in", "value": 300.0},
        {"material": "scrap", "direction": "in", "value": 100_000.0},
        {"material": "crude_steel", "direction": "out", "value": 1_000_000.0},
        {"material": "coal_tar", "direction": "out", "value": 5_000.0},
    )  # fmt: skip
    assert round(float(got["emission"].sum()), 2) == -14176.10
    assert got["emission"][1] == pytest.approx(9520.0)
    assert got["counted"].all()


def test_dolomite_of_other_works_has_the_older_factor(make: Make) -> None:
    got = materials(make, "chemical", {"material": "dolomite", "direction": "in", "value": 1000.0})
    assert got["emission"][0] == pytest.approx(471.0)


def test_own_factors_act_only_where_they_are_called_tested(make: Make) -> None:
    row = {"material": "limestone", "direction": "in", "value": 1000.0, "factor": 0.43}
    assert materials(make, "steel", row)["emission"][0] == pytest.approx(440.0)
    tested = materials(make, "steel", {**row, "factor_source": "tested"})
    assert tested["emission"][0] == pytest.approx(430.0)
    assert tested["method"][0] == "measured_carbon"


def test_carbide_slag_takes_off_what_it_brings_without_carbonate(make: Make) -> None:
    got = materials(make, "cement", {"material": "carbide_slag", "direction": "in", "value": 10_000.0})
    assert got["emission"][0] == pytest.approx(-4800.0)


def test_limestone_of_desulphurisation_is_outside_the_guide_of_power(make: Make) -> None:
    got = materials(make, "power", {"material": "limestone", "direction": "in", "value": 1000.0})
    assert not got["counted"][0]
    assert got["problem"][0] == ""


def test_a_material_without_a_factor_is_named(make: Make) -> None:
    got = materials(make, "steel", {"material": "gypsum", "direction": "in", "value": 1.0})
    assert got["problem"][0] == "factor"
    assert not got["counted"][0]


def test_clinker_by_its_kind(make: Make) -> None:
    output = make("output", {"product": "clinker", "value": 100_000.0, "unit": "t"}).with_columns(
        amount="value", clinker=pl.lit("white")
    )
    assert clinker_lines(output)["emission"][0] == pytest.approx(55_000.0)
    unnamed = output.with_columns(clinker=pl.lit(None, dtype=pl.String))
    assert clinker_lines(unnamed)["emission"][0] == pytest.approx(53_500.0)


def test_a_tonne_of_aluminium_by_defaults(make: Make) -> None:
    """Net anode carbon .411: 1.4708 t CO2; CF4 0.020 and C2F6 0.0011 kg (guide of 2024)."""
    got = cell_lines(make("cell_series", {"liquid": 1.0}))
    assert got["species"].to_list() == ["CO2", "CF4", "C2F6"]
    assert got["emission"].to_list() == pytest.approx([1.4708, 2e-5, 1.1e-6], rel=1e-4)
    assert set(got["method"]) == {"guide_default"}
    own = cell_lines(make("cell_series", {"liquid": 1000.0, "anode_net": 400.0, "cf4": 0.03}))
    assert own["emission"].to_list()[:2] == pytest.approx([400 * 0.976 * 44 / 12, 0.03])
    assert own["method"].to_list() == ["measured_carbon", "measured_carbon", "guide_default"]
