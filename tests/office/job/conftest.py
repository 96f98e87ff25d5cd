from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.databases import address, cluster, engine, kind, postgresql_model, ready, sqlite_model
from tests.store.people import add_people

from tongyuan.flows.source import open_workspace
from tongyuan.ledger.example import copy_example
from tongyuan.office.operation import Office
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.job import add
from tongyuan.store.scope import Scope

__all__ = ["address", "cluster", "engine", "kind", "postgresql_model", "ready", "sqlite_model"]

LIN = Scope.own("lin", "A")


@pytest.fixture
def waiting(engine: sa.Engine, tmp_path: Path) -> tuple[Office, int]:
    """Return an office in which the accounting of the smallest example waits to be done, and that job."""
    add_people(engine)
    copy_example("minimal", tmp_path / "w")
    office = Office(engine, tmp_path / "runs")
    office.archive.mkdir()
    with writing(engine, LIN) as session:
        number = bring(session, "A", open_workspace(tmp_path / "w"), "2021")
        content = {"submission": number, "version": 3, "only": ["account"]}
        job = add(session, "A", "run", content)
    return office, job
