"""Composite-system synergy degree (复合系统协同度): do the subsystems become orderly together?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats, refuse
from tongyuan.synergy.method.normalise import bounds


def order_parameter(values: ArrayLike, direction: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Floats:
    r"""Order of each order parameter.

    .. math:: \mu=\frac{e-\beta}{\alpha-\beta}\ (+),\qquad \mu=\frac{\alpha-e}{\alpha-\beta}\ (-)

    Parameters
    ----------
    values : array [..., parameters] [any unit]
    direction : array [parameters] [+1 or −1]
    lower, upper : array [parameters] [same unit]
        β and α, bounds of stability; values beyond them are cut.

    Returns
    -------
    array [..., parameters] [0–1]

    Notes
    -----
    Status ``unverified``: the form was not read in a printed source (used in csiro MF24159, Yangtze delta
    2011–20).
    """
    return bounds(values, direction, lower, upper)


def subsystem_order(orders: ArrayLike, weight: ArrayLike | None = None) -> Floats:
    r"""Order of a subsystem: :math:`\mu_j=\sum_i\lambda_i\mu_{ji}`, or the geometric mean when `weight` is
    None.

    Parameters
    ----------
    orders : array [..., parameters] [0–1]
    weight : array [parameters] [fraction], optional

    Returns
    -------
    array [...] [0–1]
    """
    mu = check.not_negative(orders, "orders")
    if weight is None:
        return np.asarray(np.prod(mu, axis=-1) ** (1.0 / mu.shape[-1]), dtype=np.float64)
    return np.asarray((mu * check.weights(weight, mu.shape[-1])).sum(axis=-1), dtype=np.float64)


def synergy_degree(before: ArrayLike, after: ArrayLike) -> Floats:
    r"""Composite-system synergy degree between two moments.

    .. math:: DDS=\theta\left|\prod_j(\mu_j^1-\mu_j^0)\right|^{1/n},\qquad
              \theta=+1\ \text{if every change}>0,\ \text{else}\ -1

    Parameters
    ----------
    before, after : array [..., subsystems] [0–1]

    Returns
    -------
    array [...] [−1–1]
        0 when any subsystem stands still.

    Notes
    -----
    Status ``unverified`` (see :func:`order_parameter`). Not monotone: with opposite signs, a greater
    improvement of one subsystem makes the degree more negative. A diagnosis, not a score.
    """
    mu0, mu1 = check.finite(before, "before"), check.finite(after, "after")
    change = mu1 - mu0
    n = change.shape[-1]
    if n < 2:
        raise refuse("too_few_systems", given=n)
    theta = np.where(np.all(change > 0, axis=-1), 1.0, -1.0)
    size = np.abs(np.prod(change, axis=-1)) ** (1.0 / n)
    return np.asarray(np.where(size > 0, theta * size, 0.0), dtype=np.float64)
