"""Allocation: the inventory of a submission on its grid, and the files that chemistry models read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from pydantic import Field

from tongyuan.flows.ask import allocation
from tongyuan.office.answer import one_table
from tongyuan.office.operation import Answer, Desk, File, Operation, Request, Serial
from tongyuan.office.operations.submission import SEES
from tongyuan.office.workspace import workspace_of

TABLES = ("cell_emission", "allocation_balance", "model_emission", "emission_time", "boundary_cell")
MOST = 256 * 2**20
"""Bytes of hours that are handed out at once; more is written where the workspace lies."""


class Cells(Request):
    """A submission whose inventory is put on its grid, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(TABLES)})$")] = TABLES[0]


class Files(Request):
    """A submission, the form of the files, and days in UTC."""

    submission: Serial
    form: Annotated[str, Field(pattern=f"^({'|'.join(allocation.FORMATS)})$")] = "cf"
    first: date
    last: date


def _cells(desk: Desk, asked: Cells) -> Answer:
    made = allocation.allocate(workspace_of(desk.session, asked.submission)).tables
    return one_table(made, asked.table)


def _write(desk: Desk, asked: Files) -> Answer:
    """Return the files of the days as one archive."""
    held = io.BytesIO()
    with TemporaryDirectory() as place, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        given = workspace_of(desk.session, asked.submission)
        made = allocation.write_grid(given, asked.form, Path(place), asked.first, asked.last, most=MOST)
        for path in made.facts["files"]:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return File(f"{asked.submission}-{asked.form}.zip", held.getvalue(), "application/zip")


OPERATIONS = (
    Operation("allocation.cells", SEES, Cells, _cells, answers="rows"),
    Operation("allocation.write", SEES, Files, _write, answers="file"),
)
