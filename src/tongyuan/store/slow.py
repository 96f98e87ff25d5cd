"""Statements that take long are told to the log, as they are written and without any value in them."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

log = logging.getLogger("tongyuan.store")

SETTING = "TONGYUAN_SLOW_QUERY"
"""Setting of how long a statement may take before it is told [s]."""

TOLD = "told"
"""Option of a statement whose caller tells its time, that of fetching its rows included."""

USUAL = 0.5
"""How long that is when nothing is set [s]."""

_lock, _count = Lock(), [0]


def limit() -> float:
    """Return how long a statement may take [s]."""
    try:
        return float(os.environ.get(SETTING, "") or USUAL)
    except ValueError:
        return USUAL


def count() -> int:
    """Return how many statements of this process took longer."""
    return _count[0]


def tell(begun: float, statement: Callable[[], str]) -> None:
    """Tell a statement that began at `begun` of the monotonic clock [s], if it took long."""
    seconds = time.perf_counter() - begun
    if seconds < limit():
        return
    with _lock:
        _count[0] += 1
    told = {"event": "slow_query", "seconds": round(seconds, 4), "statement": " ".join(statement().split())}
    log.warning(json.dumps(told, ensure_ascii=False))


def watch(engine: sa.Engine) -> None:
    """Watch every statement that an engine executes."""

    def begin(
        _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        context._begun = time.perf_counter()

    def end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        if not context.execution_options.get(TOLD):
            tell(context._begun, lambda: statement)

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
