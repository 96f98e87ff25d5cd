"""Benchmark of the factor library: the factors of 1e5 keys of sources, found in one pass."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.registry import Figure, Spec, median_seconds
from tongyuan.reference.factors.library import library
from tongyuan.reference.factors.resolve import resolve
from tongyuan.reference.shelf import shelf


def keys(count: int = 100_000, seed: int = 0) -> pl.DataFrame:
    """Return `count` keys drawn from every process, a few fuels, regions and 24 years."""
    rng = np.random.default_rng(seed)
    processes = [process for process in shelf("process")["process"] if "." in process]
    return pl.DataFrame(
        {
            "process": rng.choice(processes, count),
            "product": rng.choice(["raw_coal", "diesel", "natural_gas", ""], count),
            "technology": rng.choice(["", "cfb"], count),
            "region": rng.choice(["110000", "370000", "370100", "500000"], count),
            "year": rng.integers(2000, 2024, count),
            "unit": "t",
        }
    )


def figures() -> list[Figure]:
    """Return what the registry prints."""
    asked, records = keys(), library()
    return [
        Figure("factors of 100,000 keys", median_seconds(lambda: resolve(asked, records), 3), "s", 10.0, True)
    ]


SPECS = [Spec("factors-resolve", "Finding the factors of 1e5 keys", figures)]
