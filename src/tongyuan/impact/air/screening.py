"""Screening: how observed air would change if a whole country changed its emission in one proportion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import numpy as np

from tongyuan.impact.air.fasst import NEAR, PRECURSORS, USABLE, block, no_change, response_tm5fasst

Reach = Literal["within_fifth", "within_reach", "beyond_reach"]

SPECIES: Final = {
    "SO2": "SO2",
    "NOX": "NOx",
    "NH3": "NH3",
    "BC": "BC",
    "OM": "OC",
    "VOC": "NMVOC",
    "CH4": "CH4",
}
"""Precursor → species of the ledger that changes in the same proportion."""


class Screened(NamedTuple):
    """What a proportional change does.

    ratio : of the metric after to before [1].
    reach : whether the largest change lies near the run behind the coefficients, is usable, or outside.
    missing : species that act and whose change is not known; they are taken as unchanged.
    """

    ratio: float
    reach: Reach
    missing: tuple[str, ...]


def screen_tm5fasst(change: Mapping[str, float], metric: str = "PM2.5", region: str = "CHN") -> Screened:
    """Return by how much a metric changes where all of `region` changes its emission alike.

    The ratio is that of the published model (version 2) about its own base; set it against an observation,
    and never the model's level.

    Parameters
    ----------
    change : mapping of species to float [fraction]
        Relative change of ``SO2, NOx, NH3, BC, OC, NMVOC, CH4``; −0.2 is a fifth less.
    metric : str
        ``PM2.5``, ``M6M`` or ``O3``.
    region : str
        Region of the model.

    Raises
    ------
    KeyError
        If `metric` or `region` is unknown, or a species does not act.
    ValueError
        If a change is below −1.

    References
    ----------
    Van Dingenen et al. 2018.
    """
    unknown = set(change) - set(SPECIES.values())
    if unknown:
        raise KeyError(f"no response to {', '.join(sorted(unknown))}")
    table = block()
    if region not in table.receptors:
        raise KeyError(f"no region {region}; there are {', '.join(table.receptors)}")
    here, there = table.origins.index(region), table.receptors.index(region)
    changes = no_change()
    acting = [p for p in PRECURSORS if _acts(p, metric)]
    for place, precursor in enumerate(PRECURSORS):
        changes[here, place] = change.get(SPECIES[precursor], 0.0)
    before, after = (
        air.pm25 if metric == "PM2.5" else air.ozone[metric]
        for air in (response_tm5fasst(no_change()), response_tm5fasst(changes))
    )
    largest = max((abs(change.get(SPECIES[p], 0.0)) for p in acting), default=0.0)
    reach: Reach = "within_reach" if largest <= USABLE else "beyond_reach"
    if largest <= NEAR:
        reach = "within_fifth"
    missing = tuple(SPECIES[p] for p in acting if SPECIES[p] not in change)
    return Screened(float(after[there] / before[there]), reach, missing)


def _acts(precursor: str, metric: str) -> bool:
    """Tell whether a precursor acts on a metric at all."""
    table, place = block(), PRECURSORS.index(precursor)
    parts = ("SO4", "NO3", "NH4", "BC", "POM") if metric == "PM2.5" else (metric,)
    return any(bool(np.any(table.coefficient[part][:, place])) for part in parts)
