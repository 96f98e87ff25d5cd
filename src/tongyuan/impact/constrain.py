"""Emissions that agree with an inventory and with observations, each as far as it can be trusted."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

Array = npt.NDArray[np.float64]


SMALLEST = 1e-6
"""Part of a step below which nothing is gained by going on."""


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
    Rodgers 2000, Inverse Methods for Atmospheric Sounding, 2.3.2.2 (linear, Gaussian) and 2.4.2 (eq. 2.80,
    degrees of freedom); the rest of the form is from memory and checked by hand.
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


def invert_lognormal(
    prior_covariance: npt.ArrayLike,
    response: npt.ArrayLike,
    observed: npt.ArrayLike,
    error_covariance: npt.ArrayLike,
    *,
    rounds: int = 100,
    agree: float = 1e-8,
) -> Posterior:
    """Return the posterior of scalings that cannot be negative: Newton's steps on their logarithms.

    ``x = exp(z)`` with ``z`` normal about nought, so that 1 is the median of the prior. The state is
    ``exp(z)`` at the most probable ``z``; covariance and kernel are those of ``z`` there.

    Parameters
    ----------
    prior_covariance : array, shape (sources, sources) [1]
        Of the logarithms; a small relative deviation is the deviation of the logarithm.
    response, observed, error_covariance
        As of :func:`invert_gaussian`.
    rounds, agree
        Most steps, and the change of ``z`` at which they end.

    Raises
    ------
    ValueError
        If shapes do not fit, a covariance is wrong, or the steps do not settle.

    References
    ----------
    Rodgers 2000, nonlinear case (from memory).
    """
    h, y = np.asarray(response, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    b, r = (np.asarray(a, dtype=np.float64) for a in (prior_covariance, error_covariance))
    z = np.zeros(h.shape[-1])
    inverse_b, inverse_r = (np.linalg.inv(m) for m in (b, r))

    def cost(state: Array) -> float:
        away = y - h @ np.exp(state)
        return float(state @ inverse_b @ state + away @ inverse_r @ away)

    for _ in range(rounds):
        jacobian, away = h * np.exp(z), y - h @ np.exp(z)
        pull = jacobian.T @ inverse_r @ away
        curve = inverse_b + jacobian.T @ inverse_r @ jacobian
        slope = inverse_b @ z - pull
        step: Array = np.asarray(-np.linalg.solve(curve, slope), dtype=np.float64)
        with suppress(np.linalg.LinAlgError):
            # the curvature of exp itself, where the sum stays positive definite
            step = np.asarray(-cho_solve(cho_factor(curve - np.diag(pull)), slope), dtype=np.float64)
        times = 1.0
        while cost(z + times * step) > cost(z) * (1 + 1e-12) and times > SMALLEST:
            times /= 2
        settled = times <= SMALLEST or np.abs(times * step).max() <= agree * max(1.0, np.abs(z).max())
        z = z if times <= SMALLEST else z + times * step
        if settled:
            jacobian = h * np.exp(z)
            # the line through z, of which the linear case is exact
            found = invert_gaussian(np.zeros_like(z), b, jacobian, y - h @ np.exp(z) + jacobian @ z, r)
            return found._replace(state=np.exp(z), innovation=float(cost(z)) / len(y))
    raise ValueError(f"the steps did not settle in {rounds} rounds")


def contradicted(posterior: Posterior, prior: npt.ArrayLike, prior_covariance: npt.ArrayLike) -> Array:
    """Return by how many deviations each source was moved, beside what moving was to be expected.

    ``(x − xa) / √(B − A)``: with prior and errors as said it is normal with a deviation of one, and beyond
    about two the observations contradict the inventory there. Nought where they taught nothing.

    Returns
    -------
    array, shape (sources,) [1]
    """
    moved = posterior.state - np.asarray(prior, dtype=np.float64)
    expected = np.diag(np.asarray(prior_covariance, dtype=np.float64)) - np.diag(posterior.covariance)
    taught = expected > 1e-12 * np.diag(np.asarray(prior_covariance, dtype=np.float64))
    return np.where(taught, moved / np.sqrt(np.where(taught, expected, 1.0)), 0.0)


def shared_covariance(share: npt.ArrayLike, deviation: npt.ArrayLike, floor: float = 0.0) -> Array:
    """Return the covariance of sources whose factors are shared: ``Σ f share_gf · share_hf · deviation_f²``.

    Parameters
    ----------
    share : array, shape (sources, factors) [1]
        Part of the emission of each source that rests on each factor.
    deviation : array, shape (factors,) [1]
        Relative standard deviation of each factor.
    floor : float [1]
        A deviation of each source's own, added to its variance.

    Raises
    ------
    ValueError
        If shapes do not fit or a deviation is negative.
    """
    parts, sigma = np.asarray(share, dtype=np.float64), np.asarray(deviation, dtype=np.float64)
    if parts.shape[-1:] != sigma.shape or (sigma < 0).any():
        raise ValueError(f"{parts.shape} shares and {sigma.shape} deviations do not go together")
    weighted = parts * sigma
    return np.asarray(weighted @ weighted.T + floor**2 * np.eye(len(parts)))
