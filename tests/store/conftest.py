from __future__ import annotations

import shutil
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
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'archive.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database(f"t{uuid4().hex}")


@pytest.fixture
def engine(address: str) -> Iterator[sa.Engine]:
    """Return a database of either kind with the tables of this release."""
    engine = open_database(address)
    upgrade(engine)
    yield engine
    engine.dispose()
