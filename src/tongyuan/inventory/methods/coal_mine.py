"""Methane of coal mines (coal guide 2015; IPCC 2006 Vol.2 ch.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.parameter import Parameter, ParameterError
from tongyuan.reference.method.stoichiometry import CO2_PER_CH4, KG_PER_T, Array, array

GUIDE = "guide_24_industries"
IPCC = "ipcc_2006"
M3 = 1e4


def guide_mine_ch4(
    ventilation: npt.ArrayLike,
    drainage: npt.ArrayLike,
    flared: npt.ArrayLike,
    used: npt.ArrayLike,
    density: npt.ArrayLike = 0.717,
) -> Array:
    """Methane of an underground mine by monitoring: ``E = (ventilation + drainage − flared − used) · ρ``.

    Parameters
    ----------
    ventilation, drainage, flared, used : array, shape (...) [10^4 Nm3 CH4]
    density : array, shape (...) [kg/Nm3]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    中国煤炭生产企业温室气体排放核算方法与报告指南(试行), 2015 (7.17 t per 10^4 Nm3).
    """
    net = array(ventilation) + array(drainage) - array(flared) - array(used)
    return net * M3 * array(density) / KG_PER_T


def guide_coal_ch4(output: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Methane of open pits and post-mining: ``E = P · EF · 10⁻³``.

    Parameters
    ----------
    output : array, shape (...) [t raw coal]
    factor : array, shape (...) [kg CH4/t]
        Open pit 1.34 and .34; post-mining of high-gas mines 2.01, low-gas .6.

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    中国煤炭生产企业温室气体排放核算方法与报告指南(试行), 2015.
    """
    return array(output) * array(factor) / KG_PER_T


def ipcc_coal_ch4(output: npt.ArrayLike, factor: npt.ArrayLike, density: npt.ArrayLike = 0.67) -> Array:
    """Methane of mining or post-mining (tier 1): ``E = P · EF · 0.67 · 10⁻³``.

    Parameters
    ----------
    output : array, shape (...) [t raw coal]
    factor : array, shape (...) [m3 CH4/t]
    density : array, shape (...) [kg/m3]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    IPCC 2006 Vol.2 Eq 4.1.3, 4.1.4, 4.1.7.
    """
    return array(output) * array(factor) * array(density) / KG_PER_T


def _guide(entry: Entry, kind: str, output: float) -> Iterator[Row]:
    if kind == "surface":
        found = entry.parameter("coal_mine", "mining_mass", edition=GUIDE, item=kind)
        value = float(guide_coal_ch4(output, found.value))
        yield entry.emission(
            "guide_coal_ch4",
            "CH4_fossil",
            value,
            process="energy.coal_mining.surface",
            origin="fugitive",
            factor=[found],
        )
    else:
        density = entry.parameter("coal_mine", "methane_density", edition=GUIDE)
        ventilation, drainage = entry.amount("ventilation"), entry.amount("drainage")
        flared, used = entry.amount("flared", 0.0), entry.amount("used", 0.0)
        if flared + used > drainage:
            raise ParameterError("mine-drainage", drained=drainage, burnt=flared + used)
        value = float(guide_mine_ch4(ventilation, drainage, flared, used, density.value))
        place: dict[str, Any] = {"process": "energy.coal_mining.underground", "origin": "fugitive"}
        factor: list[Parameter | str] = [density, f"{entry.id}.ventilation", f"{entry.id}.drainage"]
        yield entry.emission("guide_mine_ch4", "CH4_fossil", value, factor=factor, **place)
        if flared:
            co2 = flared * M3 * density.value / KG_PER_T * CO2_PER_CH4
            yield entry.emission(
                "guide_mine_ch4", "CO2", co2, technology="flaring", factor=[density], **place
            )
    post = entry.parameter("coal_mine", "post_mining_mass", edition=GUIDE, item=kind)
    value = float(guide_coal_ch4(output, post.value))
    yield entry.emission(
        "guide_coal_ch4",
        "CH4_fossil",
        value,
        process="energy.coal_mining.post",
        origin="fugitive",
        factor=[post],
    )


def _ipcc(entry: Entry, kind: str, output: float) -> Iterator[Row]:
    density = entry.parameter("coal_mine", "methane_density", edition=IPCC)
    for name, process in (("mining", "underground"), ("post_mining", "post")):
        found = entry.parameter("coal_mine", name, edition=IPCC, item=kind)
        value = float(ipcc_coal_ch4(output, found.value, density.value))
        yield entry.emission(
            "ipcc_coal_ch4",
            "CH4_fossil",
            value,
            process=f"energy.coal_mining.{process}",
            origin="fugitive",
            factor=[found, density],
        )


def _row(entry: Entry) -> Iterator[Row]:
    kind, output = entry.option("kind"), entry.amount("output")
    if kind in ("surface", "underground_high_gas", "underground_low_gas"):
        yield from _guide(entry, kind, output)
    else:
        yield from _ipcc(entry, kind, output)


def emission_from_coal_mine(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``coal_mine``.

    High-gas and low-gas mines need their monitored ventilation and drainage; mines known by depth only
    take the IPCC defaults. Gas that is used is accounted where it is burnt.

    Raises
    ------
    FindingError
        If more gas is flared and used than drained, or a cell or coefficient is missing.
    """
    return walk("coal_mine", frame, settings, _row)
