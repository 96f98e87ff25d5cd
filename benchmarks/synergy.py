"""Benchmarks of the synergy room; every figure is a ratio within one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.synergy.change.compare import score_panel
from tongyuan.synergy.index.stability import dirichlet_weights, rank_bands
from tongyuan.synergy.method.topsis import topsis_classical

Result = dict[str, Any]
COUNTIES, YEARS, SPECIES, DRAWS = 3000, 10, 12, 1000
NAMES = [f"s{j:02d}" for j in range(SPECIES - 1)] + ["CO2"]


def world(seed: int = 0) -> np.ndarray:
    """Return emissions per driver, array [years, counties, species]."""
    return np.random.default_rng(seed).lognormal(3, 1, (YEARS, COUNTIES, SPECIES))


def table(y: np.ndarray) -> pl.DataFrame:
    """Return `y` as a wide table with a driver of one."""
    years = np.repeat(np.arange(2011, 2011 + YEARS), COUNTIES)
    regions = np.tile([f"c{k:04d}" for k in range(COUNTIES)], YEARS)
    frame = pl.DataFrame({"region": regions, "year": years})
    return frame.with_columns(
        pl.lit(1.0).alias("gdp"), *(pl.Series(n, y[..., j].reshape(-1)) for j, n in enumerate(NAMES))
    )


def timed(run: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the least wall time of `repeats` runs and the last value."""
    times, value = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        value = run()
        times.append(time.perf_counter() - start)
    return min(times), value


def pandas_draw(frame: pd.DataFrame, w: np.ndarray) -> pd.Series:
    """Rank one year under one draw of weights, as a plain pandas script does."""
    v = (frame.max() - frame) / (frame.max() - frame.min())
    a = v / (v**2).sum().pow(0.5)
    best = ((a.max() - a) ** 2 * w).sum(axis=1).pow(0.5)
    worst = ((a - a.min()) ** 2 * w).sum(axis=1).pow(0.5)
    return (worst / (best + worst)).rank(ascending=False, method="min")


def pandas_loop(y: np.ndarray, weights: np.ndarray, draws: int) -> tuple[np.ndarray, ...]:
    """Return the quantiles of the ranks of every county and year under `draws` draws, year by year."""
    parts = []
    for t in range(len(y)):
        frame = pd.DataFrame(y[t])
        drawn = pd.concat([pandas_draw(frame, weights[d]) for d in range(draws)], axis=1)
        parts.append(drawn.quantile([0.025, 0.5, 0.975], axis=1).to_numpy())
    return tuple(parts)


def pymcdm_loop(y: np.ndarray, weights: np.ndarray, draws: int) -> tuple[np.ndarray, ...]:
    """The same with the TOPSIS and the ranking of pymcdm, its input checks off."""
    from pymcdm.helpers import rankdata
    from pymcdm.methods import TOPSIS

    method, types = TOPSIS(), -np.ones(y.shape[-1])
    parts = []
    for t in range(len(y)):
        drawn = [
            rankdata(method(y[t], weights[d], types, validation=False), reverse=True) for d in range(draws)
        ]
        parts.append(np.quantile(np.array(drawn), [0.025, 0.5, 0.975], axis=0))
    return tuple(parts)


def bands() -> Result:
    """Rank bands under drawn weights: ours in full; pandas and pymcdm on a share of the draws, scaled."""
    y, sign, even = world(), -np.ones(SPECIES), np.full(SPECIES, 1 / SPECIES)
    weights = dirichlet_weights(even, DRAWS, 0)
    rank_bands(y[:1, :50], even, sign, draws=4)
    ours, mine = timed(lambda: rank_bands(y, even, sign, draws=DRAWS, seed=0), 3)
    share = 20
    by_pandas, frames = timed(lambda: pandas_loop(y[:, :], weights, share))
    by_pymcdm, _ = timed(lambda: pymcdm_loop(y, weights, share))
    check = rank_bands(y, even, sign, draws=DRAWS, seed=0)
    assert (check.lower == mine.lower).all()
    assert len(frames) == YEARS
    scale = DRAWS / share
    return {
        "tongyuan_s": ours,
        "pandas_loop_s": by_pandas * scale,
        "pymcdm_s": by_pymcdm * scale,
        "scaled_from_draws": share,
        "times_pandas": by_pandas * scale / ours,
        "times_pymcdm": by_pymcdm * scale / ours,
    }


def panel() -> Result:
    """All methods, 3,000 counties × 10 years × 12 species, 1,000 draws of rank uncertainty, in one call."""
    y = world()
    frame = table(y)
    weights = dirichlet_weights(np.full(SPECIES, 1 / SPECIES), DRAWS, 0)

    def run() -> Any:
        return score_panel(frame, pollutants=NAMES[:-1], driver="gdp", draws=DRAWS)

    run()
    ours, result = timed(run)
    share = 20
    by_pandas, _ = timed(lambda: pandas_loop(y, weights, share))
    by_pymcdm, _ = timed(lambda: pymcdm_loop(y, weights, share))
    scale = DRAWS / share
    return {
        "tongyuan_all_methods_s": ours,
        "rows_written": sum(t.height for t in result.tables.values()),
        "pandas_loop_topsis_only_s": by_pandas * scale,
        "pymcdm_topsis_only_s": by_pymcdm * scale,
        "scaled_from_draws": share,
        "times_pandas": by_pandas * scale / ours,
        "times_pymcdm": by_pymcdm * scale / ours,
    }


def data() -> Result:
    """Weights and data drawn together, against the same in numpy for a share of the draws, scaled."""
    y, sign, even = world(), -np.ones(SPECIES), np.full(SPECIES, 1 / SPECIES)
    rank_bands(y[:1, :50], even, sign, draws=4, deviation=0.2)
    ours, _ = timed(lambda: rank_bands(y, even, sign, draws=DRAWS, deviation=0.2))
    share = 10
    generator = np.random.default_rng(0)

    def plain() -> None:
        for t in range(YEARS):
            drawn = []
            for _ in range(share):
                w = generator.dirichlet(np.full(SPECIES, 10.0))
                x = y[t] * np.exp(0.198 * generator.standard_normal(y[t].shape))
                drawn.append(np.argsort(np.argsort(-topsis_classical(x, w, sign))))
            np.quantile(np.array(drawn), [0.025, 0.5, 0.975], axis=0)

    by_numpy, _ = timed(plain)
    return {
        "tongyuan_s": ours,
        "numpy_s": by_numpy * DRAWS / share,
        "times_numpy": by_numpy * DRAWS / share / ours,
    }


GOAL = 20.0
"""How many times faster than pandas and pymcdm the panel is held to be."""


def figures(run: Callable[[], Result]) -> list[Figure]:
    """Return what the registry prints: seconds, and ratios against the others."""
    return [
        Figure(name, float(value), "s" if name.endswith("_s") else "×" if name.startswith("times") else "")
        for name, value in run().items()
    ]


def panel_figures() -> list[Figure]:
    """Return the panel's figures with the goal on its ratios."""
    return [
        Figure(f.name, f.value, f.unit, GOAL) if f.name.startswith("times") else f for f in figures(panel)
    ]


SPECS = [
    Spec("synergy-panel", "3,000 counties × 10 years × 12 species, all methods, one call", panel_figures),
    Spec("synergy-bands", "Rank bands, weights drawn", lambda: figures(bands), slow=True),
    Spec("synergy-data", "Rank bands, weights and data drawn", lambda: figures(data), slow=True),
]
