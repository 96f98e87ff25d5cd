"""Pages from the register: a room with its lists and acts, the form of an act, the answer of a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.write.write import worded as written
from tongyuan.office.guided import guides
from tongyuan.office.operation import File, Operation, Refused, Room, office_rooms, operations
from tongyuan.office.role import roles
from tongyuan.reference.shelf import Language
from tongyuan.report.chapters import room_title
from tongyuan.web.api import attached
from tongyuan.web.console import form
from tongyuan.web.console.body import Sent
from tongyuan.web.console.cell import column_title, worded
from tongyuan.web.console.grid import View, as_csv, as_excel, chosen, grid
from tongyuan.web.console.results import shown
from tongyuan.web.console.visit import Route, Visit, findings, gone, local, page, result_rooms

ORGANISATIONS = ("province", "city", "park", "enterprise")
"""Kinds of organisations that are proposed; whether a kind is known to the office is another question."""

OWN_PAGE = {
    "submission": ("submission", "/submission/{submission}"),
    "run": ("run", "/run/{run}"),
    "admission": ("project", "/submission/{submission}/admission?project={project}"),
}
"""Subjects of which each has a page of its own: the column that names it, and its address."""

ELSEWHERE = (
    "account.change_password",
    "admission.page",
    "entry.end",
    "submission.replace",
    "submission.write",
)
"""Operations that have a form of their own, or none."""


def _named(visit: Visit) -> Operation:
    operation = operations().get(visit.parts["operation"])
    if operation is None:
        raise HTTPException(404)
    return operation


def subject(operation: Operation) -> str:
    """Return what an operation is about: the first part of its name."""
    return operation.name.partition(".")[0]


def required(operation: Operation) -> tuple[str, ...]:
    """Return what an operation must be asked."""
    return tuple(name for name, told in operation.request.model_fields.items() if told.is_required())


def offered(operation: Operation) -> bool:
    """Return whether an operation has a form made from its request."""
    fields = form.of_request(operation.request, {}, "zh", {})
    return operation.name not in ELSEWHERE and fields is not None


def acts_on(visit: Visit, key: str, but: str = "") -> list[Operation]:
    """Return the operations that may be done on one thing, whose number or name is `key`."""
    return [
        one for one in operations().values()
        if visit.may(one.name) and required(one)[:1] == (key,) and one.name != but and offered(one)
    ]  # fmt: skip


def lists(visit: Visit, room: Room) -> list[Operation]:
    """Return the operations of a room whose answers are its tables."""
    return [
        one for one in room.operations()
        if visit.may(one.name) and one.roles and one.answers == "rows" and not required(one)
    ]  # fmt: skip


def _room(visit: Visit) -> Response:
    name = visit.parts["room"]
    room = office_rooms().get(name)
    if name == "public":
        return gone("/public")
    if room is None and name not in result_rooms():
        raise HTTPException(404)
    mine = room is None or visit.may("run.page")
    results = shown(visit, name) if name in result_rooms() and mine else None
    room = room or Room(name, Bilingual(*(room_title(name, one) for one in ("zh", "en"))), Bilingual("", ""))
    listed = lists(visit, room)
    begun = [
        one for one in room.operations()
        if visit.may(one.name) and one.roles and one not in listed
        and offered(one) and not _acts_on_rows(one, listed)
    ]  # fmt: skip
    blocks = [_block(visit, one, alone=len(listed) == 1) for one in listed]
    return page(
        visit,
        "room.html.j2",
        getattr(room.title, visit.language),
        room=room,
        blocks=blocks,
        begun=begun,
        guides=[one for one in guides().values() if one.room == name and visit.may("submission.open")],
        busy=any(_busy(b["grid"].frame) for b in blocks),
        results=results,
        charts=results.charts if results else [],
    )


AS_TABLE = {"factor": "factor"}
"""Subjects whose lists have the columns of a table of the ledger, and read like it."""

TOLD_ELSEWHERE = (
    "kind",
    "lower",
    "upper",
    "distribution",
    "basis",
    "class",
    "valid_from",
    "valid_to",
    "locator",
    "note",
)
"""Columns of such a list that the page of one thing tells, and its list does not."""

WHILE: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "proposal.decide": lambda row: row["decision"] is None,
    "job.cancel": lambda row: row["state"] in ("waiting", "running"),
    "job.retry": lambda row: row["state"] in ("failed", "cancelled"),
    "account.close": lambda row: row["active"],
}
"""Acts that are offered on a row while it stands so; the office has the last word."""

OWN_FIELDS = ("limit", "after", "language", "submission")
"""Fields of a list that its page answers itself."""


def _stands(operation: Operation, row: Mapping[str, Any]) -> bool:
    """Return whether an act is offered on a row as it stands."""
    test = WHILE.get(operation.name)
    return test is None or test(row)


def _block(visit: Visit, operation: Operation, *, alone: bool) -> dict[str, Any]:
    """Return a table of a room: its rows as asked for, and what may be done on each."""
    mine = alone or visit.one("of") == operation.name
    given = dict(visit.asked) if mine else {}
    asked = _asked(operation, given)
    name = operation.name
    fields = form.of_request(operation.request, given, visit.language, choices(visit), name) or []
    found: list[Any] = []
    if "limit" in operation.request.model_fields:
        asked["limit"] = MOST
    try:
        frame = visit.do(operation.name, **asked)
    except Refused as error:
        if error.status != 422:
            raise
        found, frame = findings(visit, error.findings), visit.do(operation.name)
    assert isinstance(frame, pl.DataFrame)
    key, view = subject(operation), View.of(visit.asked) if mine else View()
    named, to = OWN_PAGE.get(key, (key, ""))
    acts = acts_on(visit, key, operation.name)
    kept = [("of", operation.name)] if not alone else []
    kept += [
        (name, value) for name, value in given.items() if name in operation.request.model_fields and value
    ]
    return {
        "operation": operation,
        "grid": grid(_plain(frame, visit.language, key), view, visit.language, AS_TABLE.get(key, "")),
        "key": named if named in frame.columns else "",
        "acts": acts,
        "acts_of": lambda row: [one for one in acts if _stands(one, row)],
        "own": (lambda row: to.format(**{n: quote(str(v), safe="") for n, v in row.items()})) if to else None,
        "fields": [one for one in fields if one.name not in OWN_FIELDS],
        "kept": kept,
        "found": found,
    }


MOST = 1_000
"""Rows that the page of a list asks for where it must say how many."""


def _asked(operation: Operation, given: dict[str, str]) -> dict[str, Any]:
    """Return what an address asks of a list: the fields of its request that are filled in."""
    sent = Sent({name: [value] for name, value in given.items() if name in operation.request.model_fields})
    return {
        name: value for name, value in form.values(operation.request, sent).items() if name in sent.fields
    }


def _busy(frame: pl.DataFrame) -> bool:
    return "state" in frame.columns and bool(frame["state"].is_in(["waiting", "running"]).any())


def _plain(frame: pl.DataFrame, language: Language, key: str) -> pl.DataFrame:
    """Leave out what is for programs alone, digests, and titles in the other language."""
    shown = frame.drop("digest", "before", "algorithm", "writable", strict=False)
    if key in AS_TABLE:
        shown = shown.drop(TOLD_ELSEWHERE, strict=False)
        return shown.select(n for n in shown.columns if not frame.height or _filled(shown[n]))
    if key == "organisation" or not {"title_zh", "title_en"} <= set(frame.columns):
        return shown
    return shown.drop("title_en" if language == "zh" else "title_zh").rename({f"title_{language}": "title"})


def _filled(values: pl.Series) -> bool:
    return bool((values.cast(pl.String) != "").any())


def _acts_on_rows(operation: Operation, listed: list[Operation]) -> bool:
    """Return whether an operation is done on one of the things listed, and not adding one."""
    key = required(operation)[:1]
    return key != () and key[0] in map(subject, listed) and operation.name != f"{key[0]}.add"


def choices(visit: Visit) -> dict[str, form.Pairs]:
    """Return what may be chosen for fields of some names."""
    tables = [
        (name, worded(name, "table", visit.language)) for name in sorted(ledger.tables_of(role="input"))
    ]
    made: dict[str, form.Pairs] = {
        "role": [(r, getattr(told.title, visit.language)) for r, told in roles().items() if r != "public"],
        "table": tables,
        "language": [("zh", "中文"), ("en", "English")],
        "kind": [(one, worded(one, "kind", visit.language)) for one in ORGANISATIONS],
    }
    if visit.may("organisation.list"):
        found = visit.do("organisation.list")
        assert isinstance(found, pl.DataFrame)
        made["organisation"] = [
            (row["organisation"], f"{row[f'title_{visit.language}']} ({row['organisation']})")
            for row in found.iter_rows(named=True)
        ]
        made["parent"] = [("", "–"), *made["organisation"]]
    if visit.may("submission.list"):
        found = visit.do("submission.list")
        assert isinstance(found, pl.DataFrame)
        if found.height <= form.MOST:
            newest = found.reverse().iter_rows(named=True)
            made["submission"] = [(str(row["submission"]), submission_called(visit, row)) for row in newest]
    return made


def submission_called(visit: Visit, row: dict[str, Any]) -> str:
    """Return what a submission is called where one is chosen."""
    kind = worded(row["kind"], "kind", visit.language)
    return f"{row['submission']} · {visit.called(row['organisation'])} · {kind} {row['period']}"


def _ask(visit: Visit) -> Response:
    operation = _named(visit)
    given = dict(visit.asked)
    if not operation.changes and set(required(operation)) <= set(given):
        return _answer(visit, operation, given)
    return _form(visit, operation, given, (), 200)


def _form(
    visit: Visit, operation: Operation, given: dict[str, str], found: Any, status: int, back: str = ""
) -> Response:
    if not offered(operation) or not visit.may(operation.name):
        raise HTTPException(404)
    pairs = choices(visit)
    fields = form.of_request(operation.request, given, visit.language, pairs, operation.name)
    to = local(back or visit.one("back") or f"/room/{operation.room}")
    title = getattr(operation.title, visit.language)
    return page(
        visit, "form.html.j2", title, status, operation=operation, fields=fields, found=found, back=to,
        secret=form.SECRET, long=form.LONG, draft_of=visit.one(subject(operation)),
        about=_about(visit, operation, given),
    )  # fmt: skip


def _about(visit: Visit, operation: Operation, given: dict[str, str]) -> list[tuple[str, str, Any]]:
    """Return column, title and value of what an act is about, as the list of such things tells it."""
    key = next(iter(required(operation)), "")
    listing = operations().get(f"{key}.list")
    if not given.get(key) or listing is None or not visit.may(listing.name):
        return []
    more = {key: given[key]} if key in listing.request.model_fields else {}
    try:
        told = visit.do(listing.name, **more)
    except Refused:  # a number that is none is told where it is sent
        return []
    assert isinstance(told, pl.DataFrame)
    if key not in told.columns:
        return []
    frame = _plain(told.filter(pl.col(key).cast(pl.String) == given[key]), visit.language, key)
    return [
        (name, column_title(name, visit.language), value)
        for row in frame.head(1).iter_rows(named=True)
        for name, value in row.items()
        if value not in (None, "", []) and name not in given
    ]


def _answer(visit: Visit, operation: Operation, given: dict[str, str]) -> Response:
    asked = form.values(operation.request, Sent({k: [v] for k, v in given.items()}))
    if "language" in operation.request.model_fields:
        asked.setdefault("language", visit.language)
    answer = visit.do(operation.name, **asked)
    if isinstance(answer, File):
        return attached(answer)
    title = getattr(operation.title, visit.language)
    if subject(operation) in AS_TABLE and isinstance(answer, Mapping):
        answer = _as_table(answer, AS_TABLE[subject(operation)], visit.language)
    if isinstance(answer, pl.DataFrame):
        return table(visit, answer, title, given.get("table", ""), "table.html.j2")
    return page(
        visit, "answer.html.j2", title, answer=answer, operation=operation, back=f"/room/{operation.room}"
    )


def _as_table(answer: Mapping[str, Any], name: str, language: Language) -> dict[str, Any]:
    """Return values by name with the words that the table of the ledger has for them."""
    columns = {c.name for c in ledger.table(name).columns} & set(answer)
    row = pl.DataFrame([{c: answer[c] for c in answer if c in columns}])
    said = written(name, row, language).row(0, named=True)
    return {key: said.get(key, value) for key, value in answer.items()}


def table(
    visit: Visit,
    frame: pl.DataFrame,
    title: str,
    name: str,
    template: str,
    names: Mapping[str, Mapping[str, str]] | None = None,
    **more: Any,
) -> Response:
    """Return a page with a table, or with ``as=csv`` or ``as=xlsx`` all rows its view chooses as a file.

    `names` holds what ids of some columns are called.
    """
    view = View.of(visit.asked)
    kind = visit.one("as")
    if kind in ("csv", "xlsx"):
        rows, _ = chosen(frame, view)
        rows = rows.select(pl.exclude("^_.*$"))
        if kind == "csv":
            return attached(File(f"{name or title}.csv", as_csv(rows, name, visit.language), "text/csv"))
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return attached(File(f"{name or title}.xlsx", as_excel(rows, name, visit.language), sheet))
    made = grid(frame, view, visit.language, name, names)
    kept = [
        (k, v) for k, v in visit.asked if k not in ("where", "sort", "offset", "limit") and "filter_" not in k
    ]
    return page(visit, template, title, grid=made, kept=kept, **more)


def _act(visit: Visit, sent: Sent) -> Response:
    operation = _named(visit)
    back = local(sent.one("back", f"/room/{operation.room}"))
    try:
        answer = visit.do(operation.name, **form.values(operation.request, sent))
    except Refused as error:
        if error.status in (401, 404) or not visit.may(operation.name):
            raise
        given = {name: values[-1] for name, values in sent.fields.items()}
        return _form(visit, operation, given, findings(visit, error.findings), error.status, back)
    assert isinstance(answer, dict)
    if "password" in answer:
        title = getattr(operation.title, visit.language)
        return page(visit, "answer.html.j2", title, answer=answer, operation=operation, back=back)
    made = {"run.start": "/room/job", "submission.open": f"/submission/{answer.get('submission', '')}"}
    to = made.get(operation.name, back)
    return gone(to + ("&" if "?" in to else "?") + f"done={operation.name}")


ROUTES = (
    Route("/room/{room}", _room),
    Route("/do/{operation}", _ask, _act),
)
