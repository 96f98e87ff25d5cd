from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.flows.ask.plan.given import Given, given_of_tables
from tongyuan.ledger.write.write import write_csv
from tongyuan.pathway.example import steel


@pytest.fixture(scope="session")
def asked() -> Given:
    """The illustrative world of steel and power, ready to be asked about."""
    case = steel()
    return given_of_tables(case.tables, case.settings)


@pytest.fixture(scope="session")
def steelworks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan")
    for name, frame in steel().tables.items():
        if not frame.is_empty():
            write_csv(frame, path / f"{name}.csv")
    return path
