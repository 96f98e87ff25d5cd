"""Libraries of the extra ``allocation``, brought in when something needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tongyuan.ledger.finding import Bilingual, FindingError, finding
from tongyuan.reference.language import catalogue

ROOM = "allocation"


def library(name: str, use: str) -> Any:
    """Return a library of the extra ``allocation``.

    Parameters
    ----------
    name
        Module, such as ``shapely``.
    use
        What it is for: ``use_<use>`` among the sentences of the room.

    Raises
    ------
    FindingError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        said = catalogue(ROOM)[f"use_{use}"]
        told = Bilingual(said["zh"], said["en"])
        raise FindingError([finding(ROOM, "library_absent", library=name, use=told)]) from None
