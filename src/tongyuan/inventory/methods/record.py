"""Coefficients of published methods as factor records: a result is traced to them like to any factor."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.energy import grid
from tongyuan.reference.method.parameter import Parameter, parameters, topics


def _of_topics() -> dict[str, Parameter]:
    return {entry.id: entry for topic in topics() for entry in parameters(topic).values()}


def records(ids: Iterable[str]) -> pl.DataFrame:
    """Return the coefficients called `ids` in the form of table ``factor``.

    Ids that name a cell of the workbook (a value of the user's own) have no record and are left out.
    """
    known = _of_topics()
    grids = {row["id"]: row for row in grid.table().to_dicts()}
    rows = []
    for name in ids:
        if name in known:
            entry = known[name]
            rows.append(
                {
                    "record_id": name,
                    "kind": "parameter",
                    "process": "",
                    "species": name.split(":")[1],
                    "region": "",
                    "value": entry.value,
                    "unit": entry.unit,
                    "lower": entry.lower,
                    "upper": entry.upper,
                    "status": entry.status,
                    "source": entry.source,
                    "locator": entry.locator,
                }
            )
        elif name in grids:
            row = grids[name]
            rows.append(
                {
                    "record_id": name,
                    "kind": "emission_factor",
                    "process": "energy.purchased_electricity",
                    "product": "electricity",
                    "species": "CO2",
                    "region": row["area"],
                    "value": row["value"],
                    "unit": row["unit"],
                    "status": row["status"],
                    "source": row["source"],
                    "locator": row["locator"],
                }
            )
    if not rows:
        return empty("factor")
    return conform("factor", pl.DataFrame(rows, schema_overrides=empty("factor").schema))
