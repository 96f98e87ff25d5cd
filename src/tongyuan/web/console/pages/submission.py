"""A submission: how it stands, what is found, its tables as forms that are their schemas, its history."""

from __future__ import annotations

from typing import Any

import polars as pl
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tongyuan.ledger import table as ledger
from tongyuan.ledger.write.write import worded
from tongyuan.office.guided import guides
from tongyuan.office.operation import Refused, operations
from tongyuan.store.record import LINE
from tongyuan.web.console import form
from tongyuan.web.console.body import Sent
from tongyuan.web.console.cell import column_title
from tongyuan.web.console.grid import Grid, View, grid
from tongyuan.web.console.pages.operation import acts_on, table
from tongyuan.web.console.visit import Route, Visit, findings, gone, local, page

ORDER = ("submit", "verify", "accept", "publish", "return", "reopen")
"""Acts on a submission in the order they follow each other."""

WHEN = {
    "submit": ("draft", "returned"),
    "verify": ("submitted",),
    "accept": ("submitted", "verified"),
    "publish": ("accepted",),
    "return": ("submitted", "verified"),
    "reopen": ("accepted", "published"),
}
"""States in which each act is offered; the office has the last word."""


def number_of(visit: Visit) -> int:
    """Return the number of the submission that an address names."""
    text = visit.parts["submission"]
    if not text.isdigit() or len(text) > 15:
        raise HTTPException(404)
    return int(text)


def _frame(answer: object) -> pl.DataFrame:
    assert isinstance(answer, pl.DataFrame)
    return answer


def head_of(visit: Visit, number: int) -> dict[str, Any]:
    """Return how a submission stands, and whether who looks may write for its organisation."""
    found = _frame(visit.do("submission.list", submission=number))
    if found.is_empty():
        visit.do("submission.history", submission=number)  # says 404
    return found.row(0, named=True)


def _show(visit: Visit) -> Response:
    number = number_of(visit)
    head = head_of(visit, number)
    state, version = head["state"], head["version"]
    tables = _frame(visit.do("submission.tables", submission=number))
    found = _frame(visit.do("submission.evaluate", submission=number, language=visit.language))
    replies = _frame(visit.do("finding.replies", submission=number))
    history = _frame(visit.do("submission.history", submission=number)).reverse()
    acts = [
        operations()[f"submission.{act}"] for act in ORDER
        if head["writable"] and visit.may(f"submission.{act}") and state in WHEN[act]
    ]  # fmt: skip
    more = [one for one in acts_on(visit, "submission") if one.name == "run.start" and head["writable"]]
    runs = _frame(visit.do("run.list")).filter(submission=number)
    changes = may_change(visit, head)
    return page(
        visit, "submission.html.j2", visit.say("submission_title", number=number), head=head, tables=tables,
        found_here=found, replies=replies, history=history, acts=acts, more=more, runs=runs, changes=changes,
        version=version, number=number, found=[], replying=head["writable"] and visit.may("finding.reply"),
        named=set(tables["table"]), steps=_steps(state),
        guides=guides().values() if changes else (), grid_found=_grid(visit, "findings", found),
        grid_history=_grid(visit, "history", history.drop("submission", "organisation")),
    )  # fmt: skip


STEPS = ("draft", "submitted", "verified", "accepted", "published")
"""States that follow each other on the way to publication."""


def _steps(state: str) -> list[tuple[str, str]]:
    """Return the states on the way, and of each whether it is ``past``, ``now`` or ``next``."""
    place = STEPS.index("draft" if state == "returned" else state)
    return [
        (one, "past" if number < place else "now" if number == place else "next")
        for number, one in enumerate(STEPS)
    ]


def _grid(visit: Visit, name: str, frame: pl.DataFrame) -> Grid:
    """Return a table of the page as its view in the address, if it is of this table, shows it."""
    return grid(frame, View.of(visit.asked) if visit.one("of") == name else View(), visit.language)


def may_change(visit: Visit, head: dict[str, Any]) -> bool:
    """Return whether who looks may change the rows of a submission as it stands."""
    return head["writable"] and visit.may("submission.write") and head["state"] in ("draft", "returned")


def _name(visit: Visit) -> str:
    name = visit.parts["table"]
    if name not in ledger.tables_of(role="input"):
        raise HTTPException(404)
    return name


def _table(visit: Visit) -> Response:
    number, name = number_of(visit), _name(visit)
    head = head_of(visit, number)
    frame = _frame(visit.do("submission.rows", submission=number, table=name))
    definition = ledger.table(name)
    title = definition.title_en if visit.language == "en" else definition.title_zh
    kept = [
        c.name for c in definition.columns if frame[c.name].null_count() < frame.height or frame.is_empty()
    ]
    shown = frame.select(LINE, *kept, ledger.PLACE)
    changes = may_change(visit, head)
    return table(
        visit, shown, title, name, "rows.html.j2", facilities(visit, number, shown), head=head,
        number=number, changes=changes, definition=definition,
    )  # fmt: skip


