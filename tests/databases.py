"""Databases of both kinds, empty or with the tables of this release, for the tests of archive and office."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.postgresql import Cluster, programs

from tongyuan.store.database import open_database
from tongyuan.store.upgrade import upgrade


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    home = programs()
    if home is None:
        pytest.skip("needs PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    try:
        made = Cluster(folder / "c", home)
        yield made
        made.stop("immediate")
    finally:  # hundreds of databases, each of hundreds of files
        subprocess.run(["rm", "-rf", str(folder)], check=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Name each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'archive.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database(name())


def name() -> str:
    return f"t{uuid4().hex}"


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with the tables of this release, to be copied."""
    path = tmp_path_factory.mktemp("model") / "archive.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_model(cluster: Cluster) -> str:
    """Return the name of a database with the tables of this release, to be copied."""
    engine = open_database(cluster.database("model"))
    upgrade(engine)
    engine.dispose()
    return "model"


@pytest.fixture
def ready(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database with the tables of this release and no rows."""
    if kind == "sqlite":
        path = tmp_path / "ready.db"
        shutil.copy(request.getfixturevalue("sqlite_model"), path)
        return f"sqlite:///{path}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database(name(), request.getfixturevalue("postgresql_model"))


@pytest.fixture
def engine(ready: str) -> Iterator[sa.Engine]:
    """Return a database with the tables of this release and no rows."""
    engine = open_database(ready)
    yield engine
    engine.dispose()
