"""Questions about the records of enterprises: the workbook of a month, messages of monitors, carbon."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.facility.record.hj212 import messages
from tongyuan.facility.record.layout import layout_readings
from tongyuan.facility.record.reading import readings
from tongyuan.flows.ask import Answer
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.facility.ledgers import ledgers
from tongyuan.flows.source import Brought, Inputs
from tongyuan.ledger.finding import FindingError, finding, require
from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write.month import write_month
from tongyuan.reference.shelf import Language

LOOK = 4096
"""Bytes in which the first message of a stream is looked for."""


def month(
    path: Path, kind: str, facility: str, of: str, language: Language, *, before: Path | None = None
) -> None:
    """Write the workbook of month `of` for an enterprise; `before` is the workbook to carry on.

    Raises
    ------
    FindingError
        If the kind is unknown, `before` cannot be read, or the file cannot be written.
    """
    tables = None
    if before is not None:
        reading = read(before, unique=False)
        require(f for f in reading.findings if f.check not in ("missing_required", "cover_rows"))
        tables = reading.tables
    write_month(path, kind, facility, of, language, before=tables)


def record(file: Path, workspace: Brought, facility: str = "", outlet: str = "") -> Answer:
    """Return table ``reading`` of a file of monitoring data: HJ 212 messages, or an export of a platform.

    Parameters
    ----------
    file
        The file.
    workspace
        Where table ``monitor`` says which outlet an MN sends for.
    facility, outlet
        Whose an export is: the only enterprise of the workspace when empty.

    Raises
    ------
    FindingError
        If the file cannot be opened, or an export does not say whose it is.
    """
    monitors = workspace.tables.get("monitor", empty("monitor"))
    data = _head(file)
    if b"##" in data:
        found, wrong = messages(file.read_bytes(), file.name)
        frame, more = readings(found, monitors, file.name)
        return Answer({"reading": frame}, (*wrong, *more), {"messages": len(found)})
    who = facility or _only(workspace)
    frame, wrong = layout_readings(file, who, outlet)
    return Answer({"reading": frame.drop(PLACE, strict=False)}, tuple(wrong), {"messages": 0})


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LOOK)
    except OSError:
        raise FindingError([finding("ledger", "file_missing", path=str(file))]) from None


def _only(workspace: Brought) -> str:
    known = workspace.tables.get("facility", empty("facility"))["facility"].unique().to_list()
    if len(known) != 1:
        raise FindingError([finding("facility", "which_facility", count=len(known))])
    return str(known[0])


def carbon(workspace: Brought) -> Answer:
    """Return ``facility_emission`` by year and installation, and the tables it rests on.

    Raises
    ------
    FindingError
        If there are no enterprises, or a row cannot be accounted.
    """
    if workspace.tables.get("facility", empty("facility")).is_empty():
        raise FindingError([finding("facility", "no_facilities")])
    made, found = account_facilities(workspace)
    return Answer(made, found)


def _quotas(workspace: Brought, answer: Answer) -> dict[str, pl.DataFrame]:
    """Return table ``allowance_account`` of what was accounted."""
    inputs = Inputs(workspace.settings, workspace.tables, made=answer.tables, letters=workspace.letters)
    return {"allowance_account": ledgers(inputs)[0]["allowance_account"]}


def report(
    workspace: Brought,
    folder: Path,
    languages: Sequence[Language],
    *,
    facility: str = "",
    year: int | None = None,
) -> list[Path]:
    """Write the carbon report of one enterprise, or of all, as Word and as workbook.

    Parameters
    ----------
    workspace
        Tables and settings.
    folder
        Where the files go; it is made.
    languages
        Of the documents.
    facility
        Id of the enterprise; all when empty.
    year
        Year; the last with data when None.

    Raises
    ------
    FindingError
        If there are no enterprises, the one that is asked for is none of them, or a row cannot be accounted.
    """
    from tongyuan.report.excel.document import workbook
    from tongyuan.report.facility.document.carbon import carbon_report
    from tongyuan.report.word.document import document

    answer = carbon(workspace)
    made = {**answer.tables, **_quotas(workspace, answer)}
    known = workspace.tables["facility"]["facility"].unique(maintain_order=True).to_list()
    if facility and facility not in known:
        raise FindingError([finding("facility", "facility_unknown", facility=facility)])
    months = answer["facility_emission"]["month"].drop_nulls()
    last = year or (int(str(months.max())[:4]) if months.len() else 0)
    tables: dict[str, pl.DataFrame] = {**workspace.tables, **made}
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for one in [facility] if facility else known:
        for language in languages:
            blocks = carbon_report(tables, one, last, language)
            path = folder / f"carbon-{one}-{last}.{language}.docx"
            written.append(document(blocks, path, language))
            written.append(workbook(blocks, path.with_suffix(".xlsx"), language))
    return written
