"""What everybody may see, and say: no one need have entered."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from tongyuan.office.operation import Refused
from tongyuan.web.console.body import Sent
from tongyuan.web.console.results import frame
from tongyuan.web.console.visit import Route, Visit, findings, gone, markup, page


def _list(visit: Visit) -> Response:
    runs = frame(visit.do("public.list"))
    return page(visit, "public.html.j2", visit.say("public_title"), runs=runs)


def _show(visit: Visit) -> Response:
    return _run(visit, [], {}, 200)


def _run(visit: Visit, found: list[dict[str, Any]], given: dict[str, str], status: int) -> Response:
    run = visit.parts["run"]
    asked = {"run": run, "language": visit.language} | (
        {"room": visit.parts["room"]} if "room" in visit.parts else {}
    )
    told = visit.do("public.page", **asked)
    assert isinstance(told, dict)
    title = f"{told['title']} · {told['period']}"
    return page(
        visit, "openrun.html.j2", title, status, run=run, page=told, html=markup(told["html"]),
        charts=told["charts"], found=found, given=given,
    )  # fmt: skip


def _say(visit: Visit, sent: Sent) -> Response:
    run, given = visit.parts["run"], {name: sent.one(name) for name in ("text", "contact")}
    try:
        visit.do("public.remark", run=run, **given)
    except Refused as error:
        if error.status == 404:
            raise
        return _run(visit, findings(visit, error.findings), given, error.status)
    return gone(f"/public/{run}?done=public.remark")


ROUTES = (
    Route("/public", _list, open=True),
    Route("/public/{run}", _show, _say, open=True),
    Route("/public/{run}/{room}", _show, open=True),
)
