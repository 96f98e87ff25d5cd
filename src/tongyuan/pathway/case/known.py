"""What functions of a case returned, kept until a table they have read is another one.

One plan asks hundreds of questions of tables that hardly differ: another bound, another demand, fewer
targets. A function marked :func:`remembered` is worked out once for all of them. Which tables it depends on
is not written down but seen: whatever it reads of the case while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import polars as pl

if TYPE_CHECKING:
    from tongyuan.pathway.case.case import Case

P = ParamSpec("P")
T = TypeVar("T")

KEPT = 4
"""Results kept of one function with the same arguments: those of the last cases that differ."""

MOST = 2000
"""Functions with different arguments of which results are kept."""

_READING: ContextVar[tuple[dict[str, pl.DataFrame], ...]] = ContextVar("reading", default=())


@dataclass(frozen=True)
class _Result:
    settings: object
    read: dict[str, pl.DataFrame]
    frames: tuple[pl.DataFrame, ...]
    value: Any


class Known:
    """Results of functions of one case and of those made from it. It is not copied or sent with them."""

    def __init__(self) -> None:
        self.results: dict[Hashable, list[_Result]] = {}
        self.seen: list[Any] = []

    def __reduce__(self) -> tuple[type[Known], tuple[()]]:
        return Known, ()

    def find(self, key: Hashable, case: Case, frames: tuple[pl.DataFrame, ...]) -> _Result | None:
        """Return the result of a call before that read the same tables, None if there is none."""
        for result in self.results.get(key, ()):
            if (
                result.settings is case.settings
                and all(case.tables[name] is frame for name, frame in result.read.items())
                and all(map(_same, result.frames, frames))
            ):
                return result
        return None

    def keep(self, key: Hashable, result: _Result) -> None:
        """Put a result first; the oldest goes."""
        others = self.results.pop(key, ())
        self.results[key] = [result, *(r for r in others if r is not result)][:KEPT]
        if len(self.results) > MOST:
            del self.results[next(iter(self.results))]

    def one(self, value: T) -> T:
        """Return what has the same attributes as `value` and was seen before, else `value`."""
        for other in self.seen:
            if vars(other) == vars(value):
                return other  # type: ignore[no-any-return]
        self.seen = [value, *self.seen][:KEPT]
        return value


def read(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame`, a table of a case, and note that it was read."""
    for noted in _READING.get():
        noted[name] = frame
    return frame


def remembered(function: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """Work `function` out once for the same tables of its case and the same further arguments.

    Its arguments are given by position; frames among them are compared by what they hold, all others by
    ``==``. It reads tables by ``case[name]`` alone, and its callers do not change what it returns.
    """

    @wraps(function)
    def call(case: Case, *args: Any) -> T:
        frames = tuple(a for a in args if isinstance(a, pl.DataFrame))
        key = (function, *(a for a in args if not isinstance(a, pl.DataFrame)))
        found = case.known.find(key, case, frames)
        if found is None:
            noted: dict[str, pl.DataFrame] = {}
            token = _READING.set((*_READING.get(), noted))
            try:
                value = function(case, *args)  # type: ignore[call-arg]
            finally:
                _READING.reset(token)
            found = _Result(case.settings, noted, frames, value)
        else:
            for name, frame in found.read.items():
                read(name, frame)
        case.known.keep(key, found)
        return found.value  # type: ignore[no-any-return]

    return call  # type: ignore[return-value]


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one is other or (one.schema == other.schema and one.equals(other))
