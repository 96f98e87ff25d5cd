"""GAINS scenario tables: implied factors, emission over activity, by region, sector and year.

Columns region, year, sector, variable, value, unit; the activity of a sector stands under variable
``activity`` in PJ or Mt. The factors are derived, they carry the legislation of their year (``controlled``
where devices of power, heat and industry remove the species), and residential coal heat is left out because
its emissions are lumped with other sectors.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference import record
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers.mapping import Unknown, by_origin, name
from tongyuan.reference.importers.reading import number, read_table
from tongyuan.reference.quality import about, check, demote

COLUMNS = ("region", "year", "sector", "variable", "value", "unit")
SOURCE = "gains_eclipse_v6b"
_TOTALS = {"SUM", "Unattributed"}
_LUMPED = {"End_Use_Residential_Coal_Heat"}
_REGION = {"CHIN_PLUS": "CN", "CHINA": "CN"}
_SPECIES = {"VOC": "NMVOC", "CH4": "CH4"}
_ACTIVITY = {"PJ": "PJ", "Mt": "Mt"}
_MASS = {"kt": "kt", "Mt": "Mt", "t": "t"}
_CONTROLLED = ("SO2", "NOx")
_STATIONARY = ("energy", "industry", "construction")


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the implied factors of a GAINS table and every issue found in it."""
    table, issues = read_table(path, COLUMNS)
    if table is None:
        return record.frame([]), tuple(issues)
    cells = [row for row in table.to_dicts() if row["sector"] not in _TOTALS]
    lumped = Counter(row["sector"] for row in cells if row["sector"] in _LUMPED)
    issues += [about("lumped_row", text=text, count=count) for text, count in lumped.items()]
    cells = [row for row in cells if row["sector"] not in _LUMPED]
    activity: dict[tuple[str, str, str], tuple[float, str]] = {}
    for row in cells:
        if row["variable"] == "activity":
            amount = number(row["value"])
            if amount and row["unit"] in _ACTIVITY:
                activity[row["region"], row["year"], row["sector"]] = (amount, row["unit"])
    rows: list[dict[str, Any]] = []
    unknown = Unknown()
    idle = 0
    for row in cells:
        if row["variable"] == "activity":
            continue
        known = activity.get((row["region"], row["year"], row["sector"]))
        emission = number(row["value"])
        if known is None or emission is None:
            idle += 1
            continue
        made = _record(row, emission, known, unknown)
        if made is not None:
            division = f"{row['sector']}; {row['value']} {row['unit']} / {known[0]:g} {known[1]}"
            made["note"] = f"{division}; after the controls of the scenario"
            rows.append(made)
    if idle:
        issues.append(about("no_activity", count=idle))
    frame = record.frame(rows)
    issues += [*unknown.issues(), *check(frame)]
    return demote(frame, issues), tuple(issues)


def _record(
    row: dict[str, str], emission: float, activity: tuple[float, str], unknown: Unknown
) -> dict[str, Any] | None:
    species = name("gains", "species", _SPECIES.get(row["variable"], row["variable"]))
    text = "CH4" if row["variable"] == "CH4" else (species[0] if species else "")
    mass = _MASS.get(row["unit"].split(" ")[0])
    if not text or mass is None:
        unknown.species(row["variable"])
        return None
    sector = name("gains", "sector", row["sector"])
    if sector is None:
        unknown.name("sector", row["sector"])
    process, detail = sector or (row["sector"], "")
    product, _, technology = detail.partition("|")
    region = _REGION.get(row["region"], row["region"])
    return {
        "record_id": f"gains:{row['region']}:{row['sector']}:{row['variable']}:{row['year']}",
        "kind": "emission_factor",
        "process": process,
        "product": product,
        "technology": technology,
        "region": region,
        "species": by_origin(text, process, product),
        "value": emission / activity[0],
        "unit": f"{mass}/{activity[1]}",
        "basis": "controlled" if text in _CONTROLLED and process.split(".")[0] in _STATIONARY else "",
        "valid_from": int(row["year"]),
        "valid_to": int(row["year"]),
        "tier": "2",
        "status": "derived",
        "source": SOURCE,
        "locator": f"{row['region']}, {row['sector']}, {row['year']}",
    }
