"""Benchmarks of zoning: scarce reductions matched to many projects, projects laid over many zones."""

from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np
import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.zoning.offset.allocate import allocate

PROJECTS, SOURCES, REGIONS = 1000, 500, 16
SPECIES = ("SO2", "NOx", "PM", "NMVOC")


def instance(seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return projects, what they need at 2:1, and sources that hold about half of it."""
    generator = np.random.default_rng(seed)
    begin = date(2026, 1, 1)
    project = pl.DataFrame(
        [
            (
                f"p{k}",
                f"r{generator.integers(REGIONS)}",
                begin + timedelta(int(generator.integers(365, 1500))),
                float(generator.lognormal(4, 1)),
            )
            for k in range(PROJECTS)
        ],
        schema=["project", "region", "start", "value"],
        orient="row",
    )
    need = pl.DataFrame(
        [
            (f"p{k}", s, 2 * round(float(generator.lognormal(2.5, 1)), 2))
            for k in range(PROJECTS)
            for s in SPECIES
        ],
        schema=["project", "species", "value"],
        orient="row",
    )
    source = pl.DataFrame(
        [
            (
                f"s{k}",
                f"r{generator.integers(REGIONS)}",
                s,
                round(float(generator.lognormal(2.9, 1)), 2),
                begin + timedelta(int(generator.integers(0, 1200))),
            )
            for k in range(SOURCES)
            for s in SPECIES
        ],
        schema=["source", "region", "species", "value", "available"],
        orient="row",
    )
    return project, need, source.with_columns(pl.col("region").first().over("source"))


def offsets() -> list[Figure]:
    """Return the time of admitting 1,000 projects against 500 sources, and the gap that is proven."""
    given = instance()
    start = time.perf_counter()
    made = allocate(*given, gap=1e-3, seconds=3.0)
    taken = time.perf_counter() - start
    return [
        Figure("1,000 projects, 500 sources, 4 species", taken, "s", 60.0, at_most=True),
        Figure("gap that is proven", made.gap, ""),
        Figure("share of the value admitted", made.value / given[0]["value"].sum(), ""),
        Figure("value against that of divided projects", made.value / made.relaxed, ""),
    ]


POINTS, ROWS, COLUMNS = 100_000, 250, 200


def overlay() -> list[Figure]:
    """Return the time of laying 100,000 projects over 50,000 units, and what of it is the tree alone."""
    import shapely

    from tongyuan.ledger.table import conform
    from tongyuan.zoning.zone.overlay import overlay as lay
    from tongyuan.zoning.zone.overlay import touched

    generator = np.random.default_rng(0)
    x, y = np.meshgrid(np.linspace(116, 120, COLUMNS + 1)[:-1], np.linspace(34, 38, ROWS + 1)[:-1])
    x, y = x.ravel(), y.ravel()
    units = np.asarray(shapely.box(x, y, x + 4 / COLUMNS, y + 4 / ROWS))
    kinds = np.where(generator.random(len(units)) < 0.02, "red_line", "unit")
    zone = conform(
        "zone",
        pl.DataFrame({"zone": [f"Z{k}" for k in range(len(units))], "kind": kinds, "source": "made up"}),
    )
    points = np.asarray(shapely.points(generator.uniform((116, 34), (120, 38), (POINTS, 2))))
    project = pl.DataFrame({"project": [f"P{k}" for k in range(POINTS)]})
    start = time.perf_counter()
    pairs = touched(points, units)
    tree = time.perf_counter() - start
    made = lay(project, points, zone, units)
    taken = time.perf_counter() - start
    return [
        Figure("100,000 points over 50,000 zones, with the nearest red line", taken, "s", 30.0, at_most=True),
        Figure("the tree alone", tree, "s"),
        Figure("contacts", float(made.height), ""),
        Figure("points in a zone", float(len(np.unique(pairs[0]))), ""),
    ]


SPECS = [
    Spec("zoning-offsets", "1,000 projects matched to 500 sources of reduction", offsets),
    Spec("zoning-overlay", "100,000 projects laid over 50,000 zones", overlay),
]
