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
    row: Mapping[str, Any], keys: pl.DataFrame, parents: Mapping[str, str], free: str = ""
) -> pl.DataFrame:
    """Return the keys that the record `row` can serve, or could if `free` did not stand in its way."""
    cells = {**row, **_FREE.get(free, {})}
    record = pl.DataFrame([cells], schema_overrides={"valid_from": pl.Int64, "valid_to": pl.Int64})
    guard = row["kind"] in EMISSION and not row["control"] and not free
    found = match(keys.select(*KEY, "unit"), record, parents=parents, elsewhere=False, guard=guard)
    served = found.candidates["class"].unique()
    hit = found.classes.filter(pl.col("class").is_in(served.implode()))["key"]
    return keys[hit.to_list()]


def _reason(
    row: dict[str, Any],
    keys: pl.DataFrame,
    devices: frozenset[str],
    parents: Mapping[str, str],
    fuel_set: str,
    unverified: bool,
) -> tuple[str, dict[str, Any]]:
    if row["kind"] not in ACTING:
        return "kind", {}
    if row["status"] == "unverified" and not unverified:
        return "status", {}
    if gross_words([row["basis"]]):
        return "basis", {"basis": row["basis"]}
    if row["control"] and row["control"] not in devices:
        return "control", {"control": row["control"]}
    served = _meets(row, keys, parents)
    if served.height:
        counted = {u: multiplier(row["unit"], row["species"], u, row["product"], fuel_set)[3]
                   for u in served["unit"].unique().to_list()}  # fmt: skip
        if row["kind"] in EMISSION and not row["control"] and all(counted.values()):
            return "unit", {"unit": row["unit"], "units": ", ".join(sorted(counted))}
        return "other", {}
    near = [name for name in _FREE if _meets(row, keys, parents, name).height]
    if "years" in near:
        span = f"{row['valid_from'] or '…'}–{row['valid_to'] or '…'}"
        met = _meets(row, keys, parents, "years")["year"].unique().sort().to_list()
        return "years", {"span": span, "years": ", ".join(map(str, met))}
    for name in ("region", "product", "technology", "process"):
        if name in near:
            met = _meets(row, keys, parents, name)[name].unique().sort().to_list()
            listed = ", ".join(w or "–" for w in met[:5]) + (" …" if len(met) > 5 else "")
            return name, {"own": row[name] or "–", "found": listed}
    return "nothing", {}


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
    rows = left.with_columns(pl.col(text).fill_null("")).to_dicts()
    devices = frozenset(control["control"].drop_nulls()) if "control" in control.columns else frozenset()
    distinct = keys.select(*KEY, "unit").unique(maintain_order=True)
    found = []
    for row in rows:
        reason, words = _reason(row, distinct, devices, parents, fuel_set, include_unverified)
        cell = _CELL.get(reason, reason)
        said: dict[str, Any] = {"record": row["record_id"], **words}
        found.append(at_row("inventory", f"idle_{reason}", row.get(PLACE) or "", cell, letters, **said))
    return found
