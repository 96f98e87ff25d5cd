"""How to use the console: the steps of whoever looks by their roles, each with a link to where it is done."""

from __future__ import annotations

from fastapi.responses import Response

from tongyuan.office.manual import manual
from tongyuan.office.role import roles
from tongyuan.web.console.visit import Route, Visit, page


def _show(visit: Visit) -> Response:
    held = visit.person.roles if visit.person else frozenset()
    shown = [(roles()[role], steps) for role, steps in manual().items() if role in held]
    public = [(roles()["public"], manual()["public"])]
    return page(visit, "manual.html.j2", visit.say("manual"), parts=[*shown, *public])


ROUTES = (Route("/manual", _show, open=True),)
