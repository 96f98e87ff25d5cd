from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.write.write import write_csv
from tongyuan.pathway.example import steel


@pytest.fixture(scope="session")
def steelworks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The illustrative world of steel and power as a folder of CSV files."""
    path = tmp_path_factory.mktemp("plan")
    for name, frame in steel().tables.items():
        if not frame.is_empty():
            write_csv(frame, path / f"{name}.csv")
    return path
