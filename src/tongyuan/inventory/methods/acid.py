"""Nitrous oxide of nitric and adipic acid with destruction (24-industry guides; IPCC 2006 Vol.3 ch.3)."""

from __future__ import annotations

import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import Array, array


def guide_acid_n2o(
    product: npt.ArrayLike, factor: npt.ArrayLike, destruction: npt.ArrayLike = 0.0, use: npt.ArrayLike = 1.0
) -> Array:
    """Nitrous oxide of acid production: ``E = P · EF · (1 − η · use)``.

    Parameters
    ----------
    product : array, shape (...) [t acid, 100 %]
    factor : array, shape (...) [t N2O/t]
        Nitric acid by process .0050 to .0139, adipic acid .300.
    destruction, use : array, shape (...) [fraction], 0 to 1
        Destruction of the abatement and the share of time it runs.

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    中国化工生产企业温室气体排放核算方法与报告指南(试行), 2013; IPCC 2006 Vol.3 Eq 3.6 and 3.8.
    """
    return array(product) * array(factor) * (1 - array(destruction) * array(use))
