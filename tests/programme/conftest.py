"""A national plan and a city's plan derived from it without fault."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.derive import derive
from tongyuan.programme.plan import Plan, national_plan

CITY = "370200"


def city_targets() -> pl.DataFrame:
    return conform(
        "programme_target",
        pl.DataFrame(
            {
                "plan": ["city"] * 2,
                "target": ["city.steel.2025", "city.fertiliser.2025"],
                "indicator": ["short_process_steel", "fertiliser_efficiency"],
                "region": [CITY] * 2,
                "year": [2025, 2025],
                "comparator": ["at_least", "at_least"],
                "value": [18.0, 43.5],
                "unit": ["%", "%"],
            }
        ),
    )


@pytest.fixture(scope="session")
def parent() -> Plan:
    return national_plan()


@pytest.fixture
def city(parent: Plan) -> Plan:
    return derive(parent, CITY, "city", targets=city_targets(), start=2022, deadline=2025)
