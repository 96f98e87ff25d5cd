"""What goes wrong, as ``application/problem+json`` (RFC 9457) with the findings of the office."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

from tongyuan.ledger.finding import Finding
from tongyuan.office.operation import Refused
from tongyuan.reference.shelf import Language
from tongyuan.reference.told import plain

MEDIA = "application/problem+json"


def told(found: Sequence[Finding], language: Language) -> list[dict[str, Any]]:
    """Return findings as plain values, whole, with what is wrong and what to do next in `language`."""
    return [
        {
            **whole,
            "place": one.place(),
            "message": one.message(language),
            "next": one.next_step(language),
        }
        for one, whole in zip(found, plain(found), strict=True)
    ]


def problem(status: int, findings: Sequence[dict[str, Any]], detail: str = "") -> JSONResponse:
    """Return an answer that says what is wrong; `detail` is the first message when it is not given."""
    title = HTTPStatus(status).phrase
    first = detail or (findings[0]["message"] if findings else title)
    content = {"type": "about:blank", "title": title, "status": status, "detail": first, "findings": findings}
    return JSONResponse(content, status, media_type=MEDIA)


def refused(error: Refused, language: Language) -> JSONResponse:
    """Return the answer to a request that the office refused."""
    return problem(error.status, told(error.findings, language))
