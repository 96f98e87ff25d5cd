"""Oil and gas: devices and flares (24-industry guides)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import Array, array

CO2_T_PER_10E4 = 19.7
"""Density of CO2 [t/10^4 Nm3], as printed in the guides."""


def guide_oil_gas_device_ch4(count: npt.ArrayLike, factor: npt.ArrayLike) -> float:
    """Methane vented or leaked by devices: ``E = Σ N · EF``.

    Parameters
    ----------
    count : array, shape (devices,) [count]
    factor : array, shape (devices,) [t CH4/(device year)]

    Returns
    -------
    float [t CH4]

    References
    ----------
    中国石油天然气生产企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    return float(np.sum(array(count) * array(factor)))


def guide_flare_co2(
    flow: npt.ArrayLike, carbon: npt.ArrayLike, co2_share: npt.ArrayLike, oxidation: npt.ArrayLike = 0.98
) -> Array:
    """CO2 of a flare: ``E = Q · (C · OF · 44/12 + φ_CO2 · 19.7)``.

    Parameters
    ----------
    flow : array, shape (...) [10^4 Nm3]
    carbon : array, shape (...) [t C/10^4 Nm3]
        Carbon of the gas without its CO2, see :func:`guide_gas_carbon`.
    co2_share : array, shape (...) [fraction], 0 to 1
        CO2 by volume.
    oxidation : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    中国石油化工企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    burnt = array(carbon) * array(oxidation) * 44 / 12
    return array(flow) * (burnt + array(co2_share) * CO2_T_PER_10E4)


def guide_gas_carbon(share: npt.ArrayLike, atoms: npt.ArrayLike) -> float:
    """Carbon of a gas from its composition: ``C = Σ 12 · φ_i · n_i · 10 / 22.4``.

    Parameters
    ----------
    share : array, shape (components,) [fraction], sum at most 1
        By volume.
    atoms : array, shape (components,) [count]
        Carbon atoms in a molecule.

    Returns
    -------
    float [t C/10^4 Nm3]

    References
    ----------
    中国石油化工企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    return float(np.sum(12 * array(share) * array(atoms) * 10 / 22.4))


def guide_catalyst_burn_off_co2(
    coke: npt.ArrayLike, carbon: npt.ArrayLike, oxidation: npt.ArrayLike = 0.98
) -> Array:
    """CO2 of burning off a cracking catalyst: ``E = M · C · OF · 44/12``.

    Parameters
    ----------
    coke : array, shape (...) [t]
    carbon, oxidation : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    中国石油化工企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    return array(coke) * array(carbon) * array(oxidation) * 44 / 12


def guide_reforming_co2(catalyst: npt.ArrayLike, before: npt.ArrayLike, after: npt.ArrayLike) -> Array:
    """CO2 of regenerating a reforming catalyst: ``E = M(1 − c1)·[c1/(1 − c1) − c2/(1 − c2)]·44/12``.

    Parameters
    ----------
    catalyst : array, shape (...) [t]
    before, after : array, shape (...) [fraction], 0 to 1
        Carbon of the catalyst before and after regeneration.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    中国石油化工企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    first, last = array(before), array(after)
    return array(catalyst) * (1 - first) * (first / (1 - first) - last / (1 - last)) * 44 / 12


def guide_decoking_co2(
    flow: npt.ArrayLike, hours: npt.ArrayLike, co2_share: npt.ArrayLike, co_share: npt.ArrayLike
) -> Array:
    """CO2 of decoking an ethylene furnace: ``E = Q · t · (φ_CO2 + φ_CO) · 19.7 · 10⁻⁴``.

    Parameters
    ----------
    flow : array, shape (...) [Nm3/h]
        Off-gas.
    hours : array, shape (...) [h]
    co2_share, co_share : array, shape (...) [fraction], 0 to 1
        By volume; CO is taken to turn to CO2.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    中国石油化工企业温室气体排放核算方法与报告指南(试行), 2014.
    """
    return array(flow) * array(hours) * (array(co2_share) + array(co_share)) * CO2_T_PER_10E4 * 1e-4
