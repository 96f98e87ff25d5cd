"""What every answer and every change has to pass: headers, origin, size of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response

from tongyuan.web.problem import problem

LARGEST = 20 * 2**20
"""Largest body of a request [byte]."""

SLOWEST = 120.0
"""How long the body of a request may take to arrive [s]."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

DRAWN = f"{POLICY}; style-src-attr 'unsafe-inline'"
"""That of a page with charts: the parts of a drawing carry their places as attributes, never scripts."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

SAFE = ("GET", "HEAD", "OPTIONS")


def from_elsewhere(request: Request) -> bool:
    """Return whether another site's page made the browser send this change."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


async def arrived(request: Request) -> bool:
    """Return whether the body of a request was here in time; it is kept for whoever reads it next."""
    try:
        async with asyncio.timeout(SLOWEST):
            await request.body()
    except TimeoutError:
        return False
    return True


async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """Let a request pass or refuse it, and put the headers on whatever is answered."""
    length = request.headers.get("content-length", "0")
    answer: Response
    if not length.isdigit() or int(length) > LARGEST:
        answer = problem(413, [], "the request is too large")
    elif request.method not in SAFE and "transfer-encoding" in request.headers:
        answer = problem(411, [], "the request has no length")
    elif request.method not in SAFE and from_elsewhere(request):
        answer = problem(403, [], "the request comes from another site")
    elif request.method not in SAFE and not await arrived(request):
        answer = problem(408, [], "the request did not arrive in time")
    else:
        answer = await go_on(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.url.scheme == "https":
        answer.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return answer
