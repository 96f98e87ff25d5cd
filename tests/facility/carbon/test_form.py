"""The report line by line, and the fields of the tables of allocation."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.carbon.form import allocation_lines, carbon_lines

Make = Callable[..., pl.DataFrame]


def tables(make: Make) -> dict[str, pl.DataFrame]:
    own = {"region": "370100"}
    return {
        "facility": make(
            "facility", {"facility": "P", "kind": "power", **own}, {"facility": "S", "kind": "steel", **own},
            {"facility": "C", "kind": "cement", **own},
        ),
        "installation": make(
            "installation",
            {"facility": "P", "installation": "1号机组", "kind": "power_unit", "capacity": 300.0,
             "capacity_unit": "MW"},
            {"facility": "S", "installation": "烧结", "kind": "sinter"},
            {"facility": "S", "installation": "炼铁", "kind": "blast_furnace"},
            {"facility": "C", "installation": "1号窑", "kind": "kiln_line"},
        ),
        "fuel_use": make(
            "fuel_use",
            {"facility": "P", "installation": "1号机组", "product": "bituminous", "value": 60_000.0,
             "unit": "t", "carbon": 55.214},
            {"facility": "S", "installation": "烧结", "product": "coke", "value": 1000.0, "unit": "t"},
            {"facility": "S", "installation": "炼铁", "product": "coke", "value": 9000.0, "unit": "t"},
            {"facility": "C", "installation": "1号窑", "product": "bituminous", "value": 100.0,
             "unit": "t", "ncv": 23.0},
        ),
        "output": make(
            "output",
            {"facility": "P", "installation": "1号机组", "product": "electricity", "value": 15.0,
             "unit": "GWh", "hours": 720.0, "load": 75.0},
            {"facility": "P", "installation": "1号机组", "product": "heat", "value": 5000.0, "unit": "GJ"},
            {"facility": "S", "installation": "炼铁", "product": "pig_iron", "value": 20_000.0, "unit": "t"},
            {"facility": "C", "installation": "1号窑", "product": "clinker", "value": 1000.0, "unit": "t"},
        ),
    }  # fmt: skip


def test_fuel_of_a_power_unit_stands_in_form_c3_with_the_decimals_of_the_guide(make: Make) -> None:
    given = tables(make)
    made = carbon(given)
    lines = carbon_lines(made.fuel, made.lines, made.outputs).filter(facility="P")
    text = {(row["form"], row["line"]): row["printed"] for row in lines.to_dicts()}
    assert text["C.3", "A"] == "60000.00"
    assert text["C.3", "B"] == "0.5521"
    assert text["C.3", "E"] == "99"
    assert text["C.3", "F"] == f"{60_000 * 0.55214 * 0.99 * 44 / 12:.2f}"
    assert text["C.4", "Q"] == text["C.3", "F"]
    assert text["C.4", "M"] == "15.000"
    assert text["C.4", "O"] == "720.00"
    assert ("C.3", "C") not in text
    assert set(lines.filter(form="C.3")["item"]) == {"bituminous"}
    origin = {row["line"]: row["origin"] for row in lines.filter(form="C.3").to_dicts()}
    assert origin == {"A": "measured", "B": "measured_carbon", "E": "guide_default", "F": "computed"}
    steel = carbon_lines(made.fuel, made.lines, made.outputs).filter(facility="S")
    assert "E" not in steel["line"].to_list()


def test_tables_of_allocation_have_their_verified_fields(make: Make) -> None:
    given = tables(make)
    made = carbon(given)
    got = allocation_lines(made.lines, made.outputs, given["installation"])
    cells = {(row["form"], row["line"]): row["value"] for row in got.to_dicts()}
    coke = 28.435 * 0.02942 * 44 / 12
    assert cells["steel", "④"] == pytest.approx(10_000 * coke / 20_000)
    assert cells["steel", "⑥"] == pytest.approx(10_000 * coke)
    assert cells["cement", "①"] == 1000.0
    assert cells["cement", "③"] == pytest.approx((100 * 23 * 0.02618 * 0.99 * 44 / 12 + 535) / 1000)
    assert cells["power", "electricity"] == 15_000.0
    assert cells["power", "heat"] == 5000.0
    assert got.filter(form="power", line="emission")["text"].to_list() == ["300.0 MW"]


def test_nothing_accounted_has_no_lines(make: Make) -> None:
    made = carbon({"facility": make("facility", {"kind": "power", "region": "370100"})})
    assert carbon_lines(made.fuel, made.lines, made.outputs).is_empty()
    assert allocation_lines(made.lines, made.outputs, make("installation", {"kind": "other"})).is_empty()
