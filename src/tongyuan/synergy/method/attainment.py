"""Double attainment (双达标): is the air clean enough and is carbon falling?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Codes

ATTAINMENT = ("both", "air_only", "carbon_only", "neither")


def double_attainment(
    pm25: ArrayLike,
    ozone: ArrayLike,
    carbon_before: ArrayLike,
    carbon_after: ArrayLike,
    pm25_limit: float,
    ozone_limit: float,
) -> Codes:
    """Return the quadrant of air quality × carbon, as a position in :data:`ATTAINMENT`.

    Air attains when PM2.5 ≤ `pm25_limit` and the 90th percentile of daily maximum 8-hour ozone ≤
    `ozone_limit`; carbon attains when emissions are below those before.

    Parameters
    ----------
    pm25, ozone : array [...] [µg/m3]
    carbon_before, carbon_after : array [...] [any unit]
        Previous year (or mean of five) and this year.
    pm25_limit, ozone_limit : float [µg/m3]
        Grade II of GB 3095-2012: 35 and 160.

    Returns
    -------
    array [...] of int

    Notes
    -----
    Workable definition of this project, ``unverified``: the text of the published double-attainment study was
    not found.
    """
    air = (check.not_negative(pm25, "pm25") <= pm25_limit) & (
        check.not_negative(ozone, "ozone") <= ozone_limit
    )
    carbon = check.finite(carbon_after, "carbon") < check.finite(carbon_before, "carbon")
    return np.where(air, np.where(carbon, 0, 1), np.where(carbon, 2, 3)).astype(np.int8)
