"""Months drawn on the balances themselves, for kinds of units without a simulated plant, 示例."""

from __future__ import annotations

import numpy as np

from tongyuan.facility.evidence.balance import Array, balances

SPREAD = 0.15
"""Relative spread of the figures of plants among one another."""
STEPS = 30


def months(kind: str, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return what `count` honest months of a kind of unit are, and what its meters and history say of them.

    Parameters
    ----------
    kind
        Kind of unit (:data:`~tongyuan.facility.evidence.balance.KINDS`).

    Returns
    -------
    tuple
        True values, which meet every balance to rounding, and the same with an error of each meter and
        parameter as large as its accuracy, both of shape (count, n).
    """
    system = balances(kind)
    n = len(system.variables)
    x = np.empty((count, n))
    shape = np.where(system.measured, SPREAD, system.accuracy)
    draw = np.exp(shape * rng.standard_normal((count, n)))
    for k in sorted(range(n), key=lambda k: system.scale[k] >= 0):
        base = x[:, system.scale[k]] if system.scale[k] >= 0 else 1.0
        x[:, k] = system.typical[k] * base * draw[:, k]
    free = np.where(system.measured, 1.0, 1e-3)
    for _ in range(STEPS):
        j = system.jacobian(x)
        weight = (free * x) ** 2
        h = (j * weight[:, None, :]) @ j.transpose(0, 2, 1)
        step = np.linalg.solve(h, system.residual(x)[:, :, None])
        x = np.maximum(x - weight * (j.transpose(0, 2, 1) @ step)[:, :, 0], 0.2 * x)
    return x, x * (1 + system.accuracy * rng.standard_normal((count, n)))
