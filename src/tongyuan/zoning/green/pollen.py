"""The allergy of a green place: index I_GZA."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.zoning.green.guenther import constants

Array = npt.NDArray[np.float64]


def allergy_index(
    count: npt.ArrayLike,
    allergy: npt.ArrayLike,
    emission: npt.ArrayLike,
    days: npt.ArrayLike,
    crown: npt.ArrayLike,
    height: npt.ArrayLike,
    area: float,
) -> Array:
    """Return what each species adds to the index, ``N AP PE FD S H / (378 S_T)``; they sum to it.

    Parameters
    ----------
    count, allergy, emission : arrays, shape (n,)
        Trees, allergenic potential and pollen emission of a species.
    days : array, shape (n,) [d]
        Of flowering.
    crown : array, shape (n,) [m2]
    height : array, shape (n,) [m]
    area : float [m2]
        Of the place.

    References
    ----------
    Zhou et al. 2022, Front. Public Health 10:1030066 (read second-hand).
    """
    parts = (np.asarray(v, dtype=np.float64) for v in (count, allergy, emission, days, crown, height))
    product = np.prod(list(np.broadcast_arrays(*parts)), axis=0)
    return np.asarray(product / (constants("I_GZA")["divisor"] * area))
