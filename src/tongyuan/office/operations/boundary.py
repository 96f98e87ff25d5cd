"""Boundaries for maps: the office ships none; its people bring one, with its source and its review number."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import Base64Bytes, Field

from tongyuan.office.operation import Answer, Desk, Office, Operation, Request, Serial
from tongyuan.office.operations.people import EVERY, Nothing, Text
from tongyuan.office.operations.sheet import BASE64
from tongyuan.office.outline import drawn
from tongyuan.store import boundary
from tongyuan.store.scope import Scope

KEEPS = frozenset({"province_bureau", "city_bureau"})


class Brought(Request):
    """A GeoJSON file, and what is told beside every map: title, source, licence, review number."""

    title: Text
    source: Text
    licence: Text
    review: str = Field("", max_length=100)
    file_name: str = Field(max_length=400)
    content: Base64Bytes = Field(json_schema_extra={"pattern": BASE64})


class Number(Request):
    """One boundary."""

    boundary: Serial


def _draw(_: Office, __: Scope, asked: Brought) -> dict[str, Any]:
    return drawn(asked.file_name, asked.content)


def _add(desk: Desk, asked: Brought) -> Answer:
    told = {name: getattr(asked, name) for name in ("title", "source", "licence", "review")}
    return {"boundary": boundary.add(desk.session, told, desk.worked)}


def _list(desk: Desk, _: Nothing) -> Answer:
    return boundary.boundaries(desk.session)


def _show(desk: Desk, asked: Number) -> Answer:
    return asdict(boundary.boundary_of(desk.session, asked.boundary))


def _end(desk: Desk, asked: Number) -> Answer:
    boundary.end(desk.session, asked.boundary)
    return {"boundary": asked.boundary}


OPERATIONS = (
    Operation("boundary.add", KEEPS, Brought, _add, changes=True, before=_draw),
    Operation("boundary.list", EVERY, Nothing, _list, answers="rows"),
    Operation("boundary.show", EVERY, Number, _show),
    Operation("boundary.end", KEEPS, Number, _end, changes=True),
)
