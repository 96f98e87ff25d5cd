"""The first page: what stands, and what needs attention today, by what one may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
from fastapi.responses import Response

from tongyuan.web.console.visit import Route, Visit, address, markup, page

NEEDS = {
    "submission.submit": ("draft", "returned"),
    "submission.verify": ("submitted",),
    "submission.accept": ("submitted", "verified"),
    "submission.publish": ("accepted",),
}
"""States of submissions that wait for whoever may do an operation."""


@dataclass(frozen=True)
class Count:
    """How many there are of something, and where they stand."""

    title: str
    number: int
    to: str


def _table(visit: Visit, name: str) -> pl.DataFrame:
    answer = visit.do(name)
    assert isinstance(answer, pl.DataFrame)
    return answer


def _counts(visit: Visit) -> Iterable[Count]:
    if visit.may("submission.list"):
        listed = _table(visit, "submission.list")
        for name, states in NEEDS.items():
            if visit.may(name):
                for state in states:
                    number = listed.filter(state=state).height
                    to = address("/room/submission", where=f"state={state}")
                    yield Count(visit.say(f"waits.{name}.{state}"), number, to)
    if visit.may("job.list"):
        jobs = _table(visit, "job.list")
        for state in ("running", "waiting", "failed"):
            number = jobs.filter(state=state).height
            yield Count(visit.say(f"jobs.{state}"), number, address("/room/job", where=f"state={state}"))
    if visit.may("calendar.list"):
        late = _table(visit, "calendar.list").filter(state="passed").height
        yield Count(visit.say("passed"), late, address("/room/calendar", where="state=passed"))
    if visit.may("proposal.list"):
        open_ones = _table(visit, "proposal.list").filter(pl.col("decision").is_null())
        yield Count(visit.say("waits.proposal"), open_ones.height, "/room/account")
    if visit.may("account.list"):
        accounts = _table(visit, "account.list")
        yield Count(visit.say("accounts"), accounts.filter(active=True).height, "/room/account")


def _show(visit: Visit) -> Response:
    counts = list({(c.title, c.to): c for c in _counts(visit) if c.number}.values())
    notices = _table(visit, "notice.list").filter(read=False) if visit.may("notice.list") else None
    runs = _table(visit, "run.list") if visit.may("run.list") else None
    newest: dict[str, Any] | None = None
    html, charts = "", []
    if runs is not None and runs.height:
        newest = _widest(visit, runs)
        if (_table_of_rooms(visit, newest["run"])["room"] == "front").any():
            told = visit.do("run.page", run=newest["run"], room="front", language=visit.language)
            assert isinstance(told, dict)
            html, charts = told["html"], told["charts"]
    trail = visit.do("trail.verify") if visit.may("trail.verify") else None
    return page(
        visit, "start.html.j2", visit.say("start"), counts=counts, notices=notices, newest=newest,
        html=markup(html), charts=charts, trail=trail,
    )  # fmt: skip


WIDE = ("province", "city", "park")
"""Kinds of organisations whose results stand on the first page before those of others, the widest first."""


def _widest(visit: Visit, runs: pl.DataFrame) -> dict[str, Any]:
    """Return the newest run of the widest organisation that who looks may see."""
    kinds = _table(visit, "organisation.list").select("organisation", "kind")
    rank = pl.col("kind").replace_strict({k: n for n, k in enumerate(WIDE)}, default=len(WIDE))
    ranked = runs.join(kinds, on="organisation", how="left", maintain_order="left").sort(
        rank, maintain_order=True
    )
    return ranked.row(0, named=True)


def _table_of_rooms(visit: Visit, run: str) -> pl.DataFrame:
    answer = visit.do("run.rooms", run=run)
    assert isinstance(answer, pl.DataFrame)
    return answer


ROUTES = (Route("/", _show),)
