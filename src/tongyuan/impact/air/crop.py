"""Ozone of the growing season after a change of emission of all China, by TM5-FASST: a screening tool."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from tongyuan.impact.air.fasst import METHANE, PER_FIFTH, PRECURSORS, block
from tongyuan.impact.air.screening import SPECIES
from tongyuan.reference.shelf import shelf

CROPS: Final = {"wheat": "wheat", "rice": "rice", "maize": "maize", "soybean": "soy"}
"""Crop → its name in the published block."""

METRICS: Final = {
    "aot40": ("AOT40", "base_AOT40_2000", "AOT"),
    "season": ("M", "base_seasonal_mean_2000", "M"),
}
"""Metric → its name among coefficients, the quantity of its base, and its name there."""

REGION: Final = "CHN"


@cache
def _coefficient(crop: str, metric: str) -> dict[str, float]:
    name = f"{METRICS[metric][0]}_{CROPS[crop]}"
    return {
        r["precursor"]: float(r["value"])
        for r in shelf("fasst_crop_response").iter_rows(named=True)
        if r["metric"] == name and r["origin"] == REGION
    }


@cache
def base_of(crop: str, metric: str) -> float:
    """Return the metric of a crop in China in 2000: AOT40 [ppm h] or the mean of the day of the season [ppb].

    Raises
    ------
    KeyError
        If crop or metric is another.
    """
    _, quantity, prefix = METRICS[metric]
    wanted = f"{prefix}_{CROPS[crop].upper()}"
    for r in shelf("fasst_base").iter_rows(named=True):
        if (r["quantity"], r["region"], r["species"]) == (quantity, REGION, wanted):
            return float(r["value"])
    raise KeyError(f"no base of {crop}, {metric}")


def crop_ozone(change: Mapping[str, float], crop: str, metric: str = "aot40") -> float:
    """Return the metric of a crop in China after all of China changed its emission by `change`.

    Ozone's rule: a change by a fifth stretched in proportion, methane per tonne.

    Parameters
    ----------
    change : mapping of species to float [fraction]
        As of :func:`.screening.screen_tm5fasst`; species that do not act on ozone are passed over.
    crop, metric : str
        ``wheat, rice, maize, soybean`` and ``aot40, season``.

    Raises
    ------
    KeyError
        If crop or metric is another.

    References
    ----------
    Van Dingenen et al. 2018.
    """
    found = base_of(crop, metric)
    coefficient, table = _coefficient(crop, metric), block()
    here = table.origins.index(REGION)
    for place, precursor in enumerate(PRECURSORS):
        share = change.get(SPECIES[precursor], 0.0)
        times = PER_FIFTH * share
        if precursor == "CH4":
            times = share * float(table.emission[here, place]) / METHANE
        found += times * coefficient.get(precursor, 0.0)
    return max(found, 0.0)
