"""EMEP/EEA guidebook: the CSV that the emission factor viewer of the EEA exports.

Known faults of the export are repaired or reported: limits in the wrong order, values outside their limits, a
number in the unit column, fine dust above coarse dust, per cent written as fraction, shares of PM2.5.

The export does not say whether a value is before or after control. Shelf ``emep_basis`` says it table by
table, with its reason; a value it does not name has no such basis.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference import phrase, record
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers.mapping import Unknown, blank, by_origin, name, processes
from tongyuan.reference.importers.reading import number, read_table
from tongyuan.reference.quality import about, check, demote, is_number
from tongyuan.reference.shelf import shelf
from tongyuan.reference.units import UnitError

COLUMNS = (
    "NFR", "Sector", "Table", "Type", "Technology", "Fuel", "Abatement", "Region", "Pollutant", "Value",
    "Unit", "CI_lower", "CI_upper", "Reference",
)  # fmt: skip
SOURCE = "emep_2023"
_OUTSIDE = "non EU"
"""What the reference says where a value is not for the European Union and the region is left empty."""
_SHARE = re.compile(r"^%\s*of\s+(PM2\.5|PM10|TSP)\*?$")


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the factor records of an EMEP/EEA viewer export and every issue found in it."""
    table, issues = read_table(path, COLUMNS)
    if table is None:
        return record.frame([]), tuple(issues)
    rows: list[dict[str, Any]] = []
    shares: list[tuple[dict[str, Any], str]] = []
    skipped: Counter[str] = Counter()
    unknown = Unknown()
    empty = 0
    for line, cells in enumerate(table.to_dicts(), start=2):
        kind = cells["Type"]
        if "Fuel Consumption" in kind:
            skipped[kind] += 1
            continue
        if not blank(cells["Value"]):
            empty += 1
            continue
        row = _record(cells, line, issues, unknown)
        if row is None:
            continue
        share = _SHARE.match(cells["Unit"])
        for position, process in enumerate(_processes(cells["NFR"], unknown)):
            suffix = f":{position}" if position else ""
            one = row | {
                "record_id": row["record_id"] + suffix,
                "process": process,
                "species": by_origin(row["species"], process, row["product"]),
            }
            if share:
                shares.append((one, share.group(1)))
            else:
                rows.append(one)
    rows += _whole(rows, shares, issues)
    rows = [_with_basis(row) for row in rows]
    issues += [about("not_a_factor", text=text, count=count) for text, count in skipped.items()]
    if empty:
        issues.append(about("value_missing", count=empty))
    frame = record.frame(rows)
    issues += [*unknown.issues(), *check(frame)]
    return demote(frame, issues), tuple(issues)


@cache
def _bases() -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in shelf("emep_basis").to_dicts():
        reason = f"basis {row['ground']}: {row['reason']}"
        for species in row["species"].split("|"):
            found[f"chapter {row['chapter']}, Table {row['table']}", species] = {
                "basis": row["basis"],
                "note": reason,
            }
    return found


def _with_basis(row: dict[str, Any]) -> dict[str, Any]:
    """Return `row` with the basis that shelf ``emep_basis`` gives its table and species, and why."""
    said = _bases().get((row["locator"], row["species"]))
    if said is None or row["kind"] != "emission_factor":
        return row
    notes = (row["basis"], row["note"], said["note"])
    return row | {"basis": said["basis"], "note": "; ".join(text for text in notes if text)}


def _region(cells: dict[str, str]) -> str:
    text = blank(cells["Region"])
    if not text:
        return "global" if _OUTSIDE in cells["Reference"] else "EU"
    found = name("emep", "factor_region", text)
    return found[0] if found else text


def _processes(code: str, unknown: Unknown) -> tuple[str, ...]:
    found = processes("nfr", code)
    if not found:
        unknown.name("NFR", code)
    return found or (f"NFR {code}",)


