"""GB/T 4754-2017: sections, divisions, groups and classes of industry."""

from __future__ import annotations

from functools import cache
from typing import Literal

from tongyuan.reference.shelf import shelf

Level = Literal["section", "division", "group", "class"]


@cache
def _parents() -> dict[str, str]:
    frame = shelf("industry")
    return dict(zip(frame["code"], frame["parent"], strict=True))


def ancestors(code: str) -> tuple[str, ...]:
    """Return `code` and what contains it, nearest first: ``3011`` → 3011, 301, 30, C.

    Raises
    ------
    KeyError
        If the standard has no such code.
    """
    if code not in _parents():
        raise KeyError(f"GB/T 4754-2017 has no code {code!r}")
    line = [code]
    while _parents()[line[-1]]:
        line.append(_parents()[line[-1]])
    return tuple(line)


def codes(level: Level) -> tuple[str, ...]:
    """Return the codes of one level."""
    frame = shelf("industry")
    return tuple(frame.filter(frame["level"] == level)["code"])
