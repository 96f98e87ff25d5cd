"""Concentration and flow of a stack brought to the form the limit is written in (HJ 75, HJ 76)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

AIR_OXYGEN = 21.0
"""Oxygen of air as HJ 75 has it [%]."""
STANDARD_PRESSURE = 101325.0
"""Standard pressure [Pa]."""
STANDARD_TEMPERATURE = 273.0
"""Standard temperature as HJ 75 has it [K]."""
MOLE = 22.4
"""Volume of a mole of gas at standard state as HJ 75 has it [L/mol]."""
NO2_OF_NO = 46.005 / 30.006
"""Mass of NO2 in the place of a mass of NO."""


def _array(value: npt.ArrayLike) -> Array:
    return np.asarray(value, dtype=np.float64)


def at_reference_oxygen(value: npt.ArrayLike, oxygen: npt.ArrayLike, reference: npt.ArrayLike) -> Array:
    """Concentration at reference oxygen: ``C·(21 − O2ref)/(21 − O2)``.

    Parameters
    ----------
    value : array, shape (...) [mg/m3]
    oxygen, reference : array, shape (...) [%]

    Returns
    -------
    array, shape (...) [mg/m3]
        Not a number where the oxygen is that of air: there is no flue gas to convert.

    References
    ----------
    HJ 75-2017.

    Examples
    --------
    >>> round(float(at_reference_oxygen(30, 8, 6)), 4)
    34.6154
    """
    lack = AIR_OXYGEN - _array(oxygen)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(lack > 0, _array(value) * (AIR_OXYGEN - _array(reference)) / lack, np.nan)


def nitrogen_oxides(no: npt.ArrayLike, no2: npt.ArrayLike = 0.0) -> Array:
    """Nitrogen oxides as NO2: ``NO·46.005/30.006 + NO2``.

    Parameters
    ----------
    no, no2 : array, shape (...) [mg/m3]

    Returns
    -------
    array, shape (...) [mg/m3]

    References
    ----------
    HJ 75-2017.
    """
    return _array(no) * NO2_OF_NO + _array(no2)


def from_volume_share(value: npt.ArrayLike, molar_mass: npt.ArrayLike) -> Array:
    """Mass concentration of a volume share: ``x·M/22.4``.

    Parameters
    ----------
    value : array, shape (...) [umol/mol]
    molar_mass : array, shape (...) [g/mol]

    Returns
    -------
    array, shape (...) [mg/m3]

    References
    ----------
    HJ 76-2017.
    """
    return _array(value) * _array(molar_mass) / MOLE


def standard_volume(temperature: npt.ArrayLike, pressure: npt.ArrayLike) -> Array:
    """Volume at standard state of one actual cubic metre: ``273/(273 + t)·p/101325``.

    Parameters
    ----------
    temperature : array, shape (...) [degC]
    pressure : array, shape (...) [Pa]
        Absolute pressure of the flue gas: atmosphere and static pressure.

    Returns
    -------
    array, shape (...) [1]
        A concentration at actual state is divided by it, a flow multiplied.

    References
    ----------
    HJ 75-2017.
    """
    warm = STANDARD_TEMPERATURE + _array(temperature)
    return np.asarray(STANDARD_TEMPERATURE / warm * _array(pressure) / STANDARD_PRESSURE)


def dry_share(humidity: npt.ArrayLike) -> Array:
    """Dry gas in one cubic metre of wet gas: ``1 − Xsw/100``.

    Parameters
    ----------
    humidity : array, shape (...) [%]

    Returns
    -------
    array, shape (...) [1]

    References
    ----------
    HJ 75-2017.
    """
    return np.asarray(1 - _array(humidity) / 100)


def flow_of_velocity(area: npt.ArrayLike, velocity: npt.ArrayLike, field: npt.ArrayLike = 1.0) -> Array:
    """Actual wet flow: ``3600·F·Kv·Vp``.

    Parameters
    ----------
    area : array, shape (...) [m2]
    velocity : array, shape (...) [m/s]
    field : array, shape (...) [1]
        Coefficient of the velocity field.

    Returns
    -------
    array, shape (...) [m3/h]

    References
    ----------
    HJ 75-2017.
    """
    return np.asarray(3600 * _array(area) * _array(field) * _array(velocity))


def mass_of_gas(concentration: npt.ArrayLike, flow: npt.ArrayLike) -> Array:
    """Mass of an hour: ``C·Q·1e-6``, both at standard state and dry.

    Parameters
    ----------
    concentration : array, shape (...) [mg/m3]
    flow : array, shape (...) [m3/h]

    Returns
    -------
    array, shape (...) [kg/h]
    """
    return np.asarray(_array(concentration) * _array(flow) * 1e-6)


def mass_of_water(concentration: npt.ArrayLike, flow: npt.ArrayLike) -> Array:
    """Mass of an hour of discharge: ``C·Q·1e-3``.

    Parameters
    ----------
    concentration : array, shape (...) [mg/L]
    flow : array, shape (...) [m3/h]

    Returns
    -------
    array, shape (...) [kg/h]
    """
    return np.asarray(_array(concentration) * _array(flow) * 1e-3)
