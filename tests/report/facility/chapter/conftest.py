"""A works of one outlet."""

from __future__ import annotations

import polars as pl
import pytest
from tests.report import facility_tables


@pytest.fixture
def works() -> dict[str, pl.DataFrame]:
    """Return the tables of a works whose June stands above its permit."""
    return facility_tables.works()
