"""A plan sees the enterprises: their sources, devices and what they emit, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.ask.plan.draft import draft
from tongyuan.flows.plan.facility import beside_sources, with_enterprises
from tongyuan.flows.plan.plan import prepare
from tongyuan.flows.source import Inputs
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import empty, table

Make = Callable[..., pl.DataFrame]


@pytest.fixture
def make() -> Make:
    def made(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
        schema = table(name).dtypes
        base = {k: v for k, v in {"facility": "E1", "source": "x"}.items() if k in schema}
        defaults = {c.name: c.default for c in table(name).columns if c.default and c.type != "boolean"}
        frame = pl.DataFrame([{**dict.fromkeys(schema), **base, **row} for row in rows], schema=schema)
        return frame.with_columns(pl.col(k).fill_null(pl.lit(v).cast(schema[k])) for k, v in defaults.items())

    return made


@pytest.fixture
def works(make: Make) -> Callable[..., Inputs]:
    """Return a function to a works with a unit, a kiln line, and a converter that gives gas away."""

    def made(*others: tuple[str, pl.DataFrame], **settings: Any) -> Inputs:
        at = {"month": "2026-01"}
        coal = {
            **at,
            "product": "raw_coal",
            "value": 50_000.0,
            "unit": "t",
            "carbon": 55.0,
            "installation": "U",
        }
        kiln = {
            **at,
            "product": "bituminous",
            "value": 9_000.0,
            "unit": "t",
            "installation": "K",
            "ncv": 23.0,
        }
        tables = {
            "facility": make("facility", {"kind": "power", "region": "370100", "name": "示例"},
                             {"facility": "E2", "kind": "cement", "region": "370100", "name": "示例"}),
            "installation": make("installation", {"installation": "U", "kind": "power_unit"},
                                 {"facility": "E2", "installation": "K", "kind": "kiln_line"}),
            "fuel_use": make("fuel_use", coal, {**kiln, "facility": "E2"}),
            "output": make("output", {**at, "facility": "E2", "installation": "K", "product": "clinker",
                                      "value": 60_000.0, "unit": "t"}),
            "material_use": make("material_use", {**at, "facility": "E2", "installation": "K",
                                                  "material": "carbide_slag", "direction": "in",
                                                  "value": 900.0}),
            "device": make("device", {"device": "D", "installation": "U", "control": "wet_fgd"},
                           {"facility": "E2", "device": "K", "installation": "K", "control": "wet_fgd"}),
        }  # fmt: skip
        chosen = {"name": "x", "kind": "enterprise", "region": "370100", **settings}
        return Inputs(Settings(**chosen), {**tables, **dict(others)})

    return made


def total(frame: pl.DataFrame, species: str) -> float:
    rows = frame.filter(pl.col("species") == species, pl.col("scope") == "direct")
    return float(rows["value"].sum())


def test_a_plan_is_drafted_and_its_base_is_the_inventory(works: Callable[..., Inputs]) -> None:
    """The coal of the unit, the clinker of the kiln, fuel and slag: every tonne is in the base."""
    inputs = works()
    accounted = account(inputs).tables
    made = draft(inputs, accounted)
    assert set(made.tables["stock"]["technology"]) == {
        "energy_power-raw_coal", "industry_cement_clinker-clinker",
    }  # fmt: skip
    case, _inventory, _ = prepare(made.workspace, accounted)
    base = case["emission_coefficient"].join(
        made.tables["stock"].select("technology", "activity"), on="technology"
    )
    for species in ("CO2", "SO2", "NOx", "TSP"):
        here = base.filter(pl.col("species") == species, pl.col("control").fill_null("") == "")
        value = (here["value"] * here["activity"]).sum()
        assert value == pytest.approx(total(accounted["emission"], species), rel=1e-9), species


def test_the_devices_of_the_record_stand_in_the_plan(works: Callable[..., Inputs]) -> None:
    """A works that has its desulphuriser is not offered it again; one without it is."""
    fitted = draft(works(), account(works()).tables).tables
    bare_works = works(("device", empty("device")))
    bare = draft(bare_works, account(bare_works).tables).tables

    def offered(tables: Any) -> set[str]:
        rows = tables["control_option"]
        return set(rows.filter(pl.col("technology") == "industry_cement_clinker-clinker")["control"])

    assert "wet_fgd" in offered(bare)
    assert not any("wet_fgd" in name for name in offered(fitted))


def test_what_is_measured_changes_with_its_unit(works: Callable[..., Inputs], make: Make) -> None:
    test = {"outlet": "A", "species": "SO2", "value": 20.0, "unit": "mg/m3", "flow": 1e6, "hours": 700.0}
    inputs = works(
        ("outlet", make("outlet", {"outlet": "A", "medium": "air"})),
        ("outlet_link", make("outlet_link", {"installation": "U", "outlet": "A", "month_from": "2026-01"})),
        ("manual_test", make("manual_test", {**test, "time": datetime(2026, 1, 10, 9)})),
    )
    accounted = account(inputs).tables
    seen, same = with_enterprises(inputs, accounted)
    assert total(same["emission"], "SO2") == pytest.approx(total(accounted["emission"], "SO2"))
    rows = same["emission"].filter(pl.col("method") == "manual")
    assert rows.select("process", "product").unique().row(0) == ("energy.power", "raw_coal")
    assert "facility" not in seen.tables
    assert prepare(draft(inputs, accounted).workspace, accounted)[0]["emission_coefficient"].height > 0


def test_what_leaves_with_its_carbon_stands_with_what_is_made() -> None:
    """Gas of a converter, −5 t, stands with its steel; a rest below zero with its branch; above, alone."""
    activity = pl.DataFrame(
        {"year": [2026] * 2, "process": ["industry.steel.bof", "industry.steel.sinter"],
         "product": ["crude_steel", "sinter"], "value": [10.0, 20.0]}
    )  # fmt: skip
    rows = pl.DataFrame(
        {"year": [2026] * 3, "process": ["industry.steel.bof", "industry.steel", "industry.lime"],
         "product": ["converter_gas", "", None], "value": [-5.0, -1.0, 3.0], "tier": ["facility"] * 3}
    )  # fmt: skip
    got = beside_sources(rows, activity)
    assert list(got.select("process", "product").iter_rows()) == [
        ("industry.steel.bof", "crude_steel"), ("industry.steel.sinter", "sinter"), ("industry.lime", ""),
    ]  # fmt: skip
    assert got["value"].to_list() == [-5.0, -1.0, 3.0]
    above = beside_sources(rows.with_columns(value=pl.col("value").abs()), activity)
    assert above["process"].to_list() == ["industry.steel.bof", "industry.steel", "industry.lime"]


def test_an_area_keeps_the_rest_and_nothing_is_planned_twice(
    works: Callable[..., Inputs], make: Make
) -> None:
    row = {"region": "370100", "year": 2026, "process": "energy.power", "product": "raw_coal", "unit": "t"}
    inputs = works(("activity", make("activity", {**row, "value": 80_000.0})))
    made = draft(inputs, account(inputs).tables)
    rows = made.workspace.tables["activity"].filter(pl.col("product") == "raw_coal")
    assert sorted(rows["value"].to_list()) == pytest.approx([30_000.0, 50_000.0])
    alone = works()
    less = draft(alone, account(alone).tables).tables["stock"].filter(technology="energy_power-raw_coal")
    more = made.tables["stock"].filter(technology="energy_power-raw_coal")
    assert more["activity"].item() == pytest.approx(1.6 * less["activity"].item())


def test_a_workspace_without_enterprises_is_as_it_was(works: Callable[..., Inputs]) -> None:
    bare = Inputs(works().settings, {"activity": empty("activity")})
    seen, same = with_enterprises(bare, {"emission": empty("emission")})
    assert seen is bare
    assert same["emission"].is_empty()
