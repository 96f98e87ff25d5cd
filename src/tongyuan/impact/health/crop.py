"""Yield of crops lost to ozone."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]


@cache
def _parameters(crop: str) -> dict[str, float]:
    rows = [row for row in shelf("crop_response").iter_rows(named=True) if row["crop"] == crop]
    if not rows:
        raise KeyError(f"no response of {crop} to ozone")
    return {
        f"{'aot40' if r['metric'] == 'AOT40' else 'season'}_{r['parameter']}": float(r["value"]) for r in rows
    }


def yield_loss_aot40(crop: str, aot40: npt.ArrayLike) -> Array:
    """Return the relative loss ``a · AOT40``, at most 1.

    Parameters
    ----------
    crop : str
        ``wheat, rice, maize, soybean``.
    aot40 : array, shape (...) [ppm h], over the three months of the season.

    Raises
    ------
    KeyError
        If `crop` is another.
    """
    return np.asarray(np.clip(_parameters(crop)["aot40_a"] * np.asarray(aot40, dtype=np.float64), 0.0, 1.0))


def yield_loss_season(crop: str, mean: npt.ArrayLike) -> Array:
    """Return ``1 − exp(−(M/a)^b) / exp(−(c/a)^b)``, nought at and below ``c``.

    Parameters
    ----------
    crop : str
        ``wheat, rice, maize, soybean``.
    mean : array, shape (...) [ppb]
        Mean of the day of the season, seven hours (wheat, rice) or twelve (maize, soybean).

    Raises
    ------
    KeyError
        If `crop` is another.
    """
    p = _parameters(crop)
    a, b, c = p["season_a"], p["season_b"], p["season_c"]
    value = np.maximum(np.asarray(mean, dtype=np.float64), c)
    return np.asarray(1 - np.exp(-((value / a) ** b)) / np.exp(-((c / a) ** b)))


def production_loss(production: npt.ArrayLike, loss: npt.ArrayLike) -> Array:
    """Return what would have grown besides: ``P · RYL / (1 − RYL)``.

    Parameters
    ----------
    production : array, shape (...) [t], harvested.
    loss : array, shape (...) [fraction]

    Raises
    ------
    ValueError
        If a loss is one or more: nothing grew, and nothing tells what would have.
    """
    share = np.asarray(loss, dtype=np.float64)
    if (share >= 1).any():
        raise ValueError("a relative loss of one leaves nothing to tell the rest by")
    return np.asarray(np.asarray(production, dtype=np.float64) * share / (1 - share))
