"""The registry: every module of this folder with a list ``SPECS`` is part of it."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import benchmarks


@dataclass(frozen=True)
class Figure:
    """One measured figure, with the figure it is held against."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


@dataclass(frozen=True)
class Spec:
    """One benchmark: its name, what it does and the function that measures it."""

    name: str
    title: str
    run: Callable[[], list[Figure]]
    slow: bool = False
    before: str = ""
    """What was measured before anything was done about it; such benchmarks make one table at the end."""


def specs() -> list[Spec]:
    """Return every registered benchmark in the order of their names."""
    found: list[Spec] = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in ("registry", "__main__"):
            found += getattr(importlib.import_module(f"benchmarks.{module.name}"), "SPECS", [])
    names = [spec.name for spec in found]
    if len(names) != len(set(names)):
        raise ValueError("two benchmarks have one name")
    return sorted(found, key=lambda spec: spec.name)


def median_seconds(run: Callable[[], Any], repeat: int = 5) -> float:
    """Return the median wall time of `run` in seconds; the first, cold call does not count."""
    run()
    taken = []
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ratios(seconds: Mapping[str, float], ours: str, goal: float | None, label: str) -> list[Figure]:
    """Return every time in seconds and how many times faster `ours` is than the best of the others."""
    figures = [Figure(f"{label}: {name}", taken, "s") for name, taken in seconds.items()]
    best = min(taken for name, taken in seconds.items() if name != ours)
    return [*figures, Figure(f"{label}: {ours} against the best other", best / seconds[ours], "×", goal)]
