"""Words for people: a room keeps its sentences in ``messages.csv``, Chinese and English side by side."""

from __future__ import annotations

import csv
import io
import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["zh", "en"]

_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


@cache
def catalogue(room: str) -> dict[str, dict[str, str]]:
    """Return the sentences of `room` (a dotted path under ``tongyuan``): key → {zh, en, …}."""
    path = files("tongyuan").joinpath(*room.split("."), "messages.csv")
    text = path.read_bytes().decode("utf-8-sig")
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def say(room: str, key: str, language: Language, **values: Any) -> str:
    """Return sentence `key` of `room` in `language` with `values` filled in.

    Raises
    ------
    KeyError
        If the room has no such sentence or a value is missing.
    """
    return catalogue(room)[key][language].format(**values)


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Speak `language` within the block, whatever the environment says; None leaves the choice to it."""
    token = _SPOKEN.set(language or _SPOKEN.get())
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def asked_language() -> Language | None:
    """Return the language that :func:`speaking` or ``TONGYUAN_LANGUAGE`` asks for, None without either."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken
    chosen = os.environ.get("TONGYUAN_LANGUAGE", "").lower()[:2]
    return "en" if chosen == "en" else "zh" if chosen == "zh" else None


def preferred_language() -> Language:
    """Return the language asked for (:func:`asked_language`), else that of the system, else Chinese."""
    asked = asked_language()
    if asked is not None:
        return asked
    system = locale.getlocale()[0] or ""
    return "en" if system.lower().startswith("en") else "zh"
