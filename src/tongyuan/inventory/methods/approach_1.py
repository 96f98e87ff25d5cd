"""Error propagation by the table of the guidelines: approach 1, and the two equations it rests on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Flags = bool | npt.NDArray[np.bool_]


def ipcc_approach_1(
    base: Floats,
    current: Floats,
    activity: Floats,
    factor: Floats,
    *,
    factor_correlated: Flags = True,
    activity_correlated: Flags = False,
) -> pl.DataFrame:
    r"""Return the approach 1 uncertainty calculation, column by column as the guidelines print it.

    .. math::
        G = \sqrt{E^2 + F^2}, \quad H = \Big(\frac{G\,D}{\sum D}\Big)^2, \quad J = \frac{D}{\sum C}, \quad
        M = K^2 + L^2

    with :math:`K = I F` where factors are correlated between the years, else :math:`\sqrt 2\, J F`, and
    :math:`L = I E` where activities are correlated, else :math:`\sqrt 2\, J E`. The type A sensitivity I is
    the change of the trend [percentage points] when the category is one per cent higher in both years. The
    total uncertainty is :math:`\sqrt{\sum H}`, that of the trend :math:`\sqrt{\sum M}`.

    Parameters
    ----------
    base, current
        Emissions C of the base year and D of year t, shapes (categories,) [any one unit].
    activity, factor
        Uncertainties E and F, half the 95 % interval, shapes (categories,) [%].
    factor_correlated, activity_correlated
        Whether factors, activities of the two years are fully correlated, for all categories or shape
        (categories,). The guidelines' default: factors are, activities are not.

    Returns
    -------
    polars.DataFrame
        combined (G), contribution (H), type_a (I), type_b (J), trend_factor (K), trend_activity (L),
        trend (M).

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 3, equations 3.1 and 3.2, table 3.2.
    """
    total_base, total = base.sum(), current.sum()
    combined = np.hypot(activity, factor)
    contribution = (combined * current / total) ** 2
    trend = (total - total_base) / total_base * 100
    raised_base = total_base + 0.01 * base
    type_a = np.abs((total + 0.01 * current - raised_base) / raised_base * 100 - trend)
    type_b = np.abs(current / total_base)
    from_factor = np.where(factor_correlated, type_a, np.sqrt(2) * type_b) * factor
    from_activity = np.where(activity_correlated, type_a, np.sqrt(2) * type_b) * activity
    return pl.DataFrame(
        {
            "combined": combined,
            "contribution": contribution,
            "type_a": type_a,
            "type_b": type_b,
            "trend_factor": from_factor,
            "trend_activity": from_activity,
            "trend": from_factor**2 + from_activity**2,
        }
    )


def ipcc_equation_3_1(uncertainties: Floats) -> float:
    """Return the uncertainty of a product, the root of the sum of squares.

    Parameters
    ----------
    uncertainties
        Half the 95 % interval of each factor, shape (factors,) [%].

    Returns
    -------
    float
        [%].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 3, equation 3.1.
    """
    return float(np.sqrt(np.square(uncertainties).sum()))


def ipcc_equation_3_2(quantities: Floats, uncertainties: Floats) -> float:
    """Return the uncertainty of a sum of uncorrelated quantities.

    Parameters
    ----------
    quantities
        Shape (quantities,) [any one unit].
    uncertainties
        Half the 95 % interval of each, shape (quantities,) [%].

    Returns
    -------
    float
        [%].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 3, equation 3.2.
    """
    return float(np.sqrt(np.square(quantities * uncertainties).sum()) / abs(quantities.sum()))
