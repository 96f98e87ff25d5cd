"""Small files as users would download or fill them in, and the real ones read once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference import importers
from tongyuan.reference.finding import Finding

Result = tuple[pl.DataFrame, tuple[Finding, ...]]


@pytest.fixture(scope="session")
def emep_real(shared_data: Path) -> Result:
    return importers.read("emep", shared_data / "factors" / "raw" / "emep_guidebook" / "EMEP_20260207.csv")


@pytest.fixture(scope="session")
def efdb_real(shared_data: Path) -> Result:
    path = shared_data / "factors" / "raw" / "ipcc_efdb" / "IPCC_EFDB_output_20260207.xlsx"
    return importers.read("efdb", path)


def rows_of(result: Result, check: str) -> set[int]:
    """Return the lines of the file that a check names (by row, or by the record id ``emep:<line>``)."""
    lines = set()
    for issue in result[1]:
        if issue.check == check:
            text = str(issue.row) if issue.row is not None else issue.record.split(":")[1]
            lines.add(int(text))
    return lines


@pytest.fixture(scope="session")
def lines_of():  # type: ignore[no-untyped-def]
    return rows_of
