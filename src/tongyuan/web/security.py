"""What every answer and every change has to pass: headers, origin, size of requests."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


async def arrived(receive: Receive) -> Message | None:
    """Return the whole body of a request as one message; None if it is too large.

    Raises
    ------
    TimeoutError
        If it was not here in time.
    ClientDisconnect
        If whoever sends it has gone.
    """
    parts, size = [], 0
    async with asyncio.timeout(SLOWEST):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > LARGEST:
                return None
            if not message.get("more_body", False):
                return {"type": "http.request", "body": b"".join(parts), "more_body": False}


class Guard:
    """Let a request pass or refuse it, and put the headers on whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request; what is no request passes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = scope["scheme"] == "https"

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
            await send(message)

        request = Request(scope)
        refused = _refused(request)
        if refused is not None or request.method in SAFE:
            await (refused or self.app)(scope, receive, headed)
            return
        try:
            body = await arrived(receive)
        except TimeoutError:
            await problem(408, [], "the request did not arrive in time")(scope, receive, headed)
            return
        except ClientDisconnect:
            return
        if body is None:
            await problem(413, [], TOO_LARGE)(scope, receive, headed)
            return
        held = [body]

        async def again() -> Message:
            return held.pop() if held else await receive()

        await self.app(scope, again, headed)


TOO_LARGE = "the request is too large"


def _refused(request: Request) -> Response | None:
    """Return the refusal that the head of a request alone calls for."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        return problem(413, [], TOO_LARGE)
    if request.method in SAFE:
        return None
    if "transfer-encoding" in request.headers:
        return problem(411, [], "the request has no length")
    if from_elsewhere(request):
        return problem(403, [], "the request comes from another site")
    return None
