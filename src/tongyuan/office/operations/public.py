"""What everybody may see, results of regions that a bureau made public, and what they may say of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import polars as pl
from pydantic import Field

from tongyuan.ledger.finding import finding
from tongyuan.office.chapter import page, present
from tongyuan.office.operation import Answer, Desk, Operation, Refused, Request
from tongyuan.office.operations.submission import Word
from tongyuan.reference.shelf import Language
from tongyuan.report.chapters import room_title
from tongyuan.store import work
from tongyuan.store.database import AbsentError, overall, widened
from tongyuan.store.published import folder_of, published
from tongyuan.store.submission import organisations, submissions, versions

PUBLIC = frozenset({"public"})

KINDS = ("province", "city", "park")
"""Kinds of organisations whose results are shown; those of an enterprise are its own to disclose."""

ROOMS = ("front", "inventory")
"""Rooms of a run that are shown: how a region stands, and its inventory."""

MOST, WHILE = 60, timedelta(hours=1)
"""How many remarks are taken in this time, from all who say something together."""


class Nothing(Request):
    """Asks nothing more."""


class Chapter(Request):
    """The chapters of one room of a public run, in a language."""

    run: Word
    room: Word = ROOMS[0]
    language: Language = "zh"


class Remark(Request):
    """What somebody says of a public run, and how to answer them if they wish."""

    run: Word
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    contact: str = Field("", max_length=200)


def _open_runs(desk: Desk) -> pl.DataFrame:
    """Return the newest run of each public submission that is of what was made public."""
    every = overall(desk.session)
    states = versions(every).group_by("submission").agg(
        pl.col("state").sort_by("version").last(), pl.col("at").sort_by("version").last(),
        pl.col("version").filter(pl.col("state").is_in(["draft", "returned"])).max().alias("written"),
    )  # fmt: skip
    shown = organisations(every).filter(pl.col("kind").is_in(KINDS))
    runs = published(every).drop("at").join(states.filter(state="published"), on="submission")
    kept = runs.filter(pl.col("version") >= pl.col("written")).unique(
        "submission", keep="last", maintain_order=True
    )
    return (
        kept.join(shown.select("organisation", "region", "title_zh", "title_en"), on="organisation")
        .join(submissions(every).select("submission", "period"), on="submission")
        .sort("at", descending=True)
    )  # fmt: skip


def _list(desk: Desk, _: Nothing) -> Answer:
    return _open_runs(desk).select("run", "title_zh", "title_en", "region", "period", "at")


def _found(desk: Desk, run: str) -> dict[str, str]:
    found = _open_runs(desk).filter(run=run)
    if found.is_empty():
        raise AbsentError(run)
    return found.row(0, named=True)


def _page(desk: Desk, asked: Chapter) -> Answer:
    found = _found(desk, asked.run)
    folder = folder_of(overall(desk.session), desk.archive, asked.run)
    rooms = [room for room in present(folder, found["digest"]) if room in ROOMS]
    if asked.room not in rooms:
        raise AbsentError(asked.room)
    told = page(folder, found["digest"], asked.room, asked.language)._asdict()
    titles = [{"room": room, "title": room_title(room, asked.language)} for room in rooms]
    return {**told, "title": found[f"title_{asked.language}"], "period": found["period"], "rooms": titles}


def _say(desk: Desk, asked: Remark) -> Answer:
    found = _found(desk, asked.run)
    since = (datetime.now(UTC) - WHILE).isoformat()
    said = work.notices(overall(desk.session)).filter(pl.col("kind") == "remark", pl.col("at") > since)
    if said.height >= MOST:
        raise Refused(429, finding("office", "remark_wait"))
    told = {"run": asked.run, "text": asked.text, "contact": asked.contact}
    session = widened(desk.session, found["organisation"])
    for role in ("city_bureau", "province_bureau"):
        work.notify(session, found["organisation"], role, "remark", told)
    return {"run": asked.run}


OPERATIONS = (
    Operation("public.list", PUBLIC, Nothing, _list, answers="rows"),
    Operation("public.page", PUBLIC, Chapter, _page),
    Operation("public.remark", PUBLIC, Remark, _say, changes=True),
)
