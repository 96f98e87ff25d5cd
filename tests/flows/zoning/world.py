"""What a workspace of zoning brings, typed in the tests."""

from dataclasses import dataclass, field

import polars as pl

from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import from_rows


@dataclass
class Brought:
    """A workspace in memory."""

    tables: dict[str, pl.DataFrame]
    settings: Settings
    letters: dict[str, dict[str, str]] = field(default_factory=dict)


def settings(**more):
    """Return settings of a made-up city in Shandong."""
    return Settings(name="t", kind="city", region="济南市", **more)


def projects(*rows, **more):
    """Return table ``project`` of ``(project, region, filed)``."""
    known = {"industry": "3011", "kind": "new", "source": "made up"}
    return from_rows("project", [{"project": p, "region": r, "filed": d} | known | more for p, r, d in rows])
