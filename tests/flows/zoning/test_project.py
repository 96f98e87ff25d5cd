"""Projects by the inventory's own factors."""

from datetime import date

import polars as pl
import pytest
from tests.flows.zoning.world import Brought, projects, settings

from tongyuan.flows.zoning.project import declared_of, emission_of, energy_of, grid_year, totals
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows


def brought(rows, **more):
    return Brought({"project_activity": from_rows("project_activity", rows), **more}, settings())


KILN = [
    {
        "project": "J",
        "process": "industry.cement.clinker",
        "product": "clinker",
        "value": 500_000.0,
        "unit": "t",
    },
    {
        "project": "J",
        "process": "industry.combustion.kiln",
        "product": "bituminous",
        "value": 100_000.0,
        "unit": "t",
    },
    {
        "project": "J",
        "process": "energy.purchased_electricity",
        "product": "electricity",
        "value": 40.0,
        "unit": "GWh",
    },
]


def test_CO2_01() -> None:
    project = projects(("J", "370100", date(2026, 3, 2)))
    rows, _ = emission_of(brought(KILN), project)
    made = dict(energy_of(brought(KILN), project, rows).select("part", "value").iter_rows())
    assert made["fuel_carbon"] == pytest.approx(174_180, abs=6)  # printed with the rounded 1.7418 t/t
    assert made["process_carbon"] == pytest.approx(267_500, abs=1)
    assert made["power_heat_carbon"] == pytest.approx(24_764, abs=1)
    assert made["whole_carbon"] == pytest.approx(466_444, abs=6)
    assert made["whole_carbon"] / 500_000 == pytest.approx(0.932888, abs=1.2e-5)
    assert made["coal_mass"] == 100_000
    carbon = totals(rows).filter(pl.col("species") == "CO2")["value"].item()
    assert carbon == pytest.approx(made["whole_carbon"])


def test_energy_by_hand():
    """40 GWh at 0.1229 are 4,916 tce; 10 GWh less the same share."""
    power = brought(KILN[2:])
    project = projects(("J", "370100", date(2026, 3, 2)))
    made = energy_of(power, project, emission_of(power, project)[0])
    assert dict(made.select("part", "value").iter_rows())["energy_equivalent"] == pytest.approx(4916)


def test_a_device_acts_on_its_own_project_alone():
    boiler = {"process": "industry.combustion.boiler", "product": "bituminous", "value": 1000.0, "unit": "t"}
    rows = [boiler | {"project": "J", "control": "wet_fgd"}, boiler | {"project": "K"}]
    both = projects(("J", "370100", date(2026, 3, 2)), ("K", "370100", date(2026, 3, 2)))
    made = totals(emission_of(brought(rows), both)[0]).filter(pl.col("species") == "SO2")
    found = dict(made.select("project", "value").iter_rows())
    assert 0 < found["J"] < 0.3 * found["K"]


def test_the_last_published_grid_factor_counts():
    assert grid_year("370100", 2026) == grid_year("370000", 2030) == 2023


def test_strangers_units_and_declared_amounts():
    project = projects(("J", "370100", date(2026, 3, 2)))
    _, found = emission_of(brought([KILN[0] | {"project": "X"}]), project)
    assert [f.check for f in found] == ["activity_of_nobody"]
    wrong = brought([KILN[1] | {"unit": "kWh"}])
    with pytest.raises(FindingError) as told:
        energy_of(
            wrong,
            project,
            pl.DataFrame(
                schema={
                    "project": pl.String,
                    "species": pl.String,
                    "value": pl.Float64,
                    "scope": pl.String,
                    "origin": pl.String,
                    "product": pl.String,
                }
            ),
        )
    assert [f.check for f in told.value.findings] == ["unit_of_activity"]

    def declared(unit):
        rows = [{"project": "J", "species": "NOx", "value": 3.0, "unit": unit}]
        return declared_of(
            Brought({"project_emission": from_rows("project_emission", rows)}, settings()), project
        )

    assert declared("kg")["value"].item() == pytest.approx(0.003)
    with pytest.raises(FindingError) as told:
        declared("m3")
    assert [f.check for f in told.value.findings] == ["unit_no_mass"]
