"""A submission from draft to publication: fill in, evaluate, submit, verify, accept, publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import Bilingual, Finding, finding, findings_table
from tongyuan.ledger.read.read import read_frame
from tongyuan.office.job.webhook import announce
from tongyuan.office.operation import Answer, Desk, Office, Operation, Page, Refused, Request, Serial
from tongyuan.office.workspace import findings_of
from tongyuan.reference.shelf import Language
from tongyuan.store import work
from tongyuan.store.database import reading
from tongyuan.store.record import LINE, Change, replace, rows, write
from tongyuan.store.scope import Scope
from tongyuan.store.submission import (
    ConflictError,
    Head,
    head_of,
    open_submission,
    set_state,
    standing,
    versions,
)

FILLS = frozenset({"enterprise", "park"})
REVIEWS = frozenset({"city_bureau", "province_bureau"})
VERIFIES = frozenset({"verifier"})
SEES = FILLS | REVIEWS | VERIFIES

KINDS = ("month", "year", "inventory")
"""What is submitted: the month or the year of an enterprise or a park, the inventory of a region."""

UNSUBMITTED = ("draft", "returned")
"""States in which a submission is filled in and from which it is submitted."""

Word = Annotated[str, Field(min_length=1, max_length=64)]

Figure = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=1 - 2**53, le=2**53 - 1)]
Cell = str | bool | Whole | Figure | tuple[str, ...] | date | datetime | None
"""What a cell of a row may hold."""


class New(Request):
    """A submission to begin."""

    organisation: Word
    kind: Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")]
    period: Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]


class One(Request):
    """One submission."""

    submission: Serial


class Seen(Request):
    """One submission as it stood when one looked, and why one decides so."""

    submission: Serial
    version: Serial
    reason: str = Field("", max_length=2_000)


class Rows(Request):
    """Rows of one table of a submission: those of a version, or as they stand."""

    submission: Serial
    table: Word
    version: Serial | None = None


class Put(Request):
    """Rows that are new or replace the row of their line, and lines that go."""

    submission: Serial
    version: Serial
    table: Word
    rows: tuple[Mapping[str, Cell], ...] = ()
    removed: tuple[int, ...] = ()
    reason: str = Field("", max_length=2_000)


class Table(Request):
    """All rows that a table of a submission is to hold."""

    submission: Serial
    version: Serial
    table: Word
    rows: tuple[Mapping[str, Cell], ...] = ()


class Evaluate(Request):
    """One submission, and the language of the findings."""

    submission: Serial
    language: Language = "zh"


class Reply(Request):
    """An answer to a finding on a submission, with the digest of a file where one is given."""

    submission: Serial
    finding: Word
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    file_name: str = Field("", max_length=200)
    file_digest: str = Field("", pattern=r"^([0-9a-f]{64})?$")


def _own(desk: Desk, submission: int) -> Head:
    return head_of(desk.session, submission)


def definition(name: str) -> ledger.Table:
    """Return an input table of the ledger; 422 for any other name."""
    if name not in ledger.tables_of(role="input"):
        raise Refused(422, finding("office", "table_unknown", table=name))
    return ledger.table(name)


def _frame(wanted: ledger.Table, given: tuple[Mapping[str, Any], ...]) -> pl.DataFrame:
    """Return rows as the reader of workbooks reads them.

    Raises
    ------
    Refused
        422 with every finding, when a cell cannot be read; nothing is written then.
    """
    if not given:
        return ledger.empty(wanted.name).with_columns(pl.lit(None, pl.Int64).alias(LINE))
    lines = [row.get(LINE) for row in given]
    if not all(line is None or (type(line) is int and line >= 0) for line in lines):
        raise Refused(422, finding("office", "value_type", name=LINE, table=wanted.name, type="integer"))
    cells = [{k: v for k, v in row.items() if k != LINE} for row in given]
    if not all(cells):
        raise Refused(
            422, finding("office", "rows_read", given=len(given), read=len([c for c in cells if c]))
        )
    for name in dict.fromkeys(name for row in cells for name in row):
        if len({isinstance(row[name], tuple) for row in cells if row.get(name) is not None}) > 1:
            raise Refused(422, finding("office", "value_type", name=name, table=wanted.name, type="list"))
    told = pl.DataFrame(cells, infer_schema_length=None, strict=False)
    frame, found = read_frame(wanted.name, told, file=wanted.name)
    errors = [f for f in found if f.severity == "error"]
    if errors:
        raise Refused(422, *errors)
    if frame.height != len(given):
        raise Refused(422, finding("office", "rows_read", given=len(given), read=frame.height))
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))


def _open(desk: Desk, asked: New) -> Answer:
    number = open_submission(desk.session, asked.organisation, kind=asked.kind, period=asked.period)
    return {"submission": number, "version": 1}


class Listed(Request):
    """One submission, or all."""

    submission: Serial | None = None


def _list(desk: Desk, asked: Listed) -> Answer:
    """Return the submissions one sees, and of each whether one may write for its organisation."""
    frame, total = standing(desk.session, desk.window, asked.submission)
    may = desk.session.scope.may_write
    writable = pl.col("organisation").map_elements(may, return_dtype=pl.Boolean).alias("writable")
    frame = frame.with_columns(writable)
    return frame if desk.window is None else Page(frame, total)


def _history(desk: Desk, asked: One) -> Answer:
    _own(desk, asked.submission)
    return versions(desk.session, asked.submission)


def _rows(desk: Desk, asked: Rows) -> Answer:
    definition(asked.table)
    _own(desk, asked.submission)
    return rows(desk.session, asked.table, submission=asked.submission, version=asked.version)


def _read_rows(_: Office, __: Scope, asked: Put | Table) -> pl.DataFrame:
    return _frame(definition(asked.table), asked.rows)


def _put(desk: Desk, asked: Put) -> Answer:
    changes = {asked.table: Change(desk.worked, frozenset(asked.removed))}
    version = write(desk.session, asked.submission, changes, based_on=asked.version, reason=asked.reason)
    return {"submission": asked.submission, "version": version}


def _replace(desk: Desk, asked: Table) -> Answer:
    change = replace(desk.session, asked.submission, asked.table, desk.worked.drop(LINE))
    version = write(desk.session, asked.submission, {asked.table: change}, based_on=asked.version)
    return {"version": version, "changed": change.rows.height, "removed": len(change.removed)}


def _evaluate(desk: Desk, asked: Evaluate) -> Answer:
    return findings_table(findings_of(desk.session, _own(desk, asked.submission)), asked.language)


def _check(office: Office, scope: Scope, asked: Seen) -> tuple[int, list[Finding]]:
    """Return the version that stands and what is wrong with it."""
    with reading(office.engine, scope) as session:
        head = head_of(session, asked.submission)
        found = findings_of(session, head) if head.state in UNSUBMITTED else ()
    return head.version, [f for f in found if f.severity == "error"]


def _submit(desk: Desk, asked: Seen) -> Answer:
    head = _own(desk, asked.submission)
    _from(head, *UNSUBMITTED)
    version, errors = desk.worked
    if head.version != version:
        raise ConflictError(head.version, {})
    if errors:
        raise Refused(422, *errors)
    version = set_state(
        desk.session, head.submission, "submitted", based_on=asked.version, reason=asked.reason
    )
    work.notify(desk.session, head.organisation, "city_bureau", "submitted", {"submission": head.submission})
    return {"submission": head.submission, "version": version, "state": "submitted"}


def _from(head: Head, *states: str) -> None:
    """Refuse an act that a submission in this state does not allow."""
    if head.state not in states:
        raise Refused(
            422,
            finding(
                "office", "state", state=_state(head.state), allowed=_listed([_state(s) for s in states])
            ),
        )


def _listed(states: list[Bilingual]) -> Bilingual:
    return Bilingual("、".join(s.zh for s in states), ", ".join(s.en for s in states))


def _state(name: str) -> Bilingual:
    return {
        "draft": Bilingual("草稿", "draft"),
        "submitted": Bilingual("已提交", "submitted"),
        "verified": Bilingual("已核查", "verified"),
        "returned": Bilingual("已退回", "returned"),
        "accepted": Bilingual("已接受", "accepted"),
        "published": Bilingual("已公开", "published"),
    }[name]


def _moving(state: str, *states: str) -> Any:
    def run(desk: Desk, asked: Seen) -> Answer:
        head = _own(desk, asked.submission)
        _from(head, *states)
        if state == "returned" and not asked.reason:
            raise Refused(422, finding("office", "reason_missing"))
        version = set_state(desk.session, head.submission, state, based_on=asked.version, reason=asked.reason)
        told = {"submission": head.submission, "reason": asked.reason}
        work.notify(desk.session, head.organisation, "enterprise", state, told)
        if state == "published":
            what = {"submission": head.submission, "version": version}
            announce(desk.session, head.organisation, "submission.published", what)
        return {"submission": head.submission, "version": version, "state": state}

    return run


def _reply(desk: Desk, asked: Reply) -> Answer:
    return {"reply": work.add_reply(desk.session, **asked.model_dump())}


def _replies(desk: Desk, asked: One) -> Answer:
    _own(desk, asked.submission)
    return work.replies(desk.session, asked.submission)


class Nothing(Request):
    """Asks nothing more."""


def _notices(desk: Desk, _: Nothing) -> Answer:
    return work.notices(desk.session, desk.roles)


class Noticed(Request):
    """A notice that one has read, and whether all before it count as read too."""

    notice: Serial
    earlier: bool = False


def _read(desk: Desk, asked: Noticed) -> Answer:
    return {"read": work.mark_read(desk.session, desk.roles, asked.notice, earlier=asked.earlier)}


OPERATIONS = (
    Operation("submission.open", FILLS | REVIEWS, New, _open, changes=True),
    Operation("submission.list", SEES, Listed, _list, answers="rows"),
    Operation("submission.history", SEES, One, _history, answers="rows"),
    Operation("submission.rows", SEES, Rows, _rows, answers="rows"),
    Operation("submission.write", FILLS | REVIEWS, Put, _put, changes=True, before=_read_rows),
    Operation("submission.replace", FILLS | REVIEWS, Table, _replace, changes=True, before=_read_rows),
    Operation("submission.evaluate", SEES, Evaluate, _evaluate, answers="rows"),
    Operation("submission.submit", FILLS | REVIEWS, Seen, _submit, changes=True, before=_check),
    Operation("submission.verify", VERIFIES, Seen, _moving("verified", "submitted"), changes=True),
    Operation(
        "submission.return",
        REVIEWS | VERIFIES,
        Seen,
        _moving("returned", "submitted", "verified"),
        changes=True,
    ),
    Operation("submission.accept", REVIEWS, Seen, _moving("accepted", "submitted", "verified"), changes=True),
    Operation("submission.publish", REVIEWS, Seen, _moving("published", "accepted"), changes=True),
    Operation(
        "submission.reopen",
        REVIEWS,
        Seen,
        _moving("returned", "accepted", "published"),
        changes=True,
        pause=timedelta(),
    ),
    Operation("finding.reply", FILLS, Reply, _reply, changes=True),
    Operation("finding.replies", SEES, One, _replies, answers="rows"),
    Operation("notice.list", SEES, Nothing, _notices, answers="rows"),
    Operation("notice.read", SEES, Noticed, _read, changes=True),
)
