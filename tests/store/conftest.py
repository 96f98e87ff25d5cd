from tests.databases import (
    address,
    cluster,
    engine,
    kind,
    postgresql_model,
    ready,
    sqlite_model,
)

__all__ = ["address", "cluster", "engine", "kind", "postgresql_model", "ready", "sqlite_model"]
