"""Mass ratios of the elements, as the guidelines write them."""

from __future__ import annotations

from calendar import isleap
from typing import Any

import numpy as np
import numpy.typing as npt

CO2_PER_C = 44 / 12
CH4_PER_C = 16 / 12
N2O_PER_N = 44 / 28
CO2_PER_CH4 = 44 / 16
KG_PER_T = 1000.0
DAYS_PER_YEAR = 365.0
"""Year of the published yearly coefficients [day]."""
METHANE_ENERGY = 55.65
"""Energy content of methane [MJ/kg], IPCC 2006 Vol.4 Eq 10.21."""

Array = npt.NDArray[np.float64]


def days_of(year: float) -> float:
    """Return the days of calendar `year` [day]: 366 in a leap year."""
    return 366.0 if isleap(int(year)) else 365.0


def array(value: npt.ArrayLike) -> Array:
    """Return `value` as an array of float."""
    return np.asarray(value, dtype=float)


def scalar(value: Any) -> float:
    """Return a single number."""
    return float(np.asarray(value, dtype=float).reshape(()))
