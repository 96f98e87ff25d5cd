"""``/api/v1``: every operation of the office as one address, from the register of operations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

import polars as pl
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from tongyuan.office.entry import enter
from tongyuan.office.operation import (
    Answer,
    File,
    Office,
    Operation,
    Page,
    Refused,
    misfits,
    operations,
    perform,
)
from tongyuan.reference.shelf import Language
from tongyuan.web.problem import MEDIA, problem, refused

LARGEST_PAGE = 1_000
"""Most rows of a table in one answer."""


class Entry(BaseModel):
    """Name, password and, where there is one, the code of the second factor."""

    model_config = ConfigDict(extra="forbid")
    account: str = Field(max_length=64)
    password: str = Field(max_length=200)
    code: str = Field("", max_length=10)


class Token(BaseModel):
    """What goes into the header ``Authorization: Bearer …`` from now on."""

    token: str


class Finding(BaseModel):
    """One thing that is wrong: its check with the values of its sentence, where, and what to do next."""

    room: str
    check: str
    severity: str
    file: str
    sheet: str
    row: int | None
    column: str
    values: dict[str, Any]
    place: str
    message: str
    next: str


class Problem(BaseModel):
    """Why something was not done (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    findings: list[Finding]


class Named(BaseModel):
    """What an operation answers by name."""

    answer: dict[str, Any]


class Listed(BaseModel):
    """Rows of a table, how many there are in all, and where the next page begins."""

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    total: int
    next: int | None


TOLD = {"values": Named, "rows": Listed, "file": None}
"""What is answered as JSON, by the kind of the answer."""

STATUSES = {
    400: "no JSON",
    401: "not entered",
    403: "not allowed",
    404: "not there, or not for you",
    405: "not by this method",
    409: "changed by somebody else",
    411: "without length",
    413: "too large",
    422: "cannot be done so",
    429: "too many failed attempts",
    503: "database or disk fails",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text} for status, text in STATUSES.items()
}

SIMPLE = {"integer", "string", "number", "boolean"}
"""Types of values that an address can carry."""

WINDOW = ("language", "offset", "limit")
"""Parts of every address; an operation that asks for one of the same name is given it too."""

