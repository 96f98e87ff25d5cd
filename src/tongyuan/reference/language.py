"""Words for people: a room keeps its sentences in ``messages.csv``, Chinese and English side by side."""

from __future__ import annotations

import locale
import os
from functools import cache
from importlib.resources import files
from typing import Any

from tongyuan.reference.shelf import Language, read_text_csv


@cache
def catalogue(room: str) -> dict[str, dict[str, str]]:
    """Return the sentences of `room` (a dotted path under ``tongyuan``): key → {zh, en, …}."""
    path = files("tongyuan").joinpath(*room.split("."), "messages.csv")
    return {row["key"]: row for row in read_text_csv(path).to_dicts()}


def say(room: str, key: str, language: Language, **values: Any) -> str:
    """Return sentence `key` of `room` in `language` with `values` filled in.

    Raises
    ------
    KeyError
        If the room has no such sentence or a value is missing.
    """
    return catalogue(room)[key][language].format(**values)


def preferred_language() -> Language:
    """Return the user's language: ``TONGYUAN_LANGUAGE`` if set, else that of the system, else Chinese."""
    chosen = os.environ.get("TONGYUAN_LANGUAGE", "").lower()
    if chosen[:2] in ("zh", "en"):
        return "en" if chosen.startswith("en") else "zh"
    system = locale.getlocale()[0] or ""
    return "en" if system.lower().startswith("en") else "zh"
