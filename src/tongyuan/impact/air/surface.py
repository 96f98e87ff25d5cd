"""A reduced form of a chemistry model: a polynomial in emission ratios, fitted to the user's own runs.

A polynomial per receptor with products of two sources, as response surface models of the field have it. Its
degree is the one that leaves the smallest error on runs it has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Powers = tuple[tuple[int, int], ...]
"""Powers of a term: number of the source, power; the empty one is the constant."""

DEGREES = (1, 2, 3)


@dataclass(frozen=True)
class Surface:
    """A fitted polynomial and what is known of its error.

    Attributes
    ----------
    terms : powers of each term.
    value : array, shape (terms,) [unit of the receptor]
    lower, upper : array, shape (sources,) [1]
        Ratios that the runs cover.
    error : root mean square error on runs left out one by one [unit of the receptor]
    spread : array, shape (terms, terms)
        ``(XᵀX)⁻¹`` of the runs, which tells how far a point lies from them.
    leverage : largest leverage among the runs [1]
    """

    terms: tuple[Powers, ...]
    value: Array
    lower: Array
    upper: Array
    error: float
    spread: Array
    leverage: float


def terms_of(sources: int, degree: int) -> tuple[Powers, ...]:
    """Return the terms of a polynomial: powers of each source up to `degree`, products of two from 2 on."""
    one: list[Powers] = [()]
    one += [((i, power),) for power in range(1, degree + 1) for i in range(sources)]
    if degree > 1:
        one += [((i, 1), (j, 1)) for i, j in combinations(range(sources), 2)]
    return tuple(one)


def design(ratio: npt.ArrayLike, terms: Sequence[Powers]) -> Array:
    """Return the terms at `ratio`, shape (..., terms), from ratios of shape (..., sources) [1]."""
    values = np.asarray(ratio, dtype=np.float64)
    columns = []
    for powers in terms:
        column = np.ones(values.shape[:-1])
        for source, power in powers:
            column = column * values[..., source] ** power
        columns.append(column)
    return np.stack(columns, axis=-1)


def slope(ratio: npt.ArrayLike, terms: Sequence[Powers], source: int) -> Array:
    """Return the derivative of every term by one source's ratio, shape (..., terms)."""
    values = np.asarray(ratio, dtype=np.float64)
    columns = []
    for powers in terms:
        mine = dict(powers).get(source, 0)
        column = np.full(values.shape[:-1], float(mine))
        for other, power in powers:
            column = column * values[..., other] ** (power - (other == source))
        columns.append(column)
    return np.stack(columns, axis=-1)


def response_prsm_fit(
    ratio: npt.ArrayLike,
    concentration: npt.ArrayLike,
    *,
    degrees: Sequence[int] = DEGREES,
    rising: Sequence[int] = (),
) -> Surface:
    """Return the polynomial of the degree whose error on runs left out is smallest.

    Parameters
    ----------
    ratio : array, shape (runs, sources) [1]
        Emission of each source in each run over that of the base.
    concentration : array, shape (runs,) [unit of the receptor]
    degrees
        Degrees to choose among; one that has as many terms as runs or more is left out.
    rising
        Sources whose emission must not lower the concentration anywhere at the corners of the range.

    Raises
    ------
    ValueError
        If lengths differ, a value is no number or a ratio negative, a source never changes, or there are too
        few runs for any degree.

    References
    ----------
    Form after the polynomial response surface models of ABaCAS (pf-RSM).
    """
    x, y = np.asarray(ratio, dtype=np.float64), np.asarray(concentration, dtype=np.float64)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"{x.shape} ratios and {y.shape} concentrations do not go together")
    if not (np.isfinite(x).all() and np.isfinite(y).all()) or (x < 0).any():
        raise ValueError("ratios and concentrations are numbers, and ratios are not negative")
    if (np.ptp(x, axis=0) == 0).any():
        raise ValueError("a source is the same in every run: nothing tells what it does")
    best: Surface | None = None
    for degree in degrees:
        made = _fitted(x, y, terms_of(x.shape[1], degree), rising)
        if made is not None and (best is None or made.error < best.error * (1 - 1e-9)):
            best = made
    if best is None:
        raise ValueError(f"{len(y)} runs are too few for {x.shape[1]} sources")
    return best


