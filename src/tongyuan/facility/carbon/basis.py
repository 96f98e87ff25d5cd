"""Analyses brought to the basis in which coal is weighed, batches to a month, meters to what they prove."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import Array, array

VAPORISATION = 23.0
"""Heat taken by 1 % of moisture [kJ/kg]; GB/T 213, as remembered."""


def content_as_received(
    value: npt.ArrayLike,
    basis: npt.ArrayLike,
    moisture_ar: npt.ArrayLike,
    moisture_ad: npt.ArrayLike,
    ash_ad: npt.ArrayLike = np.nan,
) -> Array:
    """Content of coal as received from the basis it was tested on.

    Air-dry ``X_ar = X_ad · (100 − M_t) / (100 − M_ad)``, dry ``X_ar = X_d · (100 − M_t) / 100``, dry ash-free
    ``X_ad = X_daf · (100 − M_ad − A_ad) / 100``.

    Parameters
    ----------
    value : array, shape (n,) [%]
    basis : array of str, shape (n,)
        ``ar``, ``ad``, ``d`` or ``daf``.
    moisture_ar, moisture_ad, ash_ad : array, shape (n,) [%]
        Total moisture, air-dry moisture, air-dry ash.

    Returns
    -------
    array, shape (n,) [%]
        NaN where a moisture or the ash that the basis needs is not known.

    References
    ----------
    GB/T 483, conversion of bases.
    """
    x, total, own, ash = (array(v) for v in (value, moisture_ar, moisture_ad, ash_ad))
    which = np.asarray(basis)
    air_dry = (100 - total) / (100 - own)
    return np.select(
        [which == "ar", which == "ad", which == "d", which == "daf"],
        [x, x * air_dry, x * (100 - total) / 100, x * (100 - own - ash) / 100 * air_dry],
        np.nan,
    )


def heat_as_received(net_ad: npt.ArrayLike, moisture_ar: npt.ArrayLike, moisture_ad: npt.ArrayLike) -> Array:
    """Net heating value as received: ``Q_ar = (Q_ad + 23·M_ad) · (100 − M_t)/(100 − M_ad) − 23·M_t``.

    Parameters
    ----------
    net_ad : array, shape (...) [kJ/kg]
    moisture_ar, moisture_ad : array, shape (...) [%]

    Returns
    -------
    array, shape (...) [kJ/kg]

    References
    ----------
    GB/T 213, as remembered: unverified.
    """
    total, own = array(moisture_ar), array(moisture_ad)
    dry = (array(net_ad) + VAPORISATION * own) * (100 - total) / (100 - own)
    return dry - VAPORISATION * total


def weighted(value: npt.ArrayLike, mass: npt.ArrayLike) -> float:
    """Mean of batches weighted by their mass: ``Σ x·m / Σ m``.

    Parameters
    ----------
    value : array, shape (n,) [any]
    mass : array, shape (n,) [t]
        At least one above 0.

    Returns
    -------
    float [any]

    References
    ----------
    Guides of the national carbon market: carbon and heating value of a month are weighted by mass.
    """
    weight = array(mass)
    return float(np.sum(array(value) * weight) / np.sum(weight))


def conservative(
    amount: npt.ArrayLike, required: npt.ArrayLike, error: npt.ArrayLike, *, output: bool = False
) -> Array:
    """Amount of a meter that was not calibrated in time.

    ``amount · [1 + (error − required)]`` when a later calibration found the error,
    ``amount · (1 + required)`` when there was none; minus instead of plus for what is made. An
    error within the required precision changes nothing.

    Parameters
    ----------
    amount : array, shape (...) [any]
    required : array, shape (...) [%]
        Precision that is required.
    error : array, shape (...) [%]
        Error that a late calibration found; NaN where the meter was never calibrated.
    output : bool
        Whether it is output (power, heat, product) and not activity.

    Returns
    -------
    array, shape (...) [any]

    References
    ----------
    Verification guide of power units CETS-VG-01.01-V02-2026, conservative values.
    """
    found, need = np.abs(array(error)), array(required)
    excess = np.where(np.isnan(found), need, np.maximum(found - need, 0)) / 100
    return array(amount) * (1 - excess if output else 1 + excess)
