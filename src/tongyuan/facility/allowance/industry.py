"""Quota of steel, cement and aluminium: verified emission times one plus a coefficient of the intensity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongyuan.facility.allowance.rule import find, need
from tongyuan.facility.rounding import floor_tonnes


@dataclass(frozen=True)
class IndustryQuota:
    """Quota of one line, process or works: distance X, coefficient α, quota [t] before and after floor."""

    distance: float | None
    coefficient: float
    unrounded: float
    quota: float
    source: str
    stage: str


def coefficient(distance: npt.ArrayLike, slope: float, bound: float) -> npt.NDArray[np.float64]:
    """Return α: ``slope·X`` between the bounds.

    Parameters
    ----------
    distance : array, shape (...) [1]
        ``X = (BP − I)/BP``: positive where the intensity is better than the balance value.
    """
    return np.clip(slope * np.asarray(distance, np.float64), -bound, bound)


def industry_quota(
    sector: str, year: int, verified: float, intensity: float, balance: float | None, *, drafts: bool = True
) -> IndustryQuota:
    """Return the quota of a line: ``A = E(1 + α)``.

    Parameters
    ----------
    verified
        Verified emission [t].
    intensity, balance
        Emission per tonne of product of the line, and the balance value of the sector [t/t]. Years in which
        the quota equals the verified emission need no balance value.

    Raises
    ------
    RuleError
        If the sector has no rule in this year, or its balance value is not given.
    """
    equal = find(sector, year, "verified", drafts=drafts)
    if equal is not None:
        return IndustryQuota(None, 0.0, verified, floor_tonnes(verified), equal.source, equal.stage)
    slope, bound = need(sector, year, "slope", drafts=drafts), need(sector, year, "clip", drafts=drafts)
    if balance is None or balance <= 0:
        raise ValueError("balance")
    distance = (balance - intensity) / balance
    alpha = float(coefficient(distance, slope.value, bound.value))
    whole = verified * (1 + alpha)
    return IndustryQuota(distance, alpha, whole, floor_tonnes(whole), slope.source, slope.stage)


def balance_value(
    emission: npt.ArrayLike, intensity: npt.ArrayLike, *, slope: float = 0.15, bound: float = 0.03
) -> float:
    """Return the balance value of a sector: where all quotas together are all verified emissions.

    Parameters
    ----------
    emission : array, shape (lines,) [t]
    intensity : array, shape (lines,) [t/t]

    Returns
    -------
    float
        [t/t]; the sum of quotas rises with the balance value, so there is one.

    References
    ----------
    Consultation text 2025-2026, definition of the balance value.

    Examples
    --------
    >>> round(balance_value([1_000_000, 1_500_000, 800_000], [0.8, 0.84, 0.95]), 9)
    0.854545455
    """
    e, i = np.asarray(emission, np.float64), np.asarray(intensity, np.float64)
    if e.size == 0 or bool((e < 0).any()) or not e.sum() > 0 or bool((i <= 0).any()):
        raise ValueError("emission and intensity must be above zero")

    def surplus(balance: float) -> float:
        return float((e * coefficient((balance - i) / balance, slope, bound)).sum())

    low, high = float(i.min()), float(i.max())
    if low == high:
        return low
    for _ in range(200):
        middle = (low + high) / 2
        if surplus(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-15 * high:
            break
    return (low + high) / 2


def slag_rate(slag: float, k: float, clinker: float, factor: float) -> float:
    """Return the carbide-slag rate of a kiln line: ``slag·k/(clinker·EF)``, a share of carbon, not of mass.

    Parameters
    ----------
    slag, clinker
        [t]
    k, factor
        Carbon dioxide saved by a tonne of slag, and made by a tonne of clinker [t CO2/t].

    References
    ----------
    Allocation table of cement, note on the carbide-slag rate; k and EF from CETS-AG-02.01-V01-2024.
    """
    if clinker <= 0 or factor <= 0:
        raise ValueError("clinker")
    return slag * k / (clinker * factor)