def _fitted(x: Array, y: Array, terms: tuple[Powers, ...], rising: Sequence[int]) -> Surface | None:
    full = design(x, terms)
    if len(y) <= len(terms) or np.linalg.matrix_rank(full) < len(terms):
        return None
    spread = np.linalg.inv(full.T @ full)
    value = spread @ (full.T @ y)
    hat = np.einsum("ij,jk,ik->i", full, spread, full)
    inverse: Array = np.asarray(spread, dtype=np.float64)
    lower, upper = x.min(axis=0), x.max(axis=0)
    bound = _corners(lower, upper, terms, rising)
    if bound is not None and (bound @ value < 0).any():
        value = _held(full, y, value, bound)
    left_out = (y - full @ value) / np.maximum(1 - hat, 1e-12)
    error = float(np.sqrt(np.mean(left_out**2)))
    return Surface(terms, value, lower, upper, error, inverse, float(hat.max()))


def _corners(lower: Array, upper: Array, terms: Sequence[Powers], rising: Sequence[int]) -> Array | None:
    if not rising:
        return None
    ends = np.stack([lower, (lower + upper) / 2, upper])
    points = np.stack([ends[k] for k in range(3)] + [
        np.where(np.arange(len(lower)) == i, ends[k], ends[2 - k]) for i in range(len(lower)) for k in (0, 2)
    ])  # fmt: skip
    return np.concatenate([slope(points, terms, source) for source in rising])


def _held(full: Array, y: Array, start: Array, bound: Array) -> Array:
    from scipy.optimize import LinearConstraint, minimize  # loaded when a surface is fitted within bounds

    scale = float(np.mean(y**2)) or 1.0
    least: Any = minimize
    found = least(
        lambda v: float(((full @ v - y) ** 2).sum() / scale),
        start,
        jac=lambda v: 2 * full.T @ (full @ v - y) / scale,
        constraints=LinearConstraint(bound, 0.0, np.inf),
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    return np.asarray(found.x)


def response_surface(surface: Surface, ratio: npt.ArrayLike, *, strict: bool = True) -> Array:
    """Return the concentration at emission ratios.

    Parameters
    ----------
    ratio : array, shape (..., sources) [1]
    strict
        Refuse ratios that the runs do not cover; else they are brought to the edge of what they cover.

    Returns
    -------
    array, shape (...) [unit of the receptor]

    Raises
    ------
    ValueError
        If a ratio lies beyond the runs and `strict`.
    """
    values = np.asarray(ratio, dtype=np.float64)
    if strict and not inside(surface, values).all():
        raise ValueError("an emission ratio lies outside what the runs cover")
    values = np.clip(values, surface.lower, surface.upper)
    return np.asarray(design(values, surface.terms) @ surface.value)


def inside(surface: Surface, ratio: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which ratios lie within the range of the runs, shape (...)."""
    values = np.asarray(ratio, dtype=np.float64)
    hair = 1e-9 * np.maximum(np.abs(surface.upper), 1.0)
    return np.asarray(((values >= surface.lower - hair) & (values <= surface.upper + hair)).all(axis=-1))


def trusted(surface: Surface, ratio: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell where the surface rests on runs: inside the range, and no farther from the runs than they are.

    The map of where it may not be trusted is where this is false: corners that no run went to.
    """
    terms = design(ratio, surface.terms)
    leverage = np.einsum("...j,jk,...k->...", terms, surface.spread, terms)
    return np.asarray(inside(surface, ratio) & (leverage <= surface.leverage * (1 + 1e-9)))
