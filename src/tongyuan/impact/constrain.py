"""Emissions that agree with an inventory and with observations, each as far as it can be trusted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

Array = npt.NDArray[np.float64]


class Posterior(NamedTuple):
    """What inventory and observations say together.

    state : array, shape (sources,): scaling of each source.
    covariance : array, shape (sources, sources)
    kernel : array, shape (sources, sources): averaging kernel, what a true change of a source turns into.
    freedom : degrees of freedom that the observations took.
    innovation : χ² per observation; near 1 where both uncertainties are as said.
    """

    state: Array
    covariance: Array
    kernel: Array
    freedom: float
    innovation: float


def invert_gaussian(
    prior: npt.ArrayLike,
    prior_covariance: npt.ArrayLike,
    response: npt.ArrayLike,
    observed: npt.ArrayLike,
    error_covariance: npt.ArrayLike,
) -> Posterior:
    """Return the linear Gaussian posterior ``x = xa + K(y − H·xa)``, ``K = BHᵀ(HBHᵀ + R)⁻¹``.

    Parameters
    ----------
    prior : array, shape (sources,) [1]
        Scaling of each source, 1 as in the inventory.
    prior_covariance : array, shape (sources, sources) [1]
        Sources that share a factor are correlated.
    response : array, shape (observations, sources) [concentration]
        What each source leads to at a scaling of 1.
    observed : array, shape (observations,) [concentration]
    error_covariance : array, shape (observations, observations) [concentration²]

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        If shapes do not fit, or a covariance is not symmetric and positive definite.

    References
    ----------
    Rodgers 2000, Inverse Methods for Atmospheric Sounding, linear case (from memory).
    """
    xa, b, h, y, r = (
        np.asarray(a, dtype=np.float64)
        for a in (prior, prior_covariance, response, observed, error_covariance)
    )
    sources, many = len(xa), len(y)
    if b.shape != (sources, sources) or h.shape != (many, sources) or r.shape != (many, many):
        raise ValueError("shapes of prior, response, observations and their covariances do not fit")
    for name, matrix in (("prior_covariance", b), ("error_covariance", r)):
        if not np.allclose(matrix, matrix.T, rtol=1e-10, atol=0):
            raise ValueError(f"{name} is not symmetric")
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise ValueError(f"{name} is not positive definite") from None
    factor = cho_factor(h @ b @ h.T + r, lower=True)
    gain = cho_solve(factor, h @ b).T
    away = y - h @ xa
    kernel = gain @ h
    covariance = b - kernel @ b
    return Posterior(
        xa + gain @ away,
        (covariance + covariance.T) / 2,
        kernel,
        float(np.trace(kernel)),
        float(away @ cho_solve(factor, away)) / many,
    )
