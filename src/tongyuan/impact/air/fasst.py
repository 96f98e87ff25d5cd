"""TM5-FASST: concentrations of a region of the world from changes of emission, a screening tool.

One run of a global model with a fifth less emission of one region in the year 2000 is stretched in
proportion: good near ±20 %, usable to about ±50 %, and no more than a label beyond. China is one region.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]

PRECURSORS: Final = ("SO2", "NOX", "NH3", "BC", "OM", "VOC", "CH4")
"""Precursors, in the order of the last axis of a change; NOx counts as NO2, OM is organic matter."""

PARTICLES: Final = ("SO4", "NO3", "NH4", "BC", "POM")
"""Components of fine particles that respond to emission."""

OZONE: Final = ("O3", "M6M")
"""Annual mean, and highest mean over six months of the daily highest hour [ppb]."""

OM_PER_OC: Final = 1.3
"""Organic matter per organic carbon."""

PER_FIFTH: Final = 5.0
"""Coefficients are of a change by a fifth."""

METHANE: Final = 7.7e10
"""Emission of methane that the response of ozone to it is told per [kg]."""

WATER: Final = 0.27
"""Water that sulfate, nitrate and ammonium hold, per mass of them (version 2)."""

NEAR, USABLE = 0.2, 0.6
"""Changes up to which the stretch is good, and usable."""


@dataclass(frozen=True)
class Block:
    """Coefficients and base of the published model, as arrays.

    Attributes
    ----------
    origins, receptors : names of regions; ships and aircraft are origins.
    coefficient : mapping of component to array, shape (origins, precursors, receptors) [per fifth]
        [ug/m3] for components of particles, [ppb] for ozone.
    base : mapping of component to array, shape (receptors,): concentrations of the year 2000.
    natural : mapping of component to array, shape (receptors,): dust, sea salt of version 2.
    urban : mapping of ``BC, POM`` to array, shape (receptors,) [1].
    emission : array, shape (origins, precursors) [kg/yr], of the year 2000.
    """

    origins: tuple[str, ...]
    receptors: tuple[str, ...]
    coefficient: dict[str, Array]
    base: dict[str, Array]
    natural: dict[str, Array]
    urban: dict[str, Array]
    emission: Array


@dataclass(frozen=True)
class Air:
    """Concentrations of receptors.

    Attributes
    ----------
    component : mapping of component to array, shape (..., receptors) [ug/m3], natural ones too.
    pm25 : array, shape (..., receptors) [ug/m3]
    ozone : mapping of ``O3, M6M`` to array, shape (..., receptors) [ppb]
    """

    component: dict[str, Array]
    pm25: Array
    ozone: dict[str, Array]


@cache
def block() -> Block:
    """Return the published coefficients and base of China and the regions about it."""
    rows = list(shelf("fasst_response").iter_rows(named=True))
    origins = tuple(dict.fromkeys(row["origin"] for row in rows))
    receptors = tuple(dict.fromkeys(row["receptor"] for row in rows))
    shape = (len(origins), len(PRECURSORS), len(receptors))
    coefficient = {name: np.zeros(shape) for name in (*PARTICLES, *OZONE)}
    for row in rows:
        place = (
            origins.index(row["origin"]),
            PRECURSORS.index(row["precursor"]),
            receptors.index(row["receptor"]),
        )
        coefficient[row["component"]][place] = float(row["value"])
    base: dict[str, Array] = {}
    natural: dict[str, Array] = {}
    urban: dict[str, Array] = {}
    emission = np.zeros(shape[:2])
    into = {
        "base_concentration_2000": base,
        "base_concentration_natural": natural,
        "urban_increment_factor": urban,
    }
    for row in shelf("fasst_base").iter_rows(named=True):
        value = float(row["value"])
        if row["quantity"] == "base_emission_2000":
            if row["species"] in PRECURSORS:
                emission[origins.index(row["region"]), PRECURSORS.index(row["species"])] = value
        elif row["quantity"] in into and row["region"] in receptors:
            table = into[row["quantity"]].setdefault(row["species"], np.full(len(receptors), np.nan))
            table[receptors.index(row["region"])] = value
    return Block(origins, receptors, coefficient, base, natural, urban, emission)


def response_tm5fasst(change: npt.ArrayLike, version: int = 2) -> Air:
    """Return concentrations after a change of emission against the year 2000.

    ``C = max(0, C0 + Σ 5·SRC·ΔE/E0)`` for each component, summed after that; methane acts per tonne, ships
    and aircraft do not act on ozone.

    Parameters
    ----------
    change : array, shape (..., origins, precursors) [fraction]
        ΔE/E0 of each origin of :func:`block` and each of :data:`PRECURSORS`; −1 is none left.
    version : int
        1: urban increment on the change alone, dust and salt of the base, dry; 2: urban increment on the base
        too, natural parts of their own, water of the ions.

    Returns
    -------
    Air

    Raises
    ------
    ValueError
        If the shape does not end in origins and precursors, a change is below −1, or the version is neither.

    References
    ----------
    Van Dingenen et al. 2018; functions of rfasst 1 and 2.
    """
    table = block()
    changes = np.asarray(change, dtype=np.float64)
    if changes.shape[-2:] != table.emission.shape:
        raise ValueError(f"change has shape {changes.shape}; it ends in {table.emission.shape}")
    if (changes < -1).any():
        raise ValueError("a change is below -1: more than all of an emission is gone")
    if version not in (1, 2):
        raise ValueError(f"version is {version}; there are 1 and 2")
    component = {}
    for name in PARTICLES:
        delta = PER_FIFTH * _applied(changes, table.coefficient[name])
        start = table.base[name]
        if name in table.urban:
            delta = delta * table.urban[name]
            start = start * table.urban[name] if version == 2 else start
        component[name] = np.maximum(start + delta, 0.0)
    for name in ("DUST", "SS"):
        chosen = table.natural if version == 2 else table.base
        component[name] = np.broadcast_to(chosen[name], component["SO4"].shape)
    if version == 2:
        component["H2O"] = WATER * (component["SO4"] + component["NO3"] + component["NH4"])
    pm25 = np.sum(np.stack(list(component.values())), axis=0)
    return Air(component, pm25, {name: _ozone(changes, name) for name in OZONE})


def _ozone(changes: Array, name: str) -> Array:
    table = block()
    onland = changes.copy()
    onland[..., [table.origins.index(o) for o in ("SHIP", "AIR")], :] = 0.0
    methane = PRECURSORS.index("CH4")
    tonnes = (onland[..., methane] * table.emission[:, methane]).sum(axis=-1)
    onland[..., methane] = 0.0
    coefficient = table.coefficient[name]
    near = coefficient[table.origins.index("CHN"), methane]
    delta = PER_FIFTH * _applied(onland, coefficient) + tonnes[..., None] * near / METHANE
    return np.asarray(np.maximum(table.base[name] + delta, 0.0))


def _applied(changes: Array, coefficient: Array) -> Array:
    flat = changes.reshape(*changes.shape[:-2], -1)
    return np.asarray(flat @ coefficient.reshape(-1, coefficient.shape[-1]))


def no_change(*shape: int) -> Array:
    """Return changes that are all nought, shape (…, origins, precursors) [fraction]."""
    return np.zeros((*shape, *block().emission.shape))


def potency(origin: str = "CHN", receptor: str = "CHN") -> dict[str, dict[str, float]]:
    """Return what a kilotonne of a precursor does at the base of the year 2000.

    Returns
    -------
    mapping of ``PM2.5, O3, M6M`` to mapping of precursor to value
        [ug/m3 per kt] (version 1: dry, urban increment on carbon) and [ppb per kt].
    """
    table = block()
    here, there = table.origins.index(origin), table.receptors.index(receptor)
    found: dict[str, dict[str, float]] = {"PM2.5": {}, "O3": {}, "M6M": {}}
    for place, name in enumerate(PRECURSORS):
        kilotonnes = table.emission[here, place] / 1e6
        for metric, parts in (("PM2.5", PARTICLES), ("O3", ("O3",)), ("M6M", ("M6M",))):
            value = 0.0
            for part in parts:
                once = PER_FIFTH * table.coefficient[part][here, place, there] / kilotonnes
                if part in OZONE and name == "CH4":
                    once = table.coefficient[part][here, place, there] / (METHANE / 1e6)
                value += once * (table.urban[part][there] if part in table.urban else 1.0)
            found[metric][name] = value
    return found
