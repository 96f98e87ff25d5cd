"""Tests of a monitor: relative accuracy, linearity and drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """Relative accuracy of a monitor against a reference method, from means that are not rounded.

    Attributes
    ----------
    mean, reference
        Means of the runs that were used.
    difference, deviation
        Mean and standard deviation of reference less monitor.
    confidence
        Half width of the 95 % interval of the difference.
    accuracy
        Relative accuracy [%].
    bias
        Factor of a biased monitor: ``1 + |d|/mean`` where ``d`` exceeds its confidence, else 1. Not
        Chinese law.
    """

    runs: int
    mean: float
    reference: float
    difference: float
    deviation: float
    confidence: float
    accuracy: float
    bias: float


def relative_accuracy(
    monitor: npt.ArrayLike, reference: npt.ArrayLike, used: npt.ArrayLike | None = None
) -> Accuracy:
    """Return the relative accuracy: ``RA = (|d̄| + |cc|)/mean reference·100``, ``cc = t0.975·s/√n``.

    Parameters
    ----------
    monitor, reference : array, shape (runs,)
        Means of each run in one unit.
    used : array of bool, shape (runs,), optional
        Runs marked not used are left out.

    Raises
    ------
    ValueError
        With fewer than two runs, or a reference that is zero on the mean.

    References
    ----------
    HJ 75-2017; the same statistics as 40 CFR 75, Appendix A.
    """
    from scipy.special import stdtrit

    keep = np.ones(np.size(monitor), bool) if used is None else np.asarray(used, bool)
    m, r = np.asarray(monitor, np.float64)[keep], np.asarray(reference, np.float64)[keep]
    if m.size < 2 or not r.mean():
        raise ValueError("two runs and a reference above zero are needed")
    d = r - m
    deviation = float(d.std(ddof=1))
    confidence = float(stdtrit(m.size - 1, 0.975)) * deviation / float(np.sqrt(m.size))
    mean = float(d.mean())
    accuracy = (abs(mean) + abs(confidence)) / float(r.mean()) * 100
    bias = 1 + abs(mean) / float(m.mean()) if mean > confidence else 1.0
    return Accuracy(
        int(m.size), float(m.mean()), float(r.mean()), mean, deviation, confidence, accuracy, bias
    )


def linearity_error(measured: npt.ArrayLike, reference: float) -> float:
    """Return the error of one level: ``|mean − reference|/reference·100`` [%].

    Parameters
    ----------
    measured : array, shape (injections,)
    reference
        Value of the gas; above zero.
    """
    if not reference > 0:
        raise ValueError("the reference is above zero")
    return abs(float(np.mean(np.asarray(measured, np.float64))) - reference) / reference * 100


def drift(measured: npt.ArrayLike, reference: npt.ArrayLike, full_scale: float | None = None) -> Array:
    """Return the drift of each check: ``|reference − measured|``, or its share of the full scale [%].

    Parameters
    ----------
    measured, reference : array, shape (checks,)
    full_scale
        Span of the monitor in the same unit; without it the drift is absolute.
    """
    error = np.abs(np.asarray(reference, np.float64) - np.asarray(measured, np.float64))
    return np.asarray(error if full_scale is None else error / full_scale * 100)
