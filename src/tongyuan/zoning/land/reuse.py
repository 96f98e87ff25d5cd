"""Photovoltaics on land used again: power and CO2 a year, and whether a claim can be."""

from __future__ import annotations

from typing import NamedTuple


class Yield(NamedTuple):
    """Power [MWh/yr], CO2 it saves [t/yr], and how many times that a claim is (None without one)."""

    generation: float
    carbon: float
    ratio: float | None


def photovoltaic(capacity: float, hours: float, factor: float, claimed: float | None = None) -> Yield:
    """Return what a plant yields.

    Parameters
    ----------
    capacity : float [MW]
    hours : float [h/yr]
    factor : float [t/MWh]
        CO2 of the grid.
    claimed : float [t/yr]

    Examples
    --------
    >>> photovoltaic(20.0, 1250.0, 0.6191).generation
    25000.0
    """
    power = capacity * hours
    carbon = power * factor
    return Yield(power, carbon, claimed / carbon if claimed is not None and carbon > 0 else None)
