"""The addresses of the console, from the pages that stand in the folder ``pages``."""

from __future__ import annotations

import hashlib
import pkgutil
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tongyuan.office.operation import Office, Refused, person_of
from tongyuan.reference.shelf import Language
from tongyuan.web.console import body
from tongyuan.web.console.visit import ENTRY, SPEECH, Route, Visit, address, findings, gone, page

STATIC = {
    "page.css": ("tongyuan.report", "html/template/page.css", "text/css"),
    "page.js": ("tongyuan.report", "html/template/page.js", "text/javascript"),
    "echarts.js": ("tongyuan.report", "vendor/echarts.min.js", "text/javascript"),
    "console.css": ("tongyuan.web.console", "static/console.css", "text/css"),
    "export.js": ("tongyuan.web.console", "static/export.js", "text/javascript"),
    "keys.js": ("tongyuan.web.console", "static/keys.js", "text/javascript"),
    "draft.js": ("tongyuan.web.console", "static/draft.js", "text/javascript"),
    "console.js": ("tongyuan.web.console", "static/console.js", "text/javascript"),
}
"""Files that pages bring with them: name, package, place, kind."""

STILL_OPEN = ("/password", "/leave", "/enter")
"""Pages for somebody whose password must be changed first."""


@cache
def routes() -> tuple[Route, ...]:
    """Return the routes of every page that stands in the folder."""
    package = import_module("tongyuan.web.console.pages")
    modules = (import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    return tuple(route for module in modules for route in module.ROUTES)


@cache
def _static(name: str) -> tuple[bytes, str, str]:
    package, place, kind = STATIC[name]
    content = files(package).joinpath(place).read_bytes()
    return content, kind, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def speech(request: Request) -> Language:
    """Return the language of a page: asked for, chosen before, that of the browser, else Chinese."""
    accepted = request.headers.get("accept-language", "")[:2].lower()
    for told in (request.query_params.get("language"), request.cookies.get(SPEECH), accepted):
        if told in ("zh", "en"):
            return "en" if told == "en" else "zh"
    return "zh"


def console(office: Office) -> APIRouter:
    """Return the addresses of all pages."""
    made = APIRouter(include_in_schema=False)

    @made.get("/static/{name}")
    def static(name: str, request: Request) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        content, kind, tag = _static(name)
        headers = {"ETag": tag, "Cache-Control": "public, max-age=3600"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)

    for route in routes():
        _add(made, office, route)
    return made


def _add(made: APIRouter, office: Office, route: Route) -> None:
    if route.show is not None:

        def show(request: Request) -> Response:
            return answered(office, request, route, None)

        made.add_api_route(route.path, show, methods=["GET"])
    if route.act is not None:

        async def act(request: Request) -> Response:
            try:
                sent = body.read(request.headers.get("content-type", ""), await request.body())
            except (ValueError, UnicodeDecodeError):
                raise HTTPException(400) from None
            return await run_in_threadpool(answered, office, request, route, sent)

        made.add_api_route(route.path, act, methods=["POST"])


def answered(office: Office, request: Request, route: Route, sent: body.Sent | None) -> Response:
    """Return the answer of a page to a request: it, the way to enter first, or what is wrong."""
    person, fails = None, None
    try:
        person = person_of(office, request.cookies.get(ENTRY))
    except Refused as error:
        fails = error
    visit = Visit(office, request, person, speech(request), request.path_params)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        if fails is not None:
            raise fails
        if person is None and not route.open:
            answer = gone(address("/enter", next=here if sent is None and request.url.path != "/" else None))
        elif (
            person is not None and person.must_change and route.path not in ("/password", "/leave", "/enter")
        ):
            answer = gone("/password")
        else:
            answer = _of(route, visit, sent)
    except Refused as error:
        if error.status == 401:
            return gone("/enter")
        answer = wrong(visit, error.status, findings(visit, error.findings))
    except HTTPException as error:
        answer = wrong(visit, error.status_code, [])
    if request.query_params.get("language") in ("zh", "en"):
        answer.set_cookie(SPEECH, visit.language, max_age=365 * 86400, samesite="lax", path="/")
    return answer


def _of(route: Route, visit: Visit, sent: body.Sent | None) -> Response:
    if sent is None:
        assert route.show is not None
        return route.show(visit)
    assert route.act is not None
    return route.act(visit, sent)


def wrong(visit: Visit, status: int, found: list[dict[str, Any]]) -> Response:
    """Return the page that says what is wrong, and what to do next."""
    title = visit.say(f"wrong.{status}" if status in (403, 404) else "wrong.other")
    return page(visit, "wrong.html.j2", title, status, found=found)
