"""Questions about allocation: an inventory on a grid, and the files that chemistry models read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl

from tongyuan.allocation.write.coards import write_cf, write_hemco
from tongyuan.allocation.write.ff10 import MONTHS, write_ff10
from tongyuan.allocation.write.ioapi import write_ioapi
from tongyuan.allocation.write.wrfchemi import write_wrfchemi
from tongyuan.flows.account.account import emitted
from tongyuan.flows.allocation.allocate import Allocation
from tongyuan.flows.allocation.allocate import allocate as allocated
from tongyuan.flows.allocation.tables import allocation_tables, field_of, model_amounts
from tongyuan.flows.ask import Answer
from tongyuan.flows.source import Brought
from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.reference.shelf import shelf

ROOM = "allocation"
FORMATS = ("cmaq", "wrfchem", "hemco", "cf", "ff10")
"""Files that can be written."""


def allocate(workspace: Brought) -> Answer:
    """Return the cells, the balance, the model species, and months and hours of a workspace's inventory.

    Raises
    ------
    FindingError
        If grid, rules, proxies or profiles are missing or cannot be used.
    """
    made, found = allocation_tables(workspace, plain(emitted(workspace).emission))
    return Answer(made, found)


def write_grid(
    workspace: Brought,
    form: str,
    folder: Path,
    first: date | None = None,
    last: date | None = None,
    *,
    most: int | None = None,
) -> Answer:
    """Write what a model reads and return its files as fact ``files``.

    Parameters
    ----------
    workspace
        A workspace.
    form
        ``cmaq``, ``wrfchem``, ``hemco``, ``cf`` or ``ff10``.
    folder
        Where the files go.
    first, last
        Days in UTC, the whole year when not given; FF10 has the year always.
    most
        Bytes that all hours may have together; any number when not given.

    Raises
    ------
    FindingError
        As :func:`allocate`; if there is no such format, the days are none, the hours are more than `most`, or
        a file cannot be written.
    """
    if form not in FORMATS:
        raise FindingError([finding(ROOM, "format_unknown", format=form, names=", ".join(FORMATS))])
    made = allocated(workspace, plain(emitted(workspace).emission))
    if form == "ff10":
        file = write_ff10(monthly(made), folder / f"ff10_nonpoint.{made.year}.csv", made.year)
        return Answer({}, made.findings, {"files": [file]})
    begin, days, told = _span(made, first, last)
    split = model_amounts(workspace, made)
    field = field_of(made, split.frame, moles=form in ("cmaq", "wrfchem"))
    size = field.base[0].nbytes * 24 * days
    if most is not None and size > most:
        large, limit = (f"{n / 2**20:,.0f}" for n in (size, most))
        raise FindingError([finding(ROOM, "hours_many", days=days, size=large, most=limit)])
    if form == "cmaq":
        files = write_ioapi(field, folder, begin, days)
    elif form == "wrfchem":
        files = write_wrfchemi(field, folder, begin, days)
    else:
        files = (write_hemco if form == "hemco" else write_cf)(field, folder, begin, 24 * days)
    return Answer({}, (*made.findings, *split.findings, *told), {"files": files})


def _span(made: Allocation, first: date | None, last: date | None) -> tuple[datetime, int, list[Finding]]:
    start, end = first or date(made.year, 1, 1), last or date(made.year, 12, 31)
    days = (end - start).days + 1
    if not 1 <= days <= 366:
        raise FindingError([finding(ROOM, "period", first=start, last=end)])
    told = []
    if start.year != made.year or end.year != made.year:
        told.append(finding(ROOM, "period_year", first=start, last=end, year=made.year))
    return datetime(start.year, start.month, start.day, tzinfo=UTC), days, told


def monthly(made: Allocation) -> pl.DataFrame:
    """Return ``region, code, process, species, month_1`` … ``month_12`` [t] of an allocation.

    The code is that of NFR, or the process where it has none; rows of one code are added up.
    """
    month = made.clock.month - 1
    by = np.stack([np.bincount(month, weights=row, minlength=len(MONTHS)) for row in made.shares])
    part = by[made.group["time"].to_numpy()] * made.group["value"].to_numpy()[:, None]
    columns = [pl.Series(f"month_{n + 1}", part[:, n]) for n in range(len(MONTHS))]
    codes = dict(shelf("process").filter(pl.col("nfr") != "").select("process", "nfr").iter_rows())
    process = pl.col("process")
    frame = made.group.select("region", "process", "species").with_columns(
        process.replace(codes).alias("code"), *columns
    )
    return frame.group_by("region", "code", "species", maintain_order=True).agg(
        process.unique(maintain_order=True).str.join(" "), *(pl.col(c.name).sum() for c in columns)
    )
