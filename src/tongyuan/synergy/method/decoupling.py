"""Tapio decoupling: how emissions move when their driver moves."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from tongyuan.reference.shelf import shelf
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Codes, Floats
from tongyuan.synergy.method.elasticity import cross_elasticity, relative_change

STATES = (
    "strong_decoupling",
    "weak_decoupling",
    "expansive_coupling",
    "expansive_negative_decoupling",
    "strong_negative_decoupling",
    "weak_negative_decoupling",
    "recessive_coupling",
    "recessive_decoupling",
    "undefined",
)


def thresholds() -> tuple[float, float]:
    """Return the edges of coupling (0.8, 1.2), read from shelf ``decoupling_state``."""
    row = shelf("decoupling_state").filter(pl.col("id") == "expansive_coupling")
    return float(row["lower"][0]), float(row["upper"][0])


def tapio(
    emission_before: ArrayLike, emission_after: ArrayLike, driver_before: ArrayLike, driver_after: ArrayLike
) -> tuple[Floats, Codes]:
    r"""Decoupling elasticity and one of eight states.

    .. math:: e=\frac{\Delta E/E_0}{\Delta G/G_0}

    Driver growing: e < 0 strong decoupling, 0–0.8 weak decoupling, 0.8–1.2 expansive coupling, > 1.2
    expansive negative decoupling. Driver shrinking: e < 0 strong negative decoupling, 0–0.8 weak negative
    decoupling, 0.8–1.2 recessive coupling, > 1.2 recessive decoupling.

    Parameters
    ----------
    emission_before, emission_after : array [...] [any unit]
    driver_before, driver_after : array [...] [any unit]
        Usually GDP at constant prices.

    Returns
    -------
    elasticity : array [...] [dimensionless]
    state : array [...] of int
        Position in :data:`STATES`; ``undefined`` where the driver stands still or a base value is zero.

    Notes
    -----
    Tapio (2005), Transport Policy 12(2):137–151; states and edges as in PMC10559243, table 3.
    """
    low, high = thresholds()
    emission = relative_change(check.not_negative(emission_before, "emission"), emission_after)
    driver = relative_change(check.not_negative(driver_before, "driver"), driver_after)
    e = cross_elasticity(emission, driver)
    up, down = driver > 0, driver < 0
    with np.errstate(invalid="ignore"):
        state = np.select(
            [
                up & (e < 0),
                up & (e >= 0) & (e < low),
                up & (e >= low) & (e <= high),
                up & (e > high),
                down & (e < 0),
                down & (e >= 0) & (e < low),
                down & (e >= low) & (e <= high),
                down & (e > high),
            ],
            list(range(8)),
            8,
        )
    return e, state.astype(np.int8)
