"""Carbon balance of combustion and processes; generation and discharge."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.reference.method.equation import guide_combustion_co2, guide_combustion_co2_measured_carbon
from tongyuan.reference.method.stoichiometry import CO2_PER_C, Array, array


def guide_carbon_balance_co2(
    inflow: npt.ArrayLike,
    inflow_carbon: npt.ArrayLike,
    outflow: npt.ArrayLike,
    outflow_carbon: npt.ArrayLike,
) -> float:
    """CO2 of a process from what carbon enters and leaves it: ``E = (Σ M_in·C_in − Σ M_out·C_out) · 44/12``.

    Parameters
    ----------
    inflow, outflow : array, shape (n,), (m,) [t]
        Materials that enter; products, residues and stock increases that leave.
    inflow_carbon, outflow_carbon : array, shape (n,), (m,) [t C/t]
        Their carbon contents.

    Returns
    -------
    float [t CO2]
        Negative when more carbon leaves than enters, which is an error of the data.

    References
    ----------
    IPCC 2006 Vol.3 Eq 4.9 (Tier 2); accounting guides of the 24 industries, carbon balance method.
    """
    carbon = float(np.sum(array(inflow) * array(inflow_carbon)))
    carbon -= float(np.sum(array(outflow) * array(outflow_carbon)))
    return carbon * CO2_PER_C


def handbook_discharge(
    activity: npt.ArrayLike,
    generation: npt.ArrayLike,
    removal: npt.ArrayLike,
    operation: npt.ArrayLike = 1.0,
) -> Array:
    """Generation and discharge: ``discharge = activity · generation · (1 − η · k)``.

    Parameters
    ----------
    activity : array, shape (...) [any]
        Product, raw material or fuel.
    generation : array, shape (...) [mass per unit of it]
        Generation coefficient.
    removal : array, shape (...) [fraction], 0 to 1
        Removal efficiency η of the end-of-pipe technology.
    operation : array, shape (...) [fraction], 0 to 1
        Actual operation rate k.

    Returns
    -------
    array, shape (...) [mass]

    References
    ----------
    排放源统计调查产排污核算方法和系数手册 (公告2021年第24号), general formula.
    """
    return array(activity) * array(generation) * (1 - array(removal) * array(operation))


__all__ = [
    "guide_carbon_balance_co2",
    "guide_combustion_co2",
    "guide_combustion_co2_measured_carbon",
    "handbook_discharge",
]
