"""Carbon of forests by stock difference and by gain and loss (IPCC 2006 Vol.4 ch.2); land conversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.stoichiometry import CO2_PER_C, Array, array

PROVINCIAL = "provincial_guideline"


def ipcc_biomass_carbon(
    volume: npt.ArrayLike,
    wood_density: npt.ArrayLike,
    expansion: npt.ArrayLike,
    root_ratio: npt.ArrayLike,
    carbon_fraction: npt.ArrayLike,
) -> Array:
    """Carbon of living biomass from growing stock: ``C = V · D · BEF · (1 + R) · CF``.

    Parameters
    ----------
    volume : array, shape (...) [m3]
    wood_density : array, shape (...) [t dry matter/m3]
    expansion : array, shape (...) [fraction], at least 1
    root_ratio : array, shape (...) [fraction]
        0 when `expansion` already covers the whole tree.
    carbon_fraction : array, shape (...) [t C/t dry matter]

    Returns
    -------
    array, shape (...) [t C]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.8.
    """
    above = array(volume) * array(wood_density) * array(expansion)
    return above * (1 + array(root_ratio)) * array(carbon_fraction)


def ipcc_stock_difference(before: npt.ArrayLike, after: npt.ArrayLike, years: npt.ArrayLike) -> Array:
    """Yearly change of a carbon stock: ``ΔC = (C_t2 − C_t1) / (t2 − t1)``.

    Parameters
    ----------
    before, after : array, shape (...) [t C]
    years : array, shape (...) [year], above 0

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.5.
    """
    return (array(after) - array(before)) / array(years)


def ipcc_biomass_gain(
    area: npt.ArrayLike, growth: npt.ArrayLike, root_ratio: npt.ArrayLike, carbon_fraction: npt.ArrayLike
) -> Array:
    """Yearly gain of biomass carbon: ``ΔC_G = A · G_w · (1 + R) · CF``.

    Parameters
    ----------
    area : array, shape (...) [ha]
    growth : array, shape (...) [t dry matter/(ha year)]
        Above-ground growth.
    root_ratio : array, shape (...) [fraction]
    carbon_fraction : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.9 and 2.10.
    """
    return array(area) * array(growth) * (1 + array(root_ratio)) * array(carbon_fraction)


def ipcc_wood_removal_loss(
    volume: npt.ArrayLike, expansion: npt.ArrayLike, root_ratio: npt.ArrayLike, carbon_fraction: npt.ArrayLike
) -> Array:
    """Carbon lost with wood or fuelwood removed: ``L = H · BCEF_R · (1 + R) · CF``.

    Parameters
    ----------
    volume : array, shape (...) [m3/year]
    expansion : array, shape (...) [t dry matter/m3]
        BCEF_R.
    root_ratio : array, shape (...) [fraction]
    carbon_fraction : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.12 and 2.13.
    """
    return array(volume) * array(expansion) * (1 + array(root_ratio)) * array(carbon_fraction)


def ipcc_disturbance_loss(
    area: npt.ArrayLike,
    biomass: npt.ArrayLike,
    root_ratio: npt.ArrayLike,
    carbon_fraction: npt.ArrayLike,
    lost: npt.ArrayLike,
) -> Array:
    """Carbon lost to fire, insects or storm: ``L = A · B_w · (1 + R) · CF · fd``.

    Parameters
    ----------
    area : array, shape (...) [ha/year]
    biomass : array, shape (...) [t dry matter/ha]
    root_ratio, lost : array, shape (...) [fraction]
    carbon_fraction : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.14.
    """
    return array(area) * array(biomass) * (1 + array(root_ratio)) * array(carbon_fraction) * array(lost)


def ipcc_gain_loss(gain: npt.ArrayLike, loss: npt.ArrayLike) -> Array:
    """Yearly change of biomass carbon: ``ΔC_B = ΔC_G − ΔC_L``.

    Parameters
    ----------
    gain, loss : array, shape (...) [t C/year]

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.7.
    """
    return array(gain) - array(loss)


def ipcc_land_conversion(
    area: npt.ArrayLike, before: npt.ArrayLike, after: npt.ArrayLike, carbon_fraction: npt.ArrayLike
) -> Array:
    """Carbon change of land converted in the year: ``ΔC = A · (B_after − B_before) · CF``.

    Parameters
    ----------
    area : array, shape (...) [ha/year]
    before, after : array, shape (...) [t dry matter/ha]
    carbon_fraction : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t C/year]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.16.
    """
    return array(area) * (array(after) - array(before)) * array(carbon_fraction)


def _row(entry: Entry) -> Iterator[Row]:
    def read(name: str) -> Any:
        return entry.parameter("forest", name, edition=PROVINCIAL, own=name)

    density, expansion = read("wood_density"), read("expansion")
    root, carbon = read("root_ratio"), read("carbon_fraction")
    stocks = [
        ipcc_biomass_carbon(entry.amount(column), density.value, expansion.value, root.value, carbon.value)
        for column in ("volume_before", "volume_after")
    ]
    change = float(ipcc_stock_difference(stocks[0], stocks[1], entry.amount("years", 1.0)))
    yield entry.emission(
        "ipcc_stock_difference",
        "CO2_biogenic",
        -change * CO2_PER_C,
        process="land.forest",
        origin="land",
        factor=[density, expansion, root, carbon],
    )


def emission_from_forest(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the CO2 of table ``forest``: negative where the growing stock increases (a sink).

    The national means of wood density, expansion and carbon are unverified: enter own values, or allow them.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("forest", frame, settings, _row)