def _record(
    cells: dict[str, str], line: int, issues: list[Finding], unknown: Unknown
) -> dict[str, Any] | None:
    record_id = f"emep:{line}"
    value = number(cells["Value"])
    if value is None:
        issues.append(about("value_not_numeric", record_id, line, value=cells["Value"]))
        return None
    species = name("emep", "species", cells["Pollutant"])
    pollutant = species[0] if species else {"CH4": "CH4"}.get(cells["Pollutant"], "")
    if not pollutant:
        unknown.species(cells["Pollutant"])
        return None
    removal = "Abatement" in cells["Type"]
    text = cells["Unit"] or ("fraction" if removal else "")
    if not text:
        issues.append(about("unit_missing", record_id, line))
        return None
    if is_number(text):
        issues.append(about("unit_is_number", record_id, line, unit=text))
        return None
    try:
        unit = phrase.read(text)
    except UnitError:
        issues.append(about("unit_unknown", record_id, line, unit=text))
        return None
    if removal and unit.unit == "%" and value <= 1:
        issues.append(about("percent_or_fraction", record_id, line, value=value))
        unit = phrase.Phrase("fraction", unit.basis)
    lower, upper = _limits(record_id, line, value, cells, issues)
    technology, abatement = blank(cells["Technology"]), blank(cells["Abatement"])
    product, extra = _product(blank(cells["Fuel"]), unknown)
    known = name("emep", "technology", technology) if technology else None
    return {
        "record_id": record_id,
        "kind": "removal_efficiency" if removal else "emission_factor",
        "product": product,
        "technology": "; ".join(
            part for part in (known[0] if known else technology, extra, "" if removal else abatement) if part
        ),
        "control": _control(abatement, unknown) if removal else "",
        "region": _region(cells),
        "species": pollutant,
        "value": value,
        "unit": unit.unit,
        "lower": lower,
        "upper": upper,
        "distribution": "lognormal" if upper is not None and value > 0 and upper > 2 * value else "",
        "basis": unit.basis,
        "tier": "1" if cells["Type"].startswith("Tier 1") else "2",
        "status": "official",
        "source": SOURCE,
        "locator": f"chapter {cells['NFR']}, {cells['Table'].replace('Table_', 'Table ').replace('_', ' ')}",
        "note": cells["Reference"],
    }


def _limits(
    record_id: str, line: int, value: float, cells: dict[str, str], issues: list[Finding]
) -> tuple[float | None, float | None]:
    lower, upper = number(cells["CI_lower"]), number(cells["CI_upper"])
    if lower is not None and upper is not None and lower > upper:
        issues.append(about("interval_swapped", record_id, line, lower=lower, upper=upper))
        lower, upper = upper, lower
    if (lower is not None and value < lower) or (upper is not None and value > upper):
        issues.append(about("outside_interval", record_id, line, value=value, lower=lower, upper=upper))
        return None, None
    return lower, upper


def _product(fuel: str, unknown: Unknown) -> tuple[str, str]:
    if not fuel:
        return "", ""
    found = name("emep", "product", fuel)
    if found is None:
        unknown.name("Fuel", fuel)
        return fuel, ""
    return found


def _control(abatement: str, unknown: Unknown) -> str:
    found = name("emep", "control", abatement)
    if found is None:
        unknown.name("Abatement", abatement)
        return abatement
    return found[0]


_TABLE = ("process", "product", "technology", "control", "region", "tier", "locator")


def _whole(
    rows: list[dict[str, Any]], shares: list[tuple[dict[str, Any], str]], issues: list[Finding]
) -> list[dict[str, Any]]:
    """Turn ``% of PM2.5`` into mass by the one PM2.5 record of the same table, technology and fuel."""
    wholes: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        wholes.setdefault((row["species"], *(row[k] for k in _TABLE)), []).append(row)
    found = []
    for row, species in shares:
        candidates = wholes.get((species, *(row[k] for k in _TABLE)), [])
        if len(candidates) != 1:
            issues.append(
                about("share_without_whole", row["record_id"], species=row["species"], whole=species)
            )
            continue
        whole = candidates[0]
        scale = whole["value"] / 100.0
        given = f"{row['value']:g}% of {species} ({whole['value']:g} {whole['unit']})"
        found.append(
            row
            | {
                "value": row["value"] * scale,
                "lower": None if row["lower"] is None else row["lower"] * scale,
                "upper": None if row["upper"] is None else row["upper"] * scale,
                "unit": whole["unit"],
                "basis": whole["basis"],
                "status": "derived",
                "note": f"{given}; {row['note']}",
            }
        )
    return found
