"""Every column of the tables on projects, zones and money with a wrong cell, and what is said of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tongyuan.flows.source import open_workspace
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import Finding, FindingError
from tongyuan.ledger.table import Column, table

WRONG = {
    "number": ("很多", "1,2,3", "1e999"),
    "integer": ("两个", "1.5"),
    "year": ("某年", "20255"),
    "share": ("不少",),
    "choice": ("瞎写",),
    "date": ("2026-02-30", "某天"),
    "month": ("2026-13",),
    "boolean": ("也许",),
    "unit": ("furlong",),
}
"""What no cell of a type may hold."""


def spoilt(column: Column) -> Iterator[str]:
    """Yield cells that a column may not have: by its type, its bounds, and blank where it must be filled."""
    yield from WRONG.get(column.type, ())
    if column.minimum is not None:
        yield str(column.minimum - 1)
    if column.maximum is not None:
        yield str(column.maximum + 1)
    if column.required and not column.key:
        yield ""


def spoil(path: Path) -> list[tuple[str, int, str, str]]:
    """Add a row to a file of an example for every cell that is wrong: file, row, column and cell of each."""
    name = re.sub(r"^[^a-z]+", "", path.stem)
    known = {c.name: c for c in table(name).columns}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head, good, planted = rows[0], rows[1], []
    for at, column in enumerate(head):
        for cell in spoilt(known[column]):
            rows.append([*good[:at], cell, *good[at + 1 :]])
            planted.append((path.name, len(rows), get_column_letter(at + 1), cell))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return planted


def said(folder: Path) -> list[Finding]:
    """Return what is said of a workspace, also where it is refused; anything else raised is a traceback."""
    try:
        return list(open_workspace(folder).findings)
    except FindingError as error:
        return list(error.findings)


@pytest.mark.parametrize(("world", "least"), [("zoning", 80), ("finance", 40)])
def test_every_cell_that_is_wrong_is_told_at_its_place(world: str, least: int, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    copy_example(world, folder)
    planted = [one for path in sorted((folder / "tables").glob("*.csv")) for one in spoil(path)]
    found = said(folder)
    places = {(f.file, f.row, f.column) for f in found}
    print(f"{world}: {len(planted)} cells that are wrong")
    unsaid = [one for one in planted if one[:3] not in places]
    assert unsaid == []
    for one in found:
        assert all((one.message("zh"), one.message("en"), one.next_step("zh"), one.next_step("en"))), (
            one.check
        )
    assert len(planted) >= least
