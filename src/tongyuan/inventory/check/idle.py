"""Own factors that never act, each with the reason that can be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, at_row
from tongyuan.ledger.table import PLACE
from tongyuan.reference.factors.match import KEY, match
from tongyuan.reference.factors.resolve import EMISSION, gross_words, multiplier

ACTING = (*EMISSION, "removal_efficiency", "consumption")
"""Kinds of record that an account uses; a parameter belongs in the table of its method."""

_FREE: dict[str, dict[str, Any]] = {
    "process": {"process": ""},
    "product": {"product": ""},
    "technology": {"technology": ""},
    "region": {"region": "global"},
    "years": {"valid_from": None, "valid_to": None},
}
"""What each reason frees in a record: it acts once that no longer stands in its way."""


_CELL = {"years": "valid_from", "nothing": "process", "other": "record_id"}
"""The cell of a reason, where it is not the column of that name."""


def _meets(
    rows: pl.DataFrame, keys: pl.DataFrame, parents: Mapping[str, str], free: str = ""
) -> dict[int, pl.DataFrame]:
    """Return the keys that each record can serve, or could if `free` did not stand in its way: row → keys."""
    cells = rows.with_columns(
        pl.lit(value, dtype=rows.schema[name]).alias(name) for name, value in _FREE.get(free, {}).items()
    )
    factor = pl.col("kind").is_in(EMISSION) & (pl.col("control") == "")
    found: dict[int, pl.DataFrame] = {}
    for guard in (True, False):
        part = cells.filter(factor if guard else ~factor)
        if part.is_empty():
            continue
        met = match(keys, part, parents=parents, elsewhere=False, guard=guard and not free)
        served = met.candidates.select("class", "record").unique().join(met.classes, on="class")
        served = served.join(part.with_row_index("record").select("record", "row"), on="record")
        for (row,), group in served.group_by("row"):
            found[int(str(row))] = keys[group["key"].sort().to_list()]
    return found


def _told(row: Mapping[str, Any], served: pl.DataFrame, fuel_set: str) -> tuple[str, dict[str, Any]]:
    """Return why a record that meets activity does not act on it."""
    counted = {
        unit: multiplier(row["unit"], row["species"], unit, row["product"], fuel_set)[3]
        for unit in served["unit"].unique().to_list()
    }
    if row["kind"] in EMISSION and not row["control"] and all(counted.values()):
        return "unit", {"unit": row["unit"], "units": ", ".join(sorted(counted))}
    return "other", {}


def _standing(name: str, row: Mapping[str, Any], met: pl.DataFrame) -> tuple[str, dict[str, Any]]:
    """Return the reason `name` with what the record says and what the activity has."""
    if name == "years":
        years = ", ".join(map(str, met["year"].unique().sort().to_list()))
        return name, {"span": f"{row['valid_from'] or '…'}–{row['valid_to'] or '…'}", "years": years}
    words = met[name].unique().sort().to_list()
    listed = ", ".join(w or "–" for w in words[:5]) + (" …" if len(words) > 5 else "")
    return name, {"own": row[name] or "–", "found": listed}


def _plain(
    row: Mapping[str, Any], devices: frozenset[str], unverified: bool
) -> tuple[str, dict[str, Any]] | None:
    """Return a reason that lies in the record itself."""
    if row["kind"] not in ACTING:
        return "kind", {}
    if row["status"] == "unverified" and not unverified:
        return "status", {}
    if gross_words([row["basis"]]):
        return "basis", {"basis": row["basis"]}
    if row["control"] and row["control"] not in devices:
        return "control", {"control": row["control"]}
    return None


def idle(
    own: pl.DataFrame,
    used: pl.Series,
    keys: pl.DataFrame,
    control: pl.DataFrame,
    *,
    parents: Mapping[str, str],
    fuel_set: str,
    letters: Mapping[str, Mapping[str, str]],
    include_unverified: bool = False,
) -> list[Finding]:
    """Return a finding for every record of `own` that is not among `used`, with the reason.

    Parameters
    ----------
    own
        The user's table ``factor``, with column ``_place`` where it was read from a file.
    used
        Ids of the records that acted.
    keys
        ``process, product, technology, region, year, unit`` of the activity [canonical unit].
    control
        Table ``control``.
    parents
        Parents of regions of one's own.
    letters
        Letters of the columns of each sheet.
    """
    left = own.filter(~pl.col("record_id").is_in(used.implode()))
    text = [c for c in left.columns if left.schema[c] == pl.String]
    records = left.with_columns(pl.col(text).fill_null("")).with_row_index("row")
    devices = frozenset(control["control"].drop_nulls()) if "control" in control.columns else frozenset()
    distinct = keys.select(*KEY, "unit").unique(maintain_order=True)
    reasons = {r["row"]: _plain(r, devices, include_unverified) for r in records.to_dicts()}
    open_rows = records.filter(pl.col("row").is_in([r for r, reason in reasons.items() if reason is None]))
    met = _meets(open_rows, distinct, parents)
    freed = {
        name: _meets(open_rows.filter(~pl.col("row").is_in(list(met))), distinct, parents, name)
        for name in ("years", "region", "product", "technology", "process")
    }
    found = []
    for row in records.to_dicts():
        reason = reasons[row["row"]]
        if reason is None and row["row"] in met:
            reason = _told(row, met[row["row"]], fuel_set)
        if reason is None:
            near = next((name for name, by_row in freed.items() if row["row"] in by_row), "")
            reason = _standing(near, row, freed[near][row["row"]]) if near else ("nothing", {})
        name, words = reason
        said: dict[str, Any] = {"record": row["record_id"], **words}
        place, cell = str(row.get(PLACE) or ""), _CELL.get(name, name)
        found.append(at_row("inventory", f"idle_{name}", place, cell, letters, **said))
    return found
