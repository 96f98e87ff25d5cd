"""What leaves emit by temperature and light: Guenther 1993 and 1999, and MEGAN 2.1.

The constants stand on the shelf ``greening_constant``; they were typed from memory and are proved by figures
computed apart.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]


@cache
def constants(group: str) -> dict[str, float]:
    """Return the constants of a group of the shelf, by name."""
    frame = shelf("greening_constant")
    rows = frame.filter(frame["group"] == group).iter_rows(named=True)
    return {row["name"]: float(row["value"]) for row in rows if _number(row["value"])}


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def guenther_light(light: npt.ArrayLike) -> Array:
    """Return the factor of light, ``C_L = α c L / √(1 + α² L²)``.

    Parameters
    ----------
    light : array, shape (...) [µmol/m2/s]
        Photosynthetically active photons.

    Returns
    -------
    array, shape (...)

    References
    ----------
    Guenther et al. 1993, J. Geophys. Res. 98:12609.
    """
    c, x = constants("G93"), np.asarray(light, dtype=np.float64)
    return np.asarray(c["alpha"] * c["C_L1"] * x / np.sqrt(1 + (c["alpha"] * x) ** 2))


def guenther_temperature(temperature: npt.ArrayLike, *, edition: int = 1993) -> Array:
    """Return the factor of temperature of isoprene, ``C_T``.

    Parameters
    ----------
    temperature : array, shape (...) [K]
        Of the leaf.
    edition
        1993 has 1 in the denominator, 1999 has 0.961; an emission factor belongs to one of them.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError
        If there is no such edition.
    """
    c, t = constants("G93"), np.asarray(temperature, dtype=np.float64)
    if edition not in (1993, 1999):
        raise ValueError(f"no edition {edition}: 1993 or 1999")
    rts = c["R"] * c["T_S"] * t
    above = np.exp(c["C_T1"] * (t - c["T_S"]) / rts)
    return np.asarray(
        above / (c[f"denominator constant {edition}"] + np.exp(c["C_T2"] * (t - c["T_M"]) / rts))
    )


def guenther_pool(temperature: npt.ArrayLike) -> Array:
    """Return the factor of temperature of stored monoterpenes, ``exp(β (T − T_S))``.

    Parameters
    ----------
    temperature : array, shape (...) [K]
    """
    c = constants("G93")
    return np.exp(c["beta monoterpene"] * (np.asarray(temperature, dtype=np.float64) - c["T_S"]))


def megan_temperature(temperature: npt.ArrayLike, day: npt.ArrayLike, ten_days: npt.ArrayLike) -> Array:
    """Return the factor of temperature of isoprene in a canopy, ``γ_T``.

    Parameters
    ----------
    temperature, day, ten_days : arrays, shape (...) [K]
        Of the leaf now, its mean of the last day and of the last ten days.

    References
    ----------
    Guenther et al. 2012, Geosci. Model Dev. 5:1471.
    """
    c = constants("MEGAN2.1")
    t, t24, t240 = (np.asarray(v, dtype=np.float64) for v in (temperature, day, ten_days))
    best = 313 + 0.6 * (t240 - 297)
    most = c["C_eo isoprene"] * np.exp(0.05 * (t24 - 297)) * np.exp(0.05 * (t240 - 297))
    x = (1 / best - 1 / t) / 0.00831
    one, two = c["C_T1 isoprene"], c["C_T2"]
    return np.asarray(most * two * np.exp(one * x) / (two - one * (1 - np.exp(two * x))))


def megan_light(
    light: npt.ArrayLike, day: npt.ArrayLike, ten_days: npt.ArrayLike, standard: npt.ArrayLike
) -> Array:
    """Return the factor of light in a canopy, ``γ_P = C_P α P / √(1 + α² P²)``.

    Parameters
    ----------
    light, day, ten_days, standard : arrays, shape (...) [µmol/m2/s]
        Now, mean of the last day and of ten days, and the standard (200 in sun, 50 in shade).
    """
    p, p24, p240, ps = (np.asarray(v, dtype=np.float64) for v in (light, day, ten_days, standard))
    alpha = 0.004 - 0.0005 * np.log(p240)
    scale = 0.0468 * np.exp(0.0005 * (p24 - ps)) * p240**0.6
    return np.asarray(scale * alpha * p / np.sqrt(1 + (alpha * p) ** 2))


def emission(
    factor: npt.ArrayLike, leaf_mass: npt.ArrayLike, temperature: npt.ArrayLike, light: npt.ArrayLike
) -> Array:
    """Return isoprene of a tree, ``E = ε D C_L C_T``.

    Parameters
    ----------
    factor : array, shape (...) [µg/g/h]
        At 30 °C and 1000 µmol/m2/s, as isoprene (not as carbon).
    leaf_mass : array, shape (...) [g]
    temperature : array, shape (...) [K]
    light : array, shape (...) [µmol/m2/s]

    Returns
    -------
    array, shape (...) [g/h]
    """
    standard = np.asarray(factor, dtype=np.float64) * np.asarray(leaf_mass, dtype=np.float64) * 1e-6
    return np.asarray(standard * guenther_light(light) * guenther_temperature(temperature))


def leaf_mass(area: npt.ArrayLike, area_per_mass: npt.ArrayLike) -> Array:
    """Return the mass of leaves from their area.

    Parameters
    ----------
    area : array, shape (...) [m2]
    area_per_mass : array, shape (...) [cm2/g]
        Area per mass, though some publish it as a mass per area.

    Returns
    -------
    array, shape (...) [g]
    """
    return np.asarray(np.asarray(area, dtype=np.float64) * 1e4 / np.asarray(area_per_mass, dtype=np.float64))
