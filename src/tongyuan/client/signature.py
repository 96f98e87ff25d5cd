"""The signature of what an office sends by itself, made by it and proved by whoever receives it."""

from __future__ import annotations

import hashlib
import hmac
import time

HEADER = "Tongyuan-Signature"
"""Header of the signature: ``t=<seconds since 1970>,v1=<HMAC of these and the body>``."""

TOLERANCE = 300
"""How old what is received may be [s], so that nobody sends it again."""


def sign(secret: str, body: bytes, moment: int) -> str:
    """Return the signature of `body` sent at `moment` [s since 1970]: HMAC-SHA256 over both."""
    told = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={told}"


def signed(
    secret: str, header: str, body: bytes, *, now: float | None = None, tolerance: int = TOLERANCE
) -> bool:
    """Return whether `header` is the signature of `body` under `secret`, and not older than allowed."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    moment = parts.get("t", "")
    if not moment.isdigit() or abs((time.time() if now is None else now) - int(moment)) > tolerance:
        return False
    return hmac.compare_digest(sign(secret, body, int(moment)), header)