Speech = Annotated[Language, Query(description="Language of sentences")]
Offset = Annotated[int, Query(ge=0, le=2**31)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


READERS, WRITERS = 8, 2
"""How many requests are worked on at once, of those that read and of those that change.

Whoever changes waits for their turn among the writers; with many threads at work beside it every turn would
last longer, and those who wait would hold the threads of those who read.
"""


def bearer(request: Request) -> str | None:
    """Return the token of a request: of its header, or of the cookie of the console."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    return request.cookies.get("entry")


def plain(value: Any) -> Any:
    """Return a value of a table as JSON has it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def attached(file: File) -> Response:
    """Return a file to be kept, under its own name, and never shown as a page of this address."""
    name = quote(file.name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(file.content, media_type=file.media, headers=headers)


def answered(answer: Answer, offset: int, limit: int) -> dict[str, Any]:
    """Return an answer as JSON; a table from row `offset` on, at most `limit` rows."""
    if isinstance(answer, pl.DataFrame):
        answer = Page(answer.slice(offset, limit), answer.height)
    if isinstance(answer, Page):
        page, end = answer.rows, offset + answer.rows.height
        return {
            "columns": page.columns,
            "types": [str(kind) for kind in page.dtypes],
            "rows": [[plain(v) for v in row] for row in page.rows()],
            "total": answer.total,
            "next": end if end < answer.total and page.height else None,
        }
    assert isinstance(answer, Mapping)
    return {"answer": {key: plain(value) for key, value in answer.items()}}


def tagged(request: Request, content: Mapping[str, Any]) -> Response:
    """Return JSON with its tag, or 304 where the caller has it already."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    if request.method == "GET" and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(text, media_type="application/json", headers={"ETag": tag})


def router(office: Office) -> APIRouter:
    """Return the addresses of all operations: by POST, and by GET too where an address can ask for all."""
    made = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    turns = {False: CapacityLimiter(READERS), True: CapacityLimiter(WRITERS)}

    @made.post("/entry", response_model=Token, operation_id="entry.begin", summary="登录 · Sign in")
    async def sign_in(request: Request, entry: Entry, language: Speech = "zh") -> Response:
        """Enter and get a token."""
        strange = unknown_parts(request, ("language",))
        if strange is not None:
            return refused(strange, language)
        try:
            token = await run_in_threadpool(enter, office, entry.account, entry.password, entry.code)
        except Refused as error:
            return refused(error, language)
        return JSONResponse({"token": token})

    for operation in operations().values():
        _add(made, office, operation, turns[operation.changes])
    return made


def describe(whole: dict[str, Any]) -> dict[str, Any]:
    """Return a description of the interface in which problems are of their own kind of content."""
    for path in whole["paths"].values():
        for operation in path.values():
            for status, told in operation["responses"].items():
                if status != "200":
                    told["content"] = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return whole


def unknown_parts(request: Request, known: Sequence[str]) -> Refused | None:
    """Return the refusal of an address that says more than it is asked for; None where it does not."""
    errors = [
        {"loc": ("query", name), "msg": "Extra inputs are not permitted"}
        for name in sorted(set(request.query_params) - set(known))
    ]
    return Refused(422, *misfits(errors)) if errors else None


def asked_in_address(operation: Operation) -> list[dict[str, Any]] | None:
    """Return the parameters by which an address can ask a reading operation; None where it cannot."""
    if operation.changes:
        return None
    whole = operation.request.model_json_schema()
    needed, found = whole.get("required", ()), []
    for name, told in whole.get("properties", {}).items():
        kinds = [one for one in told.get("anyOf", (told,)) if one.get("type") != "null"]
        schema = {key: value for key, value in kinds[0].items() if key not in ("title", "default")}
        inner = schema.get("items", schema)
        if len(kinds) != 1 or inner.get("type") not in SIMPLE:
            return None
        if name not in WINDOW:
            found.append({"name": name, "in": "query", "required": name in needed, "schema": schema})
    return found


def _add(made: APIRouter, office: Office, operation: Operation, turn: CapacityLimiter) -> None:
    model, told = operation.request, TOLD[operation.answers]
    path = f"/{operation.name.replace('.', '/')}"

    async def give(
        request: Request,
        content: Mapping[str, Any],
        language: Language,
        offset: int,
        limit: int,
        once: str | None,
    ) -> Response:
        token = bearer(request)
        try:
            asked = partial(perform, once=once, window=(offset, limit))
            answer = await run_sync(asked, office, token, operation.name, content, limiter=turn)
        except Refused as error:
            return refused(error, language)
        if isinstance(answer, File):
            return attached(answer)
        return tagged(request, answered(answer, offset, limit))

    async def ask(
        request: Request,
        asked: Any,
        language: Speech = "zh",
        offset: Offset = 0,
        limit: Limit = 100,
        idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
    ) -> Response:
        strange = unknown_parts(request, WINDOW)
        if strange is not None:
            return refused(strange, language)
        content = asked.model_dump(exclude_unset=True)
        return await give(request, content, language, offset, limit, idempotency_key)

    async def read(
        request: Request, language: Speech = "zh", offset: Offset = 0, limit: Limit = 100
    ) -> Response:
        named = {part["name"]: part["schema"].get("type") for part in parameters or ()}
        given = request.query_params
        content: dict[str, Any] = {}
        for name in set(given) - set(WINDOW):
            many = given.getlist(name)
            content[name] = many if named.get(name) == "array" or len(many) > 1 else many[0]
        shared = {"language": language, "offset": offset, "limit": limit}
        content |= {n: v for n, v in shared.items() if n in model.model_fields and n in given}
        return await give(request, content, language, offset, limit, None)

    ask.__annotations__["asked"] = model
    ask.__doc__ = read.__doc__ = model.__doc__
    described: dict[str, Any] = {
        "response_model": told,
        "summary": f"{operation.title.zh} · {operation.title.en}",
        "dependencies": [] if "public" in operation.roles else [Security(HTTPBearer(auto_error=False))],
    }
    if told is None:
        described["responses"] = {200: {"description": "a file", "content": {"*/*": {}}}}
        described["response_class"] = Response
    made.add_api_route(path, ask, methods=["POST"], operation_id=operation.name, **described)
    parameters = asked_in_address(operation)
    if parameters is not None:
        made.add_api_route(
            path, read, methods=["GET"], operation_id=f"{operation.name}.get",
            openapi_extra={"parameters": parameters}, **described,
        )  # fmt: skip


def unknown(language: Language = "zh") -> JSONResponse:
    """Return the answer to an address that is none."""
    return problem(404, [], "没有这个地址。" if language == "zh" else "There is no such address.")
