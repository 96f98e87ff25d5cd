"""A ground typed by hand: round made-up numbers."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.draft.ground import Ground

ACTIVITY = (
    # process, product, technology, value, unit
    ("energy.power", "raw_coal", "", 100.0, "万吨"),
    ("energy.power", "natural_gas", "", 1.0, "亿立方米"),
    ("industry.combustion", "raw_coal", "", 50.0, "万吨"),
    ("building.residential.rural", "raw_coal", "", 10.0, "万吨"),
    ("transport.road", "gasoline", "", 10.0, "万吨"),
    ("transport.road", "diesel", "", 10.0, "万吨"),
    ("energy.coking", "coke", "", 80.0, "万吨"),
    ("industry.steel.blast_furnace", "coke", "", 100.0, "万吨"),
    ("solvent.domestic", "population", "", 500.0, "万人"),
)


def activity(rows: tuple[tuple[Any, ...], ...] = ACTIVITY) -> pl.DataFrame:
    names = ["process", "product", "technology", "value", "unit"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return conform(
        "activity",
        frame.with_columns(region=pl.lit("370000"), year=pl.lit(2021), source=pl.lit("made up")),
    )


def make(rows: tuple[tuple[Any, ...], ...] = ACTIVITY, **changed: Any) -> Ground:
    given: dict[str, Any] = {
        "activity": activity(rows),
        "emission": empty("emission"),
        "behind": empty("activity"),
        "control": empty("control"),
        "balance": empty("energy_balance"),
        "driver": empty("driver"),
        "target": empty("programme_target"),
        "typed": {},
        "name": "here",
        "region": "370000",
        "fuel_set": "C",
        "gwp_set": "AR5",
        "base_year": 2021,
        "years": (2025, 2030, 2035),
    }
    return Ground(**(given | changed))


@pytest.fixture
def ground() -> Ground:
    return make()


@pytest.fixture
def grounds() -> Any:
    """Return :func:`make`: a ground with other rows or tables."""
    return make
