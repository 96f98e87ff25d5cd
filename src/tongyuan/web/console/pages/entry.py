"""Entering, leaving, and one's own password."""

from __future__ import annotations

from fastapi.responses import Response

from tongyuan.office.entry import enter
from tongyuan.office.operation import Refused, perform
from tongyuan.web.console.body import Sent
from tongyuan.web.console.visit import ENTRY, Route, Visit, findings, gone, local, page


def _enter(visit: Visit) -> Response:
    if visit.person is not None:
        return gone("/")
    return page(
        visit, "enter.html.j2", visit.say("enter"), found=[], account="", to=local(visit.one("next", "/"))
    )


def _entered(visit: Visit, sent: Sent) -> Response:
    to = local(sent.one("next", "/"))
    try:
        token = enter(
            visit.office, sent.one("account").strip(), sent.one("password"), sent.one("code").strip()
        )
    except Refused as error:
        told = findings(visit, error.findings)
        return page(
            visit, "enter.html.j2", visit.say("enter"), error.status,
            found=told, account=sent.one("account"), to=to,
        )  # fmt: skip
    _leave(visit)
    answer = gone(to)
    secure = visit.request.url.scheme == "https"
    answer.set_cookie(ENTRY, token, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


def _leave(visit: Visit) -> None:
    """End the entry that this browser held, so that no token that was there before opens anything."""
    if visit.person is not None:
        perform(visit.office, visit.token, "entry.end", {})


def _left(visit: Visit, _: Sent) -> Response:
    _leave(visit)
    answer = gone("/enter")
    answer.delete_cookie(ENTRY, path="/")
    return answer


def _password(visit: Visit) -> Response:
    return page(visit, "password.html.j2", visit.say("password_change"), found=[])


def _changed(visit: Visit, sent: Sent) -> Response:
    old, new = sent.one("old"), sent.one("new")
    if new != sent.one("again"):
        told = [{"message": visit.say("password_differ"), "next": "", "place": "", "severity": "error"}]
        return page(visit, "password.html.j2", visit.say("password_change"), 422, found=told)
    try:
        visit.do("account.change_password", old=old, new=new)
    except Refused as error:
        told = findings(visit, error.findings)
        return page(visit, "password.html.j2", visit.say("password_change"), error.status, found=told)
    answer = gone("/enter?done=account.change_password")
    answer.delete_cookie(ENTRY, path="/")
    return answer


ROUTES = (
    Route("/enter", _enter, _entered, open=True),
    Route("/leave", None, _left),
    Route("/password", _password, _changed),
)
