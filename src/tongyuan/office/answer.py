"""What an operation answers with of the tables it made."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import finding
from tongyuan.office.operation import Refused


def one_table(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """Return the table that is asked for, with its lists as lists.

    Raises
    ------
    Refused
        404 if it was not made.
    """
    if name not in tables:
        raise Refused(404, finding("office", "run_unknown", name=name))
    return ledger.read_lists(name, tables[name])
