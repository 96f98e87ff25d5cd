"""Views that people keep for themselves: an address of the console under a title."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.people import EVERY, Nothing, Text
from tongyuan.store import view


class Kept(Request):
    """A title, and an address of this console with its filters and order."""

    title: Text
    address: Annotated[str, Field(pattern=r"^/([^/\\\s][^\\\s]*)?$", max_length=2_000)]


class Number(Request):
    """One view."""

    view: Serial


def _keep(desk: Desk, asked: Kept) -> Answer:
    return {"view": view.keep_view(desk.session, asked.title, asked.address)}


def _list(desk: Desk, _: Nothing) -> Answer:
    return view.views(desk.session)


def _drop(desk: Desk, asked: Number) -> Answer:
    view.drop_view(desk.session, asked.view)
    return {"view": asked.view}


OPERATIONS = (
    Operation("view.keep", EVERY, Kept, _keep, changes=True),
    Operation("view.list", EVERY, Nothing, _list, answers="rows"),
    Operation("view.drop", EVERY, Number, _drop, changes=True),
)
