from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import address, cluster, engine, kind, name, postgresql_model, ready, sqlite_model
from tests.office.desk import PAUSES, Town, town
from tests.postgresql import Cluster

from tongyuan.office.operation import Office
from tongyuan.store.database import open_database

__all__ = ["address", "cluster", "engine", "kind", "postgresql_model", "ready", "sqlite_model"]


@pytest.fixture(scope="session")
def sqlite_town(sqlite_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return the file of an office that is set up, and the tokens of its people."""
    path = tmp_path_factory.mktemp("town") / "a.db"
    shutil.copy(sqlite_model, path)
    engine = open_database(f"sqlite:///{path}")
    tokens = town(engine, path.parent).tokens
    engine.dispose()
    return path, tokens


@pytest.fixture(scope="session")
def postgresql_town(cluster: Cluster, postgresql_model: str) -> tuple[str, dict[str, str]]:
    """Return the database of an office that is set up, and the tokens of its people."""
    engine = open_database(cluster.database("town", postgresql_model))
    tokens = town(engine, Path()).tokens
    engine.dispose()
    return "town", tokens


@pytest.fixture
def made(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """Return an office that is set up, to be changed, on either kind of database."""
    if kind == "sqlite":
        path, tokens = request.getfixturevalue("sqlite_town")
        shutil.copy(path, tmp_path / "town.db")
        address = f"sqlite:///{tmp_path / 'town.db'}"
    else:
        model, tokens = request.getfixturevalue("postgresql_town")
        address = request.getfixturevalue("cluster").database(name(), model)
    office = Office(open_database(address), tmp_path, PAUSES)
    yield Town(office, dict(tokens))
    office.engine.dispose()
