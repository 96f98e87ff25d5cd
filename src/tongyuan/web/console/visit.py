"""A visit: who looks at a page, in what language, over which office; and how a page is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jinja2
import polars as pl
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from tongyuan.ledger.finding import Finding
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.office.operation import Answer, Office, Person, Room, office_rooms, operations, perform
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.chapters import room_title, rooms
from tongyuan.web.console import cell
from tongyuan.web.console.body import Sent
from tongyuan.web.problem import told
from tongyuan.web.security import DRAWN

ENTRY = "entry"
"""Cookie of who entered."""

SPEECH = "language"
"""Cookie of the language of the pages."""


@dataclass(frozen=True)
class Visit:
    """One request of a page: over which office, of whom, in which language."""

    office: Office
    request: Request
    person: Person | None
    language: Language
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str | None:
        """Return the token of who entered."""
        return self.request.cookies.get(ENTRY)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Return the fields of the address."""
        return list(self.request.query_params.multi_items())

    def one(self, name: str, default: str = "") -> str:
        """Return one field of the address."""
        return self.request.query_params.get(name, default)

    def do(self, name: str, **request: Any) -> Answer:
        """Perform an operation in the name of who looks; Refused as the office says."""
        return perform(self.office, self.token, name, request)

    def may(self, name: str) -> bool:
        """Return whether who looks may do an operation at all."""
        return self.person is not None and self.person.may(operations()[name])

    def say(self, key: str, **values: Any) -> str:
        """Return a sentence of the console."""
        return say("web", key, self.language, **values)

    @cached_property
    def organisations(self) -> dict[str, str]:
        """Return what the organisations that who looks may see are called."""
        if not self.may("organisation.list"):
            return {}
        found = self.do("organisation.list")
        assert isinstance(found, pl.DataFrame)
        return dict(found.select("organisation", f"title_{self.language}").iter_rows())

    def called(self, organisation: str) -> str:
        """Return what an organisation is called."""
        return self.organisations.get(organisation, organisation)

    def rooms(self) -> list[Room]:
        """Return the rooms in which who looks may do something."""
        return [] if self.person is None else [
            room for room in office_rooms().values()
            if room.room not in result_rooms()
            and any(one.roles and self.person.may(one) for one in room.operations())
        ]  # fmt: skip

    def results(self) -> list[tuple[str, str]]:
        """Return the rooms of the report, and what they are called, for those who may see results."""
        if not self.may("run.page"):
            return []
        return [(room, room_title(room, self.language)) for room in result_rooms()]


def result_rooms() -> tuple[str, ...]:
    """Return the rooms of the report that have a page of their own: all but the first page and the run."""
    return tuple(room for room in rooms() if room not in ("front", "run"))


Show = Callable[[Visit], Response]
Act = Callable[[Visit, Sent], Response]


@dataclass(frozen=True)
class Route:
    """An address: what it shows, what a form on it does, and whether one need not have entered."""

    path: str
    show: Show | None = None
    act: Act | None = None
    open: bool = False


def local(address: str) -> str:
    """Return an address of this console; ``/`` in place of any other."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if inside and not parts.scheme and not parts.netloc and address.isprintable() else "/"


def address(path: str, **asked: Any) -> str:
    """Return a path with fields of an address; those that are None are left out."""
    pairs = {name: value for name, value in asked.items() if value is not None}
    return path + ("?" + urlencode(pairs) if pairs else "")


def gone(to: str) -> Response:
    """Return the answer that leads on to another page after a form was sent."""
    return RedirectResponse(local(to), 303)


@cache
def _environment(language: Language) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("tongyuan.web.console", "template"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        say=lambda key, **values: say("web", key, language, **values),
        word=lambda key, default=None: cell.word(key, language, default),
        titled=lambda name: cell.column_title(name, language),
        cell=lambda value, name: cell.cell(value, name, language),
        worded=lambda text, name: cell.quoted(cell.worded(str(text), name, language), language),
        choice=lambda name: choice_title(name, language),
        quote=lambda text: quote(str(text), safe=""),
        address=address,
    )
    made.filters["words"] = lambda text: cell.quoted(str(text), language)
    made.filters["room_path"] = lambda room: f"/room/{room}"
    made.filters["own"] = lambda both: cell.quoted(getattr(both, language), language)
    return made


def page(visit: Visit, template: str, title: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page made from `template`, within the frame of the console."""
    path = visit.request.url.path
    other = "en" if visit.language == "zh" else "zh"
    here = [(k, v) for k, v in visit.asked if k != "language"]
    text = _environment(visit.language).get_template(template).render(
        visit=visit, title=title, language="zh-Hans" if visit.language == "zh" else "en",
        other="en" if other == "en" else "zh-Hans",
        switch=f"{path if visit.request.method == 'GET' else '/'}?{urlencode([*here, ('language', other)])}",
        path=path, here=here_of(visit), done=_done(visit), **context,
    )  # fmt: skip
    drawn = {"Content-Security-Policy": DRAWN} if context.get("charts") else {}
    return HTMLResponse(text, status, headers=drawn)


def here_of(visit: Visit) -> str:
    """Return the address of the page one looks at, without what was done before it: a link to keep."""
    asked = [(k, v) for k, v in visit.asked if k not in ("done", "language")]
    path = visit.request.url.path
    return path + ("?" + urlencode(asked) if asked else "")


def _done(visit: Visit) -> str:
    """Return what was done before this page, as people call it; empty for what is no operation."""
    operation = operations().get(visit.one("done"))
    return "" if operation is None else str(getattr(operation.title, visit.language))


def findings(visit: Visit, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as a page shows them."""
    return told(found, visit.language)


def markup(text: str) -> Markup:
    """Return HTML that was made, and escaped, by the report."""
    return Markup(text)  # nosec B704
