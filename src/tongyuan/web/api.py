"""``/api/v1``: every operation of the office as one address, from the register of operations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from tongyuan.office.entry import enter
from tongyuan.office.operation import Answer, File, Office, Operation, Refused, operations, perform
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
    """One thing that is wrong, where, and what to do next."""

    check: str
    severity: str
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


class Told(BaseModel):
    """What an operation answers: named values, or the rows of a table with where its next page begins."""

    answer: dict[str, Any] | None = None
    columns: list[str] | None = None
    rows: list[list[Any]] | None = None
    total: int | None = None
    next: int | None = None


STATUSES = {
    401: "not entered",
    403: "not allowed",
    404: "not there, or not for you",
    409: "changed by somebody else",
    411: "without length",
    413: "too large",
    422: "cannot be done so",
    429: "too many failed attempts",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA: {}}}
    for status, text in STATUSES.items()
}

Speech = Annotated[Language, Query(description="Language of sentences")]


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
        page = answer.slice(offset, limit)
        end = offset + page.height
        return {
            "columns": answer.columns,
            "rows": [[plain(v) for v in row] for row in page.rows()],
            "total": answer.height,
            "next": end if end < answer.height else None,
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
    """Return the addresses of all operations."""
    made = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @made.post("/entry", response_model=Token, operation_id="entry.begin", summary="登录 · Sign in")
    async def sign_in(entry: Entry, language: Speech = "zh") -> Response:
        """Enter and get a token."""
        try:
            token = await run_in_threadpool(enter, office, entry.account, entry.password, entry.code)
        except Refused as error:
            return refused(error, language)
        return JSONResponse({"token": token})

    for operation in operations().values():
        _add(made, office, operation)
    return made


def _add(made: APIRouter, office: Office, operation: Operation) -> None:
    model = operation.request

    async def ask(
        request: Request,
        asked: Any,
        language: Speech = "zh",
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
        idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
    ) -> Response:
        token, content = bearer(request), asked.model_dump(exclude_unset=True)
        try:
            answer = await run_in_threadpool(
                perform, office, token, operation.name, content, once=idempotency_key
            )
        except Refused as error:
            return refused(error, language)
        if isinstance(answer, File):
            return attached(answer)
        return tagged(request, answered(answer, offset, limit))

    ask.__annotations__["asked"] = model
    ask.__doc__ = model.__doc__
    made.add_api_route(
        f"/{operation.name.replace('.', '/')}",
        ask,
        methods=["POST"],
        response_model=Told,
        operation_id=operation.name,
        summary=f"{operation.title.zh} · {operation.title.en}",
    )


def unknown(language: Language = "zh") -> JSONResponse:
    """Return the answer to an address that is none."""
    return problem(404, [], "没有这个地址。" if language == "zh" else "There is no such address.")
