"""Shares of the layers of a model from shares of layers of height."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def layer_shares(top: Array, share: Array, layer: Array) -> Array:
    """Return the share of each layer of a model, shape (layers,).

    A layer of the profile is spread evenly over its height; one without height lies in the layer whose bottom
    is not above it.

    Parameters
    ----------
    top : array, shape (n,) [m]
        Tops of the layers of the profile, rising; the first begins at the ground.
    share : array, shape (n,)
    layer : array, shape (layers,) [m]
        Tops of the layers of the model, rising; empty for a single one.

    Raises
    ------
    ValueError
        If something is emitted above the highest layer.
    """
    if not layer.size:
        return np.array([share.sum()])
    bottom = np.concatenate([[0.0], top[:-1]])
    if float(top[share > 0].max(initial=0.0)) > layer[-1]:
        raise ValueError("something is emitted above the highest layer")
    floor = np.concatenate([[0.0], layer[:-1]])
    made = np.zeros(layer.size)
    for low, high, part in zip(bottom, top, share, strict=True):
        if high > low:
            made += part * np.maximum(np.minimum(high, layer) - np.maximum(low, floor), 0) / (high - low)
        else:
            made[min(int(np.searchsorted(layer, high, side="right")), layer.size - 1)] += part
    return made
