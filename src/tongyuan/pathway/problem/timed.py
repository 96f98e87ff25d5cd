"""All that runs by time slice: operation, exchange, storage, exchanged outputs, balance, reserve."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes
from tongyuan.pathway.problem.problem import Builder
from tongyuan.pathway.problem.reserve import add_reserve
from tongyuan.pathway.problem.slice import (
    add_balance_by_slice,
    add_exchange_by_slice,
    add_operation,
    calendar,
    moved_by_slice,
    sliced,
)
from tongyuan.pathway.problem.storage import add_storage, add_swap, moved_by_storage


@dataclass(frozen=True)
class Timed:
    """Frames with codes of what is found slice by slice.

    `y` is activity (``column, x, o, n, k, c, t, l, mode, profile``; of a fixed profile `column` is that
    of the year), `moved` the entries of the balances (:mod:`tongyuan.pathway.problem.slice`), `balance` their
    rows, `trade` and `sent` exchange, `storage` and `swap` those of
    :mod:`tongyuan.pathway.problem.storage`, `reserve` and `firm` those of
    :mod:`tongyuan.pathway.problem.reserve`.
    """

    calendar: pl.DataFrame
    place: pl.DataFrame
    y: pl.DataFrame
    moved: pl.DataFrame
    balance: pl.DataFrame
    trade: pl.DataFrame
    sent: pl.DataFrame
    storage: pl.DataFrame
    swap: pl.DataFrame
    reserve: pl.DataFrame
    firm: pl.DataFrame

    def by_year(self) -> pl.DataFrame:
        """Return what storage and exchange move in a year: ``column, n, f, t, coefficient, side``."""
        made = pl.when(pl.col("role") == "charge").then(pl.lit("input")).otherwise(pl.lit("output"))
        return moved_by_storage(self.storage, self.swap).select(
            "column", "n", "f", "t", "coefficient", side=made
        )  # fmt: skip


def add_timed(
    build: Builder, case: Case, names: Codes, here: pl.DataFrame, x: pl.DataFrame, capacity: pl.DataFrame,
    trade: pl.DataFrame, sent: pl.DataFrame, demand: pl.DataFrame,
) -> Timed | None:  # fmt: skip
    """Add everything that hangs on time slices, and exchanged outputs; None where the case has neither.

    Parameters
    ----------
    here, x, capacity, trade, sent
        As :func:`~tongyuan.pathway.problem.assemble.assemble` has them.
    demand
        Demand of a year ``n, f, t, value``.
    """
    flows = sliced(case)
    if not flows and case["technology_swap"].is_empty():
        return None
    days = calendar(case, names)
    if not flows:
        swap = add_swap(build, case, names, here, None)
        return _only(swap, days)
    y, place = add_operation(build, case, names, here, x, capacity)
    bought, sends = add_exchange_by_slice(build, case, names, trade, sent)
    storage = add_storage(build, case, names, days, place, y, capacity)
    swap = add_swap(build, case, names, here, y)
    code = [names.flow.index(f) for f in flows]
    own = moved_by_storage(storage, swap).filter(pl.col("f").is_in(code))
    moved = pl.concat([moved_by_slice(case, names, y, bought, sends), own])
    balance = add_balance_by_slice(build, case, names, moved, demand)
    reserve, firm = add_reserve(build, case, names, balance, moved, place, y, capacity)
    return Timed(days, place, y, moved, balance, bought, sends, storage, swap, reserve, firm)


def _only(swap: pl.DataFrame, days: pl.DataFrame) -> Timed:
    """Return what exchanged outputs alone make of a year."""
    none = pl.DataFrame()
    storage = pl.DataFrame(
        schema={"charge": pl.Int64, "n": pl.Int32, "f": pl.Int32, "t": pl.Int32, "l": pl.Int32}
    )
    return Timed(days, none, none, none, none, none, none, storage, swap, none, none)
