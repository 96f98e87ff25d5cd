"""Runs: begun as jobs, looked at as tables, traced to cells, solved anew with other targets."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field

from tongyuan.flows.ask.export import Form, export
from tongyuan.flows.ask.results import by_region, explain, results
from tongyuan.flows.run import flows
from tongyuan.ledger import table as ledger
from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import finding
from tongyuan.ledger.run_set import read_record
from tongyuan.office.chapter import page, present
from tongyuan.office.operation import Answer, Desk, File, Operation, Page, Refused, Request, Serial
from tongyuan.office.operations.submission import FILLS, REVIEWS, SEES, Word
from tongyuan.office.solve import answer, held
from tongyuan.office.workspace import workspace_of
from tongyuan.reference.shelf import Language
from tongyuan.report.chapters import room_title, rooms
from tongyuan.store import job as queue
from tongyuan.store.database import AbsentError
from tongyuan.store.published import folder_of, published
from tongyuan.store.submission import head_of

SCOPES = next(c.choices for c in ledger.table("emission").columns if c.name == "scope")

Year = Annotated[int, Field(ge=1, le=9999)]


class Nothing(Request):
    """Asks nothing more."""


class Start(Request):
    """A submission to run, and the flows wanted, all when none."""

    submission: Serial
    only: tuple[Annotated[str, Field(pattern=f"^({'|'.join(flows())})$")], ...] = ()


class Name(Request):
    """A run."""

    run: Word


class Part(Request):
    """One table of a run."""

    run: Word
    table: Word


class Document(Request):
    """One file of a run: a report, a workbook, an official document."""

    run: Word
    file: Annotated[str, Field(min_length=1, max_length=200)]


class Chapter(Request):
    """The chapters of one room of a run, in a language."""

    run: Word
    room: Word
    language: Language = "zh"


class Sheet(Request):
    """A run in a form that other systems read; region and year where it has several."""

    run: Word
    form: Form
    region: Annotated[str, Field(max_length=200)] = ""
    year: Year | None = None
    language: Language = "zh"


class Total(Request):
    """A total of a run, to be followed to the cells it comes from."""

    run: Word
    species: Word
    region: str | None = None
    year: Year | None = None
    process: str | None = None
    scope: Annotated[str, Field(pattern=f"^({'|'.join((*SCOPES, 'all'))})$")] = "direct"
    top: Annotated[int, Field(ge=1, le=200)] = 20


class Regions(Request):
    """A run, a species, and a year or every one."""

    run: Word
    species: Word
    year: int | None = None


class Bound(Request):
    """A target and the bound it is to have, in a year or in each."""

    target: Word
    bound: Annotated[float, Field(allow_inf_nan=False)]
    year: Year | None = None


class Solve(Request):
    """A run whose plan is to be found anew under other bounds of targets."""

    run: Word
    bounds: tuple[Bound, ...] = ()


def _start(desk: Desk, asked: Start) -> Answer:
    head = head_of(desk.session, asked.submission)
    content = {"submission": head.submission, "version": head.version, "only": list(asked.only)}
    return {"job": queue.add(desk.session, head.organisation, "run", content)}


def _list(desk: Desk, _: Nothing) -> Answer:
    return published(desk.session).reverse().drop("place")


def _folder(desk: Desk, run: str) -> Path:
    return folder_of(desk.session, desk.archive, run)


def _tables(desk: Desk, asked: Name) -> Answer:
    rows = read_record(_folder(desk, asked.run)).get("rows", {})
    known = [name for name in rows if name in ledger.names()]
    return pl.DataFrame(
        {"table": known, "rows": [rows[name] for name in known]},
        schema={"table": pl.String, "rows": pl.Int64},
    ).sort("table")


def _table(desk: Desk, asked: Part) -> Answer:
    folder = _folder(desk, asked.run)
    if asked.table not in ledger.names() or not (folder / f"{asked.table}.parquet").is_file():
        raise Refused(404, finding("office", "run_unknown", name=asked.table))
    rows = pl.scan_parquet(folder / f"{asked.table}.parquet")
    if desk.window is None:
        return ledger.read_lists(asked.table, plain(rows.collect()))
    total = int(rows.select(pl.len()).collect().item())
    part = rows.slice(min(desk.window[0], total), desk.window[1]).collect()
    return Page(ledger.read_lists(asked.table, plain(part)), total)


def _rooms(desk: Desk, asked: Name) -> Answer:
    found = present(_folder(desk, asked.run), _digest(desk, asked.run))
    return pl.DataFrame(
        {
            "room": found,
            "title_zh": [room_title(room, "zh") for room in found],
            "title_en": [room_title(room, "en") for room in found],
        },
        schema={"room": pl.String, "title_zh": pl.String, "title_en": pl.String},
    )


def _page(desk: Desk, asked: Chapter) -> Answer:
    if asked.room not in rooms():
        raise AbsentError(asked.room)
    return page(_folder(desk, asked.run), _digest(desk, asked.run), asked.room, asked.language)._asdict()


def _digest(desk: Desk, run: str) -> str:
    return str(published(desk.session).filter(run=run)["digest"][0])


def _file(desk: Desk, asked: Document) -> Answer:
    folder = _folder(desk, asked.run)
    if asked.file not in read_record(folder).get("outputs", {}):
        raise AbsentError(asked.file)
    media = mimetypes.guess_type(asked.file)[0] or "application/octet-stream"
    return File(Path(asked.file).name, (folder / asked.file).read_bytes(), media)


def _files(desk: Desk, asked: Name) -> Answer:
    outputs = read_record(_folder(desk, asked.run)).get("outputs", {})
    files = {name: told["bytes"] for name, told in outputs.items() if not name.endswith(".parquet")}
    return pl.DataFrame(
        {"file": list(files), "bytes": list(files.values())}, schema={"file": pl.String, "bytes": pl.Int64}
    )


def _export(desk: Desk, asked: Sheet) -> Answer:
    """Return the sheet, and what it has no place for, as two CSV files in one archive."""
    made = export(_folder(desk, asked.run), asked.form, asked.region, asked.year, asked.language)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in ((asked.form, made[asked.form]), (f"{asked.form}.left", made["left"])):
            text = "\ufeff" + frame.write_csv()
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), text.encode())
    return File(f"{asked.run}-{asked.form}.zip", held.getvalue(), "application/zip")


def _explain(desk: Desk, asked: Total) -> Answer:
    tables, letters = results(_folder(desk, asked.run))
    if "emission" not in tables:
        raise Refused(404, finding("office", "run_unknown", name="emission"))
    return explain(
        tables, asked.species, region=asked.region, year=asked.year, process=asked.process,
        top=asked.top, scope=asked.scope, letters=letters,
    )["explain"]  # fmt: skip


def _regions(desk: Desk, asked: Regions) -> Answer:
    """Return what each region emits of a species in a year."""
    path = _folder(desk, asked.run) / "summary.parquet"
    if not path.is_file():
        raise Refused(404, finding("office", "run_unknown", name="summary"))
    summary = ledger.read_lists("summary", plain(pl.read_parquet(path)))
    return by_region(summary, asked.species, asked.year)


def _solve(desk: Desk, asked: Solve) -> Answer:
    found = published(desk.session).filter(pl.col("run") == asked.run)
    if found.is_empty() or found["submission"][0] is None:
        raise AbsentError(asked.run)
    submission, version, digest = found.select("submission", "version", "digest").row(0)
    plan = held(digest, lambda: workspace_of(desk.session, submission, version))
    return answer(plan, [(one.target, one.bound, one.year) for one in asked.bounds])


OPERATIONS = (
    Operation("run.start", FILLS | REVIEWS, Start, _start, changes=True),
    Operation("run.list", SEES, Nothing, _list, answers="rows"),
    Operation("run.tables", SEES, Name, _tables, answers="rows"),
    Operation("run.table", SEES, Part, _table, answers="rows"),
    Operation("run.files", SEES, Name, _files, answers="rows"),
    Operation("run.file", SEES, Document, _file, answers="file"),
    Operation("run.export", SEES, Sheet, _export, answers="file"),
    Operation("run.rooms", SEES, Name, _rooms, answers="rows"),
    Operation("run.page", SEES, Chapter, _page),
    Operation("run.explain", SEES, Total, _explain, answers="rows"),
    Operation("run.regions", SEES, Regions, _regions, answers="rows"),
    Operation("run.solve", SEES, Solve, _solve),
)
