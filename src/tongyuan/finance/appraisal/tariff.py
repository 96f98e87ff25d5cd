"""Tariffs with thresholds: a cliff makes all units pay, a wedge those above, steps count whole steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Kind = Literal["cliff", "wedge", "step"]
KINDS: Final = ("cliff", "wedge", "step")


def surcharge(
    level: npt.ArrayLike,
    thresholds: Sequence[float],
    rates: Sequence[float],
    kind: Kind = "cliff",
    step: float | None = None,
) -> Array:
    """Return what one unit of product pays for the power it takes, beyond the common price.

    Parameters
    ----------
    level : array, shape (...) [kWh per t]
        Power taken by one tonne.
    thresholds : sequence of float, rising [kWh per t]
        Upper ends of what the band before pays; a level on a threshold still belongs below it.
    rates : sequence of float [money per kWh], one for each threshold
        What applies above it. ``cliff``: the rate of the level's band on **all** its power; ``wedge``: each
        rate on the power within its band; ``step``: the rate, for every step or part of one above the
        threshold, on all power.
    step : float [kWh per t]
        Width of a step.

    Returns
    -------
    array, shape (...) [money per t]

    Raises
    ------
    ValueError
        If the kind is unknown, thresholds do not rise, rates do not match them, or steps have no width.
    """
    at, bounds, each = np.asarray(level, float), np.asarray(thresholds, float), np.asarray(rates, float)
    if bounds.size != each.size or (np.diff(bounds) <= 0).any():
        raise ValueError("thresholds rise, and each has one rate")
    if kind == "cliff":
        band = np.searchsorted(bounds, at, side="left")
        return np.asarray(np.concatenate([[0.0], each])[band] * at)
    if kind == "wedge":
        upper = np.append(bounds[1:], np.inf)
        within = np.clip(at[..., None], bounds, upper) - bounds
        return np.asarray((within * each).sum(axis=-1))
    if kind == "step":
        if not step or step <= 0 or bounds.size != 1:
            raise ValueError("a tariff by steps has one threshold and a width above nought")
        steps = np.ceil(np.clip(at - bounds[0], 0, None) / step - 1e-12)
        return np.asarray(steps * each[0] * at)
    raise ValueError(f"no kind {kind!r} of tariff; there are {', '.join(KINDS)}")
