from tests.databases import address, cluster, engine, kind, postgresql_model, ready, sqlite_model
from tests.office.conftest import made, postgresql_town, sqlite_town

__all__ = [
    "address", "cluster", "engine", "kind", "made", "postgresql_model", "postgresql_town", "ready",
    "sqlite_model", "sqlite_town",
]  # fmt: skip
