"""Published methods by name: those of the inventory and those of the synergy of pollution and carbon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from tongyuan.inventory.methods import registry as inventory
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.synergy.method import registry as synergy

COLUMNS = ("name", "room", "title_zh", "title_en", "source")


def methods() -> pl.DataFrame:
    """Return every published method: ``name, room, title_zh, title_en, source``.

    A method of the synergy room is called ``kind.name``, as ``coupling.modified``.
    """
    own = inventory.methods().select("name", "title_zh", "title_en", "source")
    other = pl.DataFrame(
        [(f"{m.kind}.{m.name}", m.title_zh, m.title_en, m.source) for m in synergy.methods()],
        schema=own.schema,
        orient="row",
    )
    parts = (("inventory", own), ("synergy", other))
    return pl.concat(f.with_columns(room=pl.lit(room)).select(COLUMNS) for room, f in parts)


def method(name: str) -> Callable[..., Any]:
    """Return the pure function of the method called `name` (:func:`methods`).

    Raises
    ------
    FindingError
        If there is none; the finding lists the names there are.
    """
    known = methods()["name"].to_list()
    if name not in known:
        words: dict[str, Any] = {"method": name, "known": ", ".join(known)}
        raise FindingError([finding("inventory.methods", "method-unknown", **words)])
    kind, dot, short = name.partition(".")
    return synergy.method(kind, short).function if dot else inventory.method(name).function
