"""The fields of the tables of allocation, by hand."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.carbon.allocation import allocation_lines

Make = Callable[..., pl.DataFrame]


def cells(given: dict[str, pl.DataFrame]) -> dict[tuple[str, str], float]:
    made = carbon(given)
    got = allocation_lines(made.lines, made.outputs, given["installation"], made.slag, made.figures)
    return {(row["form"], row["line"]): row["value"] for row in got.to_dicts()}


def test_cement_has_its_slag_rate_by_carbon(make: Make) -> None:
    """40 t of slag · 0.48 / (1000 t · 0.535) = 3.5888 %; ② = 535 − 19.2 + fuel."""
    at = {"facility": "C", "installation": "K"}
    given = {
        "facility": make("facility", {"facility": "C", "kind": "cement", "region": "370100"}),
        "installation": make("installation", {**at, "kind": "kiln_line"}),
        "output": make("output", {**at, "product": "clinker", "value": 1000.0, "unit": "t"}),
        "material_use": make(
            "material_use", {**at, "material": "carbide_slag", "direction": "in", "value": 40.0}
        ),
        "fuel_use": make(
            "fuel_use", {**at, "product": "bituminous", "value": 100.0, "unit": "t", "ncv": 23.0}
        ),
    }
    got = cells(given)
    fuel = 100 * 23 * 0.02618 * 0.99 * 44 / 12
    assert got["cement", "rate"] == pytest.approx(40 * 0.48 / 535 * 100)
    assert (got["cement", "slag"], got["cement", "k"], got["cement", "factor"]) == (40.0, 0.48, 0.535)
    assert got["cement", "fuel"] == pytest.approx(fuel)
    assert got["cement", "process"] == pytest.approx(535 - 19.2)
    assert got["cement", "②"] == pytest.approx(535 - 19.2 + fuel)
    assert got["cement", "③"] == pytest.approx((535 - 19.2 + fuel) / 1000)


def test_aluminium_has_anodes_and_effects_apart(make: Make) -> None:
    """1 t of aluminium: 1.4708 t of anodes and 0.1448 t CO2e of effects (methods, test 7)."""
    at = {"facility": "A", "installation": "1"}
    given = {
        "facility": make("facility", {"facility": "A", "kind": "aluminium", "region": "370100"}),
        "installation": make("installation", {**at, "kind": "cell_series"}),
        "cell_series": make("cell_series", {**at, "liquid": 1000.0}),
    }
    got = cells(given)
    assert got["aluminium", "①"] == 1000.0
    assert got["aluminium", "②"] == pytest.approx(1470.8, abs=0.1)
    assert got["aluminium", "③"] == pytest.approx(144.8, abs=0.1)
    assert got["aluminium", "④"] == pytest.approx((got["aluminium", "②"] + got["aluminium", "③"]) / 1000)
    assert got["aluminium", "⑤"] == pytest.approx(got["aluminium", "②"] + got["aluminium", "③"])


def test_a_unit_has_hours_and_the_load_of_its_hours(make: Make) -> None:
    """700 h at 80 % and 300 h at 60 %: 74 % over 1000 h."""
    at = {"facility": "P", "installation": "1", "product": "electricity", "value": 10.0, "unit": "GWh"}
    given = {
        "facility": make("facility", {"facility": "P", "kind": "power", "region": "370100"}),
        "installation": make("installation", {"facility": "P", "installation": "1", "kind": "power_unit"}),
        "output": make("output", {**at, "month": "2026-01", "hours": 700.0, "load": 80.0},
                       {**at, "month": "2026-02", "hours": 300.0, "load": 60.0}),
    }  # fmt: skip
    got = cells(given)
    assert got["power", "hours"] == 1000.0
    assert got["power", "load"] == pytest.approx(74.0)
    assert got["power", "electricity"] == 20_000.0


def test_steel_and_nothing(make: Make) -> None:
    """(炼铁 + 烧结) ÷ 生铁 of 10,000 t of coke and 20,000 t of iron."""
    at = {"facility": "S", "product": "coke", "unit": "t"}
    given = {
        "facility": make("facility", {"facility": "S", "kind": "steel", "region": "370100"}),
        "installation": make("installation", {"facility": "S", "installation": "烧结", "kind": "sinter"},
                             {"facility": "S", "installation": "炼铁", "kind": "blast_furnace"}),
        "fuel_use": make("fuel_use", {**at, "installation": "烧结", "value": 1000.0},
                         {**at, "installation": "炼铁", "value": 9000.0}),
        "output": make("output", {**at, "installation": "炼铁", "product": "pig_iron", "value": 20_000.0}),
    }  # fmt: skip
    coke = 28.435 * 0.02942 * 44 / 12
    assert cells(given)["steel", "④"] == pytest.approx(10_000 * coke / 20_000)
    bare = {"facility": make("facility", {"kind": "power", "region": "370100"})}
    made = carbon(bare)
    frame = make("installation", {"kind": "other"})
    assert allocation_lines(made.lines, made.outputs, frame, made.slag, made.figures).is_empty()
