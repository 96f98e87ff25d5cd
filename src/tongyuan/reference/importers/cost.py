"""US EPA CoST control measures: removal efficiencies of American measures, with their cost in the note.

The spelling variants of the data sets (``NOX``, ``PM25-PRI``, ``EC`` …) are merged. Costs are US dollars per
short ton removed in the year printed; they stay in the note because a record holds one number.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference import record
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers.mapping import Unknown, name
from tongyuan.reference.importers.reading import number, read_table
from tongyuan.reference.quality import about, check, demote

COLUMNS = (
    "dataset", "abbrev", "measure", "technology", "source_group", "life_yr", "pollutant",
    "control_efficiency_pct", "cost_per_ton_usd", "cost_year",
)  # fmt: skip
SOURCE = "us_epa_cost_cmdb"


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the removal efficiencies of a CoST measures table and every issue found in it."""
    table, issues = read_table(path, COLUMNS)
    if table is None:
        return record.frame([]), tuple(issues)
    rows: list[dict[str, Any]] = []
    unknown = Unknown()
    empty = 0
    for line, cells in enumerate(table.to_dicts(), start=2):
        record_id = f"cost:{line}"
        if not cells["control_efficiency_pct"]:
            empty += 1
            continue
        value = number(cells["control_efficiency_pct"].removesuffix("%"))
        if value is None:
            issues.append(about("value_not_numeric", record_id, line, value=cells["control_efficiency_pct"]))
            continue
        species = name("cost", "species", cells["pollutant"])
        if species is None:
            unknown.species(cells["pollutant"])
            continue
        control = name("cost", "control", cells["technology"])
        if control is None:
            unknown.name("technology", cells["technology"])
        unknown.name("source_group", cells["source_group"])
        rows.append(
            {
                "record_id": record_id,
                "kind": "removal_efficiency",
                "process": cells["source_group"],
                "control": control[0] if control else cells["technology"],
                "region": "US",
                "species": species[0],
                "value": value / 100.0,
                "unit": "fraction",
                "tier": "2",
                "status": "official",
                "source": SOURCE,
                "locator": f"{cells['dataset']}, {cells['abbrev']}",
                "note": _note(cells),
            }
        )
    if empty:
        issues.append(about("value_missing", count=empty))
    frame = record.frame(rows)
    issues += [*unknown.issues(), *check(frame)]
    return demote(frame, issues), tuple(issues)


def _note(cells: dict[str, str]) -> str:
    parts = [cells["measure"]]
    if cells["cost_per_ton_usd"] and cells["cost_year"]:
        parts.append(f"{cells['cost_per_ton_usd']} USD({cells['cost_year']})/short ton")
    if cells["life_yr"]:
        parts.append(f"life {cells['life_yr']} a")
    return "; ".join(parts)
