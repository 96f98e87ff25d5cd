"""IPCC Emission Factor Database: the workbook that EFDB exports.

Known faults: records 213981-213985 (ammonia) hold GJ/t under the unit t CO2/t and are repaired by shelf
``efdb_repair``; ranges stand as text; one parameter may belong to many gases. There are no limits in the
export except those written into the value as ``0.9 (0.2-1.6)``. What tells several values of one parameter
apart stands in column ``class``, whole.
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
    "EF ID", "IPCC 2006 Source/Sink Category", "Gas", "Fuel 2006", "Type of parameter", "Description",
    "Technologies / Practices", "Parameters / Conditions", "Region / Regional Conditions", "Value", "Unit",
    "Source of data",
)  # fmt: skip
SOURCE = "ipcc_efdb"
_RANGE = re.compile(r"^([\d.eE+-]+)\s*\(\s*([\d.eE+]+)\s*-\s*([\d.eE+]+)\s*\)$")
_STATUS = {"Measured": "secondary", "Modeled": "secondary", "Other (e.g. compiled)": "secondary"}
_ELEMENT = {"N2O-N": ("N2O", 44.0 / 28.0), "NH3-N": ("NH3", 17.0 / 14.0), "C": ("CO2", 44.0 / 12.0)}
"""Values given as an element: species and the ratio of the masses."""
_NAMED_GASES = {"METHANE": "CH4"}


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the records of an EFDB export and every issue found in it.

    One record is made for every source category a value belongs to.
    """
    table, issues = read_table(path, COLUMNS)
    if table is None:
        return record.frame([]), tuple(issues)
    rows: list[dict[str, Any]] = []
    unknown = Unknown()
    counts: Counter[str] = Counter()
    elements: Counter[tuple[str, str]] = Counter()
    for line, cells in enumerate(table.to_dicts(), start=2):
        row = _record(cells, line, issues, unknown, counts, elements)
        if row is None:
            continue
        for position, process in enumerate(_processes(cells, unknown)):
            suffix = f":{position}" if position else ""
            rows.append(
                row
                | {
                    "record_id": row["record_id"] + suffix,
                    "process": process,
                    "species": by_origin(row["species"], process, row["product"]),
                }
            )
    if counts["empty"]:
        issues.append(about("value_missing", count=counts["empty"]))
    if counts["gases"]:
        issues.append(about("several_gases", count=counts["gases"]))
    issues += [
        about("element_converted", element=element, species=species, count=count)
        for (element, species), count in elements.items()
    ]
    frame = record.frame(rows)
    issues += [*unknown.issues(), *check(frame)]
    return demote(frame, issues), tuple(issues)


def _processes(cells: dict[str, str], unknown: Unknown) -> tuple[str, ...]:
    found: list[str] = []
    for category in cells["IPCC 2006 Source/Sink Category"].splitlines():
        code = category.split(" - ")[0].strip()
        if not code:
            continue
        known = processes("ipcc_2006", code)
        if not known:
            unknown.name("IPCC 2006", code)
        found += known or (f"IPCC {code}",)
    return tuple(dict.fromkeys(found)) or ("IPCC ?",)


@cache
def _repairs() -> dict[str, dict[str, str]]:
    return {row["ef_id"]: dict(row) for row in shelf("efdb_repair").to_dicts()}


def _value(text: str) -> tuple[float, float | None, float | None] | None:
    plain = number(text)
    if plain is not None:
        return plain, None, None
    found = _RANGE.match(text)
    if found is None:
        return None
    parts = [number(part) for part in found.groups()]
    if None in parts:
        return None
    return parts[0], parts[1], parts[2]  # type: ignore[return-value]


def _record(
    cells: dict[str, str],
    line: int,
    issues: list[Finding],
    unknown: Unknown,
    counts: Counter[str],
    elements: Counter[tuple[str, str]],
) -> dict[str, Any] | None:
    record_id = f"efdb:{cells['EF ID']}"
    if not cells["Value"]:
        counts["empty"] += 1
        return None
    gases = cells["Gas"].splitlines()
    if len(gases) > 1:
        counts["gases"] += 1
        return None
    numbers = _value(cells["Value"])
    if numbers is None:
        issues.append(about("value_not_numeric", record_id, line, value=cells["Value"]))
        return None
    gas = gases[0].strip() if gases else ""
    found = name("efdb", "species", gas)
    species = found[0] if found else _NAMED_GASES.get(gas, "")
    if not species:
        unknown.species(gas)
        return None
    unit = _unit(cells["Unit"], record_id, line, issues)
    if unit is None:
        return None
    scale, element = 1.0, unit.basis.split(" / ")[0].strip()
    kind = "emission_factor" if "emission factor" in cells["Description"].lower() else "parameter"
    if _ELEMENT.get(element, ("", 1.0))[0] == species and (element != "C" or kind == "emission_factor"):
        scale = _ELEMENT[element][1]
        elements[element, species] += 1
    value, lower, upper = (None if n is None else n * scale for n in numbers)
    text, status = unit.unit, _STATUS.get(cells["Type of parameter"], "official")
    repair = _repairs().get(cells["EF ID"])
    if repair is not None and value == float(repair["printed"]):
        value, text, status = float(repair["repaired"]), repair["unit"], "derived"
        issues.append(
            about("repaired", record_id, line, printed=repair["printed"], repaired=value, unit=text)
        )
    product, extra = _product(blank(cells["Fuel 2006"].replace("\n", " ")), unknown)
    details = [cells["Technologies / Practices"], cells["Parameters / Conditions"], extra]
    if kind == "parameter" and "Other properties" in cells:
        details.append(cells["Other properties"])
    detail = "; ".join(dict.fromkeys(" ".join(part.split()) for part in details if blank(part)))
    return {
        "record_id": record_id,
        "kind": kind,
        "product": product,
        "technology": "" if kind == "parameter" else detail,
        "region": _region(cells["Region / Regional Conditions"]),
        "species": species,
        "value": value,
        "unit": text,
        "lower": lower,
        "upper": upper,
        "basis": unit.basis if scale == 1.0 else "/".join(unit.basis.split(" / ")[1:]),
        "class": detail if kind == "parameter" else "",
        "tier": "1" if "default" in cells["Type of parameter"] else "2",
        "status": status,
        "source": SOURCE,
        "locator": f"EF ID {cells['EF ID']}; {' '.join(cells['Source of data'].split())}",
        "note": " ".join(cells["Description"].split()),
    }


def _unit(text: str, record_id: str, line: int, issues: list[Finding]) -> phrase.Phrase | None:
    if not text:
        issues.append(about("unit_missing", record_id, line))
    elif is_number(text):
        issues.append(about("unit_is_number", record_id, line, unit=text))
    else:
        try:
            return phrase.read(text)
        except UnitError:
            issues.append(about("unit_unknown", record_id, line, unit=text))
    return None


def _product(fuel: str, unknown: Unknown) -> tuple[str, str]:
    if not fuel:
        return "", ""
    found = name("efdb", "product", fuel)
    if found is None:
        unknown.name("Fuel 2006", fuel)
        return fuel, ""
    return found


def _region(text: str) -> str:
    region = blank(text)
    if not region:
        return "global"
    found = name("efdb", "factor_region", region)
    if found:
        return found[0]
    return "CN" if "China" in region else " ".join(region.split())
