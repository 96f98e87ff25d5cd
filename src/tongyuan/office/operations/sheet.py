"""Workbooks of a submission: the template to fill in, the rows as they stand, and an uploaded one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
from pydantic import Base64Bytes, Field

from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import finding
from tongyuan.ledger.read.read import Reading
from tongyuan.ledger.workspace import kinds
from tongyuan.ledger.write.template import write_sheets
from tongyuan.office.operation import Answer, Desk, File, Office, Operation, Refused, Request, Serial
from tongyuan.office.operations.submission import FILLS, REVIEWS, SEES, One, definition
from tongyuan.office.upload import parse
from tongyuan.office.workspace import settings_of, tables_of
from tongyuan.reference.shelf import Language
from tongyuan.reference.told import plain
from tongyuan.store import workspace as beside
from tongyuan.store.database import Session, reading
from tongyuan.store.record import filled, replace, write
from tongyuan.store.scope import Scope
from tongyuan.store.submission import Head, head_of

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Workbook(Request):
    """A submission, the tables wanted (all that it has or usually has when none), and the language."""

    submission: Serial
    tables: tuple[str, ...] = ()
    language: Language = "zh"


BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
"""Texts that are bytes in base 64."""


class Upload(Request):
    """A workbook, CSV or Parquet file; the tables it has rows of are to be those of a submission."""

    submission: Serial
    version: Serial
    file_name: str = Field(max_length=400)
    content: Base64Bytes = Field(json_schema_extra={"pattern": BASE64})


def tables_for(session: Session, head: Head, held: Iterable[str]) -> list[str]:
    """Return the tables that people fill in for a submission: those with rows, and those of its kind."""
    settings = settings_of(session, head, beside.kept(session, head.submission))
    usual = [name for name in kinds()[settings.kind][1] if name in ledger.tables_of(role="input")]
    return list(dict.fromkeys([*held, *usual]))


def _workbook(rows: Mapping[str, pl.DataFrame], tables: list[str], language: Language, name: str) -> File:
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "tables.xlsx"
        write_sheets(path, [ledger.table(t) for t in tables], language, rows=rows, example=not rows)
        return File(name, path.read_bytes(), SHEET)


def _chosen(desk: Desk, asked: Workbook) -> tuple[Head, list[str]]:
    head = head_of(desk.session, asked.submission)
    for name in asked.tables:
        definition(name)
    names = sorted(ledger.tables_of(role="input"))
    return head, list(asked.tables) or tables_for(
        desk.session, head, filled(desk.session, names, head.submission)
    )


def _template(desk: Desk, asked: Workbook) -> Answer:
    head, tables = _chosen(desk, asked)
    return _workbook({}, tables, asked.language, f"{head.organisation}-{head.submission}-template.xlsx")


def _download(desk: Desk, asked: Workbook) -> Answer:
    head, tables = _chosen(desk, asked)
    held = tables_of(desk.session, head.submission)
    rows = {name: held[name] for name in tables if name in held}
    name = f"{head.organisation}-{head.submission}-v{head.version}.xlsx"
    return _workbook(rows, tables, asked.language, name)


def _parse(office: Office, scope: Scope, asked: Upload) -> Reading:
    with reading(office.engine, scope) as session:
        head = head_of(session, asked.submission)
        region = settings_of(session, head, beside.kept(session, head.submission)).region_id
    return parse(asked.file_name, asked.content, region=region)


def _upload(desk: Desk, asked: Upload) -> Answer:
    head, told = head_of(desk.session, asked.submission), desk.worked
    errors = [f for f in told.findings if f.severity == "error"]
    if errors:
        raise Refused(422, *errors)
    tables = {n: f for n, f in told.tables.items() if n in ledger.tables_of(role="input") and f.height}
    if not tables:
        raise Refused(422, finding("office", "upload_empty", file=asked.file_name[-120:]))
    changes = {
        name: replace(desk.session, head.submission, name, frame.select(ledger.PLACE, pl.exclude("^_.*$")))
        for name, frame in tables.items()
    }
    version = write(desk.session, head.submission, changes, based_on=asked.version, reason=asked.file_name)
    rows = {name: frame.height for name, frame in tables.items()}
    return {"version": version, "rows": rows, "findings": plain(told.findings)}


def _tables(desk: Desk, asked: One) -> Answer:
    head = head_of(desk.session, asked.submission)
    held = tables_of(desk.session, head.submission)
    names = tables_for(desk.session, head, held)
    return pl.DataFrame(
        {"table": names, "rows": [held[n].height if n in held else 0 for n in names]},
        schema={"table": pl.String, "rows": pl.Int64},
    )


OPERATIONS = (
    Operation("submission.template", SEES, Workbook, _template, answers="file"),
    Operation("submission.download", SEES, Workbook, _download, answers="file"),
    Operation("submission.upload", FILLS | REVIEWS, Upload, _upload, changes=True, before=_parse),
    Operation("submission.tables", SEES, One, _tables, answers="rows"),
)
