"""Tables of allocation as a run makes them: the small world, with a boundary."""

import polars as pl
from tests.flows.allocation.worlds import SMALL, world

from tongyuan.flows.allocation.tables import allocation_tables

LINE = {"part": "a", "geometry": "LINESTRING (117.1 36.1, 117.9 36.1)", "approval": "GS(0000)0000号",
        "source": "made up"}  # fmt: skip


def allocated() -> dict[str, pl.DataFrame]:
    """Return two cells and a half of roads outside; the boundary crosses the lower cells."""
    return allocation_tables(world(map_boundary=[LINE]), SMALL)[0]
