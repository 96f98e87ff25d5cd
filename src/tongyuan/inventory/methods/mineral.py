"""Carbonates, lime, glass and ferroalloys (24-industry guides and IPCC 2006 Vol.3)."""

from __future__ import annotations

import numpy.typing as npt

from tongyuan.reference.method.stoichiometry import Array, array


def guide_carbonate_co2(
    mass: npt.ArrayLike, purity: npt.ArrayLike, factor: npt.ArrayLike, use: npt.ArrayLike = 1.0
) -> Array:
    """CO2 of carbonates: ``E = Σ m · purity · EF · use``, one element per carbonate.

    Parameters
    ----------
    mass : array, shape (...) [t]
    purity, use : array, shape (...) [fraction], 0 to 1
        Content of the carbonate; share calcined.
    factor : array, shape (...) [t CO2/t]
        CaCO3 .4397, MgCO3 .5220, Na2CO3 .4149 …

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries, carbonates; IPCC 2006 Vol.3 Table 2.1.
    """
    return array(mass) * array(purity) * array(factor) * array(use)


def ipcc_lime_co2(
    lime: npt.ArrayLike, factor: npt.ArrayLike, kiln_dust: npt.ArrayLike = 1.02, hydrated: npt.ArrayLike = 1.0
) -> Array:
    """CO2 of lime (tier 2): ``E = M · EF · CF_lkd · C_h``.

    Parameters
    ----------
    lime : array, shape (...) [t]
    factor : array, shape (...) [t CO2/t]
        High-calcium .75, dolomitic .77, hydraulic .59.
    kiln_dust, hydrated : array, shape (...) [fraction]
        Corrections for kiln dust and for hydrated lime.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.3 Eq 2.6 and 2.8.
    """
    return array(lime) * array(factor) * array(kiln_dust) * array(hydrated)


def ipcc_glass_co2(glass: npt.ArrayLike, factor: npt.ArrayLike, cullet: npt.ArrayLike) -> Array:
    """CO2 of glass: ``E = M · EF · (1 − cullet ratio)``.

    Parameters
    ----------
    glass : array, shape (...) [t melted]
    factor : array, shape (...) [t CO2/t]
    cullet : array, shape (...) [fraction], 0 to 1

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.3 Eq 2.10 and 2.11.
    """
    return array(glass) * array(factor) * (1 - array(cullet))


def ipcc_ferroalloy_co2(product: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """CO2 of ferroalloys (tier 1): ``E = M · EF``.

    Parameters
    ----------
    product : array, shape (...) [t]
    factor : array, shape (...) [t CO2/t]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.3 Eq 4.15 and Table 4.5.
    """
    return array(product) * array(factor)
