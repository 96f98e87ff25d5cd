"""The application: programming interface, console and what watches over it, over one office."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from tongyuan.office.operation import Office, misfits
from tongyuan.store.database import reading
from tongyuan.store.job import counts as job_counts
from tongyuan.store.scope import Scope
from tongyuan.store.slow import count as slow_count
from tongyuan.store.trail import head
from tongyuan.web.api import describe, router
from tongyuan.web.console.router import console
from tongyuan.web.problem import problem, told
from tongyuan.web.security import HEADERS, Guard
from tongyuan.web.watch import Counts, Watch, gauges

log = logging.getLogger("tongyuan.web")


def create_app(office: Office) -> FastAPI:
    """Return the application over an office."""
    app = FastAPI(
        title="tongyuan 同源", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    counts = Counts()
    app.add_middleware(Guard)
    app.add_middleware(Watch, counts=counts)
    app.include_router(router(office))
    app.include_router(console(office))

    drawn = app.openapi

    def described() -> dict[str, Any]:
        return app.openapi_schema or describe(drawn())

    app.openapi = described  # type: ignore[method-assign]

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> Response:
        try:
            with reading(office.engine, Scope("health")) as session:
                head(session)
        except DBAPIError as error:
            log.error("health: %s", type(error.orig).__name__)
            return PlainTextResponse("the database does not answer", 503)
        return PlainTextResponse("ok")

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        with reading(office.engine, Scope("health")) as session:
            more = gauges(job_counts(session), slow_count())
        return PlainTextResponse(counts.text() + more, media_type="text/plain; version=0.0.4; charset=utf-8")

    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _absent)
    app.add_exception_handler(Exception, _failed)
    return app


def _invalid(request: Request, error: Any) -> JSONResponse:
    """Say what of a request does not fit its description."""
    language = request.query_params.get("language")
    return problem(422, told(misfits(error.errors()), "en" if language == "en" else "zh"))


def _absent(_: Request, error: Any) -> JSONResponse:
    answer = problem(error.status_code, [], str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def _failed(request: Request, error: Exception) -> JSONResponse:
    """Keep what happened in the log, and nothing of it in the answer."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    answer = problem(500, [], "服务器出错，已记录。 The server failed; it is in its log.")
    answer.headers.update(HEADERS)  # it is made outside of what puts them on the others
    return answer
