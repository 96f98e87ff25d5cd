"""A guide through the tables of a submission: one step at a time, with what is found about each."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tongyuan.ledger import table as ledger
from tongyuan.office.guided import Guide, Step, guides
from tongyuan.office.operation import Refused, operations
from tongyuan.web.console import form
from tongyuan.web.console.body import Sent
from tongyuan.web.console.grid import View, grid
from tongyuan.web.console.pages.operation import choices, submission_called
from tongyuan.web.console.pages.submission import head_of, may_change, number_of
from tongyuan.web.console.results import frame
from tongyuan.web.console.visit import Route, Visit, findings, gone, page

SHOWN = 20
"""Rows of a table that a step shows; all of them stand on the page of the table."""

DRAFTS = 30
"""Most submissions that are offered to go on with."""


@dataclass(frozen=True)
class Stand:
    """How a step stands: ``done``, ``wrong`` with errors, ``open``, or ``free`` where it may stay empty."""

    step: Step
    state: str


def stand(step: Step, rows: dict[str, int], wrong: set[str]) -> Stand:
    """Return how a step stands, by the rows of each table and the tables with errors."""
    if wrong & set(step.tables):
        return Stand(step, "wrong")
    if any(not rows.get(name) for name in step.needed()):
        return Stand(step, "open")
    return Stand(step, "done" if any(rows.get(name) for name in step.tables) else "free")


def _of(visit: Visit) -> Guide:
    found = guides().get(visit.parts["guide"])
    if found is None:
        raise HTTPException(404)
    return found


def _show(visit: Visit) -> Response:
    guide, number = _of(visit), number_of(visit)
    head = head_of(visit, number)
    changes = may_change(visit, head)
    counted = frame(visit.do("submission.tables", submission=number))
    rows = dict(counted.select("table", "rows").iter_rows())
    found = frame(visit.do("submission.evaluate", submission=number, language=visit.language))
    wrong = set(found.filter(severity="error")["file"])
    steps = [stand(step, rows, wrong) for step in guide.step]
    asked = visit.one("step")
    last = len(steps)
    at = min(int(asked), last) if asked.isdigit() and len(asked) < 4 else _first(steps)
    here = steps[at].step if at < last else None
    tables = (
        [_table(visit, number, name, found, name in here.optional) for name in here.tables] if here else []
    )
    acts = [
        operations()[name] for name in ("submission.submit", "run.start")
        if head["writable"] and visit.may(name) and (changes or name != "submission.submit")
    ]  # fmt: skip
    return page(
        visit, "guide.html.j2", getattr(guide.title, visit.language), guide=guide, head=head, number=number,
        steps=steps, at=at, last=last, step=here, tables=tables, changes=changes, acts=acts,
        left=found.filter(severity="error").height, ready=all(one.state in ("done", "free") for one in steps),
        to=f"/submission/{number}/guide/{guide.name}",
    )  # fmt: skip


def _first(steps: list[Stand]) -> int:
    """Return the first step that is not done; the end where all are."""
    return next((n for n, one in enumerate(steps) if one.state in ("open", "wrong")), len(steps))


def _table(visit: Visit, number: int, name: str, found: pl.DataFrame, optional: bool) -> dict[str, object]:
    held = frame(visit.do("submission.rows", submission=number, table=name))
    definition = ledger.table(name)
    kept = [c.name for c in definition.columns if held[c.name].null_count() < held.height]
    shown = held.select("_line", *kept).head(SHOWN)
    return {
        "definition": definition,
        "title": definition.title_en if visit.language == "en" else definition.title_zh,
        "text": definition.description_en if visit.language == "en" else definition.description_zh,
        "optional": optional,
        "rows": held.height,
        "grid": grid(shown, View(), visit.language, name),
        "found": found.filter(pl.col("file") == name).to_dicts(),
    }


def _begin(visit: Visit) -> Response:
    return _beginning(visit, {}, [], 200)


def _beginning(visit: Visit, given: dict[str, str], found: list[dict[str, object]], status: int) -> Response:
    """Return the page on which one goes on with a submission, or begins one, along a guide."""
    guide, new = _of(visit), operations()["submission.open"]
    if not visit.may(new.name):
        raise HTTPException(404)
    listed = frame(visit.do("submission.list")).filter(
        pl.col("writable"), pl.col("state").is_in(["draft", "returned"])
    )
    drafts = [
        row | {"called": submission_called(visit, row)} for row in listed.reverse().head(DRAFTS).to_dicts()
    ]
    fields = form.of_request(new.request, given, visit.language, choices(visit), new.name)
    return page(
        visit, "begin.html.j2", getattr(guide.title, visit.language), status, guide=guide, drafts=drafts,
        left=listed.height - len(drafts), fields=fields, found=found,
    )  # fmt: skip


def _open(visit: Visit, sent: Sent) -> Response:
    guide, new = _of(visit), operations()["submission.open"]
    try:
        answer = visit.do(new.name, **form.values(new.request, sent))
    except Refused as error:
        if error.status in (401, 404) or not visit.may(new.name):
            raise
        given = {name: values[-1] for name, values in sent.fields.items()}
        return _beginning(visit, given, findings(visit, error.findings), error.status)
    assert isinstance(answer, dict)
    return gone(f"/submission/{answer['submission']}/guide/{guide.name}?done={new.name}")


ROUTES = (
    Route("/guide/{guide}", _begin, _open),
    Route("/submission/{submission}/guide/{guide}", _show),
)
