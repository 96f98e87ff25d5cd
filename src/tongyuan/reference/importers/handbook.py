"""产排污系数手册: a template for users who hold the handbook, and its importer.

The method of the handbook is 排放 = 产污 × (1 − η·k): a row gives a generation factor, and the removal η of
the end-of-pipe technology with the formula of its operation k, which stays in the note.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference import phrase, record
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers.mapping import Unknown, name, processes
from tongyuan.reference.importers.reading import number, read_table
from tongyuan.reference.quality import about, check, demote
from tongyuan.reference.units import UnitError

COLUMNS = (
    "行业代码",
    "产品",
    "原料",
    "工艺",
    "规模",
    "污染物",
    "产污系数",
    "单位",
    "末端技术",
    "去除率η",
    "运行率k公式",
)
SOURCE = "cn_discharge_handbook"


def template() -> pl.DataFrame:
    """Return the empty table to fill in; `去除率η` is a fraction or per cent written with %."""
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the factors and removal efficiencies of a filled template (CSV or xlsx), and its issues."""
    table, issues = read_table(path, COLUMNS)
    if table is None:
        return record.frame([]), tuple(issues)
    rows: list[dict[str, Any]] = []
    unknown = Unknown()
    empty = 0
    for line, cells in enumerate(table.to_dicts(), start=2):
        record_id = f"handbook:{line}"
        species = name("handbook", "species", cells["污染物"])
        if species is None:
            unknown.species(cells["污染物"])
            continue
        common = _common(cells, unknown) | {"species": species[0]}
        if cells["产污系数"]:
            rows += _generation(cells, line, record_id, common, issues)
        else:
            empty += 1
        if cells["末端技术"]:
            rows += _removal(cells, line, record_id, common, issues, unknown)
    if empty:
        issues.append(about("value_missing", count=empty))
    frame = record.frame(rows)
    issues += [*unknown.issues(), *check(frame)]
    return demote(frame, issues), tuple(issues)


def _common(cells: dict[str, str], unknown: Unknown) -> dict[str, Any]:
    found = processes("gbt4754", cells["行业代码"])
    if not found:
        unknown.name("行业代码", cells["行业代码"])
    product = name("handbook", "product", cells["产品"]) if cells["产品"] else ("", "")
    if product is None:
        unknown.name("产品", cells["产品"])
    details = (cells["原料"], cells["工艺"], cells["规模"])
    return {
        "process": found[0] if found else cells["行业代码"],
        "product": product[0] if product else cells["产品"],
        "technology": "; ".join(part for part in details if part),
        "region": "CN",
        "tier": "2",
        "status": "official",
        "source": SOURCE,
        "locator": f"{cells['行业代码']} {cells['产品']}".strip(),
    }


def _generation(
    cells: dict[str, str], line: int, record_id: str, common: dict[str, Any], issues: list[Finding]
) -> list[dict[str, Any]]:
    value = number(cells["产污系数"])
    if value is None:
        issues.append(about("value_not_numeric", record_id, line, value=cells["产污系数"]))
        return []
    try:
        unit = phrase.read(cells["单位"])
    except UnitError:
        issues.append(about("unit_unknown", record_id, line, unit=cells["单位"]))
        return []
    return [
        common
        | {
            "record_id": record_id,
            "kind": "generation_factor",
            "value": value,
            "unit": unit.unit,
            "basis": unit.basis,
        }
    ]


def _removal(
    cells: dict[str, str],
    line: int,
    record_id: str,
    common: dict[str, Any],
    issues: list[Finding],
    unknown: Unknown,
) -> list[dict[str, Any]]:
    text = cells["去除率η"]
    if not text:
        return []
    value = number(text.removesuffix("%"))
    if value is None:
        issues.append(about("value_not_numeric", f"{record_id}:eta", line, value=text))
        return []
    control = name("handbook", "control", cells["末端技术"])
    if control is None:
        unknown.name("末端技术", cells["末端技术"])
    formula = cells["运行率k公式"]
    return [
        common
        | {
            "record_id": f"{record_id}:eta",
            "kind": "removal_efficiency",
            "control": control[0] if control else cells["末端技术"],
            "value": value / 100.0 if text.endswith("%") else value,
            "unit": "fraction",
            "note": f"k = {formula}" if formula else "",
        }
    ]
