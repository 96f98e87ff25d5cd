"""Fuel of vehicles, and fuel against distance."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.fleet.fleet import FLEET, fleet_check, fleet_fuel
from tongyuan.ledger.table import table


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    schema = table(name).dtypes
    base = {key: value for key, value in {"facility": "E1", "month": "2026-01"}.items() if key in schema}
    return pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)


TRUCK = {"kind": "transport.road.heavy_truck", "product": "diesel", "standard": "stage_6"}


def vehicles(*names: str, **more: Any) -> pl.DataFrame:
    return frame("vehicle", *({"vehicle": name, **TRUCK, **more} for name in names))


def test_litres_need_a_density_and_tonnes_do_not() -> None:
    runs = frame(
        "vehicle_run",
        {"vehicle": "A", "value": 1000.0, "unit": "L", "density": 0.835},
        {"vehicle": "A", "value": 2.0, "unit": "t"},
        {"vehicle": "A", "value": 1000.0, "unit": "L"},
        {"vehicle": "Z", "value": 1.0, "unit": "t"},
        {"vehicle": "A", "distance": 100.0},
    )
    got = fleet_fuel(runs, vehicles("A"))
    assert got["value"].to_list()[:2] == pytest.approx([0.835, 2.0])
    assert got["trouble"].to_list() == ["", "", "density", "vehicle"]
    assert set(got["installation"]) == {FLEET}
    assert fleet_fuel(runs, vehicles("A"), unverified=True)["value"][2] == pytest.approx(0.84)


def test_gas_by_volume_stays_a_volume() -> None:
    runs = frame("vehicle_run", {"vehicle": "A", "value": 20_000.0, "unit": "m3"})
    got = fleet_fuel(runs, vehicles("A", product="natural_gas"))
    assert (got["value"][0], got["unit"][0], got["trouble"][0]) == (2.0, "10^4 m3", "")


def test_fuel_of_a_fleet_is_accounted_by_the_general_guide() -> None:
    """1 t of diesel: 43.33 × 20.20/1000 × 0.98 × 44/12 (24 guides)."""
    tables = {
        "facility": frame("facility", {"kind": "fleet", "region": "370100", "name": "x"}),
        "vehicle": vehicles("A"),
        "vehicle_run": frame("vehicle_run", {"vehicle": "A", "value": 1.0, "unit": "t"}),
    }
    made = carbon(tables)
    assert made.findings == ()
    row = made.lines.row(0, named=True)
    assert row["emission"] == pytest.approx(43.33 * 0.0202 * 0.98 * 44 / 12)
    assert row["process"] == "transport.road.heavy_truck"
    bad = {**tables, "vehicle_run": frame("vehicle_run", {"vehicle": "A", "value": 1.0, "unit": "L"})}
    assert [f.check for f in carbon(bad).findings] == ["vehicle_density"]
    lost = {**tables, "vehicle_run": frame("vehicle_run", {"vehicle": "B", "value": 1.0, "unit": "t"})}
    assert [f.check for f in carbon(lost).findings] == ["vehicle_unknown"]


def test_fuel_is_held_against_distance() -> None:
    smoke = {"vehicle": "A", "day": dt.date(2025, 3, 1), "method": "x", "parameter": "烟度"}
    runs = [("A", 320.0, 1000.0), ("B", 640.0, 1000.0), ("C", 100.0, 1000.0), ("D", 300.0, None)]
    made = fleet_check(
        frame("vehicle_run", *({"vehicle": v, "value": f, "unit": "L", "distance": d} for v, f, d in runs)),
        vehicles("A", "B", "C", "D", consumption_rated=32.0),
        frame("vehicle_inspection", {**smoke, "value": 2.0, "passed": False}),
    )
    assert made["state"].to_list() == ["consistent", "too_much_fuel", "too_little_fuel", "no_distance"]
    assert made["ratio"].to_list()[:3] == pytest.approx([1.0, 2.0, 0.3125])
    assert made["inspection_passed"].to_list() == [False, None, None, None]


def test_without_a_rated_consumption_peers_say_what_is_expected() -> None:
    runs = [("A", 300.0), ("B", 310.0), ("C", 600.0)]
    rows = frame(
        "vehicle_run", *({"vehicle": v, "value": f, "unit": "L", "distance": 1000.0} for v, f in runs)
    )
    made = fleet_check(rows, vehicles("A", "B", "C"), frame("vehicle_inspection"))
    assert made["expected"].to_list() == [31.0] * 3
    assert made["state"].to_list() == ["consistent", "consistent", "too_much_fuel"]
    alone = fleet_check(rows.head(1), vehicles("A"), frame("vehicle_inspection"))
    assert alone["state"].to_list() == ["not_comparable"]


def test_units_of_fuel_do_not_matter() -> None:
    litres = frame("vehicle_run", {"vehicle": "A", "value": 320.0, "unit": "L", "distance": 1000.0})
    cubic = litres.with_columns(value=pl.lit(0.32), unit=pl.lit("m3"))
    a, b = (
        fleet_check(runs, vehicles("A", consumption_rated=32.0), frame("vehicle_inspection"))
        for runs in (litres, cubic)
    )
    assert a["ratio"][0] == pytest.approx(b["ratio"][0])
