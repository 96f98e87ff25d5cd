"""SO2 and particulates of coal from its sulphur and ash."""

from __future__ import annotations

import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import Array, array


def mee_coal_particulate_factor(
    ash: npt.ArrayLike, bottom_ash: npt.ArrayLike, size_share: npt.ArrayLike
) -> Array:
    """Particulate factor of coal before control: ``EF = A_ar · (1 − ar) · f · 10³``.

    Parameters
    ----------
    ash : array, shape (...) [fraction], 0 to 1
        Ash of the coal, as received.
    bottom_ash : array, shape (...) [fraction], 0 to 1
        Share of the ash that stays as bottom ash (ar).
    size_share : array, shape (...) [fraction], 0 to 1
        Share of the size class in the fly ash.

    Returns
    -------
    array, shape (...) [g/kg coal]

    References
    ----------
    大气可吸入颗粒物一次源排放清单编制技术指南(试行), 2014, general formula, as remembered: unverified.
    One copy has the factor 10⁴; with fractions the mass balance of the ash gives 10³.
    """
    return array(ash) * (1 - array(bottom_ash)) * array(size_share) * 1e3


def mee_coal_so2(
    coal: npt.ArrayLike, sulphur: npt.ArrayLike, release: npt.ArrayLike, removal: npt.ArrayLike = 0.0
) -> Array:
    """SO2 of burnt coal by its sulphur: ``E = 2 · S · A · Sr · (1 − η)``.

    Parameters
    ----------
    coal : array, shape (...) [t]
    sulphur : array, shape (...) [fraction], 0 to 1
    release : array, shape (...) [fraction], 0 to 1
        Share of the sulphur that leaves with the flue gas (Sr).
    removal : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t SO2]

    References
    ----------
    城市大气污染物排放清单编制技术手册, general formula, as remembered: unverified; the factor 2 is 64/32.
    """
    return 2 * array(sulphur) * array(coal) * array(release) * (1 - array(removal))
