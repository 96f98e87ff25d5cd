"""A small world for the tests of the inventory: records, activity and devices with round numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.ledger.table import empty

Record = Callable[..., dict[str, Any]]


def make_record(record_id: str, species: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(empty("factor").columns)
    return (
        blank
        | {
            "record_id": record_id,
            "kind": "emission_factor",
            "process": "",
            "product": "",
            "technology": "",
            "control": "",
            "region": "global",
            "species": species,
            "value": value,
            "unit": unit,
            "tier": "1",
            "status": "official",
            "source": "a source",
            "locator": "table 1",
        }
        | more
    )


@pytest.fixture(scope="session")
def record() -> Record:
    """Return the function that makes a factor record."""
    return make_record


@pytest.fixture(scope="session")
def factors() -> pl.DataFrame:
    """Return records for coal burnt in power stations, a wet scrubber and an electrostatic precipitator."""
    power = {"process": "energy.power", "product": "coal", "kind": "generation_factor"}
    removal = {"kind": "removal_efficiency"}
    scrubber = {"control": "wet_fgd"}
    rows = [
        make_record("co2", "CO2", 100_000, "kg/TJ", product="coal", lower=90_000.0, upper=110_000.0),
        make_record("so2", "SO2", 16, "kg/t", lower=8.0, upper=32.0, distribution="lognormal", **power),
        make_record("pm", "PM2.5", 5, "kg/t", lower=4.0, upper=6.0, **power),
        make_record("nox", "NOx", 1, "kg/t", basis="controlled", **(power | {"kind": "emission_factor"})),
        make_record("clinker", "CO2", 0.52, "t/t", process="industry.cement.clinker"),
        make_record("fgd_so2", "SO2", 0.95, "fraction", **removal, **scrubber),
        make_record("fgd_pm", "PM2.5", 50, "%", **removal, **scrubber),
        make_record("dry_so2", "SO2", 0.8, "fraction", control="dry_fgd", **removal),
        make_record("esp_pm", "PM2.5", 0.99, "fraction", control="esp", **removal),
        make_record("scr_nox", "NOx", 0.8, "fraction", control="scr", **removal),
        make_record(
            "limestone", "limestone", 1.6, "t/t", kind="consumption", basis="removed:SO2", **scrubber
        ),
        make_record(
            "gypsum",
            "desulfurisation_gypsum",
            2.7,
            "t/t",
            kind="consumption",
            basis="removed:SO2",
            **scrubber,
        ),
        make_record("power", "electricity", 20, "kWh/t", kind="consumption", basis="activity", **scrubber),
        make_record("calcination", "CO2", 0.44, "t/t", process="industry.carbonate_use", product="limestone"),
        make_record("grid", "CO2", 0.5, "kg/kWh", product="electricity", region="CN"),
    ]
    return pl.DataFrame(rows, schema=empty("factor").schema)


def make_activity(*rows: tuple[str, str, float, str], **more: Any) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "region": ["370000"] * len(rows),
            "year": [2021] * len(rows),
            "process": [row[0] for row in rows],
            "product": [row[1] for row in rows],
            "technology": [""] * len(rows),
            "value": [row[2] for row in rows],
            "unit": [row[3] for row in rows],
            "source": ["yearbook"] * len(rows),
        }
        | more
    )


@pytest.fixture(scope="session")
def activity() -> Callable[..., pl.DataFrame]:
    """Return the function that makes activity rows from (process, product, value, unit)."""
    return make_activity


@pytest.fixture(scope="session")
def control() -> Callable[..., pl.DataFrame]:
    """Return the function that makes control rows for power stations from (control, applied)."""

    def make(*rows: tuple[str, float], **more: Any) -> pl.DataFrame:
        count = len(rows)
        columns: dict[str, Any] = {
            "region": ["370000"] * count,
            "year": [2021] * count,
            "process": ["energy.power"] * count,
            "product": [""] * count,
            "technology": [""] * count,
            "control": [row[0] for row in rows],
            "applied": [row[1] for row in rows],
            "operation": [None] * count,
            "source": ["register"] * count,
        }
        types = {k: v for k, v in empty("control").schema.items() if k in columns}
        return pl.DataFrame(columns | more, schema_overrides=types)

    return make
