"""Trend forecast of an indicator and the probability that it meets its target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

Trend = Literal["linear", "log"]
Comparator = Literal["at_least", "at_most", "equal"]

LEAST = 3
"""Fewest observations a trend is fitted to; with fewer there is no forecast."""


@dataclass(frozen=True)
class Forecast:
    """A predictive distribution: Student's t about `centre`, of the value or of its logarithm.

    Attributes
    ----------
    year : float
        Year forecast.
    centre, spread : float
        Location and scale of the t-distribution (of the logarithm when `trend` is ``log``).
    freedom : int
        Degrees of freedom, observations − 2.
    count : int
        Observations used.
    """

    year: float
    centre: float
    spread: float
    freedom: int
    count: int
    trend: Trend

    @property
    def value(self) -> float:
        """Median of the forecast [unit of the indicator]."""
        return self._back(self.centre)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the prediction interval of `level` [unit of the indicator]."""
        half = float(special.stdtrit(self.freedom, 0.5 + level / 2)) * self.spread
        return self._back(self.centre - half), self._back(self.centre + half)

    def probability(self, comparator: Comparator, bound: float, tolerance: float = 0.0) -> float:
        """Return the probability that the value is at least, at most, or within `tolerance` of `bound`."""
        if comparator == "at_most":
            return self._below(bound)
        if comparator == "at_least":
            return 1.0 - self._below(bound, strict=True)
        return max(0.0, self._below(bound + tolerance) - self._below(bound - tolerance, strict=True))

    def _back(self, x: float) -> float:
        if self.trend == "linear":
            return x
        return math.exp(x) if x < 700 else math.inf

    def _below(self, bound: float, strict: bool = False) -> float:
        if self.trend == "log":
            if bound <= 0:
                return 0.0
            bound = math.log(bound)
        if self.spread == 0.0:
            return float(self.centre < bound) if strict else float(self.centre <= bound)
        return float(special.stdtr(self.freedom, (bound - self.centre) / self.spread))


def forecast(
    years: ArrayLike,
    values: ArrayLike,
    year: float,
    *,
    errors: ArrayLike | None = None,
    trend: Trend = "linear",
) -> Forecast | None:
    r"""Forecast a series to `year` by ordinary least squares, with its prediction interval.

    .. math::
        \hat y(t) = \bar y + b\,(t-\bar t), \qquad
        s_p^2 = s^2\left(1 + \frac1n + \frac{(t-\bar t)^2}{\sum_i (t_i-\bar t)^2}\right), \qquad
        s^2 = \max\left(\frac{\sum_i e_i^2}{n-2},\ \frac1n\sum_i u_i^2\right)

    and (y − ŷ)/s_p follows Student's t with n − 2 degrees of freedom. The residual variance is never taken
    smaller than the mean variance of measurement u², so that a series that happens to lie on a line is not
    trusted more than its own figures. With ``trend="log"`` the same is done with ln y, and u/y for u.

    Parameters
    ----------
    years : array [n] [year]
        May have gaps; they stay gaps. Missing values are left out.
    values : array [n] [unit of the indicator]
    year : float
        Year to forecast.
    errors : array [n] [unit of the indicator], optional
        Standard errors of measurement, 0 where unknown.
    trend : "linear" or "log"
        ``log`` needs positive values.

    Returns
    -------
    Forecast or None
        None with fewer than three observations in different years, or when ``log`` meets a value ≤ 0.

    Notes
    -----
    Prediction interval of simple linear regression, e.g. Draper and Smith, Applied Regression Analysis, 3rd
    ed. 1998, section 1.4. Valid for independent deviations from a steady trend; a change of policy between
    the last observation and the target year is outside it.
    """
    t = np.asarray(years, dtype=np.float64)
    y = np.asarray(values, dtype=np.float64)
    u = np.zeros_like(y) if errors is None else np.nan_to_num(np.asarray(errors, dtype=np.float64))
    if not t.shape == y.shape == u.shape or t.ndim != 1:
        raise ValueError("years, values and errors must be one-dimensional and of one length")
    seen = np.isfinite(t) & np.isfinite(y)
    t, y, u = t[seen], y[seen], u[seen]
    if np.unique(t).size < LEAST:
        return None
    if trend == "log":
        if np.any(y <= 0):
            return None
        u, y = u / y, np.log(y)
    n = t.size
    middle = t.mean()
    square = float(np.sum((t - middle) ** 2))
    slope = float(np.sum((t - middle) * (y - y.mean()))) / square
    residual = y - y.mean() - slope * (t - middle)
    variance = max(float(np.sum(residual**2)) / (n - 2), float(np.mean(u**2)))
    if variance <= (1e-12 * max(1.0, float(np.abs(y).max()))) ** 2:
        variance = 0.0
    spread = math.sqrt(variance * (1 + 1 / n + (year - middle) ** 2 / square))
    centre = float(y.mean()) + slope * (year - float(middle))
    return Forecast(float(year), centre, spread, n - 2, n, trend)
