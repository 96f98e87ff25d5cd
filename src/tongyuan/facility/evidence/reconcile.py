"""Data reconciliation: the values nearest to all measurements that meet the balances, and what does not fit.

One weighted least-squares problem per unit and month, solved for all of them at once.

References
----------
S. Narasimhan and C. Jordache (2000): Data Reconciliation and Gross Error Detection. Global test, measurement
test, serial elimination.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from tongyuan.facility.evidence.balance import Array, Balances

UNKNOWN = 30.0
"""Relative standard deviation of a value that was not measured: no weight against any measurement."""
STEPS = 4
CHUNK = 4000


@dataclass(frozen=True)
class Reconciled:
    """What reconciliation says of every unit and month (B rows, n variables, k suspects at most).

    Parameters
    ----------
    estimate, deviation
        Best value of each variable and its standard deviation, shape (B, n).
    statistic, freedom, p
        Global test: χ² of all balances, its degrees of freedom, its p-value, shape (B,).
    z
        Measurement test: normalised adjustment of each variable, shape (B, n); nan where it says nothing.
    suspect
        Variables whose removal explains the contradiction, first first, −1 for none, shape (B, k).
    tied
        Whether a variable cannot be told from the first suspect by these balances, shape (B, n).
    seen
        Relative error of each measurement that moves its z by one, shape (B, n): what the balances can see.
    expected
        Values of the suspects from everything else, shape (B, k).
    p_after
        p-value of the global test without the suspects, shape (B,).
    """

    estimate: Array
    deviation: Array
    statistic: Array
    freedom: npt.NDArray[np.int64]
    p: Array
    z: Array
    seen: Array
    suspect: npt.NDArray[np.int64]
    tied: npt.NDArray[np.bool_]
    expected: Array
    p_after: Array


def reconcile(
    system: Balances, value: Array, accuracy: Array | None = None, *, level: float = 0.01, suspects: int = 3
) -> Reconciled:
    """Reconcile the measurements of many units and months.

    Parameters
    ----------
    system
        Balances that hold.
    value : array, shape (B, n)
        Measurements and parameters; nan where there is none.
    accuracy : array, shape (B, n) or (n,)
        Relative standard deviations; those of the shelf when None.
    level
        Level of the global test below which suspects are sought.
    suspects
        How many measurements are set aside at most.
    """
    usual = system.accuracy if accuracy is None else accuracy
    spread = np.broadcast_to(usual, value.shape)
    parts = [
        _part(system, value[at : at + CHUNK], spread[at : at + CHUNK], level, suspects)
        for at in range(0, len(value), CHUNK)
    ] or [_part(system, value, spread, level, suspects)]
    return Reconciled(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@dataclass(frozen=True)
class _Fit:
    estimate: Array
    deviation: Array
    statistic: Array
    freedom: npt.NDArray[np.int64]
    z: Array
    seen: Array

    @property
    def p(self) -> Array:
        free = np.maximum(self.freedom, 1)
        return np.where(self.freedom > 0, stats.chi2.sf(self.statistic, free), 1.0)


def _fit(system: Balances, start: Array, spread: Array) -> _Fit:
    """Solve the weighted least squares by Gauss-Newton steps around the last estimate."""
    size = np.maximum(np.abs(start), 1e-12)
    variance = (spread * size) ** 2
    x = start
    for _ in range(STEPS):
        j = system.jacobian(x)
        vj = variance[:, :, None] * j.transpose(0, 2, 1)
        h = j @ vj
        scale = 1 / np.sqrt(np.einsum("bii->bi", h))
        inverse = (
            np.linalg.inv(h * scale[:, :, None] * scale[:, None, :]) * scale[:, :, None] * scale[:, None, :]
        )
        gap = system.residual(x) + (j @ (start - x)[:, :, None])[:, :, 0]
        force = (inverse @ gap[:, :, None])[:, :, 0]
        x = start - (vj @ force[:, :, None])[:, :, 0]
    pull = (force[:, None, :] @ j)[:, 0]
    power = (j * (inverse @ j)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(power * variance > 1e-9, -pull / np.sqrt(power), np.nan)
        seen = 1 / (np.sqrt(power) * size)
    left = np.maximum(variance - variance**2 * power, 0.0)
    return _Fit(x, np.sqrt(left), (gap * force).sum(axis=1), _freedom(j, spread, size), z, seen)


def _freedom(j: Array, spread: Array, size: Array) -> npt.NDArray[np.int64]:
    """Return how many independent balances are left once values without weight are taken out."""
    unknown = spread >= UNKNOWN
    out = np.full(len(j), j.shape[1], dtype=np.int64)
    patterns, first, which = np.unique(unknown, axis=0, return_index=True, return_inverse=True)
    for number, (pattern, row) in enumerate(zip(patterns, first, strict=True)):
        if pattern.any():
            free = j[row][:, pattern] * size[row][pattern]
            free /= np.maximum(np.abs(j[row] * size[row]).max(axis=1, keepdims=True), 1e-300)
            out[which.reshape(-1) == number] -= np.linalg.matrix_rank(free, tol=1e-9)
    return out


def _part(
    system: Balances, value: Array, spread: Array, level: float, suspects: int
) -> tuple[npt.NDArray[np.generic], ...]:
    given = ~np.isnan(value)
    start = system.filled(value)
    weight = np.where(given, spread, UNKNOWN)
    fit = _fit(system, start, weight)
    rows, n = value.shape
    suspect = np.full((rows, suspects), -1, dtype=np.int64)
    expected = np.full((rows, suspects), np.nan)
    tied = np.zeros((rows, n), dtype=bool)
    p_after = fit.p.copy()
    candidate = given & system.measured
    open_rows = np.flatnonzero(fit.p < level)
    z = fit.z[open_rows]
    for turn in range(suspects):
        score = np.where(candidate[open_rows], np.abs(np.nan_to_num(z)), -1.0)
        best = score.argmax(axis=1)
        top = score[np.arange(len(best)), best]
        useful = top > 0
        open_rows, best, top, score = open_rows[useful], best[useful], top[useful], score[useful]
        if not len(open_rows):
            break
        suspect[open_rows, turn] = best
        if turn == 0:
            tied[open_rows] = score >= top[:, None] * (1 - 0.01)
        weight[open_rows, best] = UNKNOWN
        candidate[open_rows, best] = False
        again = _fit(system, _restart(system, start[open_rows], best), weight[open_rows])
        expected[open_rows, turn] = again.estimate[np.arange(len(best)), best]
        p_after[open_rows] = again.p
        still = again.p < level
        open_rows, z = open_rows[still], again.z[still]
    return (
        fit.estimate,
        fit.deviation,
        fit.statistic,
        fit.freedom,
        fit.p,
        np.where(given, fit.z, np.nan),
        np.where(given, fit.seen, np.nan),
        suspect,
        tied,
        expected,
        p_after,
    )


def _restart(system: Balances, start: Array, removed: npt.NDArray[np.int64]) -> Array:
    """Return `start` with the removed value of each row put in anew from what is left."""
    out = start.copy()
    out[np.arange(len(removed)), removed] = np.nan
    return system.filled(out)