def facilities(visit: Visit, number: int, frame: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Return what the enterprises of a submission are called, where a table names them by their ids."""
    if "facility" not in frame.columns or "name" in frame.columns:
        return {}
    held = _frame(visit.do("submission.rows", submission=number, table="facility"))
    return {"facility": dict(held.select("facility", "name").drop_nulls().iter_rows())}


def _row(visit: Visit) -> Response:
    number, name = number_of(visit), _name(visit)
    head, line = head_of(visit, number), visit.one("line")
    given: dict[str, str] = {}
    if line:
        found = _frame(visit.do("submission.rows", submission=number, table=name))
        found = found.filter(pl.col(LINE) == (int(line) if line.isdigit() and len(line) < 16 else -1))
        if found.is_empty():
            raise HTTPException(404)
        row = worded(name, found, visit.language).row(0, named=True)
        given = {key: _text(value) for key, value in row.items() if value is not None}
    return _form(
        visit, number, name, line, head["version"], given, [], 200, _back(visit.one("back"), number, name)
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _form(
    visit: Visit,
    number: int,
    name: str,
    line: str,
    version: int,
    given: dict[str, str],
    found: Any,
    status: int,
    back: str,
) -> Response:
    definition = ledger.table(name)
    fields = form.of_row(definition, _by_choice(definition, given, visit), visit.language)
    title = definition.title_en if visit.language == "en" else definition.title_zh
    return page(
        visit, "row.html.j2", title, status, fields=fields, number=number, name=name, line=line,
        version=version, found=found, back=back,
    )  # fmt: skip


def _by_choice(definition: ledger.Table, given: dict[str, str], visit: Visit) -> dict[str, str]:
    """Return what stands in the fields, with the code of a choice in place of its title."""
    from tongyuan.ledger.read.lookup import choice_title

    titles = {
        (c.name, choice_title(choice, visit.language)): choice
        for c in definition.columns
        for choice in c.choices
    }
    return {name: titles.get((name, value), value) for name, value in given.items()}


def _put(visit: Visit, sent: Sent) -> Response:
    number, name = number_of(visit), _name(visit)
    line, version = sent.one("line"), sent.one("version")
    back = _back(sent.one("back"), number, name)
    given = {c.name: sent.one(c.name) for c in ledger.table(name).columns if sent.one(c.name).strip()}
    row: dict[str, Any] = dict(given)
    for column in ledger.table(name).columns:
        if column.type == "boolean" and column.name in row:
            row[column.name] = row[column.name] == "true"
    asked: dict[str, Any] = {"submission": number, "version": version, "table": name}
    if sent.one("remove"):
        asked["removed"] = [line]
    else:
        asked["rows"] = [row | ({LINE: int(line)} if line.isdigit() else {})]
    try:
        visit.do("submission.write", **asked)
    except Refused as error:
        if error.status in (401, 404):
            raise
        told = findings(visit, error.findings)
        standing = version
        if error.status == 409:  # what stands is told; saving again writes over it knowingly
            standing = str(head_of(visit, number)["version"])
            told += _theirs(visit, number, name, line)
        return _form(visit, number, name, line, standing, given, told, error.status, back)  # type: ignore[arg-type]
    return gone(f"{back}{'&' if '?' in back else '?'}done=submission.write")


def _back(asked: str, number: int, name: str) -> str:
    """Return where one goes after a row: where one came from, else the page of the table."""
    return local(asked) if asked else f"/submission/{number}/{name}"


def _theirs(visit: Visit, number: int, name: str, line: str) -> list[dict[str, Any]]:
    """Return the row as the other person left it, as one more thing to be told."""
    found = _frame(visit.do("submission.rows", submission=number, table=name))
    found = found.filter(pl.col(LINE) == int(line))
    row = worded(name, found, visit.language).row(0, named=True) if found.height else {}
    cells = "; ".join(
        f"{column_title(key, visit.language, name)}: {value}" for key, value in row.items()
        if value not in (None, "", []) and not key.startswith("_")
    )  # fmt: skip
    message = visit.say("theirs", row=cells) if cells else visit.say("theirs_gone")
    return [{"message": message, "next": "", "place": "", "severity": "notice"}]


ROUTES = (
    Route("/submission/{submission}", _show),
    Route("/submission/{submission}/{table}", _table),
    Route("/submission/{submission}/{table}/row", _row, _put),
)
