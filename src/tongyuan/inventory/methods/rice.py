"""Methane of flooded rice (IPCC 2006 and 2019 Refinement, Vol.4 ch.5; provincial seasonal factors)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.inventory.methods.area import great_region
from tongyuan.reference.method.stoichiometry import KG_PER_T, Array, array

PROVINCIAL = "provincial_guideline"


def ipcc_rice_amendment_scale(
    rate: npt.ArrayLike, conversion: npt.ArrayLike, exponent: float = 0.59
) -> float:
    """Scaling factor of organic amendments: ``SFo = (1 + Σ ROA·CFOA)^0.59``.

    Parameters
    ----------
    rate : array, shape (amendments,) [t/ha]
        Dry weight for straw, fresh weight for others.
    conversion : array, shape (amendments,) [fraction]
    exponent : float

    Returns
    -------
    float
        At least 1.

    References
    ----------
    IPCC 2006 Vol.4 Eq 5.3.
    """
    return float((1 + np.sum(array(rate) * array(conversion))) ** exponent)


def ipcc_rice_daily_factor(
    base: npt.ArrayLike, water: npt.ArrayLike, preseason: npt.ArrayLike, amendment: npt.ArrayLike
) -> Array:
    """Daily factor: ``EF = EFc · SFw · SFp · SFo``.

    Parameters
    ----------
    base : array, shape (...) [kg CH4/(ha day)]
    water, preseason, amendment : array, shape (...) [fraction]

    Returns
    -------
    array, shape (...) [kg CH4/(ha day)]

    References
    ----------
    IPCC 2006 Vol.4 Eq 5.2.
    """
    return array(base) * array(water) * array(preseason) * array(amendment)


def ipcc_rice_ch4(area: npt.ArrayLike, days: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Methane of one season: ``CH4 = EF · t · A · 10⁻³``.

    Parameters
    ----------
    area : array, shape (...) [ha]
    days : array, shape (...) [day]
        Cultivation period.
    factor : array, shape (...) [kg CH4/(ha day)]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    IPCC 2006 Vol.4 Eq 5.1.
    """
    return array(area) * array(days) * array(factor) / KG_PER_T


def provincial_rice_ch4(area: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Methane of one season by a seasonal factor: ``CH4 = A · EF · 10⁻³``.

    Parameters
    ----------
    area : array, shape (...) [ha]
    factor : array, shape (...) [kg CH4/ha]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    省级温室气体清单编制指南 (2011); the factors are unverified.
    """
    return array(area) * array(factor) / KG_PER_T


def _row(entry: Entry) -> Iterator[Row]:
    edition = entry.settings.rice
    area, season = entry.amount("area_harvested"), entry.option("season")
    common: dict[str, Any] = {"process": "agriculture.rice", "origin": "agriculture", "product": season}
    if edition == PROVINCIAL:
        found = entry.parameter(
            "rice", "season", edition=edition, item=season or "single", condition=great_region(entry)
        )
        value = float(provincial_rice_ch4(area, found.value))
        yield entry.emission("provincial_rice_ch4", "CH4_biogenic", value, factor=[found], **common)
        return
    water_regime = entry.option("water")
    base = entry.parameter("rice", "daily", edition=edition, own="daily_factor")
    water = entry.parameter("rice", "water", edition=edition, item=water_regime)
    before = entry.parameter(
        "rice", "preseason", edition=edition, item=entry.option("preseason") or "unknown_before"
    )
    used = [base, water, before]
    amendment = entry.option("amendment")
    scale = 1.0
    if amendment:
        conversion = entry.parameter("rice", "amendment", edition=edition, item=amendment)
        power = entry.parameter("rice", "exponent", edition=edition)
        scale = ipcc_rice_amendment_scale([entry.amount("amendment_rate")], [conversion.value], power.value)
        used += [conversion, power]
    factor = float(ipcc_rice_daily_factor(base.value, water.value, before.value, scale))
    value = float(ipcc_rice_ch4(area, entry.amount("days"), factor))
    yield entry.emission(
        "ipcc_rice_ch4", "CH4_biogenic", value, technology=water_regime, factor=used, **common
    )


def emission_from_rice_field(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the methane of table ``rice_field``, one row per field and season.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("rice_field", frame, settings, _row)
